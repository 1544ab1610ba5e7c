"""What the serving process holds of the machine's memory over many turns.

Run it with python benchmarks/memory.py; it needs the test extra and Linux, and takes some minutes.
The bot is the real one with its plan; 200 people ask on at once, one question after the other.
"""

from __future__ import annotations

import asyncio
import os

from askers import Askers, rows, start
from crowd import Crowd, conversations, show

TURNS, WARM = 20_000, 2_000
CROWD = Crowd(chats=200, turns=TURNS // 200, faults={}, repeated=0)
N_POINTS = 10


def main() -> None:
    """Measure and print one table: turns so far, megabytes."""
    load = os.getloadavg()[0]
    run = asyncio.run(conversations(Askers(CROWD), start=start))
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
    show(f"memory: {CROWD.chats} chats, {CROWD.turns} turns each", load, [*rows(run), *curve])


if __name__ == "__main__":
    main()
