"""An assistant that needs no plan, and peers of the channels, for tests of the channels alone.

Run as a script it is `python -m bot`, with this assistant in place of the real one.
"""

from __future__ import annotations

import asyncio
import atexit
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.limits import Admission, Limits
from bot.records import Turn, TurnRecord
from bot.sessions import Session
from bot.settings import Settings
from bot.store import leases
from bot.turns import Attachment, Block, Button, Message, Reply
from knowledge.clauses import Citation
from knowledge.errors import PlanDataError

ROOT = Path(__file__).parents[2]
QUOTE = "Tờ trình đề nghị khen thưởng (*kèm theo danh sách*)."
SOURCE = "Kế hoạch, phần V, mục 3"
LONG_WORDS = " ".join(f"từ{number}" for number in range(2_000))


class FakeWording:
    """Sentences that name their key, so that a test sees which one was said."""

    @classmethod
    def load(cls) -> FakeWording:
        return cls()

    def __call__(self, key: str, **fields: object) -> str:
        shown = "".join(f" {name}={value}" for name, value in fields.items())
        return f"[{key}{shown}]"


class FakePlan:
    """A plan of which only the places are known."""

    id = "fake"
    info = types.SimpleNamespace(short_title="Kế hoạch")

    def place(self, clause: str) -> str:
        return f"mục {clause}"


class FakeAssistant:
    """Answers by the first word that it knows; remembers how many steps a chat has taken."""

    wording = FakeWording()
    plans = (FakePlan(),)

    def __init__(self, settings: Settings | None = None, metrics: Any = None) -> None:
        settings = settings or Settings(_env_file=None)
        self._limits = Limits(settings.rate_per_minute, settings.rate_per_minute_all)
        self.metrics = metrics
        self._admitted = 0
        self._count = itertools.count(1)

    def commands(self) -> list[tuple[str, str]]:
        return [("hoi", "Hỏi về kế hoạch"), ("hoso", "Hồ sơ khen thưởng")]

    def respond(self, message: Message) -> Reply:
        words = message.text.split() or [""]
        answer = self._answers().get(words[0], self._echo)
        return answer(message)

    def turn(self, session: Session, message: Message) -> Turn:
        if message.text.startswith("bước"):
            session = session.model_copy(update={"last": (*session.last, message.text)})
            reply = _reply("menu", Block(kind="text", text=f"thứ {len(session.last)}"))
        else:
            reply = self.respond(message)
        return Turn(session, reply, TurnRecord(outcome=reply.status, milliseconds=1))

    def admit(self, channel: str, chat: str) -> Admission:
        """By the real limits; FAKE_LIMIT says how many messages are let in at all."""
        self._admitted += 1
        is_over = self._admitted > int(os.environ.get("FAKE_LIMIT", "1000000"))
        admission = Admission.REFUSED if is_over else self._limits.admit(channel, chat)
        if self.metrics and admission is not Admission.ADMITTED:
            self.metrics.count_refused(channel)
        return admission

    def too_fast(self) -> Reply:
        return _reply("menu", Block(kind="text", text="[limit.person]"))

    def observe(self, channel: str, outcome: str, seconds: float) -> None:
        if self.metrics:
            self.metrics.count_turn(channel, outcome, seconds)

    def _answers(self) -> dict[str, Callable[[Message], Reply]]:
        return {
            "/start": self._menu,
            "hồ": self._cited,
            "hỏng": self._broken,
            "chậm": self._slow,
            "dài": self._long,
            "tệp": self._file,
            "đếm": self._counted,
            "nút": self._buttoned,
        }

    def _menu(self, _: Message) -> Reply:
        buttons = ((Button(label="Hồ sơ", action="dossier"), Button(label="Hỏi", action="ask")),)
        return _reply("menu", Block(kind="text", text="Kính chào anh/chị"), buttons=buttons)

    def _cited(self, _: Message) -> Reply:
        return _reply(
            "answered",
            Block(kind="text", text="Kế hoạch nêu:"),
            Block(kind="quote", text=QUOTE),
            Block(kind="source", text=SOURCE),
            citations=(Citation("V.3", ("V. Khen thưởng", "3. Hồ sơ"), QUOTE, 1),),
            buttons=((Button(label="Xem nguyên văn", action="show:V.3"),),),
        )

    def _broken(self, message: Message) -> Reply:
        raise RuntimeError(f"cannot handle {message.text}")

    def _slow(self, message: Message) -> Reply:
        time.sleep(1.5)
        return self._echo(message)

    def _long(self, _: Message) -> Reply:
        return _reply(
            "answered",
            Block(kind="quote", text=LONG_WORDS),
            Block(kind="text", text="hết"),
            buttons=((Button(label="Tiếp", action="next"),),),
        )

    def _file(self, _: Message) -> Reply:
        file = Attachment(name="kết quả.txt", content=b"xong")
        return _reply("answered", Block(kind="text", text="Gửi anh/chị"), attachments=(file,))

    def _buttoned(self, _: Message) -> Reply:
        actions = ("a" * 64, "ư" * 33, "b" * 65, "")
        buttons = tuple((Button(label=str(n), action=a),) for n, a in enumerate(actions))
        return _reply("menu", Block(kind="text", text="chọn"), buttons=buttons)

    def _counted(self, _: Message) -> Reply:
        return _reply("unclear", Block(kind="text", text=str(next(self._count))))

    def _echo(self, message: Message) -> Reply:
        said = f"text={message.text} action={message.action} chat={message.chat}"
        if message.attachment:
            said += f" file={message.attachment.name}:{len(message.attachment.content)}"
        return _reply("unclear", Block(kind="text", text=said))


