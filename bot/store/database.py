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
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.store.errors import StoreError, StoreUnavailableError
from bot.store.schema import metadata
from bot.store.versions import bring_up_to_date

T = TypeVar("T")

BUSY_SECONDS = 10.0  # how long one process waits for another that writes the same file
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_log = logging.getLogger(__name__)


class Database:
    """Runs short transactions. Safe to use from several threads."""

    def __init__(self, engine: Engine, path: Path | None, place: str) -> None:
        self._engine = engine
        self._path = path
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
        for _ in range(3):
            engine = self._engine
            try:
                with engine.connect() as connection:
                    if reads:
                        connection = connection.execution_options(reads=True)
                    with connection.begin():
                        return work(connection)
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
        engine = self._engine
        try:
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )
        except DBAPIError as error:
            self._recover(engine, error)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _recover(self, failed: Engine, error: DBAPIError) -> bool:
        """Whether the work can be tried again, on what the database has become."""
        if self.is_shared:
            raise StoreUnavailableError(
                f"{self._place}: does not answer ({type(error.orig).__name__}); is it running?"
            ) from None
        code = primary_code(error)
        with self._lock:
            if self._engine is not failed:
                return True  # another thread has already seen to it
            if self._path is None:
                return False
            if code in _BROKEN:
                self._engine, self._path = _begin_anew(failed, self._path)
                return True
            if code in _UNWRITABLE:
                self._engine, self._path = _go_on_in_memory(failed, self._path, error), None
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
    engine = _file_engine(path)
    try:
        _prepare(engine, path)
        return Database(engine, path, str(path))
    except DBAPIError as error:
        code = primary_code(error)
        if code in _BROKEN:
            engine, kept = _begin_anew(engine, path)
            return Database(engine, kept, str(path))
        if code in _UNWRITABLE:
            return Database(_go_on_in_memory(engine, path, error), None, str(path))
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
    except ArgumentError:
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
    return Database(_memory_engine(), None, place)


def primary_code(error: DBAPIError) -> int:
    """SQLite's primary result code; 0 for any other error."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return (code or 0) & 0xFF


def _file_engine(path: Path) -> Engine:
    # One connection for the process: threads wait for their turn in Python, where waiting is
    # cheap, and never see each other's locks.
    engine = _one_connection(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing; a power cut may lose the last turns, but breaks nothing.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")

    return engine


def _memory_engine() -> Engine:
    engine = _one_connection("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
    return engine


def _one_connection(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: one that read first could no longer wait for it.
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _prepare(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise DBAPIError("PRAGMA quick_check", None, _malformed())
        bring_up_to_date(connection, str(path))


def _malformed() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("quick_check")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _begin_anew(broken: Engine, path: Path) -> tuple[Engine, Path | None]:
    """Move the broken file and its log aside, and begin a new one."""
    broken.dispose()
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.broken-{stamp}")
    try:
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
        path.touch(0o600)
        engine = _file_engine(path)
        _prepare(engine, path)
    except (OSError, DBAPIError):
        _log.error("store: %s is broken and cannot be replaced; nothing is kept", path)
        return _memory_engine(), None
    _log.error("store: %s was broken; moved to %s, a new one begun", path, aside.name)
    return engine, path


def _go_on_in_memory(failed: Engine, path: Path, error: DBAPIError) -> Engine:
    """Copy what the file holds into memory, as far as it can be read."""
    failed.dispose()
    _log.error(
        "store: %s cannot be written (%s); sessions, feedback and statistics from now on are not "
        "kept after a restart",
        path,
        getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__,
    )
    engine = _one_connection("sqlite://")
    try:
        source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        with contextlib.closing(source), engine.connect() as connection:
            memory = connection.connection.driver_connection
            assert isinstance(memory, sqlite3.Connection)
            source.backup(memory)
        with engine.begin() as connection:
            bring_up_to_date(connection, str(path))
    except (sqlite3.Error, DBAPIError):
        return _memory_engine()
    return engine
