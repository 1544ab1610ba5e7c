"""Opens the store that the settings name."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.settings import Settings
from bot.store.database import Database, open_memory, open_postgresql, open_sqlite
from bot.store.errors import StoreError
from bot.store.keys import ChatHasher, open_hasher
from bot.store.schema import marks
from bot.store.statements import upsert
from bot.store.store import Store

DATABASE_FILE = "store.sqlite3"
_KEY_MARK = "key"
_NOTE_KEY = upsert(marks, lambda new: new.on_conflict_do_nothing())
_REPLACE_KEY = upsert(
    marks,
    lambda new: new.on_conflict_do_update(
        index_elements=[marks.c.name], set_={"value": new.excluded.value}
    ),
)


def open_store(settings: Settings) -> Store:
    """The store: DATABASE_URL, or an SQLite file in DATA_DIR; its schema brought up to date.

    Raises StoreError in one line: PostgreSQL cannot be reached, a newer program has changed the
    schema, or another key was used to write it.
    """
    url = settings.database_url.get_secret_value().strip() if settings.database_url else ""
    key = settings.store_key.get_secret_value().strip() if settings.store_key else ""
    hasher = open_hasher(key, settings.data_dir)
    if not url:
        database = open_sqlite(settings.data_dir / DATABASE_FILE)
    elif url.startswith("postgres"):
        database = open_postgresql(url)
    else:
        raise StoreError(
            "DATABASE_URL: only PostgreSQL addresses are allowed "
            "(postgresql://USER:PASSWORD@HOST:PORT/DATABASE); leave it out for an SQLite file"
        )
    _compare_keys(database, hasher)
    return Store(database, hasher, settings.session_hours, settings.learning_days)


def open_memory_store(session_hours: float = 24) -> Store:
    """A store in this process alone, with nothing left behind."""
    return Store(open_memory(), ChatHasher("memory"), session_hours)


def _compare_keys(database: Database, hasher: ChatHasher) -> None:
    """Two processes that hash with different keys would take one chat for two."""

    def work(connection: Connection) -> str:
        # SQLite: a lost key file; what it hashed expires by itself.
        note = _NOTE_KEY if database.is_shared else _REPLACE_KEY
        row = {"name": _KEY_MARK, "value": hasher.fingerprint}
        connection.execute(note(connection), row)
        kept: str = connection.scalars(select(marks.c.value).where(marks.c.name == _KEY_MARK)).one()
        return kept

    if database.run(work) != hasher.fingerprint:
        raise StoreError(
            "STORE_KEY: the database was written with another key; "
            "give every process that serves from it the same STORE_KEY"
        )
