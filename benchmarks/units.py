"""What evaluating a file of units costs: processor seconds and peak memory of the whole command.

Run it on a quiet machine: python benchmarks/units.py [--units N].
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from knowledge.facts import Kind  # noqa: E402 (the checkout's packages, installed or not)
from knowledge.plan import load_plan  # noqa: E402
from knowledge.rules import RuleBook  # noqa: E402

# VmHWM rather than ru_maxrss: the latter starts from the memory of the process that forked.
RUN = """
import resource, sys
from knowledge.__main__ import app
try: app()
except SystemExit: pass
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(l.split()[1] for l in open("/proc/self/status") if l.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, peak, file=sys.stderr)
"""


def write_units(rules: RuleBook, path: Path, count: int) -> None:
    """Units of every subject and occasion with about half of their facts, always the same ones."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "subject", "occasion", *rules.facts])
        for number in range(count):
            row = [f"U{number}", chance.choice(list(rules.subjects.subjects))]
            row.append(chance.choice(list(rules.subjects.occasions)))
            for fact in rules.facts.values():
                value = chance.choice(fact.codes) if fact.codes else str(chance.randint(1, 100))
                if fact.kind is Kind.YEAR:
                    value = str(chance.randint(2021, 2025))
                row.append(value if chance.random() < 0.5 else "")
            writer.writerow(row)


def main() -> None:
    """Print one row for each kind of output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=10_000)
    count = parser.parse_args().units
    table = Table("output", "processor seconds", "peak memory", title=f"{count} units")
    with tempfile.TemporaryDirectory() as folder:
        units = Path(folder) / "units.csv"
        write_units(load_plan().rules, units, count)
        for suffix in (".xlsx", ".csv", ".json"):
            arguments = ["evaluate", str(units), "--output", str(units.with_name(f"r{suffix}"))]
            command = [sys.executable, "-c", RUN, *arguments]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr)
            seconds, kilobytes = done.stderr.strip().splitlines()[-1].split()
            table.add_row(suffix, f"{float(seconds):.1f}", f"{int(kilobytes) // 1024} MB")
    Console().print(table)


if __name__ == "__main__":
    main()
