"""The statements that SQLAlchemy spells one way a database."""

from __future__ import annotations

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do about a row that is there (ON CONFLICT)."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def changed(connection: Connection, statement: Executable) -> int:
    """How many rows the statement inserted, changed or deleted."""
    # An insert's count is the driver's and lost with its cursor unless it is asked for.
    counting = {"preserve_rowcount": True}
    result = connection.execute(statement, execution_options=counting)
    return result.rowcount if isinstance(result, CursorResult) else 0
