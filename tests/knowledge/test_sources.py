"""What each way to a figure finds beside a threshold, and what it can still lead to."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from plan_names import facts_of, rows_of
from pydantic import ValidationError

from knowledge import RuleBook, Unit
from knowledge.criteria import Measure
from knowledge.leaf import bound_of
from knowledge.sources import FallSource, Measurement


def _written(found: Measurement) -> str:
    """The measurement as the table writes it."""
    ways = [f"{' '.join(w.facts)}: {w.low.name}..{w.high.name}".lower() for w in found.ways]
    presumed = [f"presumed {fact}" for fact in found.presumed]
    parts = [found.truth.name.lower(), found.status.value, found.value, *ways, found.reading]
    return " ".join(str(p) for p in (*parts, *found.awaiting, *presumed) if p is not None)


def _as_fraction(text: str) -> str:
    """97.5 as 195/2, as the figure keeps it."""
    return " ".join(str(Fraction(w)) if w[-1].isdigit() else w for w in text.split())


@pytest.mark.parametrize(
    "row", rows_of("measures"), ids=lambda row: f"{row['test']}; {row['facts']}"
)
def test_what_a_way_to_a_figure_finds(
    rules: RuleBook, unit_of: Callable[..., Unit], row: dict[str, str]
) -> None:
    measure, _, threshold = row["test"].partition(" ")
    bound = bound_of(Measure(measure), Fraction(threshold or 0))
    facts = unit_of("commune", "final", **facts_of(row["facts"])).facts
    source = rules.figures[row["source"]].sources[-1]
    assert _written(source.measure(facts, bound.passes)) == _as_fraction(row["finds"])


def test_a_fall_is_of_one_count_or_several(rules: RuleBook) -> None:
    fall = rules.figures["household_fall"].sources[-1].model_dump()
    assert FallSource.model_validate({**fall, "fall": fall["fall"][:1]}).facts
    with pytest.raises(ValidationError):
        FallSource.model_validate({**fall, "fall": []})
