"""What the mutation runs share: trials in forked processes, what is known of mutants, the table.

A results file keeps what was found, so that a long run can be split: mutants that were noticed are
not tried again, those that survived are. Delete it when tests or checks are taken away.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

EQUIVALENT_FILE = Path(__file__).with_name("equivalent_mutants.yaml")


class Status(IntEnum):
    """What became of a mutant; also the exit code of the process that tried it."""

    SURVIVED = 0
    NOTICED = 1
    REFUSED = 2


class Mutant(Protocol):
    """One fault: `name` tells it from every other, `group` is its row in the table."""

    @property
    def name(self) -> str:
        """Where and what was changed, on one line."""

    @property
    def group(self) -> str:
        """The kind of fault, or the module."""


AnyMutant = TypeVar("AnyMutant", bound=Mutant)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every mutation run has."""
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="try each Nth mutant only")
    parser.add_argument("--only", default="", help="try mutants whose name holds these words")
    parser.add_argument("--results", type=Path, help="file that keeps what was found between runs")


def equivalents(section: str) -> dict[str, str]:
    """Mutants that no test can notice because nothing changes, with the reason."""
    listed = yaml.safe_load(EQUIVALENT_FILE.read_text(encoding="utf-8"))[section]
    return {name: entry["reason"] for entry in listed for name in entry["mutants"]}


@dataclass
class Campaign(Generic[AnyMutant]):
    """The mutants of a run and what became of each.

    `start` begins the trial of a mutant and gives the id of its process, which ends with a Status.
    """

    mutants: Sequence[AnyMutant]
    start: Callable[[AnyMutant], int]
    known: dict[str, str]
    results: Path | None = None
    found: dict[str, Status] = field(default_factory=dict)

    def run(self, workers: int) -> None:
        """Try every mutant that was not noticed in an earlier run."""
        names = {mutant.name for mutant in self.mutants}
        if self.results and self.results.exists():
            for line in self.results.read_text(encoding="utf-8").splitlines():
                kept = json.loads(line)
                if kept["name"] in names and kept["status"] != Status.SURVIVED:
                    self.found[kept["name"]] = Status(kept["status"])
        left = [mutant for mutant in self.mutants if mutant.name not in self.found]
        running: dict[int, AnyMutant] = {}
        for mutant in track(left, "mutants", console=Console(stderr=True)):
            if len(running) == workers:
                self._take(running)
            running[self.start(mutant)] = mutant
        while running:
            self._take(running)

    def _take(self, running: dict[int, AnyMutant]) -> None:
        """Wait for one trial; one that dies or is killed has noticed something."""
        process, status = os.wait()
        name, code = running.pop(process).name, os.waitstatus_to_exitcode(status)
        self.found[name] = Status(code) if code in list(Status) else Status.NOTICED
        if self.results:
            with self.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"name": name, "status": self.found[name]}) + "\n")

    def report(self, title: str) -> None:
        """Print each survivor that is not known to be equivalent, and the score of each group."""
        console = Console(soft_wrap=True, highlight=False, markup=False)
        for name, status in self.found.items():
            if status is Status.SURVIVED and name not in self.known:
                console.print(f"survived: {name}")
            if status is not Status.SURVIVED and name in self.known:
                console.print(f"listed as equivalent, but noticed: {name}")
        console.print(self._table(title))

    def _table(self, title: str) -> Table:
        table = Table("", "mutants", "refused", "noticed", "equivalent", "score", title=title)
        groups: dict[str, Counter[str]] = {}
        for mutant in self.mutants:
            status = self.found[mutant.name]
            is_known = status is Status.SURVIVED and mutant.name in self.known
            groups.setdefault(mutant.group, Counter())[
                "equivalent" if is_known else status.name
            ] += 1
        groups["all"] = sum(groups.values(), Counter())
        for group, count in groups.items():
            different = count.total() - count["equivalent"]
            score = f"{1 - count['SURVIVED'] / different:.3f}" if different else "-"
            cells = [count.total(), count["REFUSED"], count["NOTICED"], count["equivalent"]]
            table.add_row(group, *map(str, cells), score)
        return table


def in_fork(trial: Callable[[], Status]) -> int:
    """The id of a silent process that runs the trial and ends with what it gives.

    Whatever goes wrong in it counts as noticed.
    """
    process = os.fork()
    if process:
        return process
    status = Status.NOTICED
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        status = trial()
    finally:
        os._exit(status)


def chosen(mutants: Sequence[AnyMutant], options: argparse.Namespace) -> Sequence[AnyMutant]:
    """The mutants to try, once it is sure that each has a name of its own."""
    names = Counter(mutant.name for mutant in mutants)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ValueError(f"mutants with the same name: {twice[:3]}; say more in their names")
    return [mutant for mutant in mutants if options.only in mutant.name][:: options.every]
