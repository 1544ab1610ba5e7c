"""Any update at all: no exception escapes, nothing is stuck, the next message is answered.

FUZZ_UPDATES says how many are tried, 200 if nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from channel_fakes import FakeAssistant, LoopThread
from hypothesis import HealthCheck, example, given, settings
from strict_bot_api import TOKEN, StrictBotApi
from telegram_stage import Stage, open_stage
from telegram_updates import updates

from bot.channels.telegram_bot import TelegramBot, open_bot
from bot.channels.telegram_handlers import Handler
from bot.channels.telegram_receiving import CHANNEL, Reception, next_offset
from bot.channels.telegram_sending import Sender
from bot.settings import Settings
from bot.store import Store, open_memory_store

N_UPDATES = int(os.environ.get("FUZZ_UPDATES", "200"))


UNLIMITED = Settings(_env_file=None, rate_per_minute=10**9, rate_per_minute_all=10**9)  # type: ignore[call-arg]


class Way:
    """The way of an update from its reception to the answer, in this process."""

    def __init__(self, stage: Stage, store: Store, bot: TelegramBot) -> None:
        assistant: Any = FakeAssistant(UNLIMITED)
        self._api: StrictBotApi = stage.api
        self._api.first_update = 2**60  # none of those drawn has such a number
        self._store = store
        self._reception = Reception(bot, store, assistant, lambda: None)
        self._handler = Handler(bot, store, assistant)
        self._sender = Sender(bot, store, lambda _: None, lambda: None)

    async def go(self, raw: object) -> None:
        """Take an update in, answer it, send the answer; then the same with a usual message."""
        assert next_offset(5, [raw, {"update_id": 6}]) >= 7
        await self._take([raw])
        usual = self._api.say(77, "bước")
        before = len(self._api.texts(77))
        await self._take([usual])
        assert len(self._api.texts(77)) == before + 1
        assert self._store.backlogs() == {}

    async def _take(self, raws: list[object]) -> None:
        await self._reception.receive(raws)
        while update := self._store.claim(CHANNEL):
            await self._handler.handle(update)
        while message := self._store.next_outgoing(CHANNEL):
            await self._sender.send(message)


@pytest.fixture(scope="module")
def way() -> Iterator[tuple[LoopThread, Way]]:
    loop = LoopThread()
    with open_stage() as stage, open_memory_store() as store:
        address = stage.environment["TELEGRAM_BASE_URL"]
        bot = open_bot(
            Settings(_env_file=None, telegram_token=TOKEN, telegram_base_url=address)  # type: ignore[arg-type]
        )

        async def start() -> Way:
            await bot.initialize()
            return Way(stage, store, bot)

        yield loop, loop.run(start())
        said = [text for sent in stage.api.sent.values() for _, text in sent]
        assert not any(text.startswith("[telegram.failed") for text in said)
        loop.run(bot.shutdown())
    loop.close()


def _message(**changes: object) -> dict[str, object]:
    """A usual update with something of it changed."""
    person = {"id": 5, "is_bot": False, "first_name": "An"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": person}
    number = changes.pop("update_id", 1)
    return {"update_id": number, "message": message | {"text": "bước"} | changes}


def _press(data: object) -> dict[str, object]:
    """A press on a button."""
    holder = _message()["message"]
    person = {"id": 5, "is_bot": False, "first_name": "An"}
    pressed = {"id": "q", "from": person, "chat_instance": "1", "message": holder, "data": data}
    return {"update_id": 2, "callback_query": pressed}


@settings(
    max_examples=N_UPDATES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(raw=updates())
@example(raw=_press(["a"]))
@example(raw=_message(update_id=2**70))
@example(raw=_message(update_id="5"))
@example(raw=_message(message_id=2**70))
@example(raw=_message(message_id=-(2**70)))
@example(raw=_message(date=2**70))
@example(raw=_message(chat={"id": 2**70, "type": "private"}))
def test_no_update_breaks_anything(way: tuple[LoopThread, Way], raw: object) -> None:
    loop, path = way
    loop.run(path.go(raw))
