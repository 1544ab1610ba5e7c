"""No question is irrelevant, and none that matters is left out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import assume, given
from unit_strategies import RULES, nearly_complete_units, searching, verdicts

from knowledge import Unit, Value, Verdict
from knowledge.questions import open_facts, sample_values


@given(nearly_complete_units())
@searching
def test_no_question_is_irrelevant(unit: Unit) -> None:
    """For each fact asked, two answers exist that lead to different verdicts."""
    for fact in open_facts(RULES, unit):
        others = [other for other in _askable(unit) if other != fact]
        assume(len(others) <= 3)
        assert any(_is_decisive(filled, fact) for filled in _fillings(unit, others))


@given(nearly_complete_units())
@searching
def test_when_no_question_is_left_no_answer_matters(unit: Unit) -> None:
    """Facts that are a second way to a stated figure, or presumed, are not questions."""
    assume(not open_facts(RULES, unit))
    left = [fact for fact in _askable(unit) if not _is_second_way(unit, fact)]
    assume(len(left) <= 3)
    open_awards = {a for a, v in verdicts(unit).items() if v is Verdict.UNDECIDED}
    for filled in _fillings(unit, left):
        after = verdicts(filled)
        assert all(after[award] is Verdict.UNDECIDED for award in open_awards)


def _askable(unit: Unit) -> list[str]:
    presumed = set(RULES.presumable)
    return [
        fact
        for fact in RULES.ready[(unit.subject, unit.occasion)].facts
        if fact not in unit.facts and (fact not in presumed or fact in open_facts(RULES, unit))
    ]


def _samples(fact: str, unit: Unit) -> list[Value]:
    values = list(sample_values(RULES.facts[fact], RULES, unit, fact))
    if not RULES.facts[fact].codes:
        extra = [v for v in unit.facts.values() if isinstance(v, Decimal)]
        top = RULES.facts[fact].maximum or Decimal(2030)
        values += [v for v in {*extra, Decimal(1)} if 0 <= v <= top]
        if not RULES.facts[fact].is_whole:
            values.append((Decimal("0.5"),) if RULES.facts[fact].is_list else Decimal("0.5"))
    return values


def _fillings(unit: Unit, others: list[str]) -> Iterator[Unit]:
    yield unit
    if not others:
        return
    for value in _samples(others[0], unit):
        yield from _fillings(unit.with_fact(others[0], value), others[1:])
    yield from _fillings(unit, others[1:])


def _is_decisive(unit: Unit, fact: str) -> bool:
    seen = {tuple(verdicts(unit.with_fact(fact, v)).values()) for v in _samples(fact, unit)}
    return len(seen) > 1


def _is_second_way(unit: Unit, fact: str) -> bool:
    """Whether its figure is stated already, or nobody claimed it, or another fact rules it out."""
    mine = [figure for figure in RULES.figures.values() if fact in figure.facts]
    if fact == "left_extreme_difficulty" and unit.facts.get("has_extreme_hamlet") == "no":
        return True
    if fact == "has_extreme_hamlet" and "extreme_hamlets_start" in unit.facts:
        return True
    if unit.subject == "donor" and any(f.facts[0].endswith("target_pct") for f in mine):
        return True
    reductions = [f for name, f in RULES.figures.items() if name.startswith("reduction_")]
    if mine and mine[0] in reductions:
        mine = reductions
    return any(figure.is_claimed(unit.facts) for figure in mine)
