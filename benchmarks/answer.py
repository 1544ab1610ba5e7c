"""What an answer costs: warm against the encoder alone, cold against an import, and memory.

Run it on a quiet machine: python benchmarks/answer.py [--questions FILE.tsv]. Ratios are printed
because seconds tell more about the machine than about this project.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

import httpx
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot import engine  # noqa: E402 (the checkout's packages, installed or not)
from bot.assistant import Assistant, open_assistant  # noqa: E402
from bot.settings import load_settings  # noqa: E402
from bot.turns import Message  # noqa: E402
from indexer.encoder import Encoder, Vectors  # noqa: E402
from indexer.evaluate import load_questions  # noqa: E402
from knowledge.plan import load_plan  # noqa: E402

WARM_ROUNDS = 3
COLD_RUNS = 5
ANSWERS_SERVED = 500
ADDRESS = re.compile(r"http://[\d.]+:\d+")


class TimedEncoder:
    """An encoder that adds up the seconds that questions take."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.seconds = 0.0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """As the encoder beneath."""
        start = time.perf_counter()
        try:
            return self._encoder.encode_query(texts)
        finally:
            self.seconds += time.perf_counter() - start

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """As the encoder beneath."""
        return self._encoder.encode_document(texts)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, help="judged questions; default: the plan's own")
    path = parser.parse_args().questions
    plan = load_plan(load_settings().plan_id, load_settings().plans_dir)
    questions = [q.text for q in load_questions(path or plan.folder / "evaluation_questions.tsv")]
    table = Table("measure", "value", title=f"{plan.id}, {len(questions)} questions")
    for name, value in (*warm(questions), *memory(questions), *cold(questions[0])):
        table.add_row(name, value)
    Console().print(table)


def warm(questions: Sequence[str]) -> list[tuple[str, str]]:
    """Medians of a warm answer and of the encoder call inside it."""
    timed: list[TimedEncoder] = []

    def open_timed(encoder: Encoder) -> Encoder:
        timed.append(TimedEncoder(encoder))
        return timed[0]

    # In place of what remembers the vectors of the last questions: each is to be encoded
    with mock.patch.object(engine, "RecentQueries", open_timed):
        assistant = open_assistant(load_settings())
    for question in questions:
        _answer(assistant, timed[0], question)
    answers = [_answer(assistant, timed[0], q) for _ in range(WARM_ROUNDS) for q in questions]
    searched = [(whole, inside) for whole, inside in answers if inside]
    whole = statistics.median(whole for whole, _ in searched)
    inside = statistics.median(inside for _, inside in searched)
    paired = statistics.median(whole / inside for whole, inside in searched)
    return [
        ("answers that searched", f"{len(searched)} of {len(answers)}"),
        ("warm answer, median", f"{whole * 1000:.1f} ms"),
        ("encoder call inside it, median", f"{inside * 1000:.1f} ms"),
        ("warm answer / encoder call", f"{whole / inside:.2f} (median of pairs {paired:.2f})"),
    ]


def _answer(assistant: Assistant, timed: TimedEncoder, question: str) -> tuple[float, float]:
    """Seconds of the whole answer, and of the encoder inside it; a chat of its own each time."""
    chat = str(time.perf_counter_ns())
    timed.seconds = 0.0
    start = time.perf_counter()
    assistant.respond(Message(channel="benchmark", chat=chat, text=question))
    return time.perf_counter() - start, timed.seconds


def memory(questions: Sequence[str]) -> list[tuple[str, str]]:
    """Peak memory of `python -m bot web` after answering over HTTP."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "web", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdout
    found = ADDRESS.search(process.stdout.readline())
    assert found, "the web chat did not start"
    with httpx.Client(base_url=found[0], trust_env=False, timeout=600) as client:
        for number in range(ANSWERS_SERVED):
            client.cookies.clear()
            token = client.get("/api/session").json()["token"]
            question = {"text": questions[number % len(questions)]}
            sent = client.post("/api/turn", json=question, headers={"x-page-token": token})
            sent.raise_for_status()
    peak = _peak_of(process)
    return [(f"peak memory of a web chat after {ANSWERS_SERVED} answers", f"{peak:.0f} MB")]


def _peak_of(process: subprocess.Popen[str]) -> float:
    """Most memory, in MB, that the process ever held; ends it."""
    status = Path(f"/proc/{process.pid}/status")
    own = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    process.send_signal(signal.SIGTERM)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    if own:  # its own; what wait4 tells may be that of a process which it started
        return int(own[1]) / 1024
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def cold(question: str) -> list[tuple[str, str]]:
    """A first answer from nothing against importing sentence_transformers alone, in pairs."""
    ask = [sys.executable, "-m", "bot", "ask", question]
    load = [sys.executable, "-c", "import sentence_transformers"]
    pairs = [(_seconds(ask), _seconds(load)) for _ in range(COLD_RUNS)]
    asks, loads = zip(*pairs, strict=True)
    ratio = statistics.median(first / second for first, second in pairs)
    return [
        ("python -m bot ask, cold, median", f"{statistics.median(asks):.2f} s"),
        ("import sentence_transformers, median", f"{statistics.median(loads):.2f} s"),
        ("cold answer / import", f"{ratio:.2f}"),
    ]


def _seconds(command: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return clock() - start


if __name__ == "__main__":
    main()
