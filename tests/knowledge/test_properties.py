"""What must hold for any unit: unknown never decides, order is irrelevant, more never harms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plan_names import PLAN_ID
from unit_strategies import RULES, relaxed, units, value_of, verdicts

from knowledge import Plan, Unit, Value, Verdict, assess, load_plan
from knowledge.questions import sample_values

MORE_IS_BETTER = (
    "unit_target_pct",
    "provincial_target_pct",
    "target_achieved",
    "reduction_vs_plan_pct",
    "reduction_vs_resolution_pct",
    "reduction_achieved_pp",
    "household_fall_pct",
    "poor_households_start",
    "near_poor_households_start",
    "contribution_vnd",
    "sustainable_exit_pct",
    "extreme_hamlets_exited",
    "extreme_hamlets_pending",
)
LESS_IS_BETTER = ("poor_households_now", "near_poor_households_now", "relapse_cases")


@given(units(), st.data())
@relaxed
def test_adding_a_fact_never_flips_a_decided_verdict(unit: Unit, data: st.DataObject) -> None:
    """Met never becomes not met, nor the other way, by stating what was unknown.

    Facts whose empty value the plan's data give a meaning to are not unknown: stating them
    replaces that meaning, and may exclude, or open the contribution's route.
    """
    unknown = [
        fact
        for fact in RULES.ready[(unit.subject, unit.occasion)].facts
        if fact not in unit.facts and fact not in RULES.presumable
    ]
    assume(unknown)
    fact = data.draw(st.sampled_from(unknown))
    before = verdicts(unit)
    after = verdicts(unit.with_fact(fact, data.draw(value_of(RULES.facts[fact]))))
    for award, verdict in before.items():
        if verdict is not Verdict.UNDECIDED:
            assert after[award] in (verdict, Verdict.UNDECIDED)


@given(units())
@relaxed
def test_stating_what_is_presumed_changes_no_verdict(unit: Unit) -> None:
    meant: dict[str, Value] = {
        "discipline": "none",
        "member_discipline": "none",
        "year": Decimal(2025),
        "extreme_hamlets_pending": Decimal(0),
        "relapse_cases": Decimal(0),
        "sustainable_exit_pct": Decimal(101),
        "contribution_unvalued": "no",
    }
    presumed = {fact for assessment in assess(RULES, unit) for fact in assessment.presumed}
    for fact in presumed & set(meant):
        assume("discipline_year" not in unit.facts)
        assert verdicts(unit.with_fact(fact, meant[fact])) == verdicts(unit)


@given(units(), st.randoms())
@relaxed
def test_the_order_of_facts_is_irrelevant(unit: Unit, shuffler: random.Random) -> None:
    pairs = list(unit.facts.items())
    shuffler.shuffle(pairs)
    assert verdicts(Unit(unit.subject, unit.occasion, dict(pairs))) == verdicts(unit)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_criteria_is_irrelevant(plan: Plan, seed: int) -> None:
    rules = load_plan(plan.id).rules
    shuffler = random.Random(seed)
    for key, ready in list(rules.ready.items()):
        awards = []
        for award in ready.awards:
            criteria = list(award.criteria)
            shuffler.shuffle(criteria)
            awards.append(type(award)(award.award, award.clause, tuple(criteria)))
        standards = list(ready.standards)
        shuffler.shuffle(standards)
        rules.ready[key] = type(ready)(
            tuple(standards), tuple(awards), ready.facts, ready.checklist
        )
    for unit in _examples(60, seed):
        turned = {a.award.id: a.verdict for a in assess(rules, unit)}
        assert turned == verdicts(unit)


@given(units(), st.data())
@relaxed
def test_more_of_what_is_good_never_takes_an_award_away(unit: Unit, data: st.DataObject) -> None:
    given_facts = [f for f in (*MORE_IS_BETTER, *LESS_IS_BETTER) if f in unit.facts]
    assume(given_facts)
    fact = data.draw(st.sampled_from(given_facts))
    is_more = fact in MORE_IS_BETTER
    before = unit.facts[fact]
    number = before[0] if isinstance(before, tuple) else Decimal(str(before))
    better = data.draw(st.sampled_from([number + 1, number * 2, number + 50]))
    if not is_more:
        better = data.draw(st.sampled_from([Decimal(0), number - 1 if number else number]))
    limit = RULES.facts[fact].maximum
    assume(limit is None or better <= limit)
    if fact == "extreme_hamlets_exited" and "extreme_hamlets_start" in unit.facts:
        assume(better <= Decimal(str(unit.facts["extreme_hamlets_start"])))
    changed = unit.with_fact(fact, (better,) if isinstance(before, tuple) else better)
    rank = {Verdict.NOT_MET: 0, Verdict.UNDECIDED: 1, Verdict.MET: 2}
    after = verdicts(changed)
    for award, verdict in verdicts(unit).items():
        if verdict is Verdict.MET and _is_one_way(unit, fact):
            assert rank[after[award]] == rank[verdict]


@given(units())
@relaxed
def test_quotes_are_always_in_the_plan(unit: Unit) -> None:
    plan = load_plan(PLAN_ID)
    for assessment in assess(RULES, unit):
        assert assessment.citations
        for citation in assessment.citations:
            assert citation.quote in plan.clauses[citation.clause].text
            assert citation.quote in plan.flat_text


@given(units())
@relaxed
def test_only_a_verdict_that_is_met_carries_remarks(unit: Unit) -> None:
    for assessment in assess(RULES, unit):
        assert assessment.verdict is Verdict.MET or not assessment.flags


@given(units())
@relaxed
def test_what_is_presumed_has_its_meaning_in_the_plan(unit: Unit) -> None:
    for assessment in assess(RULES, unit):
        assert set(assessment.presumed) <= RULES.presumable - unit.facts.keys()


@given(units())
@relaxed
def test_a_decided_verdict_misses_nothing(unit: Unit) -> None:
    for assessment in assess(RULES, unit):
        if assessment.verdict is not Verdict.UNDECIDED:
            assert not assessment.wanted
            assert not assessment.readings
        else:
            assert assessment.wanted or assessment.readings


def _is_one_way(unit: Unit, fact: str) -> bool:
    """Whether the figure is entered in one way only, so that no second entry contradicts it."""
    for figure in RULES.figures.values():
        if fact in figure.facts:
            ways = [s for s in figure.sources if any(f in unit.facts for f in s.facts)]
            if len(ways) > 1:
                return False
    reductions = {"reduction_vs_plan_pct", "reduction_vs_resolution_pct", "reduction_planned_pp"}
    return len(reductions & set(unit.facts)) < 2 or fact not in reductions


def _examples(n: int, seed: int) -> Iterator[Unit]:
    chooser = random.Random(seed)
    for _ in range(n):
        subject, occasion = chooser.choice(sorted(RULES.ready))
        facts = {}
        for fact in RULES.ready[(subject, occasion)].facts:
            if chooser.random() < 0.5:
                unit = Unit(subject, occasion)
                values = list(sample_values(RULES.facts[fact], RULES, unit, fact))
                facts[fact] = chooser.choice(values)
        yield Unit(subject, occasion, facts)
