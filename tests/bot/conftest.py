"""The real conversation over the shipped plan, on a fixed day; an empty PostgreSQL database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.dialogue import Dialogue
from bot.sessions import Session
from bot.settings import load_settings
from bot.store import open_store
from bot.store.schema import metadata
from bot.turns import Message, Reply
from bot.wording import Wording
from indexer.search import Searcher
from knowledge.plan import Plan

TODAY = date(2026, 3, 1)
SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")


class Talk:
    """A chat with the dialogue; it remembers the session between turns."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.session = Session()
        self.last: Reply | None = None

    def say(self, text: str) -> Reply:
        return self._turn(Message(channel="test", chat="1", text=text))

    def press(self, label: str) -> Reply:
        """Press the last reply's button whose label holds the words."""
        assert self.last is not None
        buttons = [button for row in self.last.buttons for button in row]
        found = [button for button in buttons if label in button.label]
        assert found, f"{label!r} is on none of {[button.label for button in buttons]}"
        return self.act(found[0].action)

    def act(self, action: str) -> Reply:
        return self._turn(Message(channel="test", chat="1", action=action))

    def send(self, message: Message) -> Reply:
        return self._turn(message)

    def _turn(self, message: Message) -> Reply:
        self.session, self.last = self.dialogue.reply(self.session, message)
        return self.last


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.load()


@pytest.fixture(scope="session")
def dialogue(whole_plan: Plan, searcher: Searcher, wording: Wording) -> Dialogue:
    return Dialogue(whole_plan, searcher, wording, today=lambda: TODAY)


@pytest.fixture
def talk(dialogue: Dialogue) -> Talk:
    return Talk(dialogue)


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """A server that this test session may make databases on."""
    psycopg = pytest.importorskip("psycopg")
    try:
        psycopg.connect(SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers; TEST_POSTGRESQL names another")
    return SERVER


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The address of an empty database, dropped afterwards."""
    with _database_on(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(
    postgresql_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a database with its tables, one for all tests of this worker."""
    with _database_on(postgresql_server) as url:
        folder = tmp_path_factory.mktemp("postgresql")
        open_store(load_settings(data_dir=folder, database_url=url)).close()
        yield url


@pytest.fixture
def postgresql_with_tables(migrated_postgresql: str) -> str:
    """The address of a database with empty tables."""
    engine = create_engine(migrated_postgresql.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
    engine.dispose()
    return migrated_postgresql


@contextmanager
def _database_on(address: str) -> Iterator[str]:
    """A new database's address; skips the test where the server lets nobody make one."""
    name = f"store_test_{secrets.token_hex(4)}"
    driver = address.replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(driver, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except DBAPIError:
        pytest.skip("the PostgreSQL server lets nobody make a database")
    yield f"{address.rpartition('/')[0]}/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
