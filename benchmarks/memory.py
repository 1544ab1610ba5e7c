"""What the serving process holds of the machine's memory over many turns.

Run it with python benchmarks/memory.py; it needs the test extra and Linux, and takes some minutes.
The answers are those of the tests' assistant; with the word "plan" after it they are those of the
real one, about the plan, which takes half an hour.
"""

from __future__ import annotations

import asyncio
import os
import sys

from askers import Askers, start
from askers import rows as rows_of_askers
from crowd import Crowd, People, conversations, show

TURNS, WARM = 20_000, 2_000
CROWD = Crowd(chats=50, turns=TURNS // 50, faults={}, repeated=0)
N_POINTS = 10


def main() -> None:
    """Measure and print one table: turns so far, megabytes."""
    load = os.getloadavg()[0]
    is_about_plan = "plan" in sys.argv[1:]
    if is_about_plan:
        run = asyncio.run(conversations(Askers(CROWD), start=start))
    else:
        run = asyncio.run(conversations(People(CROWD)))
    warm = next(megabytes for turns, megabytes in run.memory if turns >= WARM)
    points = [WARM, *(TURNS * (point + 1) // N_POINTS for point in range(1, N_POINTS))]
    curve = []
    for point in points:
        reached = [megabytes for turns, megabytes in run.memory if turns <= point]
        curve.append((f"after {point} turns", f"{reached[-1]:.1f} MB"))
    peak = max(megabytes for turns, megabytes in run.memory if turns >= WARM)
    last = run.memory[-1][1]
    curve.append(("growth after the first 2000, at the end", f"{(last / warm - 1) * 100:+.1f} %"))
    curve.append(("growth after the first 2000, at the peak", f"{(peak / warm - 1) * 100:+.1f} %"))
    rows = rows_of_askers(run) if is_about_plan else run.rows()
    show(f"memory: {CROWD.chats} chats, {CROWD.turns} turns each", load, [*rows, *curve])


if __name__ == "__main__":
    main()
