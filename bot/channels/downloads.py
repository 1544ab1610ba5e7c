"""Files by link, for channels that cannot send any: the links, and the route behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.web_guard import Wording
from bot.store import Download, Store, StoreUnavailableError
from bot.turns import Attachment

_PATH = "/files"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


def as_downloads(files: Sequence[Attachment]) -> list[Download]:
    """The files, each under a link that cannot be guessed."""
    return [Download(file.name, file.content) for file in files]


def link_of(file: Download, public_url: str) -> str:
    """Where the file can be fetched for as long as the store keeps it."""
    return f"{public_url.rstrip('/')}{_PATH}/{file.token}/{quote(file.name, safe='')}"


def download_route(store: Store, wording: Wording) -> Route:
    """The files behind the links; for one that leads nowhere any more, a sentence that says so."""

    async def download(request: Request) -> Response:
        try:
            file = await asyncio.to_thread(store.download, request.path_params["token"])
        except StoreUnavailableError:
            return PlainTextResponse(wording("files.unavailable"), 503, _HEADERS)
        if file is None:
            return PlainTextResponse(wording("files.gone"), 404, _HEADERS)
        name = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {**_HEADERS, "content-disposition": name}
        return Response(file.content, 200, headers, "application/octet-stream")

    return Route(f"{_PATH}/{{token}}/{{name}}", download)
