"""One server for everything that comes over HTTP: web chat, webhooks, health and figures.

It answers from the start, while the assistant is still being opened; the other channels begin
when it is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot.channels.stopping import on_stop_signal
from bot.channels.web import create_app
from bot.channels.web_guard import Wording
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.store import Store

OpenAssistant = Callable[[], "Assistant"]


class Channel(Protocol):
    """A channel besides the web chat, such as Telegram."""

    name: str

    def routes(self) -> list[Route]:
        """Its webhooks; called before `serve`, and to be answered with 503 until then."""
        ...

    def problem(self) -> str:
        """Empty when it can answer, else one line."""
        ...

    async def serve(self, assistant: Assistant, stop: asyncio.Event) -> None:
        """Answer until `stop` is set, then finish what is under way."""
        ...


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, whether it has the web chat, and whom to tell the address."""

    host: str
    port: int
    has_page: bool = True
    when_open: Callable[[str], None] = lambda _: None
    public_host: str = ""  # the name that people reach it by, where that is another


async def serve(
    listening: Listening | None,
    wording: Wording,
    open_assistant: OpenAssistant,
    store: Store,
    channels: Sequence[Channel] = (),
) -> None:
    """Serve every channel in this process until it is told to stop.

    With `listening` None nothing listens. Raises BotError in one line when the port cannot be
    had, and whatever `open_assistant` or a channel raises.
    """
    stop = asyncio.Event()
    on_stop_signal(stop.set)
    listener = _listen(listening.host, listening.port) if listening else None
    assistant = _opening(open_assistant)
    assistant.add_done_callback(lambda opening: _stop_if_failed(opening, stop))
    tasks = [asyncio.create_task(_serve_channel(each, assistant, stop)) for each in channels]
    if listening and listener:
        app = _application(listening, wording, assistant, store, channels)
        tasks.append(asyncio.create_task(_serve_http(app, listener, stop)))
        listening.when_open(_address(listener))
    try:
        await asyncio.gather(stop.wait(), *tasks)
    finally:
        stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        if listener:
            listener.close()
    if assistant.done():
        assistant.result()


def _stop_if_failed(opening: asyncio.Future[Assistant], stop: asyncio.Event) -> None:
    if not opening.cancelled() and opening.exception() is not None:
        stop.set()


async def _serve_channel(
    channel: Channel, opening: asyncio.Future[Assistant], stop: asyncio.Event
) -> None:
    stopping = asyncio.create_task(stop.wait())
    either: list[asyncio.Future[Any]] = [opening, stopping]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not stop.is_set() and opening.done() and opening.exception() is None:
        await channel.serve(opening.result(), stop)


async def _serve_http(app: Starlette, listener: socket.socket, stop: asyncio.Event) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
    )

    async def end() -> None:
        await stop.wait()
        server.should_exit = True

    ending = asyncio.create_task(end())
    try:
        await server.serve(sockets=[listener])
    finally:
        ending.cancel()


def _application(
    listening: Listening,
    wording: Wording,
    assistant: asyncio.Future[Assistant],
    store: Store,
    channels: Sequence[Channel],
) -> Starlette:
    async def health(_: Request) -> Response:
        """That the process answers; and whether the assistant is ready."""
        return JSONResponse({"status": "ok", "ready": assistant.done()})

    async def ready(_: Request) -> Response:
        """Whether messages can be answered, part by part; 503 with what is wrong."""
        parts = {
            "index": "" if assistant.done() else "is being opened",
            "store": await asyncio.to_thread(store.check),
            **{channel.name: channel.problem() for channel in channels},
        }
        status = 503 if any(parts.values()) else 200
        return JSONResponse({name: said or "ok" for name, said in parts.items()}, status)

    async def metrics(_: Request) -> Response:
        """The figures of this process, for Prometheus."""
        figures = assistant.result().metrics if assistant.done() else None
        if figures is None:
            return Response(status_code=503)
        content, kind = await asyncio.to_thread(figures.render)
        return Response(content, headers={"content-type": kind})

    routes: list[Route | Mount] = [route for channel in channels for route in channel.routes()]
    routes += [Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)]
    if listening.has_page:
        hosts = (listening.host, listening.public_host)
        routes.append(Mount("/", create_app(wording, assistant, hosts)))
    return Starlette(routes=routes)


class _Server(uvicorn.Server):
    """Leaves the signals alone: uvicorn's own handling ends the process before we tidy up."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _opening(open_assistant: OpenAssistant) -> asyncio.Future[Assistant]:
    """The assistant to come, opened in a thread that a stopping process does not wait for."""
    loop = asyncio.get_running_loop()
    opening: asyncio.Future[Assistant] = loop.create_future()

    def settle(assistant: Assistant | None, error: BaseException | None) -> None:
        if error is not None:
            opening.set_exception(error)
        elif assistant is not None:
            opening.set_result(assistant)

    def open_it() -> None:
        assistant: Assistant | None = None
        failure: BaseException | None = None
        try:
            assistant = open_assistant()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, assistant, failure)

    threading.Thread(target=open_it, name="open-assistant", daemon=True).start()
    return opening


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
        if os.name == "posix":  # elsewhere it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        raise BotError(
            f"the web chat cannot use {host}:{port} ({error.strerror}); "
            "choose another with --port or WEB_PORT (address: WEB_HOST)"
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
