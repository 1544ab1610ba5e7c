"""Brings a database to the version of the schema that this program knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from bot.store.errors import StoreError
from bot.store.schema import HEAD

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 7_245_001  # any number; names the lock that migrating takes on PostgreSQL


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Run the missing migrations within the connection's transaction.

    Raises StoreError when a newer program has already changed the database; `place` names it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = current_version(connection)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise StoreError(
            f"{place}: schema version {version} is newer than this program's {HEAD}; "
            "install the newer program, or use another DATA_DIR or DATABASE_URL"
        )
    upgrade(connection, HEAD)


def current_version(connection: Connection) -> str | None:
    """The version of the database's schema; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    table = Table("alembic_version", MetaData(), autoload_with=connection)
    return connection.execute(select(table.c.version_num)).scalar()


def upgrade(connection: Connection, version: str) -> None:
    """Run the migrations up to `version`."""
    # Imported here: most starts find the schema up to date and need no Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
