"""Single findings in Vietnamese phrases: figure, threshold, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from knowledge.criteria import Measure
from knowledge.distance import Distance, distance_to_norm, distances
from knowledge.facts import Facts
from knowledge.figures import Figure
from knowledge.findings import Finding, Status
from knowledge.judging import FigureTest, NormTest
from knowledge.leaf import Bound
from knowledge.messages import messages
from knowledge.rules import RuleBook
from knowledge.sources import WHOLE, Measurement
from knowledge.values import format_number, format_value


@lru_cache(maxsize=256)
def requirement(bound: Bound) -> str:
    """What a bound asks for, in words: "trên 50%"."""
    is_count = bound.measure in (Measure.NONE, Measure.SOME)
    threshold = format_number(bound.value)
    if not is_count:
        threshold = messages().values["percent"].format(number=threshold)
    over = messages().values["percent"].format(number=format_number(bound.value - WHOLE))
    return messages().requirements[bound.measure.value].format(threshold=threshold, over=over)


def distance_text(rules: RuleBook, distances: tuple[Distance, ...]) -> str:
    """What is missing, ready to follow a figure; "" for nothing."""
    parts = []
    for distance in distances:
        unit = rules.facts[distance.unit_fact].unit if distance.unit_fact else ""
        amount = format_number(distance.amount, is_rounded_up=True)
        whole = "" if distance.whole is None else format_number(distance.whole)
        pattern = messages().distances[distance.kind]
        parts.append(pattern.format(amount=amount, unit=unit, whole=whole))
    return "".join(parts)


def leaf_text(rules: RuleBook, facts: Facts, leaf: Finding) -> str:
    """What one test found, in one phrase."""
    test = leaf.test
    if leaf.status in (Status.PRESUMED, Status.NOT_CLAIMED):
        return _empty_text(rules, leaf)
    if isinstance(test, NormTest):
        return _norm_text(rules, facts, leaf, test)
    if isinstance(test, FigureTest):
        return _figure_text(rules, facts, leaf, test)
    fact = test.own_facts[0]
    value = format_value(rules.facts[fact], facts[fact]) if fact in facts else ""
    key = f"chosen_{leaf.status.value}" if leaf.status is not Status.DOUBTFUL else "doubtful"
    if leaf.status is Status.NO_DATA and value:
        key = "doubtful"
    return messages().statuses[key].format(label=rules.facts[fact].label, value=value)


def figure_phrases(
    rules: RuleBook, facts: Facts, leaf: Finding, test: FigureTest
) -> Iterator[tuple[Figure, Measurement, str]]:
    """What a test found about each of its figures that tells something, a phrase a figure."""
    texts = messages().statuses
    for figure, measured in zip(test.figures, leaf.measured, strict=True):
        if not measured.is_settled and leaf.status is not Status.NO_DATA:
            continue
        value = measured.value
        number = "" if value is None else format_number(value)
        is_fact = figure.unit == "count" or value is None
        pattern = "count" if is_fact else "percent"
        written = messages().values[pattern].format(number=number, unit="").strip()
        key = _figure_key(measured.status, value)
        missing = distances(test, figure, value, facts) if measured.status is Status.FAILS else ()
        phrase = texts[key].format(
            label=figure.label,
            value=written,
            requirement=requirement(test.bound),
            distance=distance_text(rules, missing),
        )
        yield figure, measured, phrase


def _figure_text(rules: RuleBook, facts: Facts, leaf: Finding, test: FigureTest) -> str:
    shown = []
    for figure, measured, phrase in figure_phrases(rules, facts, leaf, test):
        shown.append(phrase)
        shown += _not_from(rules, facts, figure.not_from, figure.label, measured.is_settled)
    return messages().reasons["joined"].join(shown)


def _figure_key(status: Status, value: Fraction | None) -> str:
    if status is Status.DOUBTFUL and value is None:
        return "doubtful_no_value"
    return status.value


def _not_from(
    rules: RuleBook, facts: Facts, names: list[str], label: str, is_settled: bool
) -> list[str]:
    given = [name for name in names if name in facts]
    if not given or is_settled:
        return []
    return [messages().statuses["not_from"].format(label=rules.facts[given[0]].label, figure=label)]


def _norm_text(rules: RuleBook, facts: Facts, leaf: Finding, test: NormTest) -> str:
    fact, norm = rules.facts[test.contribution], rules.facts[test.norm]
    texts = messages().statuses
    amount = facts.get(test.contribution)
    source = rules.standards.norm_source
    key = "no_norm" if leaf.status is Status.NO_NORM else f"norm_{leaf.status.value}"
    if leaf.status is Status.FAILS and amount == 0:
        key = "norm_zero"
    if leaf.status is Status.NO_DATA:
        key = "chosen_no_data"
    return texts[key].format(
        label=fact.label,
        value=texts["norm_unknown_amount"] if amount is None else format_value(fact, amount),
        norm=format_value(norm, facts[test.norm]) if test.norm in facts else "",
        norm_clause=source.clause if source else "",
        norm_quote=source.quote if source else "",
        distance=distance_text(rules, distance_to_norm(test, facts)),
    )


def _empty_text(rules: RuleBook, leaf: Finding) -> str:
    fact = rules.facts[leaf.presumed[0]]
    return messages().statuses[leaf.status.value].format(label=fact.label, meaning=fact.empty_means)
