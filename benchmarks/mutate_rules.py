"""How many faults in a plan's rule data the tests notice: a mutation run over the YAML files.

Each mutant differs from the plan in one operator, threshold, subject, occasion, tier, fact, clause
or combination. The tests are collected once; each mutant runs them in a forked process, up to the
first failure. A mutant that the reader of the files or `knowledge check` refuses needs no test.

Run it with: nice python benchmarks/mutate_rules.py [--workers N] [--every N] [--only WORDS]
[--results FILE]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import mutation  # noqa: E402 (the checkout's packages, installed or not)
from mutation import Campaign, Status  # noqa: E402
from rule_mutants import Mutant, mutants_of  # noqa: E402

from knowledge import PlanDataError, load_plan  # noqa: E402
from knowledge.check import check_plan  # noqa: E402
from knowledge.plan import PLANS_DIR  # noqa: E402

TESTS = [
    "criteria_table",
    "situations",
    "reasons",
    "routes_and_questions",
    "tricky_units",
    "thresholds",
]


class MutantRuns:
    """A pytest plugin that runs the collected tests once for each mutant instead of once."""

    def __init__(self, plan_id: str, arguments: argparse.Namespace) -> None:
        self.plan_id = plan_id
        self.workers: int = arguments.workers
        mutants = mutation.chosen(list(mutants_of(PLANS_DIR / plan_id)), arguments)
        self.campaign = Campaign(
            mutants, self._start, mutation.equivalents("rules"), arguments.results
        )
        self.is_collected = False
        self._items: list[pytest.Item] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant with the collected tests."""
        self.is_collected = True
        self._items = session.items
        self.campaign.run(self.workers)
        return True

    def _start(self, mutant: Mutant) -> int:
        return mutation.in_fork(lambda: self._judge(mutant))

    def _judge(self, mutant: Mutant) -> Status:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            target = folder / self.plan_id
            shutil.copytree(PLANS_DIR / self.plan_id, target, copy_function=_link)
            path = target / mutant.file
            path.unlink()
            text = yaml.safe_dump(mutant.data, allow_unicode=True, sort_keys=False)
            path.write_text(text, encoding="utf-8")
            load_plan.__defaults__ = check_plan.__defaults__ = (None, folder)
            try:
                _ = load_plan(self.plan_id).rules
            except PlanDataError:
                return Status.REFUSED
            if any(result.problems for result in check_plan(self.plan_id)):
                return Status.REFUSED
            return self._run_tests()

    def _run_tests(self) -> Status:
        failed = _Failures()
        self._items[0].config.pluginmanager.register(failed)
        for index, item in enumerate(self._items):
            following = self._items[index + 1] if index + 1 < len(self._items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed.any:
                return Status.NOTICED
        return Status.SURVIVED


class _Failures:
    any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.any = self.any or report.failed


def _link(source: str, target: str) -> str:
    Path(target).symlink_to(source)
    return target


def main() -> None:
    """Print each mutant that no test noticed, and the score of each kind of change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", default=load_plan().id)
    mutation.add_options(parser)
    arguments = parser.parse_args()
    tests = ROOT / "tests" / "knowledge"
    runs = MutantRuns(arguments.plan, arguments)
    files = [str(tests / f"test_{name}.py") for name in TESTS]
    options = ["-qq", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
    pytest.main([*options, *files], plugins=[runs])
    if not runs.is_collected:
        sys.exit("the tests could not be collected; run pytest tests/knowledge")
    runs.campaign.report("mutants of the rules")


if __name__ == "__main__":
    main()
