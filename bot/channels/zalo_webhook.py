"""The route that Zalo delivers messages to."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/zalo"
HEADER = "x-bot-api-secret-token"
MAX_BODY_BYTES = 256 * 1024

Accept = Callable[[object], Awaitable[None]]


def zalo_routes(secret: str, accept: Accept, path: str = PATH) -> list[Route]:
    """One route: 403 without the secret, 413 when too large, 400 without JSON.

    It answers 200 only after `accept` has kept the event; 503 asks Zalo to deliver it again.
    """

    async def deliver(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return Response(status_code=413)
        try:
            event = json.loads(bytes(body))
        except (ValueError, RecursionError):
            return Response(status_code=400)
        try:
            await accept(event)
        except ConnectionError:
            return Response(status_code=503)
        return Response(status_code=200)

    return [Route(path, deliver, methods=["POST"])]
