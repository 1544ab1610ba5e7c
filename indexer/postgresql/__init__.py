"""Indexes kept in PostgreSQL with pgvector, which many processes read and any of them fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import PassageDatabaseError

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase


def open_database(url: str) -> PassageDatabase:
    """The database at an address postgresql://USER:PASSWORD@HOST:PORT/DATABASE; nothing connects.

    Raises PassageDatabaseError in one line for another address, or without a driver.
    """
    try:
        from indexer.postgresql.database import PassageDatabase
    except ImportError:
        raise PassageDatabaseError(
            "PASSAGES_URL: PostgreSQL needs a driver; run: pip install 'tro-ly-thi-dua[postgresql]'"
        ) from None
    return PassageDatabase(url)
