"""The connection to SQLite or PostgreSQL, and what happens when an SQLite file fails.

A broken file is moved aside and a new one begun. A file that cannot be written (disk full, folder
read-only) is copied into memory and the bot goes on there: answers matter more than memory.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.engines import (
    file_engine,
    is_broken,
    is_busy,
    is_deadlock,
    is_unwritable,
    memory_engine,
    prepare_file,
)
from bot.store.errors import StoreError, StoreUnavailableError
from bot.store.rescue import begin_anew, go_on_in_memory, save_to_file
from bot.store.versions import bring_up_to_date

T = TypeVar("T")

_TRIES = 3
_log = logging.getLogger(__name__)


class Database:
    """Runs short transactions. Safe to use from several threads."""

    def __init__(
        self, engine: Engine, path: Path | None, place: str, lost_path: Path | None = None
    ) -> None:
        self._engine = engine
        self._path = path
        self._lost_path = lost_path  # where what is in memory belongs
        self._place = place
        self._lock = threading.Lock()

    @property
    def is_shared(self) -> bool:
        """Whether several processes may serve the same chats from it."""
        return self._engine.dialect.name == "postgresql"

    @property
    def is_kept(self) -> bool:
        """Whether what is written outlives the process."""
        return self.is_shared or self._path is not None

    def run(self, work: Callable[[Connection], T], *, reads: bool = False) -> T:
        """What `work` returns, committed; `reads` promises that it writes nothing.

        Raises StoreUnavailableError, with nothing written, when the database does not answer.
        """
        for _ in range(_TRIES):
            engine = self._engine
            try:
                with engine.connect() as connection:
                    if engine is not self._engine:
                        continue  # replaced while this thread waited for its turn
                    if reads:
                        connection = connection.execution_options(reads=True)
                    with connection.begin():
                        return work(connection)
            except PoolTimeoutError as error:
                raise StoreUnavailableError(f"{self._place}: too much to do at once") from error
            except DBAPIError as error:
                if not self._recover(engine, error):
                    raise
        raise StoreUnavailableError(f"{self._place}: keeps failing; see the log")

    def check(self) -> str:
        """Empty, or one line on what is wrong."""
        try:
            self.run(lambda connection: connection.exec_driver_sql("SELECT 1"), reads=True)
        except StoreError as error:
            return str(error)
        return "" if self.is_kept else f"{self._place}: cannot be written; sessions are not kept"

    def shrink(self) -> None:
        """Take what was deleted out of SQLite's log of changes too."""
        if self._path is None:
            return
        # Past SQLAlchemy, which would begin a transaction: within one this cannot be done.
        try:
            with contextlib.closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        except (sqlite3.Error, DBAPIError) as error:
            _log.warning("store: %s: log not shortened (%s)", self._path, type(error).__name__)

    def try_file_again(self) -> None:
        """Take what is kept in memory back into its file, if that can be written again."""
        with self._lock:
            path, memory = self._lost_path, self._engine
            if path is None:
                return
            try:
                with memory.connect() as connection:  # the only one: nobody writes meanwhile
                    save_to_file(connection, path)
                    self._engine, self._path, self._lost_path = file_engine(path), path, None
            except (sqlite3.Error, OSError):
                return
        _log.warning("store: %s can be written again; everything is kept", path)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _recover(self, failed: Engine, error: DBAPIError) -> bool:
        """Whether the work can be tried again, on what the database has become."""
        if is_deadlock(error):
            return True
        if self.is_shared or is_busy(error):
            if not isinstance(error, OperationalError | InterfaceError | InternalError):
                return False  # our own mistake
            raise StoreUnavailableError(
                f"{self._place}: does not answer ({type(error.orig).__name__}); is it running?"
            ) from None
        with self._lock:
            if self._engine is not failed:
                return True  # another thread has already seen to it
            if self._path is None:
                return False
            if is_broken(error):
                self._engine, self._path = begin_anew(failed, self._path)
                return True
            if is_unwritable(error):
                self._engine, self._lost_path = go_on_in_memory(failed, self._path, error)
                self._path = None
                return True
        return False


def open_sqlite(path: Path) -> Database:
    """The SQLite file, made where there is none; memory where it cannot be.

    Raises StoreError when a newer program has changed the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(0o600)
    except OSError as error:
        _log.warning(
            "store: %s cannot be written (%s); sessions, feedback and statistics are not kept",
            path,
            error.strerror,
        )
        return open_memory(str(path))
    engine = file_engine(path)
    try:
        prepare_file(engine, path)
        return Database(engine, path, str(path))
    except DBAPIError as error:
        if is_broken(error):
            engine, kept = begin_anew(engine, path)
            return Database(engine, kept, str(path))
        if is_unwritable(error):
            memory, lost_path = go_on_in_memory(engine, path, error)
            return Database(memory, None, str(path), lost_path)
        raise


def open_postgresql(url: str) -> Database:
    """The PostgreSQL database. Raises StoreError when it cannot be reached or is newer."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise StoreError(
            "DATABASE_URL: PostgreSQL needs a driver; run: pip install 'tro-ly-thi-dua[postgresql]'"
        ) from None
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise StoreError(
            "DATABASE_URL: not a database address; "
            "allowed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        ) from None
    place = f"DATABASE_URL ({address.host or 'local'}/{address.database})"
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        connect_args={"connect_timeout": 5},
    )
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection, place)
    except DBAPIError as error:
        raise StoreError(
            f"{place}: cannot be used ({type(error.orig).__name__}); "
            "check the address, the password, and that the server runs"
        ) from None
    return Database(engine, None, place)


def open_memory(place: str = "memory") -> Database:
    """A database in this process alone."""
    return Database(memory_engine(), None, place)
