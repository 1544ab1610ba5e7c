"""The web chat: one page, and the same dialogue behind it, on this machine's own address."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.order import ChatLocks
from bot.channels.turn import TurnFailedError, clean_text, take_turn
from bot.channels.web_guard import Guard, Wording, error_response
from bot.channels.web_json import plan_as_json, reply_as_json
from bot.channels.web_page import PAGE_DIR, PageWriter
from bot.channels.web_replay import Replays
from bot.channels.web_session import has_token, keep_session, new_session, session_of, token_of
from bot.limits import Admission
from bot.turns import Attachment, Message

if TYPE_CHECKING:
    from bot.assistant import Assistant

MAX_BODY_BYTES = 64 * 1024
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_NAME_LENGTH = 120
_NOT_STORED = {"cache-control": "no-store"}


class Turn(BaseModel):
    """What the page sends: typed text or a pressed button's action.

    `id` is the page's own name for the turn, the same when it has to send the turn again.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(default="", max_length=64)
    text: str = ""
    action: str = ""


class WebChat:
    """The pages and the turns; the assistant may still be on its way when they open."""

    def __init__(self, wording: Wording, assistant: asyncio.Future[Assistant]) -> None:
        self._wording = wording
        self._assistant = assistant
        self._locks = ChatLocks()
        self._page = PageWriter(wording)
        self._replays = Replays()
        self._file_turn = asyncio.Semaphore(1)  # a large file takes a processor for a while
        self._plans: dict[str, tuple[str, bytes]] = {}  # as JSON, with its tag

    async def page(self, request: Request) -> Response:
        """The chat page; it starts a session for a visitor who has none."""
        session = session_of(request) or new_session()
        response = HTMLResponse(self._page.page(token_of(session)), headers=_NOT_STORED)
        keep_session(request, response, session)
        return response

    async def session(self, request: Request) -> Response:
        """A page's token, for a page whose session has gone; a new session where there is none."""
        session = session_of(request) or new_session()
        response = JSONResponse({"token": token_of(session)}, headers=_NOT_STORED)
        keep_session(request, response, session)
        return response

    async def plan(self, request: Request) -> Response:
        """A plan to be read in the page, the first one where none is named; 404 for an unknown."""
        assistant = await asyncio.shield(self._assistant)
        plans = {plan.id: plan for plan in assistant.plans}
        plan_id = request.query_params.get("id") or next(iter(plans))
        if plan_id not in plans:
            raise HTTPException(404)
        if plan_id not in self._plans:
            shown = plan_as_json(plans[plan_id], assistant.plans)
            content = json.dumps(shown, ensure_ascii=False).encode()
            self._plans[plan_id] = (f'"{hashlib.sha256(content).hexdigest()[:16]}"', content)
        tag, content = self._plans[plan_id]
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(content, media_type="application/json", headers={"etag": tag})

    async def turn(self, request: Request) -> Response:
        """One turn: the reply as JSON, or one polite sentence on what went wrong."""
        session = session_of(request)
        if session is None or not has_token(request, session):
            return error_response(self._wording("web.no_session"), 403)
        body = await _read_body(request, MAX_BODY_BYTES)
        if body is None:
            return error_response(self._wording("web.too_large"), 413)
        try:
            turn = Turn.model_validate_json(body)
        except ValidationError:
            return error_response(self._wording("web.bad_request"), 400)
        text, action = clean_text(turn.text), clean_text(turn.action)
        return await self._answered(
            Message(channel="web", chat=session, text=text, action=action), turn.id
        )

    async def file(self, request: Request) -> Response:
        """A turn whose message is a file: the body its content, the query its name."""
        session = session_of(request)
        if session is None or not has_token(request, session):
            return error_response(self._wording("web.no_session"), 403)
        name = clean_text(request.query_params.get("name", ""))[-MAX_NAME_LENGTH:]
        content = await _read_body(request, MAX_FILE_BYTES)
        if content is None:
            return error_response(self._wording("web.file_too_big"), 413)
        if not name or not content:
            return error_response(self._wording("web.bad_request"), 400)
        file = Attachment(name=name, content=content)
        async with self._file_turn:
            return await self._answered(Message(channel="web", chat=session, attachment=file), "")

    async def refuse(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        """An address or method that there is not."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        return error_response(self._wording("web.bad_request"), status)

    async def _answered(self, message: Message, turn: str) -> Response:
        assistant = await asyncio.shield(self._assistant)
        async with self._locks.of(message.chat):
            reply = self._replays.find(message.chat, turn)
            if reply is None:
                if assistant.admit("web", message.chat) is not Admission.ADMITTED:
                    return error_response(self._wording("limit.person"), 429)
                try:
                    said = await asyncio.to_thread(take_turn, assistant, message)
                except TurnFailedError as error:
                    sentence = self._wording("web.failed", reference=error.reference)
                    return error_response(sentence, 500)
                shown = reply_as_json(said, assistant.plans)
                reply = json.dumps(shown, ensure_ascii=False).encode()
                self._replays.keep(message.chat, turn, reply)
        return Response(reply, media_type="application/json", headers=_NOT_STORED)


def create_app(
    wording: Wording, assistant: asyncio.Future[Assistant], hosts: Sequence[str]
) -> Starlette:
    """The ASGI application; `hosts` are names, beside localhost, that it answers to."""
    chat = WebChat(wording, assistant)
    return Starlette(
        routes=[
            Route("/", chat.page),
            Route("/api/turn", chat.turn, methods=["POST"]),
            Route("/api/file", chat.file, methods=["POST"]),
            Route("/api/session", chat.session),
            Route("/api/plan", chat.plan),
            Mount("/page", StaticFiles(directory=PAGE_DIR)),
        ],
        middleware=[Middleware(Guard, wording=wording, hosts=hosts), Middleware(GZipMiddleware)],
        exception_handlers={HTTPException: chat.refuse},
    )


async def _read_body(request: Request, limit: int) -> bytes | None:
    """The body; None as soon as it proves too large, without reading on."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
