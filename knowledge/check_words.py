"""Checks that each test's operator and number are those of the words that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge.criteria import (
    AllOf,
    AnyOf,
    Chosen,
    Contributed,
    Measured,
    Requirement,
    Test,
    WithinPeriod,
)
from knowledge.messages import messages
from knowledge.plan import Plan
from knowledge.values import choice_label, folded, format_number

_PERCENTAGE = re.compile(r"(\d+(?:,\d+)?)%")
_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?![.,]?\d)"
_COUNT = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class PlacedTest:
    """A test with the quote it belongs to and its place in the folder."""

    place: str
    quote: str
    spec: Test


def word_problems(plan: Plan) -> Iterator[str | None]:
    """Each test: its words stand in its quote, its number in its words, its operator agrees."""
    for placed in placed_tests(plan):
        yield next(_problems(plan, placed), None)


def placed_tests(plan: Plan) -> Iterator[PlacedTest]:
    """Every test of criteria and standards."""
    for award in plan.rules.awards:
        for occasion, round_ in award.occasions.items():
            for c in round_.criteria:
                place = f"awards/{award.id}.yaml: {occasion}: bullet {c.bullet}"
                yield from (PlacedTest(place, c.quote, spec) for spec in _tests(c.requires))
    for standard in plan.rules.standards.standards:
        place = f"standards.yaml: {standard.id}"
        yield from (PlacedTest(place, standard.quote, spec) for spec in _tests(standard.requires))


def _tests(requirement: Requirement) -> Iterator[Test]:
    if isinstance(requirement, AnyOf | AllOf):
        parts = requirement.any_of if isinstance(requirement, AnyOf) else requirement.all_of
        for part in parts:
            yield from _tests(part)
    else:
        yield requirement


def _problems(plan: Plan, placed: PlacedTest) -> Iterator[str]:
    words, place = placed.spec.words, placed.place
    if words not in placed.quote:
        yield f"{place}: words: {words!r} is not in its quote"
    if isinstance(placed.spec, Measured):
        yield from _number_problems(place, placed.spec)
    for operator, number in _operators(plan, placed.spec):
        wanted = messages().operators[operator]
        is_flagged = isinstance(placed.spec, Measured) and placed.spec.flag is not None
        against = wanted.without if is_flagged else wanted.without + wanted.flag_if
        has = [pattern.format(n=number) for pattern in wanted.has]
        said = _as_percentage(words) if wanted.speaks_of_percentage and number else words
        wrong = [p.format(n=number) for p in against if p.format(n=number) in said]
        if not any(pattern in said for pattern in has):
            yield f"{place}: {operator}: {words!r} has none of {has}"
        if wrong:
            yield f"{place}: {operator}: {words!r} says {wrong[0]!r}, which is another operator"


def _number_problems(place: str, spec: Measured) -> Iterator[str]:
    stated = set(_PERCENTAGE.findall(spec.words))
    if not stated and spec.threshold is not None:  # a count: "từ 300 kg trở lên"
        stated = {_plain(number) for number in _COUNT.findall(spec.words)}
    ruled = set() if spec.threshold is None else {format_number(spec.threshold)}
    if stated != ruled:
        has, rule = ", ".join(sorted(stated)) or "none", ", ".join(ruled) or "none"
        yield f"{place}: threshold: the rule has {rule}, the words {spec.words!r} have {has}"


def _as_percentage(words: str) -> str:
    """The words with counts written as the operators' patterns are: "từ 300% trở lên"."""
    if _PERCENTAGE.search(words):
        return words
    more = re.escape(messages().values["or_more"])
    # a count with its unit: "300 kg giấy vụn trở lên"
    counted = rf"(?P<number>{_NUMBER})[^\d,;.]*?(?P<more> {more})?(?=$|[,;.])"
    return re.sub(counted, lambda m: f"{_plain(m['number'])}%{m['more'] or ''}", words)


def _plain(number: str) -> str:
    """The number as rules are printed: without leading zeros and dots between thousands."""
    whole, _, fraction = number.partition(",")
    return format_number(Decimal(f"{whole.replace('.', '')}.{fraction or 0}"))


def _operators(plan: Plan, spec: Test) -> Iterator[tuple[str, str]]:
    """The operators that a test uses, each with its number or word."""
    if isinstance(spec, Measured):
        yield from _measured_operators(spec)
    elif isinstance(spec, Chosen):
        if spec.value is not None:
            yield spec.test, folded(choice_label(plan.rules.facts[spec.fact], spec.value))
    elif isinstance(spec, Contributed):
        yield "contribution", ""
    elif isinstance(spec, WithinPeriod):
        yield "within_period", str(plan.rules.years.first)
        yield "within_period", str(plan.rules.years.last)


def _measured_operators(spec: Measured) -> Iterator[tuple[str, str]]:
    yield spec.test.value, "" if spec.threshold is None else format_number(spec.threshold)
    if spec.one_target:
        yield "one_target", ""
    if spec.either:
        yield "either", ""
