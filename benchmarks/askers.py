"""People who ask about the plan, and the bot with its real assistant: no faults, only time."""

from __future__ import annotations

import asyncio
import csv
import os
import random
import statistics
from itertools import cycle
from pathlib import Path

from crowd import LONGEST_WAIT_SECONDS, ROOT, Bot, Crowd, People, Run

PLAN = ROOT / "knowledge/plans/kien_giang_2021_2025"
QUESTIONS = (PLAN / "evaluation_questions.tsv", PLAN / "example_questions.tsv")


class Askers(People):
    """Each asks one of the plan's questions, waits for what comes, reads, and asks another.

    None is asked again before all 3,300 were: what is remembered of a question helps nobody here.
    """

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd)
        self._questions = cycle(every_question())
        self.spent: list[float] = []
        self.n_unanswered = 0

    async def _turn(self, chat: int, turn: int) -> None:
        before = len(self.sent[chat])
        text = next(self._questions)
        self.asked[chat, str(turn)] = asked = asyncio.get_running_loop().time()
        self.say(chat, text)
        while len(self.sent[chat]) == before:
            left = asked + LONGEST_WAIT_SECONDS - asyncio.get_running_loop().time()
            if left <= 0 or not await self.news(chat, left):
                self.n_unanswered += 1
                return
        self.spent.append(asyncio.get_running_loop().time() - asked)


def every_question() -> list[str]:
    """The plan's 3,300 questions, judged ones and examples, shuffled; each is there once."""
    found = {}
    for path in QUESTIONS:
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["question"]: None for row in csv.DictReader(file, delimiter="\t")}
    questions = list(found)
    random.Random(3).shuffle(questions)
    return questions


def start(folder: Path, port: int) -> Bot:
    """The bot as people have it; its index in INDEX_DIR, else where the user's stands."""
    given = {name: os.environ[name] for name in ("INDEX_DIR",) if name in os.environ}
    return Bot(folder, port, fake=False, environment=given)


def rows(run: Run) -> list[tuple[str, str]]:
    """The figures, named."""
    people = run.people
    assert isinstance(people, Askers)
    cuts = statistics.quantiles(people.spent, n=20)
    return [
        ("answers", str(len(people.spent))),
        ("lost", str(people.n_unanswered)),
        ("unhandled exceptions", str(run.failures)),
        ("update to sendMessage, median", f"{statistics.median(people.spent) * 1000:.0f} ms"),
        ("… 95th percentile", f"{cuts[-1] * 1000:.0f} ms"),
        ("… slowest", f"{max(people.spent) * 1000:.0f} ms"),
        ("turns a second", f"{len(people.spent) / run.seconds:.0f}"),
    ]
