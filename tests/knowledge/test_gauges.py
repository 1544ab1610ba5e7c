"""Where a unit stands, as figures against thresholds: always what the verdict itself says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.assessment import Verdict, assess
from knowledge.facts import Unit, Value
from knowledge.gauges import GAUGES_SHOWN, Gauge, gauges
from knowledge.plan import Plan, load_plan
from knowledge.truth import Truth

PLAN = load_plan()


def _of(award: str, plan: Plan = PLAN, subject: str = "commune", **facts: Value) -> list[Gauge]:
    unit = Unit(subject, "final", facts)
    found = next(a for a in assess(plan.rules, unit) if a.award.id == award)
    return list(gauges(plan.rules, unit.facts, found))


@pytest.mark.parametrize(
    ("fall", "truth"), [("50", Truth.FALSE), ("50.1", Truth.TRUE), ("49", Truth.FALSE)]
)
def test_figure_stands_against_the_threshold_of_its_award(fall: str, truth: Truth) -> None:
    found = _of("bang_khen_thu_tuong", common_standards="yes", household_fall_pct=Decimal(fall))
    known = [gauge for gauge in found if gauge.value is not None]
    assert [(g.value, g.threshold, g.unit, g.truth) for g in known] == [
        (Fraction(fall), Fraction(50), "percent", truth)
    ]
    assert "trên 50%" in known[0].text
    assert known[0].citation.clause == "IV.2.c/TTg"
    assert "50%" in known[0].citation.quote


def test_what_is_missing_for_a_figure_is_in_its_text() -> None:
    [known] = [g for g in _of("bang_khen_tinh", household_fall_pct=Decimal(45)) if g.value]
    assert known.text.endswith("còn thiếu 5 điểm phần trăm")


def test_standard_that_fails_is_told_without_a_bar() -> None:
    found = _of("bang_khen_tinh", common_standards="no", household_fall_pct=Decimal(60))
    failed = [gauge for gauge in found if gauge.truth is Truth.FALSE]
    assert [(g.threshold, g.citation.clause) for g in failed] == [(None, "IV.3.1")]


def test_contribution_is_drawn_only_against_a_norm_that_was_given() -> None:
    given: dict[str, Value] = {"contribution_vnd": Decimal(30_000_000)}
    [without] = [g for g in _of("bang_khen_tinh", subject="donor", **given) if "30.0" in g.text]
    assert without.threshold is None
    given["norm_bang_khen_tinh_vnd"] = Decimal(20_000_000)
    [drawn] = [g for g in _of("bang_khen_tinh", subject="donor", **given) if g.threshold]
    assert (drawn.value, drawn.threshold, drawn.unit) == (30_000_000, 20_000_000, "money")


def test_standard_that_excludes_is_told_before_any_number_of_figures() -> None:
    figures = {
        name: Decimal(120)
        for name in (
            "provincial_target_pct",
            "reduction_vs_plan_pct",
            "reduction_vs_resolution_pct",
            "extreme_hamlets_exited",
        )
    }
    figures |= {"household_fall_pct": Decimal(60), "extreme_hamlets_start": Decimal(200)}
    found = _of("bang_khen_tinh", subject="ethnic_commune", common_standards="no", **figures)
    assert len(found) == GAUGES_SHOWN
    assert (found[0].truth, found[0].citation.clause) == (Truth.FALSE, "IV.3.1")


PERCENTS = st.decimals(min_value=0, max_value=200, places=1)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(PLAN.rules.subjects.subjects)),
    st.sampled_from(sorted(PLAN.rules.subjects.occasions)),
    st.dictionaries(
        st.sampled_from(["household_fall_pct", "reduction_vs_plan_pct", "provincial_target_pct"]),
        PERCENTS,
    ),
    st.sampled_from([None, "yes", "no"]),
)
def test_picture_never_contradicts_the_verdict(
    subject: str, occasion: str, figures: dict[str, Decimal], common: str | None
) -> None:
    facts: dict[str, Value] = {**figures, **({"common_standards": common} if common else {})}
    unit = Unit(subject, occasion, facts)
    for assessment in assess(PLAN.rules, unit):
        found = gauges(PLAN.rules, unit.facts, assessment)
        assert len(found) <= GAUGES_SHOWN
        truths = {gauge.truth for gauge in found}
        if assessment.verdict is Verdict.MET:
            assert truths == {Truth.TRUE}
        if assessment.verdict is Verdict.NOT_MET and found:
            assert Truth.FALSE in truths
        for gauge in found:
            assert gauge.citation.quote in PLAN.clauses[gauge.citation.clause].text
