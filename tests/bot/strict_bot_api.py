"""A strict Bot API of our own on loopback: Telegram's faults on demand, its texts, its ids.

Message ids count over all private chats of the account and within each supergroup.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from channel_fakes import LoopThread

TOKEN = "123456:Synthetic-Token_of-the-tests"
NAME = "tro_ly_thu_bot"


class StrictBotApi:
    """`faults` maps a kind to its share of the sends: 5xx, 5xx_after, 429, drop_before,
    drop_after, hang (never arrives, never answered), hang_after.
    """

    def __init__(self, faults: dict[str, float] | None = None, seed: int = 1) -> None:
        self.faults = faults or {}
        self.random = random.Random(seed)
        self.updates: list[dict[str, Any]] = []
        self._repeats: list[dict[str, Any]] = []
        self.sent: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.calls: dict[str, int] = defaultdict(int)
        self.sent_at: dict[tuple[int, int], float] = {}
        self.webhook: dict[str, Any] = {}
        self.is_revoked = False
        self.has_other_poller = False
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.blocked_until: dict[int, float] = {}
        self._ids: dict[int, int] = defaultdict(lambda: 100)
        self._owners: dict[tuple[int, int], str] = {}
        self._next_update = 1000
        self._news, self._never = asyncio.Event(), asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        return app

    def say(self, chat: int, text: str, *, age: float = 0, **more: Any) -> dict[str, Any]:
        """A person's message, on its way to the bot."""
        kind: dict[str, Any] = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        message = {
            "message_id": self._new_id(chat, "person"),
            "date": int(time.time() - age),
            "chat": kind,
            "from": {"id": abs(chat), "is_bot": False, "first_name": "An <b>&"},
        }
        return self.put({"message": message | ({"text": text} if text else {}) | more})

    def put(self, content: dict[str, Any]) -> dict[str, Any]:
        self._next_update += 1
        update = {"update_id": self._next_update, **content}
        self.updates.append(update)
        self._news.set()
        return update

    def repeat(self, update: dict[str, Any]) -> None:
        """Bring an update a second time, as Telegram does after a lost acknowledgement."""
        self._repeats.append(update)
        self._news.set()

    def texts(self, chat: int) -> list[str]:
        return [text for _, text in self.sent[chat]]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields = dict((await request.post()).items())
        self.calls[method] += 1
        if self.is_revoked or request.match_info["token"] != TOKEN:
            return _refusal(401, "Unauthorized")
        if method == "getUpdates":
            return await self._updates(fields)
        if method == "sendMessage":
            return await self._send(request, fields)
        if method == "editMessageText":
            return self._edit(fields)
        if method == "setWebhook":
            self.webhook = fields
        if method == "getMe":
            return _result({"id": 7, "is_bot": True, "first_name": "Bot", "username": NAME})
        return _result(True)

    async def _updates(self, fields: dict[str, Any]) -> web.Response:
        if self.has_other_poller:
            return _refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
            )
        offset = int(fields.get("offset", 0))
        if not self._repeats and not any(u["update_id"] >= offset for u in self.updates):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(float(fields["timeout"]), 2))
            except TimeoutError:
                return _result([])
        self.updates = [each for each in self.updates if each["update_id"] >= offset]
        repeats, self._repeats = self._repeats, []
        return _result([*repeats, *self.updates[: 100 - len(repeats)]])

    async def _send(self, request: web.Request, fields: dict[str, Any]) -> web.StreamResponse:
        chat = int(fields["chat_id"])
        draw = self.random.random()
        for kind, share in self.faults.items():
            if draw < share:
                return await self._fail(kind, request, fields, chat)
            draw -= share
        if time.time() < self.blocked_until.get(chat, 0):
            return _refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if chat in self.blocked:
            return _refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            return _refusal(400, text, {"migrate_to_chat_id": self.moved[chat]})
        return self._keep(chat, fields)

    async def _fail(
        self, kind: str, request: web.Request, fields: dict[str, Any], chat: int
    ) -> web.StreamResponse:
        if kind == "429":
            self.blocked_until[chat] = time.time() + 1
            return _refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if kind.endswith("_after"):
            self._keep(chat, fields)
        if kind.startswith("hang"):
            await self._never.wait()
        if kind.startswith("5xx"):
            return _refusal(502, "Bad Gateway")
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _keep(self, chat: int, fields: dict[str, Any]) -> web.Response:
        number = self._new_id(chat, fields["text"])
        self.sent[chat].append((number, fields["text"]))
        self.sent_at[chat, number] = time.time()
        kind = {"id": chat, "type": "private"}
        return _result({"message_id": number, "date": int(time.time()), "chat": kind})

    def _edit(self, fields: dict[str, Any]) -> web.Response:
        chat, number = int(fields["chat_id"]), int(fields["message_id"])
        text = self._owners.get((chat, number))
        if text is None:
            return _refusal(400, "Bad Request: message to edit not found")
        if text == "person":
            return _refusal(400, "Bad Request: message can't be edited")
        if text == fields["text"]:
            return _refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        self._owners[chat, number] = fields["text"]
        self.sent[chat] = [
            (n, fields["text"] if n == number else words) for n, words in self.sent[chat]
        ]
        return _result(True)

    def _new_id(self, chat: int, text: str) -> int:
        place = chat if chat < -1_000_000_000_000 else 0
        self._ids[place] += 1
        self._owners[chat, self._ids[place]] = text
        return self._ids[place]


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result}, dumps=json.dumps)


def _refusal(code: int, text: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": text}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


class Stage:
    """The API on a port, with its methods called from the test's thread."""

    def __init__(self, api: StrictBotApi, loop: LoopThread, port: int) -> None:
        self.api = api
        self._loop = loop
        self.environment = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}",
            "RATE_PER_MINUTE": "100000",
            "RATE_PER_MINUTE_ALL": "1000000",
        }

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        async def run() -> dict[str, Any]:
            return self.api.say(chat, text, **more)

        result: dict[str, Any] = self._loop.run(run())
        return result

    def do(self, call: Any, *arguments: Any) -> None:
        async def run() -> None:
            call(*arguments)

        self._loop.run(run())

    def wait(self, chat: int, count: int, seconds: float = 20) -> list[str]:
        """The bot's messages in the chat, as soon as there are `count`."""
        deadline = time.monotonic() + seconds
        while len(self.api.texts(chat)) < count:
            assert time.monotonic() < deadline, (chat, self.api.texts(chat), dict(self.api.calls))
            time.sleep(0.02)
        return self.api.texts(chat)


@contextmanager
def open_stage(faults: dict[str, float] | None = None) -> Iterator[Stage]:
    """The strict Bot API on a free port of loopback."""
    api, loop = StrictBotApi(faults), LoopThread()
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.1)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    try:
        yield Stage(api, loop, loop.run(start()))
    finally:
        loop.run(runner.cleanup())
        loop.close()
