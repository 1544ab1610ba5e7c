"""Which facts are still worth asking for, and in which order they settle the verdicts fastest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from knowledge.assessment import Assessment, Verdict, assess
from knowledge.facts import Fact, Kind, Unit, Value
from knowledge.findings import Status
from knowledge.judging import FigureTest, PeriodTest
from knowledge.openness import open_facts_of
from knowledge.rules import RuleBook


def open_facts(rules: RuleBook, unit: Unit, declined: Collection[str] = ()) -> tuple[str, ...]:
    """The unknown facts whose value can still change some verdict, in the order to ask them.

    `declined` are facts that the applicant does not know: they are not named again, other ways
    to the same figure are. Empty when nothing that can be entered would change a verdict.
    Raises UnitError as `assess` does.
    """
    found: dict[str, None] = {}
    for assessment in _undecided(rules, unit):
        facts = open_facts_of(assessment.standards, assessment.criteria, declined)
        found.update(dict.fromkeys(facts))
    order = [fact for fact in rules.facts if fact in found]
    return tuple(sorted(order, key=lambda fact: -_settled_by(rules, unit, fact)))


def offered_facts(rules: RuleBook, unit: Unit, declined: Collection[str] = ()) -> tuple[str, ...]:
    """Facts that are not asked for, yet whose value would change a verdict if it were stated.

    Their emptiness was given a meaning, or another figure for the same target is used alone. A
    conversation offers them. What a confirmed fact covers already is left out, and so is the year
    of an occasion whose clause names it.
    """
    open_now = open_facts(rules, unit, declined)
    assessments = assess(rules, unit)
    found = {fact for assessment in assessments for fact in _unstated(assessment)}
    if rules.subjects.occasions[unit.occasion].year is not None:
        found -= _years_asked_of(assessments)
    return tuple(
        fact
        for fact in rules.facts
        if fact in found
        and fact not in (*unit.facts, *declined, *open_now)
        and unit.facts.get(rules.facts[fact].covered_by or "") != "yes"
        and _matters(rules, unit, fact)
    )


def _unstated(assessment: Assessment) -> Iterator[str]:
    """Facts that the verdict does without: presumed ones, and second figures for one target."""
    yield from assessment.presumed
    for part in assessment.criteria:
        for leaf in part.leaves:
            if isinstance(leaf.test, FigureTest) and leaf.status is not Status.NO_DATA:
                for figure, measured in zip(leaf.test.figures, leaf.measured, strict=False):
                    if not measured.is_settled:
                        yield from figure.sources[0].facts


def _years_asked_of(assessments: Iterable[Assessment]) -> set[str]:
    """The facts that say which year is reviewed."""
    standards = (part for assessment in assessments for part in assessment.standards)
    tests = (leaf.test for part in standards for leaf in part.leaves)
    return {test.fact for test in tests if isinstance(test, PeriodTest)}


def sample_values(fact: Fact, rules: RuleBook, unit: Unit, fact_id: str) -> Iterator[Value]:
    """Values that stand for all that the fact can have: every choice, or around each threshold."""
    if fact.codes:
        yield from fact.codes
        return
    if fact.kind is Kind.YEAR:
        yield from map(Decimal, range(rules.years.first - 1, rules.years.last + 2))
        return
    low = fact.minimum if fact.minimum is not None else Decimal(0)
    high = fact.maximum if fact.maximum is not None else Decimal(10) ** 6
    middle = sorted({Decimal(0), *_thresholds(rules, unit, fact_id)})
    for number in (low, *middle, high):
        if low <= number <= high:
            yield (number,) if fact.is_list else number


def _thresholds(rules: RuleBook, unit: Unit, fact_id: str) -> set[Decimal]:
    ready = rules.ready[(unit.subject, unit.occasion)]
    found = set()
    for award in ready.awards:
        for criterion in award.criteria:
            for test in criterion.test.leaves:
                if isinstance(test, FigureTest) and fact_id in test.own_facts:
                    found |= _around(test.bound.value)
    return found


def _around(bound: Fraction) -> set[Decimal]:
    exact = Decimal(bound.numerator) / Decimal(bound.denominator)
    return {exact, exact + 1}


def _undecided(rules: RuleBook, unit: Unit) -> list[Assessment]:
    return [a for a in assess(rules, unit) if a.verdict is Verdict.UNDECIDED]


def _matters(rules: RuleBook, unit: Unit, fact_id: str) -> bool:
    """Whether some answer leads to other verdicts than having none."""
    values = sample_values(rules.facts[fact_id], rules, unit, fact_id)
    before = [a.verdict for a in assess(rules, unit)]
    return any(
        [a.verdict for a in assess(rules, unit.with_fact(fact_id, value))] != before
        for value in values
    )


def _settled_by(rules: RuleBook, unit: Unit, fact_id: str) -> Fraction:
    """How many verdicts one answer settles on average, over the values that it can have."""
    before = len(_undecided(rules, unit))
    values = list(sample_values(rules.facts[fact_id], rules, unit, fact_id))
    settled = [before - len(_undecided(rules, unit.with_fact(fact_id, v))) for v in values]
    return Fraction(sum(settled), len(settled))
