"""How many faults in the evaluation the tests notice: mutants made by cosmic-ray.

Each mutant is one changed place in one module. It is tested in a forked process that imports the
changed source in place of the module's own and stops at the first failure; nothing is written.
Left out, because they change no result or repeat a mutant that is kept: decorators, the `|` of
types, identity for equality, and all but the nearest replacements of an arithmetic operator.

Run it with: nice python benchmarks/mutate_code.py [MODULE …] [--workers N] [--every N]
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.ast
import cosmic_ray.mutating
import cosmic_ray.plugins
import hypothesis  # noqa: F401 (imported once, before the forks)
import openpyxl  # noqa: F401
import pydantic  # noqa: F401
import pytest
import typer  # noqa: F401
import yaml  # noqa: F401
from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    "truth",
    "figures",
    "linking",
    "leaf",
    "judging",
    "sources",
    "openness",
    "assessment",
    "rules",
    "questions",
    "routes",
    "distance",
    "phrases",
    "facts",
    "criteria",
    "subjects",
    "values",
    "standards",
    "findings",
]
TESTS = [
    "truth",
    "criteria_table",
    "situations",
    "tricky_units",
    "reasons",
    "routes_and_questions",
    "values",
    "another_plan",
    "thresholds",
    "question_properties",
    "properties",
]
SAME_OR_REPEATED = re.compile(
    r"BitOr|_Eq_Is$|_NotEq_IsNot$|_Is_Eq$|_IsNot_NotEq$"
    r"|ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Div|Div_Mul|Div_FloorDiv|FloorDiv_Div|Pow_Mul)"
)
SECONDS = 120
FINE, NOTICED = 0, 1


@dataclass(frozen=True)
class Mutant:
    """One changed place: where, what stood there and the whole changed source."""

    module: str
    line_number: int
    operator: str
    line: str
    source: str


class _Changed(importlib.abc.SourceLoader, importlib.abc.MetaPathFinder):
    """Imports the mutant's source in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"knowledge.{mutant.module}"
        self.path = str(ROOT / "knowledge" / f"{mutant.module}.py")
        self.source = mutant.source

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of the changed module, and of no other."""
        del path, target
        return (
            importlib.util.spec_from_loader(fullname, self, origin=self.path)
            if fullname == self.name
            else None
        )

    def get_filename(self, fullname: str) -> str:
        """Where the unchanged module stands."""
        del fullname
        return self.path

    def get_data(self, path: str) -> bytes:
        """The changed source; there is no byte code."""
        if path != self.path:
            raise OSError(path)
        return self.source.encode()


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of the module that is worth a run."""
    source = (ROOT / "knowledge" / f"{module}.py").read_text(encoding="utf-8")
    tree, lines, found = cosmic_ray.ast.get_ast(source), source.splitlines(), []
    for name in sorted(cosmic_ray.plugins.operator_names()):
        kind = cosmic_ray.plugins.get_operator(name)
        if kind.arguments() or SAME_OR_REPEATED.search(name):
            continue
        places = [
            p for node in cosmic_ray.ast.ast_nodes(tree) for p in kind().mutation_positions(node)
        ]
        for occurrence, (start, _) in enumerate(places):
            line = lines[start[0] - 1].strip()
            changed = cosmic_ray.mutating.mutate_code(source, kind(), occurrence)
            if changed and not line.startswith("@"):
                found.append(Mutant(module, start[0], name.removeprefix("core/"), line, changed))
    return sorted(found, key=lambda mutant: mutant.line_number)


def start(mutant: Mutant | None, tests: list[str]) -> int:
    """The id of a process that ends with FINE only if every test passes."""
    process = os.fork()
    if process:
        return process
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    signal.alarm(SECONDS)
    if mutant:
        sys.meta_path.insert(0, _Changed(mutant))
    os.environ["CI"] = "true"  # makes hypothesis repeatable
    status = NOTICED
    try:
        options = ["-x", "-qq", "-p", "no:cacheprovider", "--tb=no"]
        status = FINE if pytest.main([*options, *tests]) == 0 else NOTICED
    finally:
        os._exit(status)


def run(mutants: list[Mutant], tests: list[str], workers: int, console: Console) -> list[Mutant]:
    """The mutants that no test noticed; each is printed as soon as it is known."""
    running: dict[int, Mutant] = {}
    survivors: list[Mutant] = []

    def take() -> None:
        process, status = os.wait()
        mutant = running.pop(process)
        if status == FINE:
            survivors.append(mutant)
            changed = mutant.source.splitlines()[mutant.line_number - 1].strip()
            place = f"{mutant.module}.py:{mutant.line_number} {mutant.operator}"
            console.print(f"{place}: {mutant.line}  ->  {changed}")

    for mutant in track(mutants, "mutants", console=Console(stderr=True)):
        if len(running) == workers:
            take()
        running[start(mutant, tests)] = mutant
    while running:
        take()
    return survivors


def main() -> None:
    """Print each survivor, and the score of each module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="try each Nth mutant only")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False, markup=False)
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    tests = [f"tests/knowledge/test_{name}.py" for name in TESTS]
    _, status = os.waitpid(start(None, tests), 0)
    if status != FINE:
        sys.exit("the tests fail without any change; run pytest tests/knowledge first")
    mutants = [m for module in arguments.modules for m in mutants_of(module)][:: arguments.every]
    survivors = run(mutants, tests, arguments.workers, console)
    tried, missed = Counter(m.module for m in mutants), Counter(m.module for m in survivors)
    table = Table("module", "mutants", "noticed", "score", title="mutants of the evaluation")
    for module, count in [*tried.items(), ("all", len(mutants))]:
        left = len(survivors) if module == "all" else missed[module]
        table.add_row(module, str(count), str(count - left), f"{1 - left / count:.3f}")
    console.print(table)


if __name__ == "__main__":
    main()
