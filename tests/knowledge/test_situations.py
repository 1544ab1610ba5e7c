"""Situations worked out by hand from the text: every subject, occasion, award and reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plan_names import AWARDS, facts_of, rows_of

from knowledge import RuleBook, Unit

OCCASIONS = {"annual": "annual", "midterm": "midterm", "final": "final", "standards": "annual"}
SITUATIONS = [(occasion, row) for name, occasion in OCCASIONS.items() for row in rows_of(name)]


@pytest.mark.parametrize(
    ("occasion", "row"), [pytest.param(o, row, id=row["id"]) for o, row in SITUATIONS]
)
def test_situation(
    occasion: str,
    row: dict[str, str],
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    unit = unit_of(row["subject"], occasion, **facts_of(row["facts"]))
    met = {AWARDS[name] for name in row["met"].split()}
    undecided = {AWARDS[name] for name in row["undecided"].split()}
    assert verdicts_of(unit) == (met, undecided), row["why"]


def test_the_table_covers_every_subject_on_every_occasion(rules: RuleBook) -> None:
    assert {(row["subject"], occasion) for occasion, row in SITUATIONS} == set(rules.ready)
    assert len(SITUATIONS) >= 120
