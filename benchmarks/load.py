"""Telegram under load: many chats at once, with faults and repeated updates mixed in.

Run it on a quiet machine: python benchmarks/load.py. It needs the test extra and Linux; the load
average is printed beside the figures. The peer is the strict Bot API of the tests. The answers
are those of the tests' assistant, which repeats what it hears: what is measured is the way of an
update to its answer's sendMessage, without the time that finding an answer takes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bot")]

from channel_fakes import clean_environment, command  # noqa: E402 (the checkout's, as in the tests)
from strict_bot_api import TOKEN, StrictBotApi  # noqa: E402

CHATS, TURNS = 200, 20
READING_SECONDS = 3.0  # between an answer and the person's next message, on average
FAULTS = {"5xx": 0.01, "5xx_after": 0.01, "429": 0.02, "drop_before": 0.005, "drop_after": 0.005}
REPEATED = 0.02  # of the updates
LONGEST_WAIT_SECONDS = 60.0  # then an answer counts as lost
MEMORY_SECONDS = 2.0
FAILURES = ("Traceback", "never retrieved")


def main() -> None:
    """Measure and print one table."""
    load = os.getloadavg()[0]
    run = asyncio.run(conversations(READING_SECONDS))
    show("load", load, run.rows())


def show(name: str, load: float, rows: list[tuple[str, str]]) -> None:
    """Print the figures."""
    title = f"{name}: {CHATS} chats, {TURNS} turns each, load average {load:.1f} at the start"
    table = Table("measure", "value", title=title)
    for row in rows:
        table.add_row(*row)
    table.add_row("load average at the end", f"{os.getloadavg()[0]:.1f}")
    Console().print(table)


class Bot:
    """`python -m bot telegram` as a process over one data directory; its log in a file."""

    def __init__(self, folder: Path, port: int) -> None:
        self._log = folder / "log"
        self._environment = clean_environment(
            {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}",
                "RATE_PER_MINUTE": "100000",
                "RATE_PER_MINUTE_ALL": "1000000",
                "DATA_DIR": str(folder),
            }
        )
        self._process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process, the first or the next."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command("telegram"), env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )
        return self._process

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in good order."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def megabytes(self) -> float:
        """What it holds of the machine's memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def failures(self) -> int:
        """How many unhandled exceptions the log holds."""
        log = self._log.read_text(encoding="utf-8", errors="replace")
        return sum(log.count(failure) for failure in FAILURES)


class People(StrictBotApi):
    """The peer, with people who ask, wait for the answer, read, and ask on."""

    def __init__(self) -> None:
        super().__init__(FAULTS)
        self.asked: dict[tuple[int, str], float] = {}
        self._arrived: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._dice = random.Random(2)

    def _keep(self, chat: int, fields: dict[str, Any]) -> web.Response:
        response = super()._keep(chat, fields)
        self._arrived[chat].set()
        return response

    async def person(self, chat: int, reading: float) -> None:
        """One chat, from its first message to its last answer."""
        await asyncio.sleep(self._dice.random() * reading)
        for turn in range(TURNS):
            text = f"c{turn}"
            self.asked[chat, text] = time.time()
            update = self.say(chat, text)
            if self._dice.random() < REPEATED:
                await asyncio.sleep(self._dice.random())
                self.repeat(update)
            await self._answer(chat, text)
            await asyncio.sleep(self._dice.uniform(0.5, 1.5) * reading)

    async def _answer(self, chat: int, text: str) -> None:
        deadline = time.time() + LONGEST_WAIT_SECONDS
        while text not in self.heard(chat) and (left := deadline - time.time()) > 0:
            self._arrived[chat].clear()
            try:
                await asyncio.wait_for(self._arrived[chat].wait(), left)
            except TimeoutError:
                return

    def heard(self, chat: int) -> list[str]:
        """What the bot's messages in the chat answer, in their order."""
        return [text.split()[0].removeprefix("text=") for text in self.texts(chat)]


@dataclass
class Run:
    """What happened."""

    people: People
    seconds: float = 0
    failures: int = 0
    memory: list[float] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str]]:
        """The figures, named."""
        lost = duplicated = disordered = 0
        spent = []
        for chat in range(1, CHATS + 1):
            heard = self.people.heard(chat)
            counts = Counter(heard)
            lost += sum(f"c{turn}" not in counts for turn in range(TURNS))
            duplicated += sum(counts.values()) - len(counts)
            first = [int(text[1:]) for text in dict.fromkeys(heard)]
            disordered += sum(b < a for a, b in pairwise(first))
            arrived = dict.fromkeys(heard, 0.0)
            for (number, _), text in zip(self.people.sent[chat], heard, strict=True):
                arrived[text] = arrived[text] or self.people.sent_at[chat, number]
            spent += [arrived[text] - self.people.asked[chat, text] for text in arrived]
        cuts = statistics.quantiles(spent, n=20)
        eighth = max(1, len(self.memory) // 8)
        return [
            ("answers lost", str(lost)),
            ("answers duplicated", str(duplicated)),
            ("answers out of order", str(disordered)),
            ("unhandled exceptions", str(self.failures)),
            ("message to its answer's sendMessage, median", f"{statistics.median(spent):.2f} s"),
            ("… 95th percentile", f"{cuts[-1]:.2f} s"),
            ("… slowest", f"{max(spent):.2f} s"),
            ("turns a second", f"{len(spent) / self.seconds:.0f}"),
            ("memory over the run, MB", " ".join(f"{m:.0f}" for m in self.memory[::eighth])),
            ("edits that looked for a message", str(self.people.calls["editMessageText"])),
        ]


async def conversations(
    reading: float, disturb: Callable[[Bot], Awaitable[None]] | None = None
) -> Run:
    """All chats at once, to their end; `disturb` may do something to the bot meanwhile."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # people hang up when a bot is killed
    people = People()
    run = Run(people)
    with tempfile.TemporaryDirectory() as folder:
        async with listening(people) as port:
            bot = Bot(Path(folder), port)
            watch = asyncio.create_task(_watch(bot, run.memory))
            disturbing = asyncio.create_task(disturb(bot)) if disturb else None
            started = time.perf_counter()
            await asyncio.gather(*(people.person(chat, reading) for chat in range(1, CHATS + 1)))
            run.seconds = time.perf_counter() - started
            if disturbing:
                await disturbing
            await asyncio.sleep(5)  # what would come twice has come
            watch.cancel()
            await asyncio.to_thread(bot.stop)
        run.failures = bot.failures()
    return run


@asynccontextmanager
async def listening(people: People) -> AsyncIterator[int]:
    """The peer on a free port of loopback."""
    runner = web.AppRunner(people.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _watch(bot: Bot, memory: list[float]) -> None:
    while True:
        await asyncio.sleep(MEMORY_SECONDS)
        try:
            memory.append(bot.megabytes())
        except (OSError, IndexError):  # killed just now
            continue


if __name__ == "__main__":
    main()
