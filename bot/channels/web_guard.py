"""Stands in front of the web chat: strange hosts out, one polite sentence for every fault."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.turn import log_failure, new_reference

# The page brings everything it needs; nothing from elsewhere, nothing written into the page.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

Wording = Callable[..., str]


def error_response(sentence: str, status: int) -> JSONResponse:
    """A fault as the page shows it: one sentence."""
    return JSONResponse({"error": sentence}, status, {"cache-control": "no-store"})


class Guard:
    """Checks who is asked and by which page, adds the safety headers, catches what breaks."""

    def __init__(self, app: ASGIApp, wording: Wording, hosts: Sequence[str]) -> None:
        self._app = app
        self._wording = wording
        self._hosts = {"localhost", *(host.lower() for host in hosts if host)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the application, or answer in its place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_safely(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        try:
            if self._is_ours(Headers(scope=scope)):
                await self._app(scope, receive, send_safely)
            else:
                response = error_response(self._wording("web.bad_request"), 403)
                await response(scope, receive, send_safely)
        except Exception as error:
            reference = new_reference()
            log_failure(reference, error)
            if not has_started:
                sentence = self._wording("web.failed", reference=reference)
                await error_response(sentence, 500)(scope, receive, send_safely)

    def _is_ours(self, headers: Headers) -> bool:
        """Whether the request names this server, and comes from its own page if from any.

        A name that somebody points at this machine (DNS rebinding) is not ours; an address is.
        """
        host = headers.get("host", "")
        if not self._is_known(_host_name(f"//{host}")):
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc.lower() == host.lower()

    def _is_known(self, name: str) -> bool:
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
