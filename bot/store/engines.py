"""Engines of SQLAlchemy for an SQLite file and for memory; which kind of failure an error is."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.store.schema import metadata
from bot.store.versions import bring_up_to_date

BUSY_SECONDS = 10.0  # how long one process waits for another that writes the same file
_DEADLOCK = "40P01"
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}


def is_broken(error: DBAPIError) -> bool:
    """Whether the file is no database, or damaged."""
    return _primary_code(error) in _BROKEN


def is_busy(error: DBAPIError) -> bool:
    """Whether another process held the file for longer than BUSY_SECONDS."""
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_deadlock(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave up one of two transactions that waited for each other."""
    return getattr(error.orig, "sqlstate", None) == _DEADLOCK


def is_unwritable(error: DBAPIError) -> bool:
    """Whether the disk is full, the file read-only, or the disk failing."""
    return _primary_code(error) in _UNWRITABLE


def file_engine(path: Path) -> Engine:
    """An SQLite file, which is opened at first use."""
    # One connection for the process: threads wait for their turn in Python, where waiting is
    # cheap, and never see each other's locks.
    engine = one_connection(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing; a power cut may lose the last turns, but breaks nothing.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")

    return engine


def memory_engine() -> Engine:
    """An empty database in memory, with its tables."""
    engine = one_connection("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
    return engine


def one_connection(url: str) -> Engine:
    """An SQLite database over one connection, with transactions begun as they are meant."""
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


def prepare_file(engine: Engine, path: Path) -> None:
    """Check the file and bring its schema up to date. Raises DBAPIError, or StoreError if newer."""
    with engine.begin() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise DBAPIError("PRAGMA quick_check", None, _malformed())
        bring_up_to_date(connection, str(path))


def _malformed() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("quick_check")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _primary_code(error: DBAPIError) -> int:
    """SQLite's primary result code; 0 for any other error."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return (code or 0) & 0xFF
