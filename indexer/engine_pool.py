"""Copies of an engine that can do one thing at a time, so that several threads can use it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

MOST_ENGINES = 4  # on any machine: each holds 39 MB, and a container may see every core of its host
Engine = TypeVar("Engine")


class EnginePool(Generic[Engine]):
    """Lends engines, each to one thread at a time.

    The first is opened at once, raising what `open_one` raises; others, up to one for each core
    but never more than MOST_ENGINES, when all are lent. One that cannot be opened then is done
    without: its borrower waits.
    """

    def __init__(self, open_one: Callable[[], Engine], at_most: int | None = None) -> None:
        self._open_one = open_one
        self._idle = [open_one()]
        self._n_unopened = (at_most or min(os.cpu_count() or 1, MOST_ENGINES)) - 1
        self._n_lent = 0
        self._changed = threading.Condition()

    @property
    def n_lent(self) -> int:
        """How many engines threads have at this moment."""
        return self._n_lent

    @contextmanager
    def lent(self) -> Iterator[Engine]:
        """An engine that no other thread has during the block."""
        engine = self._take()
        with self._changed:
            self._n_lent += 1
        try:
            yield engine
        finally:
            with self._changed:
                self._n_lent -= 1
                self._idle.append(engine)
                self._changed.notify()

    def _take(self) -> Engine:
        with self._changed:
            while not self._idle and self._n_unopened <= 0:
                self._changed.wait()
            if self._idle:
                return self._idle.pop()
            self._n_unopened -= 1
        try:
            return self._open_one()
        except Exception:  # short of memory or files: those that are open do
            with self._changed:
                self._n_unopened = 0
            return self._take()
