"""Serves the web chat on a port of this machine, while the assistant is still being opened."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import uvicorn

from bot.channels.stopping import on_stop_signal
from bot.channels.web import create_app
from bot.channels.web_guard import Wording
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.assistant import Assistant

OpenAssistant = Callable[[], "Assistant"]


async def serve_web(
    host: str,
    port: int,
    wording: Wording,
    open_assistant: OpenAssistant,
    when_open: Callable[[str], None],
) -> None:
    """Serve the page at once, and answers as soon as the assistant is open.

    Calls `when_open` with the page's address. Raises BotError in one line when the port cannot
    be had, and whatever `open_assistant` raises.
    """
    listener = _listen(host, port)
    assistant = _opening(open_assistant)
    server = _Server(
        uvicorn.Config(
            create_app(wording, assistant, host),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
    )

    def stop() -> None:
        server.should_exit = True

    def stop_if_failed(opening: asyncio.Future[Assistant]) -> None:
        if not opening.cancelled() and opening.exception() is not None:
            stop()

    on_stop_signal(stop)
    assistant.add_done_callback(stop_if_failed)
    when_open(_address(listener))
    try:
        await server.serve(sockets=[listener])
    finally:
        listener.close()
    if assistant.done():
        assistant.result()


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
