"""A strict Bot API of our own on loopback: Telegram's faults on demand, its texts, its ids.

Message ids count over all private chats of the account and within each supergroup.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import time
from collections import defaultdict
from typing import Any

from aiohttp import web
from strict_markup import Content, Refused, check_webhook, content_of

TOKEN = "123456:Synthetic-Token_of-the-tests"
NAME = "tro_ly_thu_bot"


class StrictBotApi:
    """`faults` maps a kind to its share of the sends: 5xx, 5xx_after, 429, drop_before,
    drop_after, html, html_after, late_drop_after (arrives once `release` is set), hang (never
    arrives, never answered), hang_after. `next_faults` holds those of a chat's next sends, ""
    for none.
    """

    def __init__(self, faults: dict[str, float] | None = None, seed: int = 1) -> None:
        self.faults = faults or {}
        self.next_faults: dict[int, list[str]] = {}
        self.release = asyncio.Event()
        self.random = random.Random(seed)
        self.updates: list[dict[str, Any]] = []
        self._repeats: list[dict[str, Any]] = []
        self.sent: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.calls: dict[str, int] = defaultdict(int)
        self.sent_at: dict[tuple[int, int], float] = {}
        self.webhook: dict[str, Any] = {}
        self.is_revoked = False
        self.has_other_poller = False
        self.is_down = False
        self.blocked: dict[int, str] = {}  # chat -> Telegram's words for why it is closed
        self.moved: dict[int, int] = {}
        self.blocked_until: dict[int, float] = {}
        self._ids: dict[int, int] = defaultdict(lambda: 100)
        self.contents: dict[tuple[int, int], Content | None] = {}  # None: a person's, or a file
        self._files: set[tuple[int, int]] = set()
        self._queries: dict[str, float] = {}  # till when each can be answered
        self.first_update, self._n_updates = 1000, 0
        self._news, self._never = asyncio.Event(), asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/file", _file)
        return app

    def say(self, chat: int, text: str, *, age: float = 0, **more: Any) -> dict[str, Any]:
        """A person's message, on its way to the bot."""
        kind: dict[str, Any] = {"id": chat, "type": _kind(chat)}
        message = {
            "message_id": self._new_id(chat, None),
            "date": int(time.time() - age),
            "chat": kind,
            "from": {"id": abs(chat), "is_bot": False, "first_name": "An <b>&"},
        }
        return self.put({"message": message | ({"text": text} if text else {}) | more})

    def press(
        self, chat: int, number: int, action: str, *, seconds: float = 15, person: int = 0
    ) -> str:
        """A person's press on a button of message `number`; the query lives so many seconds."""
        query = f"query-{self._n_updates}"
        self._queries[query] = time.time() + seconds
        holder = {"message_id": number, "date": 0, "chat": {"id": chat, "type": _kind(chat)}}
        who = {"id": person or abs(chat), "is_bot": False, "first_name": "An"}
        pressed = {"id": query, "from": who, "chat_instance": "1", "data": action}
        self.put({"callback_query": pressed | {"message": holder}})
        return query

    def put(self, content: dict[str, Any]) -> dict[str, Any]:
        self._n_updates += 1
        update = {"update_id": self.first_update + self._n_updates, **content}
        self.updates.append(update)
        self._news.set()
        return update

    def repeat(self, update: dict[str, Any]) -> None:
        """Bring an update a second time, as Telegram does after a lost acknowledgement."""
        self._repeats.append(update)
        self._news.set()

    def wake(self) -> None:
        """End a poll that waits."""
        self._news.set()

    def texts(self, chat: int) -> list[str]:
        return [text for _, text in self.sent[chat]]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        method = request.match_info["method"]
        fields = dict((await request.post()).items())
        self.calls[method] += 1
        try:
            if self.is_revoked or request.match_info["token"] != TOKEN:
                raise Refused("Unauthorized", 401)
            return await self._answer(method, request, fields)
        except Refused as refused:
            return _refusal(refused)

    async def _answer(
        self, method: str, request: web.Request, fields: dict[str, Any]
    ) -> web.StreamResponse:
        if method == "getUpdates":
            return await self._updates(fields)
        if method in ("sendMessage", "sendDocument"):
            return await self._send(request, fields)
        if method == "editMessageText":
            return self._edit(fields)
        if method == "answerCallbackQuery":
            if self._queries.pop(fields.get("callback_query_id", ""), 0) < time.time():
                raise Refused(
                    "Bad Request: query is too old and response timeout expired or query ID is "
                    "invalid"
                )
        elif method == "setWebhook":
            check_webhook(fields)
            self.webhook = fields
        elif method == "deleteWebhook":
            self.webhook = {}
        elif method == "getFile":
            return _result({"file_id": "f", "file_unique_id": "u", "file_path": "file"})
        elif method == "getMe":
            return _result({"id": 7, "is_bot": True, "first_name": "Bot", "username": NAME})
        return _result(True)

    async def _updates(self, fields: dict[str, Any]) -> web.Response:
        if self.has_other_poller:
            raise Refused(
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
                409,
            )
        if self.webhook:
            raise Refused(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
                409,
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
        kind = self._fault(chat)
        if kind:
            return await self._fail(kind, request, fields, chat)
        if (left := self.blocked_until.get(chat, 0) - time.time()) > 0:
            raise _too_many(left)
        if chat in self.blocked:
            raise Refused(self.blocked[chat], 403)
        if chat in self.moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(text, 400, {"migrate_to_chat_id": self.moved[chat]})
        return self._keep(chat, fields)

    def _fault(self, chat: int) -> str:
        if self.next_faults.get(chat):
            return self.next_faults[chat].pop(0)
        return self.random.choices(
            [*self.faults, ""], [*self.faults.values(), 1 - sum(self.faults.values())]
        )[0]

    async def _fail(
        self, kind: str, request: web.Request, fields: dict[str, Any], chat: int
    ) -> web.StreamResponse:
        if kind == "429":
            self.blocked_until[chat] = time.time() + 1
            raise _too_many(1)
        if kind.startswith("late"):
            await self.release.wait()
        if kind.endswith("_after"):
            self._keep(chat, fields)
        if kind.startswith("hang"):
            await self._never.wait()
        if kind.startswith("5xx"):
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        if kind.startswith("html"):  # a gateway that answers in Telegram's place
            return web.Response(text="<html>Welcome</html>")
        if request.transport is not None:  # the bot may have hung up by itself
            request.transport.abort()
        return web.Response()

    def _keep(self, chat: int, fields: dict[str, Any]) -> web.Response:
        is_file = "document" in fields
        content = None if is_file else content_of(fields)
        number = self._new_id(chat, content)
        if is_file:
            self._files.add((chat, number))
        self.sent[chat].append((number, content.sent_as if content else "[document]"))
        self.sent_at[chat, number] = time.time()
        return _result(
            {
                "message_id": number,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private"},
            }
        )

    def _edit(self, fields: dict[str, Any]) -> web.Response:
        content = content_of(fields)
        place = int(fields["chat_id"]), int(fields["message_id"])
        if place not in self.contents:
            raise Refused("Bad Request: message to edit not found")
        if place in self._files:
            raise Refused("Bad Request: there is no text in the message to edit")
        before = self.contents[place]
        if before is None:
            raise Refused("Bad Request: message can't be edited")
        if before == content:
            raise Refused(
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message"
            )
        self.contents[place] = content
        chat, number = place
        self.sent[chat] = [
            (n, content.sent_as if n == number else said) for n, said in self.sent[chat]
        ]
        return _result(True)

    def _new_id(self, chat: int, content: Content | None) -> int:
        place = chat if chat < -1_000_000_000_000 else 0
        self._ids[place] += 1
        self.contents[chat, self._ids[place]] = content
        return self._ids[place]


async def _file(_: web.Request) -> web.Response:
    return web.Response(body=b"12345")


def _kind(chat: int) -> str:
    return "private" if chat > 0 else "supergroup"


def _too_many(seconds: float) -> Refused:
    whole = max(1, math.ceil(seconds))
    return Refused(f"Too Many Requests: retry after {whole}", 429, {"retry_after": whole})


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result}, dumps=json.dumps)


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.text}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)
