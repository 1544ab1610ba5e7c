"""How many faults in the evaluation the tests notice: mutants made by cosmic-ray.

Each mutant is one changed place in one module. It is tested in a forked process that imports the
changed source in place of the module's own and stops at the first failure; nothing is written.
Left out, because they change no result or repeat a mutant that is kept: decorators, the `|` of
types, identity for equality, and all but the nearest replacements of an arithmetic operator.

Run it with: nice python benchmarks/mutate_code.py [MODULE …] [--workers N] [--every N]
[--only WORDS] [--results FILE]
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import resource
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

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import mutation  # noqa: E402 (the checkout's package, installed or not)
from mutation import Campaign, Status  # noqa: E402

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
STAGES = (
    (
        "truth",
        "figures",
        "rule_files",
        "values",
        "sources",
        "tricky_units",
        "situations",
        "reasons",
    ),
    ("routes_and_questions", "question_order", "gauges", "phrases", "thresholds"),
    ("criteria_table", "openness"),
    ("evaluate_command", "another_plan", "rule_data", "unit_files"),
    ("question_properties", "properties"),
)
"""Tests that notice most come first; each stage is collected only if the one before it passed."""

SAME_OR_REPEATED = re.compile(
    r"BitOr|_Eq_Is$|_NotEq_IsNot$|_Is_Eq$|_IsNot_NotEq$"
    r"|ReplaceBinaryOperator_(?!Add_Sub|Sub_Add|Mul_Div|Div_Mul|Div_FloorDiv|FloorDiv_Div|Pow_Mul)"
)
SECONDS = 120  # of processor time, so that a busy machine kills no trial


@dataclass(frozen=True)
class Mutant:
    """One changed place: the function, what stood there, what stands there now, the whole source.

    `number` counts those that look alike.
    """

    group: str
    function: str
    operator: str
    line: str
    changed: str
    number: int
    source: str

    @property
    def name(self) -> str:
        """Place and change on one line; it stays the same while other lines move."""
        which = f" ({self.number})" if self.number > 1 else ""
        place = f"{self.group}.{self.function}"
        return f"{place}: {self.line}  ->  {self.changed} [{self.operator}]{which}"


class _Changed(importlib.abc.SourceLoader, importlib.abc.MetaPathFinder):
    """Imports the mutant's source in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"knowledge.{mutant.group}"
        self.path = str(ROOT / "knowledge" / f"{mutant.group}.py")
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
    functions = _function_of_line(source)
    alike: Counter[tuple[str, ...]] = Counter()
    for name in sorted(cosmic_ray.plugins.operator_names()):
        kind = cosmic_ray.plugins.get_operator(name)
        if kind.arguments() or SAME_OR_REPEATED.search(name):
            continue
        places = [
            p for node in cosmic_ray.ast.ast_nodes(tree) for p in kind().mutation_positions(node)
        ]
        for occurrence, (start, _) in enumerate(places):
            number, line = start[0], lines[start[0] - 1].strip()
            source_now = cosmic_ray.mutating.mutate_code(source, kind(), occurrence)
            if not source_now or line.startswith("@"):
                continue
            changed = source_now.splitlines()[number - 1].strip()
            operator = name.removeprefix("core/")
            key = (functions.get(number, "module"), operator, line, changed)
            alike[key] += 1
            found.append((number, Mutant(module, *key, alike[key], source_now)))
    return [mutant for _, mutant in sorted(found, key=lambda pair: pair[0])]


def _function_of_line(source: str) -> dict[int, str]:
    """The innermost function or class that each line belongs to."""
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(source)):  # outer ones come before those inside them
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found |= dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), node.name)
    return found


def trial(mutant: Mutant | None) -> Status:
    """Run the tests stage by stage, with the mutant in place of its module."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if mutant:
        sys.meta_path.insert(0, _Changed(mutant))
    os.environ["CI"] = "true"  # makes hypothesis repeatable
    # No plugins and no fixtures of other packages: starting them would cost more than most trials.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = ["-x", "-qq", "-o", "addopts=", "-p", "no:cacheprovider", "--tb=no"]
    options.append("--confcutdir=tests/knowledge")
    for stage in STAGES:
        tests = [f"tests/knowledge/test_{name}.py" for name in stage]
        if pytest.main([*options, *tests]) != 0:
            return Status.NOTICED
    return Status.SURVIVED


def main() -> None:
    """Print each survivor, and the score of each module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    mutation.add_options(parser)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    _, status = os.waitpid(mutation.in_fork(lambda: trial(None)), 0)
    if status != Status.SURVIVED:
        sys.exit("the tests fail without any change; run pytest tests/knowledge first")
    mutants = [mutant for module in arguments.modules for mutant in mutants_of(module)]
    campaign = Campaign(
        mutation.chosen(mutants, arguments),
        lambda mutant: mutation.in_fork(lambda: trial(mutant)),
        mutation.equivalents("code"),
        arguments.results,
    )
    campaign.run(arguments.workers)
    campaign.report("mutants of the evaluation")


if __name__ == "__main__":
    main()
