"""Checks that each award and criterion can be met by someone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from knowledge.assessment import Verdict, assess
from knowledge.criteria import Measure
from knowledge.facts import Unit, Value
from knowledge.judging import AnyTest, ChoiceTest, FigureTest, GroupTest, NormTest, PeriodTest
from knowledge.leaf import LeafTest
from knowledge.plan import Plan
from knowledge.rules import ReadyCriterion, RuleBook
from knowledge.sources import ShareSource, ValueSource
from knowledge.wording import place

Given = dict[str, Value]


def reach_problems(plan: Plan) -> Iterator[str | None]:
    """Each criterion, for each subject it names; and each award on each occasion."""
    rules = plan.rules
    for award in rules.awards:
        for occasion in award.occasions:
            reached = [
                _is_reached(rules, award.id, subject, occasion, criterion)
                for subject in rules.subjects.subjects
                for ready in rules.ready[(subject, occasion)].awards
                if ready.award.id == award.id
                for criterion in ready.criteria
            ]
            yield from (problem for problem in reached)
            met = any(problem is None for problem in reached)
            where = f"awards/{award.id}.yaml: {occasion}"
            yield None if met else f"{where}: nobody can meet the award; look at its criteria"


def _is_reached(
    rules: RuleBook, award_id: str, subject: str, occasion: str, criterion: ReadyCriterion
) -> str | None:
    may_be_doubtful = criterion.doubt is not None
    gates = [standard.test for standard in rules.ready[(subject, occasion)].standards]
    for given in _witnesses([*gates, criterion.test], rules):
        unit = Unit(subject, occasion, given)
        found = {a.award.id: a for a in assess(rules, unit)}[award_id]
        mine = next(c for c in found.criteria if c.citation == criterion.citation)
        if found.verdict is Verdict.MET and mine in found.decisive:
            return None
        if may_be_doubtful and found.verdict is not Verdict.NOT_MET:
            return None
    where = place(criterion.citation)
    return f"awards/{award_id}.yaml: {occasion}: {where} cannot be met by a {subject}"


def _witnesses(tests: list[AnyTest], rules: RuleBook) -> Iterator[Given]:
    for choice in product(*(_ways(test, rules) for test in tests)):
        merged: Given = {}
        for given in choice:
            merged.update(given)
        yield merged


def _ways(test: AnyTest, rules: RuleBook) -> list[Given]:
    """Facts with which the test passes; several where one of several tests is enough."""
    if isinstance(test, GroupTest):
        if test.is_any:
            return [given for part in test.parts for given in _ways(part, rules)]
        return list(_witnesses(list(test.parts), rules))
    return [_passing(test, rules)]


def _passing(test: LeafTest, rules: RuleBook) -> Given:
    if isinstance(test, ChoiceTest):
        return {test.fact: min(test.passing, key=test.codes.index)}
    if isinstance(test, NormTest):
        return {test.contribution: Decimal(1), test.norm: Decimal(1)}
    if isinstance(test, PeriodTest):
        return {test.fact: Decimal(test.years.first)}
    return _passing_figure(test, rules) if isinstance(test, FigureTest) else {}


def _passing_figure(test: FigureTest, rules: RuleBook) -> Given:
    wanted = test.bound.value + (0 if test.bound.measure is Measure.NONE else 1)
    number = Decimal(wanted.numerator) / Decimal(wanted.denominator)
    given: Given = {}
    for figure in test.figures:
        source = figure.sources[0]
        if isinstance(source, ValueSource):
            given[source.value] = (number,) if rules.facts[source.value].is_list else number
        elif isinstance(source, ShareSource):
            given |= {source.whole: Decimal(1), source.part: Decimal(1)}
    return given
