"""Checks a plan's folder against its own text: quotes, numbers, words, facts, reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.check_facts import fact_problems
from knowledge.check_quotes import (
    bullet_problems,
    clause_problems,
    date_problems,
    place_problems,
    quote_problems,
    text_problems,
)
from knowledge.check_reach import reach_problems
from knowledge.check_words import word_problems
from knowledge.errors import PlanDataError
from knowledge.plan import PLANS_DIR, Plan, load_plan

Problems = Iterator[str | None]
"""One item for each thing looked at: None if it is right, else what is wrong and where."""

CHECKS: tuple[tuple[str, Callable[[Plan], Problems]], ...] = (
    ("every clause stands in the text", text_problems),
    ("every clause id named is a clause", clause_problems),
    ("every quote is verbatim in its clause and bullet", quote_problems),
    ("every bullet of an award's clause has one criterion", bullet_problems),
    ("every number stands in its quote, and the words agree with the operator", word_problems),
    ("every fact is used, and asked of those it concerns", fact_problems),
    ("every award and criterion can be reached", reach_problems),
    ("every date stands in its quote", date_problems),
    ("every checklist names bullets that exist", place_problems),
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: how many things it looked at and what is wrong, one line each."""

    name: str
    n_checked: int
    problems: tuple[str, ...]


def check_plan(plan_id: str | None = None, plans_dir: Path = PLANS_DIR) -> tuple[CheckResult, ...]:
    """The results of every check of the plan, in order.

    A folder that cannot be read at all (hash of the text, unknown or duplicate keys, unknown
    names) gives one failed check and ends there. Raises PlanNotFoundError for an unknown plan.
    """
    name = "the files can be read: text unchanged, keys and names known, none twice"
    try:
        plan = load_plan(plan_id, plans_dir)
        n_files = len(list(plan.folder.rglob("*.*")))
        _ = plan.rules
    except PlanDataError as error:
        return (CheckResult(name, 1, (str(error),)),)
    results = [CheckResult(name, n_files, ())]
    for check_name, find in CHECKS:
        found = list(find(plan))
        results.append(CheckResult(check_name, len(found), tuple(p for p in found if p)))
    return tuple(results)
