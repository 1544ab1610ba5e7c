"""Which question comes first, and the answers that are tried to find that out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from plan_names import facts_of

from knowledge import RuleBook, Unit
from knowledge.criteria import Measure
from knowledge.judging import FigureTest
from knowledge.leaf import bound_of
from knowledge.questions import open_facts, sample_values

Make = Callable[..., Unit]


@pytest.mark.parametrize(
    ("subject", "occasion", "known", "asked"),
    [
        ("ethnic_hamlet", "annual", "unit_target_pct=50, contribution_vnd=1", "norm_giay_khen_vnd"),
        ("ethnic_district", "final", "reduction_vs_plan_pct=101", "most_outstanding"),
    ],
)
def test_what_settles_most_is_asked_first(
    rules: RuleBook, unit_of: Make, subject: str, occasion: str, known: str, asked: str
) -> None:
    """Not what stands first among the plan's facts: all of these stand behind others."""
    found = open_facts(rules, unit_of(subject, occasion, **facts_of(known)))
    in_order = [fact for fact in rules.facts if fact in found]
    assert found[0] == asked
    assert in_order[0] != asked


@pytest.mark.parametrize(
    ("fact", "samples"),
    [
        ("household_fall_pct", [-100000, 0, 30, 31, 100]),
        ("unit_target_pct", [(0,), (0,), (50,), (51,), (100000,)]),
        ("norm_bang_khen_tinh_vnd", [1, 10**15]),
        ("year", list(range(2020, 2027))),
        ("common_standards", ["yes", "no"]),
    ],
)
def test_answers_are_tried_at_the_ends_and_around_each_threshold(
    rules: RuleBook, unit_of: Make, fact: str, samples: list[object]
) -> None:
    unit = unit_of("commune", "midterm")
    assert list(sample_values(rules.facts[fact], rules, unit, fact)) == samples


def test_answers_are_tried_around_a_threshold_that_is_no_whole_number(rules: RuleBook) -> None:
    kind = ("collective", "midterm")
    (award,) = rules.ready[kind].awards
    first = award.criteria[0]
    assert isinstance(first.test, FigureTest)
    bound = bound_of(Measure.MORE_THAN, Fraction(121, 2))
    changed = replace(first, test=replace(first.test, bound=bound))
    ready = replace(rules.ready[kind], awards=(replace(award, criteria=(changed,)),))
    other = replace(rules, ready={kind: ready})
    samples = sample_values(rules.facts["unit_target_pct"], other, Unit(*kind), "unit_target_pct")
    assert {(Decimal("60.5"),), (Decimal("61.5"),)} <= set(samples)


def test_without_limits_answers_are_tried_from_nothing_to_a_million(
    rules: RuleBook, unit_of: Make
) -> None:
    fact = rules.facts["contribution_vnd"].model_copy(update={"minimum": None, "maximum": None})
    unit = unit_of("commune", "midterm")
    assert list(sample_values(fact, rules, unit, "contribution_vnd")) == [0, 0, 10**6]
