"""A store for as long as a process serves, kept tidy meanwhile."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from bot.settings import Settings
from bot.store.errors import StoreError
from bot.store.opening import open_store
from bot.store.store import Store

TIDY_SECONDS = 300.0
_log = logging.getLogger(__name__)


@contextlib.contextmanager
def serving_store(settings: Settings, every: float = TIDY_SECONDS) -> Iterator[Store]:
    """The store of these settings, tidied at the start and every so many seconds.

    Raises StoreError as `open_store` does.
    """
    store = open_store(settings)
    stop = threading.Event()
    tidying = threading.Thread(target=_tidy, args=(store, stop, every), name="tidy", daemon=True)
    tidying.start()
    try:
        yield store
    finally:
        stop.set()
        tidying.join(timeout=10)
        store.close()


def _tidy(store: Store, stop: threading.Event, every: float) -> None:
    is_first_failure = True
    while True:
        try:
            store.tidy()
            is_first_failure = True
        except StoreError as error:
            if is_first_failure:
                _log.warning("store: what has expired is not deleted yet: %s", error)
            is_first_failure = False
        if stop.wait(every):
            return
