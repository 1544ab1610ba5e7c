"""The web chat: one page, and the same dialogue behind it, on this machine's own address."""

from __future__ import annotations

import asyncio
import base64
import html
import re
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.order import ChatLocks
from bot.channels.turn import TurnFailedError, clean_text, take_turn
from bot.channels.web_guard import Guard, Wording, error_response
from bot.turns import Message, Reply

if TYPE_CHECKING:
    from bot.assistant import Assistant

PAGE_DIR = Path(__file__).parent / "page"
MAX_BODY_BYTES = 64 * 1024
SESSION_COOKIE = "chat_session"
_SESSION = re.compile(r"[\w-]{43}", re.ASCII)
_PAGE_WORDS = ("title", "placeholder", "send", "offline", "preparing")


class Turn(BaseModel):
    """What the page sends: typed text or a pressed button's action."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = ""
    action: str = ""


class WebChat:
    """The pages and the turns; the assistant may still be on its way when they open."""

    def __init__(self, wording: Wording, assistant: asyncio.Future[Assistant]) -> None:
        self._wording = wording
        self._assistant = assistant
        self._locks = ChatLocks()
        self._page = _filled_page(wording)

    async def page(self, request: Request) -> Response:
        """The chat page; it starts a session for a visitor who has none."""
        response = HTMLResponse(self._page)
        _keep_session(response, _session_of(request))
        return response

    async def turn(self, request: Request) -> Response:
        """One turn: the reply as JSON, or one polite sentence on what went wrong."""
        body = await _read_body(request)
        if body is None:
            return error_response(self._wording("web.too_large"), 413)
        try:
            turn = Turn.model_validate_json(body)
        except ValidationError:
            return error_response(self._wording("web.bad_request"), 400)
        session = _session_of(request)
        message = Message(
            channel="web",
            chat=session,
            text=clean_text(turn.text),
            action=clean_text(turn.action),
        )
        assistant = await asyncio.shield(self._assistant)
        try:
            async with self._locks.of(session):
                reply = await asyncio.to_thread(take_turn, assistant, message)
        except TurnFailedError as error:
            return error_response(self._wording("web.failed", reference=error.reference), 500)
        response = JSONResponse(reply_as_json(reply), headers={"cache-control": "no-store"})
        _keep_session(response, session)
        return response

    async def health(self, request: Request) -> Response:  # noqa: ARG002 (Starlette passes it)
        """That the process answers; and whether the assistant is ready."""
        return JSONResponse({"status": "ok", "ready": self._assistant.done()})

    async def refuse(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        """An address or method that there is not."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        return error_response(self._wording("web.bad_request"), status)


def create_app(wording: Wording, assistant: asyncio.Future[Assistant], host: str) -> Starlette:
    """The ASGI application; `host` is a name, beside localhost, that it answers to."""
    chat = WebChat(wording, assistant)
    return Starlette(
        routes=[
            Route("/", chat.page),
            Route("/api/turn", chat.turn, methods=["POST"]),
            Route("/healthz", chat.health),
            Mount("/page", StaticFiles(directory=PAGE_DIR)),
        ],
        middleware=[Middleware(Guard, wording=wording, host=host)],
        exception_handlers={HTTPException: chat.refuse},
    )


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """The reply as the page reads it."""
    return {
        "status": reply.status,
        "blocks": [block.model_dump() for block in reply.blocks],
        "citations": [asdict(citation) for citation in reply.citations],
        "buttons": [[button.model_dump() for button in row] for row in reply.buttons],
        "attachments": [
            {"name": file.name, "content": base64.b64encode(file.content).decode()}
            for file in reply.attachments
        ],
        "confidence": reply.confidence,
    }


def _filled_page(wording: Wording) -> str:
    page = (PAGE_DIR / "index.html").read_text(encoding="utf-8")
    for name in _PAGE_WORDS:
        page = page.replace(f"{{{{{name}}}}}", html.escape(wording(f"web.{name}")))
    return page


async def _read_body(request: Request) -> bytes | None:
    """The body; None as soon as it proves too large, without reading on."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _session_of(request: Request) -> str:
    """The visitor's session, a new one for a new visitor. It cannot be guessed."""
    session = request.cookies.get(SESSION_COOKIE, "")
    return session if _SESSION.fullmatch(session) else secrets.token_urlsafe(32)


def _keep_session(response: Response, session: str) -> None:
    response.set_cookie(SESSION_COOKIE, session, httponly=True, samesite="lax", path="/")
