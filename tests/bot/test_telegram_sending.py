"""One sender, its store and the strict Bot API over HTTP, within the test's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from strict_bot_api import TOKEN, StrictBotApi
from telegram.request import HTTPXRequest

from bot.channels import telegram_sending
from bot.channels.telegram_bot import TelegramBot
from bot.channels.telegram_incoming import Address
from bot.channels.telegram_outgoing import sentence_payloads
from bot.channels.telegram_sending import GLOBAL_LIMIT, Sender
from bot.store import Arrival, Store
from bot.store.opening import open_memory_store

TIMEOUT_SECONDS = 0.3


@dataclass
class Outbox:
    """What waits to be sent, and the sender that sends it; `pauses` are those of all sending."""

    api: StrictBotApi
    store: Store
    bot: TelegramBot
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sender = Sender(self.bot, self.store, self.pauses.append, lambda: None)

    async def send(self, chat: int, sentence: str) -> None:
        """Put one message into the outbox and try once to send what waits there."""
        asked: int = self.api.say(chat, "?")["message"]["message_id"]
        self.store.receive_many(
            "telegram", [Arrival(f"{chat}:{asked}", str(chat), "{}", 0)], [asked]
        )
        [update] = self.store.claim_many("telegram", 1)
        payloads = sentence_payloads(Address(chat, after=asked), sentence)
        self.store.finish(update, None, payloads, place=str(chat))
        await self.try_again()

    async def try_again(self) -> None:
        """Send what waits and may be sent by now."""
        for message in self.store.next_outgoing_many("telegram", 10):
            await self.sender.send(message)


@asynccontextmanager
async def opened() -> AsyncIterator[Outbox]:
    """An empty outbox whose requests give up early."""
    api = StrictBotApi()
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    request = HTTPXRequest(read_timeout=TIMEOUT_SECONDS)
    try:
        async with TelegramBot(TOKEN, base_url=base, request=request) as bot:
            yield Outbox(api, open_memory_store(), bot)
    finally:
        await runner.cleanup()


def test_a_message_that_reaches_telegram_after_its_request_timed_out_is_not_sent_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> list[str]:
        async with opened() as outbox:
            outbox.api.next_faults[5] = ["late_drop_after"]
            seconds = TIMEOUT_SECONDS + 1.0
            asyncio.get_running_loop().call_later(seconds, outbox.api.release.set)
            await outbox.send(5, "một lần")
            await outbox.try_again()
            await outbox.api.release.wait()
            await asyncio.sleep(0.1)  # it has arrived
            return outbox.api.texts(5)

    monkeypatch.setattr(telegram_sending, "_SILENCE_SECONDS", 1.6)
    assert asyncio.run(scene()) == ["một lần"]


def test_a_message_lost_without_an_answer_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> list[str]:
        async with opened() as outbox:
            outbox.api.next_faults[5] = ["hang"]
            await outbox.send(5, "một lần")
            await outbox.try_again()
            return outbox.api.texts(5)

    monkeypatch.setattr(telegram_sending, "_SILENCE_SECONDS", 0.1)
    assert asyncio.run(scene()) == ["một lần"]


@pytest.mark.parametrize("has_success", [False, True])
def test_only_chats_told_to_wait_one_after_the_other_stop_all_sending(has_success: bool) -> None:
    async def scene() -> list[float]:
        async with opened() as outbox:
            for chat in range(1, GLOBAL_LIMIT + 1):
                if has_success and chat == GLOBAL_LIMIT:
                    await outbox.send(99, "tới nơi")
                outbox.api.next_faults[chat] = ["429"]
                await outbox.send(chat, "chờ")
            return outbox.pauses

    assert bool(asyncio.run(scene())) is not has_success
