"""One contestant in one process: python measure.py NAME FOLDER [--first]; prints JSON.

FOLDER holds passages.json and questions.json. With --first one question is answered and nothing
is measured: whoever started the process measures how long that took.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # for this project's own rows; the others import nothing of it
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as this project sets it for its own

from contestants import CONTESTANTS, DEPTH  # noqa: E402


def main() -> None:
    """Open, ask everything twice, count."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    passages = json.loads((folder / "passages.json").read_text("utf-8"))
    questions = json.loads((folder / "questions.json").read_text("utf-8"))
    place = folder / "indexes" / name  # apart from the environments, one of which has this name
    place.mkdir(parents=True, exist_ok=True)
    search = CONTESTANTS[name]([passage["text"] for passage in passages], place)
    if "--first" in sys.argv:
        search(questions[0]["question"])
        return
    clauses = [passage["clause"] for passage in passages]
    rows, seconds = [], []
    for question in questions:
        for key in ("question", "without_marks"):
            search(question[key])  # warm
            start = time.perf_counter()
            found = search(question[key])
            seconds.append(time.perf_counter() - start)
            ranked = list(dict.fromkeys(clauses[number] for number in found[:DEPTH]))
            accepted = set(question["accepted"])
            rows.append((key, bool(accepted & set(ranked[:1])), bool(accepted & set(ranked[:3]))))
    typed = [row for row in rows if row[0] == "question"]
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    print(  # noqa: T201
        json.dumps(
            {
                "recall_at_1": statistics.mean(row[1] for row in typed),
                "recall_at_3": statistics.mean(row[2] for row in typed),
                "recall_at_1_without_marks": statistics.mean(
                    row[1] for row in rows if row[0] == "without_marks"
                ),
                "warm_ms": statistics.median(seconds) * 1000,
                "peak_mb": int(peak[1]) / 1024 if peak else None,
            }
        )
    )


if __name__ == "__main__":
    main()
