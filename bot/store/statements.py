"""Statements that SQLAlchemy spells one way a database, and how many rows one changed.

Statements stand as constants in the modules that use them: putting one together anew for every
call takes several times as long as running it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable

Insert = postgresql.Insert | sqlite.Insert


def upsert(
    table: Table, with_conflict: Callable[[Insert], Insert]
) -> Callable[[Connection], Insert]:
    """An insert that says what to do about a row that is there (ON CONFLICT), by connection."""

    @functools.cache
    def build(dialect: str) -> Insert:
        is_postgresql = dialect == "postgresql"
        return with_conflict(postgresql.insert(table) if is_postgresql else sqlite.insert(table))

    return lambda connection: build(connection.dialect.name)


def changed(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> int:
    """How many rows the statement inserted, changed or deleted."""
    # An insert's count is the driver's and lost with its cursor unless it is asked for.
    counting = {"preserve_rowcount": True}
    result = connection.execute(statement, values, execution_options=counting)
    return result.rowcount if isinstance(result, CursorResult) else 0
