"""The strict Bot API on a port, and the bot that answers on it by its real start command."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web
from channel_fakes import LoopThread, running
from strict_bot_api import TOKEN, StrictBotApi

T = TypeVar("T")


class Stage:
    """The API on a port, with its methods called from the test's thread."""

    def __init__(self, api: StrictBotApi, loop: LoopThread, port: int) -> None:
        self.api = api
        self._loop = loop
        self.environment = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}",
            "RATE_PER_MINUTE": "100000",
            "RATE_PER_MINUTE_ALL": "1000000",
        }

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        return self.do(self.api.say, chat, text, **more)

    def do(self, call: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What a method of the API returns, called in its event loop."""

        async def run() -> T:
            return call(*arguments, **named)

        result: T = self._loop.run(run())
        return result

    def until(self, is_so: Callable[[], Any], seconds: float = 20) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, dict(self.api.calls)
            time.sleep(0.02)

    def wait(self, chat: int, count: int, seconds: float = 20) -> list[str]:
        """The bot's messages in the chat, as soon as there are `count`."""
        self.until(lambda: len(self.api.texts(chat)) >= count, seconds)
        return self.api.texts(chat)

    def until_quiet(self) -> None:
        """Until nothing was sent or looked for over a second: what would come twice has come."""
        before = -1
        while (now := self.api.calls["sendMessage"] + self.api.calls["editMessageText"]) != before:
            before = now
            time.sleep(1.1)


class Served:
    """A bot that answers on the stage; its log as it grows."""

    def __init__(self, stage: Stage, process: subprocess.Popen[str]) -> None:
        self.stage = stage
        self.process = process
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.log.extend(iter(self.process.stderr.readline, ""))

    def count(self, words: str) -> int:
        """How many lines of the log hold the words."""
        return sum(words in line for line in self.log)

    def stop(self) -> str:
        """Stop it in good order; its whole log, which holds no token and no failure."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self._reader.join(timeout=5)
        log = "".join(self.log)
        assert TOKEN.partition(":")[2] not in log
        assert "Traceback" not in log
        assert "never retrieved" not in log
        return log

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.wait(timeout=10)


@contextmanager
def serving(
    stage: Stage, *arguments: str, environment: dict[str, str] | None = None, fake: bool = True
) -> Iterator[Served]:
    """`python -m bot telegram`, or with other arguments, on the stage."""
    settings = {**stage.environment, **(environment or {})}
    words = arguments or ("telegram",)
    with running(*filter(None, words), fake=fake, environment=settings) as process:
        yield Served(stage, process)


@contextmanager
def open_stage(faults: dict[str, float] | None = None) -> Iterator[Stage]:
    """The strict Bot API on a free port of loopback."""
    api, loop = StrictBotApi(faults), LoopThread()
    runner = web.AppRunner(api.app(), access_log=None, shutdown_timeout=0.1)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    try:
        yield Stage(api, loop, loop.run(start()))
    finally:
        loop.run(runner.cleanup())
        loop.close()


def echoed(texts: list[str]) -> list[str]:
    """The first words of the messages that these answers repeat."""
    return [text.split()[0].removeprefix("text=") for text in texts]
