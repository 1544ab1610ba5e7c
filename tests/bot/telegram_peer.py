"""A Telegram Bot API server on loopback, and what a person does in front of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from aiohttp import web
from channel_fakes import LoopThread
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator

TOKEN = "123456:Synthetic-Token_of-the-tests"
BOT_NAME = "tro_ly_thu_bot"
BOT_ID = 7


class Call(NamedTuple):
    """One request of the bot."""

    method: str
    fields: dict[str, Any]
    files: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.fields.get("text", ""))

    @property
    def buttons(self) -> list[dict[str, str]]:
        markup = self.fields.get("reply_markup")
        rows = json.loads(markup)["inline_keyboard"] if markup else []
        return [button for row in rows for button in row]


class BotApi(LoBotApiEmulator):
    """The emulator with a user name in getMe, refusals on demand, and a memory of what came."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.refusals: list[Callable[[str, dict[str, Any]], ApiRefusal | None]] = []
        self._arrived = threading.Condition()

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        for refusal in self.refusals:
            refused = refusal(method, fields)
            if refused:
                raise refused
        call = Call(method, dict(fields), dict(uploads))
        result = super().validate(method, fields, uploads)
        if method == "getMe":
            result["username"] = BOT_NAME
        with self._arrived:
            self.calls.append(call)
            self._arrived.notify_all()
        return result

    def wait_for(
        self, matches: Callable[[Call], bool], count: int = 1, seconds: float = 15
    ) -> list[Call]:
        """The first `count` calls that match, as soon as they are there."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while len(found := [call for call in self.calls if matches(call)]) < count:
                if not self._arrived.wait(deadline - time.monotonic()):
                    methods = [call.method for call in self.calls]
                    raise AssertionError(f"{count} such calls did not come; came: {methods}")
        return found[:count]


class Peer:
    """The server, and the people who write to the bot through it."""

    def __init__(self, api: BotApi, loop: LoopThread, port: int) -> None:
        self.api = api
        self.url = f"http://127.0.0.1:{port}"
        self._loop = loop
        self._next_id = 100

    @property
    def environment(self) -> dict[str, str]:
        return {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_BASE_URL": self.url}

    def send(self, chat: int, text: str = "", **more: Any) -> None:
        """A message of a person in a private chat, or, below zero, in a group."""
        message = self._message(chat) | ({"text": text} if text else {}) | more
        self._enqueue({"message": message})

    def press(self, chat: int, action: str) -> None:
        """A press on a button under a message of the bot."""
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Bot"}
        query = {
            "id": f"query-{self._next_id}",
            "from": _person(chat),
            "chat_instance": "1",
            "data": action,
            "message": self._message(chat) | {"from": bot, "text": "…"},
        }
        self._enqueue({"callback_query": query})

    def answers(self, chat: int, count: int = 1, seconds: float = 15) -> list[Call]:
        """The first messages that the bot sends to the chat."""
        return self.api.wait_for(
            lambda call: call.method == "sendMessage" and call.fields["chat_id"] == str(chat),
            count,
            seconds,
        )

    def _message(self, chat: int) -> dict[str, Any]:
        self._next_id += 1
        kind = {"id": chat, "type": "private", "first_name": "An"}
        if chat < 0:
            kind = {"id": chat, "type": "supergroup", "title": "Tổ dân phố"}
        return {
            "message_id": self._next_id,
            "date": int(time.time()),
            "chat": kind,
            "from": _person(chat),
        }

    def _enqueue(self, update: dict[str, Any]) -> None:
        self._loop.run(self.api.enqueue_update(update, token=TOKEN))


def _person(chat: int) -> dict[str, Any]:
    return {"id": abs(chat), "is_bot": False, "first_name": "An <b>&"}


@contextmanager
def open_peer(port: int = 0) -> Iterator[Peer]:
    """The Bot API server on a free port of loopback."""
    api = BotApi()
    loop = LoopThread()
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.1)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        return int(runner.addresses[0][1])

    try:
        yield Peer(api, loop, loop.run(start()))
    finally:
        loop.run(runner.cleanup())
        loop.close()
