"""Telegram under load: how long an answer takes, and how many can be given.

Run it on a quiet machine: python benchmarks/load.py. It needs the test extra and Linux. Three runs:
people who read before they ask on, with faults: what an update waits for its answer's sendMessage
at that rate, answers being those of the tests' assistant, which repeats what it hears; people who
ask on at once: how many such turns a second there can be; people who ask about the plan.
"""

from __future__ import annotations

import asyncio
import os

from askers import Askers, start
from askers import rows as rows_of_askers
from crowd import Crowd, People, conversations, show

READERS = Crowd(reading=10.0)
BUSY = Crowd(chats=50, turns=60, faults={}, repeated=0)
ASKERS = Crowd(turns=6, reading=10.0, faults={}, repeated=0)


def main() -> None:
    """Measure and print three tables."""
    for name, crowd in (("load", READERS), ("capacity", BUSY)):
        load = os.getloadavg()[0]
        run = asyncio.run(conversations(People(crowd)))
        show(_title(name, crowd), load, run.rows())
    load = os.getloadavg()[0]
    run = asyncio.run(conversations(Askers(ASKERS), start=start))
    show(_title("questions about the plan", ASKERS), load, rows_of_askers(run))


def _title(name: str, crowd: Crowd) -> str:
    reading = f", {crowd.reading:g} s from answer to next message" if crowd.reading else ""
    return f"{name}: {crowd.chats} chats, {crowd.turns} turns each{reading}"


if __name__ == "__main__":
    main()