def _reply(status: Any, *blocks: Block, **more: Any) -> Reply:
    return Reply(status=status, blocks=blocks, **more)


@contextmanager
def running(
    *arguments: str, fake: bool = True, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot ARGUMENTS` as a process of its own, ended with the block."""
    process = subprocess.Popen(
        command(*arguments, fake=fake),
        env=clean_environment(environment),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def command(*arguments: str, fake: bool = True) -> list[str]:
    """The command line that starts the bot, with the assistant of this file or the real one."""
    start = [str(Path(__file__))] if fake else ["-m", "bot"]
    return [sys.executable, *start, *arguments]


def run(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command over the fake assistant, run to its end."""
    return subprocess.run(
        command(*arguments),
        env=clean_environment(environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )


def clean_environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment without settings of the machine that runs the tests."""
    ours = (
        "TELEGRAM_",
        "WEB_",
        "LOG_",
        "PLAN",
        "INDEX_",
        "EMBEDDING_",
        "DATA",
        "STORE_",
        "ADMIN_",
        "ZALO_",
        "PUBLIC_",
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy")
    }
    data = tempfile.mkdtemp(prefix="bot-data-")
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    return {**kept, "PYTHONPATH": str(ROOT), "DATA_DIR": data, **(extra or {})}


class LoopThread:
    """An event loop in a thread, for servers that run while a test waits for their answers."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Any) -> Any:
        """The result of a coroutine run in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout=5)


def _open_assistant(settings: Settings, _: object = None, metrics: object = None) -> FakeAssistant:
    """The fake; FAKE_OPENING makes it take so many seconds, wait for a file, or fail."""
    opening = os.environ.get("FAKE_OPENING", "0")
    if opening == "broken":
        raise PlanDataError("plan.txt: is missing; restore the file")
    if opening.startswith("/"):
        while not Path(opening).exists():
            time.sleep(0.02)
    else:
        time.sleep(float(opening))
    return FakeAssistant(settings, metrics)


def _stand_in(name: str, **content: object) -> None:
    module = types.ModuleType(name)
    vars(module).update(content)
    sys.modules[name] = module


if __name__ == "__main__":
    # Leases of a killed process run out after so many seconds.
    leases.LEASE_SECONDS = float(os.environ.get("FAKE_LEASE", leases.LEASE_SECONDS))
    _stand_in("bot.assistant", open_assistant=_open_assistant)
    _stand_in("bot.wording", Wording=FakeWording)
    from bot.__main__ import main

    main()
