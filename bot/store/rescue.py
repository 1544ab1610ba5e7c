"""What is done about an SQLite file that is broken, or cannot be written."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.engines import (
    BUSY_SECONDS,
    file_engine,
    memory_engine,
    one_connection,
    prepare_file,
)
from bot.store.versions import bring_up_to_date

_log = logging.getLogger(__name__)


def begin_anew(broken: Engine, path: Path) -> tuple[Engine, Path | None]:
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
        engine = file_engine(path)
        prepare_file(engine, path)
    except (OSError, DBAPIError):
        _log.error("store: %s is broken and cannot be replaced; nothing is kept", path)
        return memory_engine(), None
    _log.error("store: %s was broken; moved to %s, a new one begun", path, aside.name)
    return engine, path


def go_on_in_memory(failed: Engine, path: Path, error: DBAPIError) -> tuple[Engine, Path | None]:
    """A copy in memory, and the file to write it back to once that is possible.

    None in place of the file when it could not be read: it may hold what the copy does not.
    """
    failed.dispose()
    _log.error(
        "store: %s cannot be written (%s); sessions, feedback and statistics from now on are not "
        "kept after a restart",
        path,
        getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__,
    )
    engine = one_connection("sqlite://")
    try:
        source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        with contextlib.closing(source), engine.connect() as connection:
            memory = connection.connection.driver_connection
            assert isinstance(memory, sqlite3.Connection)
            source.backup(memory)
        with engine.begin() as connection:
            bring_up_to_date(connection, str(path))
    except (sqlite3.Error, DBAPIError):
        return memory_engine(), None
    return engine, path


def save_to_file(connection: Connection, path: Path) -> None:
    """Write a database in memory into the file, in one transaction."""
    memory = connection.connection.driver_connection
    assert isinstance(memory, sqlite3.Connection)
    path.touch(0o600)
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as file:
        memory.backup(file)
