"""Statements on one index, over connections that are kept open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from typing import Any

import psycopg
from sqlalchemy.pool import QueuePool

CONNECTIONS = 8  # statements at once, up to three of them for one question; the others wait


class IndexReader:
    """Reads the tables of the index with this number. Safe to use from several threads.

    `told` turns errors of the server into one line; `connect` opens a connection that may read.
    """

    def __init__(
        self,
        number: int,
        told: Callable[[], AbstractContextManager[None]],
        connect: Callable[[], psycopg.Connection],
    ) -> None:
        self.number = number
        self._told = told
        opened: Callable[[], Any] = connect  # any driver's connection will do for a pool
        self._pool = QueuePool(opened, pool_size=CONNECTIONS, max_overflow=0, use_lifo=True)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What a statement finds; asked once more where the server has started anew meanwhile."""
        with self._told():
            try:
                return self._rows(statement, values)
            except psycopg.OperationalError:
                self._pool.dispose()
                self._pool = self._pool.recreate()
                return self._rows(statement, values)

    def close(self) -> None:
        """Let go of the index."""
        self._pool.dispose()

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with closing(self._pool.connect()) as held:
            try:
                connection: Any = held.dbapi_connection
                found: list[tuple[Any, ...]] = connection.execute(
                    statement, values, binary=True
                ).fetchall()
            except psycopg.OperationalError:
                held.invalidate()
                raise
        return found
