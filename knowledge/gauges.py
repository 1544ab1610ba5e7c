"""Where a unit stands for an award, as figures against thresholds, for a picture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from knowledge.assessment import Assessment, CriterionFinding, Verdict
from knowledge.clauses import Citation
from knowledge.criteria import Measure
from knowledge.facts import Facts
from knowledge.findings import Finding, Status
from knowledge.judging import FigureTest, NormTest
from knowledge.phrases import figure_phrases, leaf_text
from knowledge.rules import RuleBook
from knowledge.sources import Measurement, numbers_of
from knowledge.truth import Truth

GAUGES_SHOWN = 4  # more than these nobody takes in at a glance
_NOT_ASKED_FOR = (Status.NOT_CLAIMED, Status.PRESUMED, Status.DOES_NOT_APPLY)
_UNCOUNTED = (Measure.NONE, Measure.SOME)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One test of an award: `text` says everything, the numbers are for drawing.

    `threshold` is None for a test that is no comparison of numbers, `value` while it is unknown;
    `unit` is "percent" or "money". `citation` holds the words that set the threshold.
    """

    text: str
    truth: Truth
    citation: Citation
    unit: str = ""
    value: Fraction | None = None
    threshold: Fraction | None = None


def gauges(rules: RuleBook, facts: Facts, assessment: Assessment) -> tuple[Gauge, ...]:
    """What decides the verdict: a standard that excludes first, else known figures first.

    Where a criterion holds, one is enough, so the others are left out; so is what is unknown and
    can change nothing any more. At most GAUGES_SHOWN.
    """
    standards = [s for s in assessment.standards if s.truth is not Truth.TRUE]
    if assessment.verdict is Verdict.NOT_MET:
        standards = [s for s in standards if s.truth is Truth.FALSE]
    passed = [c for c in assessment.criteria if c.truth is Truth.TRUE]
    parts = [*standards, *(passed or assessment.criteria)]
    if assessment.verdict is Verdict.MET:
        parts = passed
    found = [g for part in parts for g in _of_part(rules, facts, part, assessment.wanted)]
    once = list(dict.fromkeys(found))
    if assessment.verdict is Verdict.MET:
        once = [gauge for gauge in once if gauge.truth is Truth.TRUE]
    excluding = {standard.citation for standard in standards if standard.truth is Truth.FALSE}
    once.sort(key=lambda gauge: (gauge.citation not in excluding, gauge.value is None))
    return tuple(once[:GAUGES_SHOWN])


def _of_part(
    rules: RuleBook, facts: Facts, part: CriterionFinding, wanted: Collection[str]
) -> Iterator[Gauge]:
    for leaf in part.leaves:
        if leaf.status in _NOT_ASKED_FOR:
            continue
        if isinstance(leaf.test, FigureTest) and leaf.test.bound.measure not in _UNCOUNTED:
            for figure, measured, text in figure_phrases(rules, facts, leaf, leaf.test):
                if measured.is_settled or not wanted or not _is_idle(figure.facts, wanted):
                    yield _of_figure(part.citation, leaf.test, measured, text, figure.unit)
        elif leaf.truth is Truth.UNKNOWN and wanted and _is_idle(leaf.test.own_facts, wanted):
            continue
        elif isinstance(leaf.test, NormTest):
            yield _of_norm(rules, facts, part.citation, leaf, leaf.test)
        else:
            yield Gauge(leaf_text(rules, facts, leaf), leaf.truth, part.citation)


def _is_idle(facts: Collection[str], wanted: Collection[str]) -> bool:
    """Whether knowing the facts would change nothing."""
    return not set(facts) & set(wanted)


def _of_figure(
    citation: Citation, test: FigureTest, measured: Measurement, text: str, unit: str
) -> Gauge:
    return Gauge(text, measured.truth, citation, unit, measured.value, test.bound.value)


def _of_norm(
    rules: RuleBook, facts: Facts, citation: Citation, leaf: Finding, test: NormTest
) -> Gauge:
    given, norm = numbers_of(facts, test.contribution), numbers_of(facts, test.norm)
    text = leaf_text(rules, facts, leaf)
    if not given or not norm:
        return Gauge(text, leaf.truth, citation)
    return Gauge(text, leaf.truth, citation, "money", given[0], norm[0])
