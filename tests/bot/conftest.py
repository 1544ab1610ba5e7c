"""The real conversation over the shipped plan, on a fixed day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue import Dialogue
from bot.sessions import Session
from bot.turns import Message, Reply
from bot.wording import Wording
from indexer.search import Searcher
from knowledge.plan import Plan

TODAY = date(2026, 3, 1)


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
