"""People who talk to the Telegram bot all at once, with faults and repeated updates mixed in.

What load.py, kill.py and memory.py share. The peer is the strict Bot API of the tests; the bot is
`python -m bot telegram` as a process, with the tests' assistant, which repeats what it hears.
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

FAULTS = {"5xx": 0.01, "5xx_after": 0.01, "429": 0.02, "drop_before": 0.005, "drop_after": 0.005}
REPEATED = 0.02  # of the updates
LONGEST_WAIT_SECONDS = 60.0  # then an answer counts as lost
MEMORY_SECONDS = 1.0
FAILURES = ("Traceback", "never retrieved")


@dataclass(frozen=True)
class Crowd:
    """So many chats, so many turns each; between an answer and the person's next message
    `reading` seconds pass on average, from half of that to one and a half times that.
    """

    chats: int = 200
    turns: int = 20
    reading: float = 0.0
    faults: dict[str, float] = field(default_factory=lambda: dict(FAULTS))
    repeated: float = REPEATED


def show(title: str, load: float, rows: list[tuple[str, str]]) -> None:
    """Print the figures; `load` is the machine's load average before."""
    table = Table("measure", "value", title=f"{title}; load average {load:.1f} at the start")
    for row in rows:
        table.add_row(*row)
    table.add_row("load average at the end", f"{os.getloadavg()[0]:.1f}")
    Console().print(table)


class Bot:
    """`python -m bot telegram` as a process over one data directory; its log in a file.

    With the tests' assistant if `fake`; `arguments` and `environment` are for other ways to start.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        fake: bool = True,
        arguments: tuple[str, ...] = ("telegram",),
        environment: dict[str, str] | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._log = folder / "log"
        self._command = command(*arguments, fake=fake)
        self._environment = clean_environment(
            {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}",
                "RATE_PER_MINUTE": "100000",
                "RATE_PER_MINUTE_ALL": "1000000",
                "DATA_DIR": str(folder),
                **(environment or {}),
            }
        )
        self._process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process, the first or the next."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
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

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd.faults)
        self.crowd = crowd
        self.asked: dict[tuple[int, str], float] = {}
        self._arrived: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._dice = random.Random(2)

    def _keep(self, chat: int, fields: dict[str, Any]) -> web.Response:
        response = super()._keep(chat, fields)
        self._arrived[chat].set()
        return response

    async def person(self, chat: int) -> None:
        """One chat, from its first message to its last answer."""
        reading = self.crowd.reading
        await asyncio.sleep(self._dice.random() * reading)
        for turn in range(self.crowd.turns):
            await self._turn(chat, turn)
            await asyncio.sleep(self._dice.uniform(0.5, 1.5) * reading)

    async def _turn(self, chat: int, turn: int) -> None:
        """A message, and what answers it."""
        text = f"c{turn}"
        self.asked[chat, text] = time.time()
        update = self.say(chat, text)
        if self._dice.random() < self.crowd.repeated:
            await asyncio.sleep(self._dice.random())
            self.repeat(update)
        deadline = time.time() + LONGEST_WAIT_SECONDS
        while text not in self.heard(chat) and (left := deadline - time.time()) > 0:
            await self.news(chat, left)

    async def news(self, chat: int, seconds: float) -> bool:
        """Whether a message comes to the chat within so many seconds."""
        self._arrived[chat].clear()
        try:
            await asyncio.wait_for(self._arrived[chat].wait(), seconds)
        except TimeoutError:
            return False
        return True

    def is_ready(self) -> bool:
        """Whether the bot takes updates."""
        return self.calls["getUpdates"] > 0

    def heard(self, chat: int) -> list[str]:
        """What the bot's messages in the chat answer, in their order."""
        return [text.split()[0].removeprefix("text=") for text in self.texts(chat)]


@dataclass
class Run:
    """What happened. `memory` holds how many turns were answered, and the bot's megabytes then."""

    crowd: Crowd
    people: People
    seconds: float = 0
    failures: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list)

    def rows(self) -> list[tuple[str, str]]:
        """The figures, named."""
        lost = duplicated = disordered = 0
        spent = []
        for chat in range(1, self.crowd.chats + 1):
            heard = self.people.heard(chat)
            counts = Counter(heard)
            lost += sum(f"c{turn}" not in counts for turn in range(self.crowd.turns))
            duplicated += sum(counts.values()) - len(counts)
            first = [int(text[1:]) for text in dict.fromkeys(heard)]
            disordered += sum(b < a for a, b in pairwise(first))
            arrived = dict.fromkeys(heard, 0.0)
            for (number, _), text in zip(self.people.sent[chat], heard, strict=True):
                arrived[text] = arrived[text] or self.people.sent_at[chat, number]
            spent += [arrived[text] - self.people.asked[chat, text] for text in arrived]
        cuts = statistics.quantiles(spent, n=20)
        return [
            ("answers", str(len(spent))),
            ("lost", str(lost)),
            ("duplicated", str(duplicated)),
            ("out of order", str(disordered)),
            ("unhandled exceptions", str(self.failures)),
            ("update to sendMessage, median", f"{statistics.median(spent) * 1000:.0f} ms"),
            ("… 95th percentile", f"{cuts[-1] * 1000:.0f} ms"),
            ("… slowest", f"{max(spent) * 1000:.0f} ms"),
            ("turns a second", f"{len(spent) / self.seconds:.0f}"),
            ("edits that looked for a message", str(self.people.calls["editMessageText"])),
            ("memory, first and last", f"{self.memory[0][1]:.0f} and {self.memory[-1][1]:.0f} MB"),
        ]


async def conversations(
    people: People,
    disturb: Callable[[Any], Awaitable[None]] | None = None,
    start: Callable[[Path, int], Any] = Bot,
) -> Run:
    """All chats at once, to their end; `disturb` may do something to the bot meanwhile.

    `start` starts the bot, or what stands for several, over a folder and the peer's port.
    """
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # people hang up when a bot is killed
    crowd = people.crowd
    run = Run(crowd, people)
    with tempfile.TemporaryDirectory() as folder:
        async with listening(people) as port:
            bot = start(Path(folder), port)
            while not people.is_ready():
                await asyncio.sleep(0.05)
            watch = asyncio.create_task(_watch(bot, run))
            disturbing = asyncio.create_task(disturb(bot)) if disturb else None
            started = time.perf_counter()
            await asyncio.gather(*(people.person(chat) for chat in range(1, crowd.chats + 1)))
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


async def _watch(bot: Any, run: Run) -> None:
    while True:
        try:
            megabytes = bot.megabytes()
        except (OSError, IndexError):  # killed just now
            continue
        finally:
            await asyncio.sleep(MEMORY_SECONDS)
        run.memory.append((len(run.people.sent_at), megabytes))
