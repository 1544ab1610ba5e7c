"""The real conversation over the shipped plan, on a fixed day; an empty PostgreSQL database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.dialogue import Dialogue
from bot.sessions import Session
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
    name = f"store_test_{secrets.token_hex(4)}"
    driver = postgresql_server.replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(driver, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except DBAPIError:
        pytest.skip("the PostgreSQL server lets nobody make a database")
    yield f"{postgresql_server.rpartition('/')[0]}/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
