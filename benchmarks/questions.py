"""How many questions lead to all verdicts: units of a file, asked in the order people are asked.

Each unit starts with its subject and occasion alone. What is asked is answered with the unit's own
fact, or “không biết” where it has none; further questions end when none could change a verdict.

Run it with: python benchmarks/questions.py UNITS.csv
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from knowledge.assessment import Verdict, assess  # noqa: E402 (the checkout's packages)
from knowledge.errors import UnitsFileError  # noqa: E402
from knowledge.facts import Unit  # noqa: E402
from knowledge.plan import load_plan  # noqa: E402
from knowledge.questions import offered_facts, open_facts  # noqa: E402
from knowledge.reading import read_units  # noqa: E402
from knowledge.rules import RuleBook  # noqa: E402


@dataclass(frozen=True)
class Conversation:
    """What was asked of one unit, which of it was answered, and what came of it.

    `n_open` counts the facts that rules look at for such a unit, `differs` tells whether a
    verdict is another than with all of the unit's facts at once, `offered` what is offered then.
    """

    unit: Unit
    asked: tuple[str, ...]
    declined: tuple[str, ...]
    n_open: int
    differs: bool
    offered: tuple[str, ...]

    @property
    def covered(self) -> tuple[str, ...]:
        """Facts of the unit that were neither asked nor offered."""
        return tuple(f for f in self.unit.facts if f not in (*self.asked, *self.offered))


def conversation(rules: RuleBook, unit: Unit) -> Conversation:
    """The questions until none is left that could change a verdict."""
    known = Unit(unit.subject, unit.occasion)
    asked: list[str] = []
    declined: list[str] = []
    while wanted := open_facts(rules, known, declined):
        fact = wanted[0]
        asked.append(fact)
        if fact in unit.facts:
            known = known.with_fact(fact, unit.facts[fact])
        else:
            declined.append(fact)
    differs = _verdicts(rules, known) != _verdicts(rules, unit)
    n_open = len(set(rules.ready[(unit.subject, unit.occasion)].facts))
    offered = offered_facts(rules, known, declined)
    return Conversation(unit, tuple(asked), tuple(declined), n_open, differs, offered)


def _verdicts(rules: RuleBook, unit: Unit) -> dict[str, Verdict]:
    return {found.award.id: found.verdict for found in assess(rules, unit)}


def _spread(numbers: list[int]) -> list[str]:
    tenths = statistics.quantiles(numbers, n=10, method="inclusive")
    return [f"{statistics.median(numbers):g}", f"{tenths[-1]:g}", str(max(numbers))]


def main() -> None:
    """Print the spread of questions, of those answered, and of the facts there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("units", type=Path, metavar="UNITS.csv")
    path = parser.parse_args().units
    rules = load_plan().rules
    try:
        rows = list(read_units(rules, path.name, path.read_bytes()).rows)
    except (OSError, UnitsFileError) as error:
        sys.exit(str(error))
    to_stderr = Console(stderr=True)
    for problem in (problem for row in rows for problem in row.problems):
        to_stderr.print(str(problem), markup=False)
    units = [row.unit for row in rows if row.unit is not None]
    if len(units) < 2:
        sys.exit(f"{path.name}: {len(units)} usable units; at least 2 are needed")
    console = Console()
    played = [conversation(rules, unit) for unit in track(units, console=to_stderr)]
    table = Table("of a unit", "median", "p90", "max", title=f"{len(played)} units")
    table.add_row("questions asked", *_spread([len(p.asked) for p in played]))
    table.add_row("answered “không biết”", *_spread([len(p.declined) for p in played]))
    table.add_row("facts given in the file", *_spread([len(p.unit.facts) for p in played]))
    table.add_row("facts the rules look at", *_spread([p.n_open for p in played]))
    console.print(table)
    console.print(f"facts in all: {len(rules.facts)}; subject and occasion are asked before")
    often = Counter(fact for p in played for fact in p.asked).most_common(5)
    console.print("most asked: " + ", ".join(f"{fact} {count}" for fact, count in often))
    others = [p for p in played if p.differs]
    console.print(
        f"verdicts other than with every fact at once: {len(others)} units "
        f"({', '.join(p.unit.id for p in others) or 'none'})"
    )
    for p in others:
        offered = [fact for fact in p.unit.facts if fact in p.offered]
        console.print(f"{p.unit.id}: offered: {', '.join(offered) or 'none'}; ", end="")
        console.print(f"covered by other answers: {', '.join(p.covered) or 'none'}")


if __name__ == "__main__":
    main()
