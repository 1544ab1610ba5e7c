"""How many faults in a plan's rule data the tests notice: a mutation run over the YAML files.

Each mutant differs from the plan in one operator, threshold, subject, occasion, tier, fact, clause
or combination. The tests are collected once; each mutant runs them in a forked process, up to the
first failure. A mutant that the reader of the files refuses counts as noticed.

Run it with: nice python benchmarks/mutate_rules.py [--workers N] [--every N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from rule_mutants import Mutant, mutants_of  # noqa: E402

from knowledge import PlanDataError, load_plan  # noqa: E402
from knowledge.check import check_plan  # noqa: E402
from knowledge.plan import PLANS_DIR  # noqa: E402

TESTS = ["criteria_table", "situations", "reasons", "routes_and_questions", "thresholds"]
CHECK = "test_rule_data.py::test_the_plan_passes_every_check"
SURVIVED, NOTICED, REFUSED = 0, 1, 2


class MutantRuns:
    """A pytest plugin that runs the collected tests once for each mutant instead of once."""

    def __init__(self, plan_id: str, workers: int, every: int) -> None:
        self.plan_id = plan_id
        self.workers = workers
        self.every = every
        self.found: list[tuple[Mutant, int]] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork for each mutant; several at a time."""
        mutants = list(mutants_of(PLANS_DIR / self.plan_id))[:: self.every]
        running: dict[int, Mutant] = {}
        for mutant in track(mutants, "mutants", console=Console(stderr=True)):
            if len(running) == self.workers:
                self._take(running)
            running[self._start(session, mutant)] = mutant
        while running:
            self._take(running)
        return True

    def _take(self, running: dict[int, Mutant]) -> None:
        """Wait for one mutant's result."""
        process, status = os.wait()
        self.found.append((running.pop(process), os.waitstatus_to_exitcode(status)))

    def _start(self, session: pytest.Session, mutant: Mutant) -> int:
        process = os.fork()
        if process:
            return process
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        try:
            with tempfile.TemporaryDirectory() as folder:
                status = self._judge(session, mutant, Path(folder))
        except BaseException:
            status = NOTICED
        os._exit(status)

    def _judge(self, session: pytest.Session, mutant: Mutant, folder: Path) -> int:
        target = folder / self.plan_id
        shutil.copytree(PLANS_DIR / self.plan_id, target, copy_function=os.symlink)
        path = target / mutant.file
        path.unlink()
        text = yaml.safe_dump(mutant.data, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        load_plan.__defaults__ = check_plan.__defaults__ = (None, folder)
        try:
            _ = load_plan(self.plan_id).rules
        except PlanDataError:
            return REFUSED
        failed = _Failures()
        session.config.pluginmanager.register(failed)
        for index, item in enumerate(session.items):
            following = session.items[index + 1] if index + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed.any:
                return NOTICED
        return SURVIVED


class _Failures:
    any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.any = self.any or report.failed


def main() -> None:
    """Print each mutant that no test noticed, and the score of each kind of change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", default=load_plan().id)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="try each Nth mutant only")
    arguments = parser.parse_args()
    tests = ROOT / "tests" / "knowledge"
    runs = MutantRuns(arguments.plan, arguments.workers, arguments.every)
    files = [str(tests / f"test_{name}.py") for name in TESTS] + [str(tests / CHECK)]
    options = ["-qq", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
    pytest.main([*options, *files], plugins=[runs])
    if not runs.found:
        sys.exit("the tests could not be collected; run pytest tests/knowledge")
    console = Console(soft_wrap=True, highlight=False, markup=False)
    table = Table("change", "mutants", "refused", "noticed", "score", title="mutants of the rules")
    counts: dict[str, Counter[int]] = {}
    for mutant, status in runs.found:
        counts.setdefault(mutant.kind, Counter())[status] += 1
        if status == SURVIVED:
            console.print(f"{mutant.file}: {mutant.place}: {mutant.kind}: {mutant.change}")
    counts["all"] = sum(counts.values(), Counter())
    for kind, count in counts.items():
        total = count.total()
        score = f"{1 - count[SURVIVED] / total:.3f}"
        noticed = total - count[SURVIVED] - count[REFUSED]
        table.add_row(kind, str(total), str(count[REFUSED]), str(noticed), score)
    console.print(table)


if __name__ == "__main__":
    main()
