"""Telegram under load: how long an answer takes, and how many can be given.

Run it on a quiet machine: python benchmarks/load.py. It needs the test extra and Linux. First
people who read before they ask on: what an update waits for its answer's sendMessage at that
rate. Then people who ask on at once: how many turns a second there can be. The answers are those
of the tests' assistant: measured is the way there and back, without finding an answer.
"""

from __future__ import annotations

import asyncio
import os

from crowd import Crowd, conversations, show

READING_SECONDS = 10.0
BUSY = Crowd(chats=50, turns=60, faults={}, repeated=0)


def main() -> None:
    """Measure and print two tables."""
    for title, crowd in (("load", Crowd(reading=READING_SECONDS)), ("capacity", BUSY)):
        load = os.getloadavg()[0]
        run = asyncio.run(conversations(crowd))
        rows = run.rows()
        if crowd.reading:
            rows.insert(0, ("seconds between answer and next message", f"{crowd.reading:g}"))
        show(f"{title}: {crowd.chats} chats, {crowd.turns} turns each", load, rows)


if __name__ == "__main__":
    main()
