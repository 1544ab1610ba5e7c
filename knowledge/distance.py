"""How far a figure is from its threshold, in the units that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from knowledge.criteria import Measure
from knowledge.facts import Facts
from knowledge.figures import Figure
from knowledge.judging import FigureTest, NormTest
from knowledge.leaf import Bound
from knowledge.sources import WHOLE, FallSource, ShareSource, Source, numbers_of


@dataclass(frozen=True, slots=True)
class Distance:
    """An amount that is missing.

    `kind` is one of: points, above_points, at_threshold (percentage points; the last two where
    the threshold itself is not enough), recognised, done, done_above, households (counts), money,
    remaining (what must go). `unit_fact` names the fact whose unit the amount has; `whole` is the
    number that the amount belongs to.
    """

    kind: str
    amount: Fraction
    unit_fact: str = ""
    whole: Fraction | None = None


def distances(
    test: FigureTest, figure: Figure, value: Fraction | None, facts: Facts
) -> tuple[Distance, ...]:
    """What one figure of a failed test lacks; empty where that cannot be computed."""
    if value is None:
        return ()
    if test.bound.measure is Measure.NONE:
        return (Distance("remaining", value, figure.facts[0]),)
    if test.bound.measure is Measure.SOME:
        return ()
    return (_in_points(test.bound, value), *_in_counts(test.bound, figure, facts))


def distance_to_norm(test: NormTest, facts: Facts) -> tuple[Distance, ...]:
    """What a contribution lacks; empty where it or the norm is unknown."""
    amount, norm = facts.get(test.contribution), facts.get(test.norm)
    if amount is None or norm is None:
        return ()
    return (Distance("money", Fraction(str(norm)) - Fraction(str(amount))),)


def _in_points(bound: Bound, value: Fraction) -> Distance:
    missing = bound.value - value
    if bound.is_inclusive:
        return Distance("points", missing)
    return Distance("above_points" if missing else "at_threshold", missing)


def _in_counts(bound: Bound, figure: Figure, facts: Facts) -> tuple[Distance, ...]:
    found = (_of_source(source, bound, facts) for source in figure.sources)
    return next(((distance,) for distance in found if distance), ())


def _of_source(source: Source, bound: Bound, facts: Facts) -> Distance | None:
    if isinstance(source, ShareSource):
        return _of_share(source, bound, facts)
    if isinstance(source, FallSource):
        return _of_fall(source, bound, facts)
    return None


def _of_share(source: ShareSource, bound: Bound, facts: Facts) -> Distance | None:
    wholes, parts = numbers_of(facts, source.whole), numbers_of(facts, source.part)
    if len(wholes) != 1 or len(parts) != 1:
        return None
    (whole,), (part,) = wholes, parts
    exact = bound.value * whole / WHOLE - part
    if source.whole_limits_part:
        return Distance("recognised", _steps(exact, bound), source.part, whole)
    kind = "done" if bound.is_inclusive else "done_above"
    return Distance(kind, exact, source.part, whole)


def _of_fall(source: FallSource, bound: Bound, facts: Facts) -> Distance | None:
    if any(fact not in facts for fact in source.facts):
        return None
    start = sum(number for count in source.fall for number in numbers_of(facts, count.start))
    fallen = start - sum(number for count in source.fall for number in numbers_of(facts, count.now))
    missing = _steps(bound.value * start / WHOLE - fallen, bound)
    return Distance("households", missing, source.fall[0].now)


def _steps(exact: Fraction, bound: Bound) -> Fraction:
    """The smallest whole number that closes the distance."""
    steps = -(-exact // 1)
    if not bound.is_inclusive and steps == exact:
        steps += 1
    return Fraction(steps)
