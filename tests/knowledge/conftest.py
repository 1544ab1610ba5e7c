"""What the tests of the rules share: the plan, units from short notation, a plan to break."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from plan_names import PLAN_ID

from knowledge import Plan, RuleBook, Unit, Verdict, assess, load_plan
from knowledge.plan import PLANS_DIR
from knowledge.values import parse_value


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(PLAN_ID)


@pytest.fixture(scope="session")
def rules(plan: Plan) -> RuleBook:
    return plan.rules


@pytest.fixture(scope="session")
def unit_of(rules: RuleBook) -> Callable[..., Unit]:
    """`unit_of("commune", "final", common_standards="yes", …)` with values as people type them."""

    def make(subject: str, occasion: str, **texts: str) -> Unit:
        facts = {name: parse_value(rules.facts[name], text) for name, text in texts.items() if text}
        return Unit(subject, occasion, facts, "U")

    return make


@pytest.fixture(scope="session")
def verdicts_of(rules: RuleBook) -> Callable[[Unit], tuple[set[str], set[str]]]:
    """The ids of the awards that are met, and of those that are undecided."""

    def find(unit: Unit) -> tuple[set[str], set[str]]:
        found = assess(rules, unit)
        met = {a.award.id for a in found if a.verdict is Verdict.MET}
        return met, {a.award.id for a in found if a.verdict is Verdict.UNDECIDED}

    return find


@pytest.fixture
def broken_plans(tmp_path: Path) -> Path:
    """A folder of plans that holds a copy of the plan's rule data, free to be broken."""
    plans = tmp_path / "plans"
    shutil.copytree(PLANS_DIR / PLAN_ID, plans / PLAN_ID)
    return plans


@pytest.fixture(scope="session")
def field_dir() -> Path:
    """The folder with the field units: FIELD_DIR, else beside the checkout; skipped without."""
    beside = Path(__file__).parents[3] / "shared" / "field"
    folder = Path(os.environ.get("FIELD_DIR", beside))
    if not (folder / "criteria_units.csv").is_file():
        pytest.skip("no field units here; set FIELD_DIR to their folder")
    return folder
