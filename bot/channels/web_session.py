"""Who a visitor of the web chat is: a secret cookie, and a token that only our page knows."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

SESSION_COOKIE = "chat_session"
TOKEN_HEADER = "x-page-token"
_SESSION = re.compile(r"[\w-]{43}", re.ASCII)


def session_of(request: Request) -> str | None:
    """The visitor's session; None for a visitor who brings none that could be ours."""
    session = request.cookies.get(SESSION_COOKIE, "")
    return session if _SESSION.fullmatch(session) else None


def new_session() -> str:
    """A session that cannot be guessed."""
    return secrets.token_urlsafe(32)


def keep_session(request: Request, response: Response, session: str) -> None:
    """Set the cookie: out of reach of scripts, not sent by other sites' forms."""
    response.set_cookie(
        SESSION_COOKIE,
        session,
        httponly=True,
        samesite="lax",
        path="/",
        secure=request.url.scheme == "https",
    )


def token_of(session: str) -> str:
    """What our page sends along with everything that it sends.

    It follows from the session, which another site can neither read nor guess, so that any process
    can check it without a secret of its own.
    """
    return hashlib.sha256(f"page token of {session}".encode()).hexdigest()


def has_token(request: Request, session: str) -> bool:
    """Whether the request comes from a page that this session was given to."""
    given = request.headers.get(TOKEN_HEADER, "")
    return hmac.compare_digest(given.encode(), token_of(session).encode())
