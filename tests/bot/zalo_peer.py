"""A strict Zalo Bot API server on loopback, and what a person does in front of it."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from channel_fakes import LoopThread

TOKEN = "1234567890:Synthetic-Zalo-Token"
METHODS = {"getMe", "getUpdates", "sendMessage", "setWebhook", "deleteWebhook", "getWebhookInfo"}


class ZaloPeer:
    """Answers as the API does: POST alone, errors with HTTP 200, one update a poll."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refusals: list[int] = []  # error codes for the next sendMessage calls
        self.webhook: dict[str, str] = {}
        self.polls = 0
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._names = itertools.count(1)
        self._loop = LoopThread()
        self.url = self._loop.run(self._start())

    async def _start(self) -> str:
        app = web.Application()
        app.router.add_route("*", "/{bot}/{method}", self._called)
        self._runner = web.AppRunner(app, shutdown_timeout=2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def close(self) -> None:
        self._loop.run(self._runner.cleanup())
        self._loop.close()

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["bot"] != f"bot{TOKEN}":
            return refused(401, "Unauthorized")
        if request.method != "POST" or method not in METHODS:
            return refused(404 if method not in METHODS else 405, "No such method")
        is_json = request.content_type == "application/json"
        # python-zalo-bot sends forms
        fields = dict(await (request.json() if is_json else request.post()))
        if method == "getUpdates":
            return await self._get_updates(float(fields.get("timeout", 30)))
        return getattr(self, f"_{method}")(fields)  # type: ignore[no-any-return]

    async def _get_updates(self, seconds: float) -> web.Response:
        if self.webhook:
            return refused(400, "A webhook is set")
        self.polls += 1
        try:
            update = await asyncio.wait_for(self._waiting.get(), min(seconds, 1))
        except TimeoutError:
            return refused(408, "Request timeout")
        return accepted(update)

    def _getMe(self, _: dict[str, Any]) -> web.Response:  # noqa: N802
        bot = {"id": "7", "account_name": "bot.tro_ly", "account_type": "BASIC"}
        return accepted({**bot, "can_join_groups": True})

    def _sendMessage(self, fields: dict[str, Any]) -> web.Response:  # noqa: N802
        chat, text = fields.get("chat_id"), fields.get("text")
        if self.refusals:
            return refused(self.refusals.pop(0), "on demand")
        if set(fields) != {"chat_id", "text"} or not isinstance(chat, str):
            return refused(400, "chat_id and text, as strings")
        if not isinstance(text, str) or not 1 <= len(text) <= 2000 or not text.strip():
            return refused(400, "text must be of 1 to 2000 characters")
        self.sent.append((chat, text))
        return accepted({"message_id": f"m{len(self.sent)}", "date": now_ms()})

    def _setWebhook(self, fields: dict[str, Any]) -> web.Response:  # noqa: N802
        if not 8 <= len(fields.get("secret_token", "")) <= 256:
            return refused(400, "secret_token of 8 to 256 characters")
        self.webhook = fields
        return accepted({"url": fields["url"], "updated_at": now_ms()})

    def _deleteWebhook(self, _: dict[str, Any]) -> web.Response:  # noqa: N802
        self.webhook = {}
        return accepted({"url": "", "updated_at": now_ms()})

    def event(
        self, chat: str, text: str | None, name: str = "", kind: str = "text", member: str = ""
    ) -> Any:
        """What Zalo delivers for one message; in a group `member` is who wrote it."""
        message: dict[str, Any] = {
            "from": {"id": member or chat, "display_name": "Lan", "is_bot": False},
            "chat": {"id": chat, "chat_type": "GROUP" if member else "PRIVATE"},
            "message_id": name or f"in{next(self._names)}",
            "date": now_ms(),
        }
        if text is not None:
            message["text"] = text
        return {"event_name": f"message.{kind}.received", "message": message}

    def deliver(self, event: Any) -> None:
        self._loop.loop.call_soon_threadsafe(self._waiting.put_nowait, event)

    def say(self, chat: str, text: str) -> str:
        """Say something; the first message that comes back."""
        count = len(self.answers(chat))
        self.deliver(self.event(chat, text))
        return self.answers(chat, count + 1)[count]

    def reply(self, chat: str, text: str, until: str, member: str = "") -> str:
        """Say something; all that comes back, once it matches."""
        count = len(self.answers(chat))
        self.deliver(self.event(chat, text, member=member))
        expected = count
        while True:
            expected += 1
            said = "\n".join(self.answers(chat, expected)[count:])
            if re.search(until, said, re.M):
                return said

    def answers(self, chat: str, count: int = 0, seconds: float = 20) -> list[str]:
        """What the chat was sent, once it is at least `count` messages."""
        end = time.monotonic() + seconds
        while True:
            texts = [text for to, text in self.sent if to == chat]
            if len(texts) >= count:
                return texts
            assert time.monotonic() < end, f"{len(texts)} of {count} messages came"
            time.sleep(0.02)

    @property
    def environment(self) -> dict[str, str]:
        return {"ZALO_BOT_TOKEN": TOKEN, "ZALO_BASE_URL": self.url}


def accepted(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refused(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description})


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@contextmanager
def open_zalo() -> Iterator[ZaloPeer]:
    peer = ZaloPeer()
    try:
        yield peer
    finally:
        peer.close()
