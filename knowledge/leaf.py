"""What every ready test shares: its bound, its meaning of an empty value, its doubts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from knowledge.criteria import Measure, Test, When
from knowledge.facts import Facts
from knowledge.findings import Finding, Status, Way
from knowledge.sources import WHOLE
from knowledge.truth import Truth, truth_of


@dataclass(frozen=True, slots=True)
class Bound:
    """A threshold as a number, and how a figure has to stand to it."""

    measure: Measure
    value: Fraction
    is_inclusive: bool

    def passes(self, figure: Fraction) -> bool:
        """Whether a figure satisfies the threshold."""
        if self.measure is Measure.NONE:
            return figure == 0
        return figure >= self.value if self.is_inclusive else figure > self.value


def bound_of(measure: Measure, threshold: Fraction) -> Bound:
    """The bound that a test sets; `threshold` is ignored where the words name none."""
    values = {
        Measure.AT_LEAST: (threshold, True),
        Measure.MORE_THAN: (threshold, False),
        Measure.REACHES: (WHOLE, True),
        Measure.EXCEEDS: (WHOLE, False),
        Measure.EXCEEDS_BY: (WHOLE + threshold, True),
        Measure.NONE: (Fraction(0), True),
        Measure.SOME: (Fraction(0), False),
    }
    return Bound(measure, *values[measure])


@dataclass(frozen=True, slots=True)
class Years:
    """First and last year of the plan's period."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LeafTest:
    """What every ready test has.

    `empty` is the truth that an empty value gets, if a meaning is given to it. `doubt_on_pass`
    and `doubt_on_fail` are readings; the second holds only where `doubt_when` is stated.
    """

    spec: Test
    years: Years
    empty: Truth | None
    doubt_on_pass: str | None
    doubt_on_fail: str | None
    doubt_when: When | None

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that the test looks at."""
        when = self.doubt_when
        named = (when.fact, when.before) if when and self.doubt_on_fail else ()
        return self.own_facts + tuple(fact for fact in named if fact)

    @property
    def presumable(self) -> tuple[str, ...]:
        """The facts whose empty value the test gives a meaning to."""
        mine = self.own_facts[:1] if self.empty is not None else ()
        when = self.doubt_when
        earlier = (when.fact,) if when and when.before and self.doubt_on_fail else ()
        return mine + earlier

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The facts that the test is about."""
        raise NotImplementedError

    @property
    def leaves(self) -> tuple[LeafTest, ...]:
        """The test itself, as a group would list it."""
        return (self,)

    def judge(self, facts: Facts) -> Finding:
        """What the test finds, its doubts included."""
        finding = self.look(facts)
        if finding.truth is Truth.TRUE and self.doubt_on_pass:
            return self._doubted(finding, self.doubt_on_pass)
        if finding.truth is Truth.FALSE and self.doubt_on_fail:
            return self._perhaps_excused(finding, self.doubt_on_fail, facts)
        if self.doubt_on_pass and finding.high is Truth.TRUE:
            finding.high = Truth.UNKNOWN
        if self._is_excused_if_failed(facts) and finding.low is Truth.FALSE:
            finding.low = Truth.UNKNOWN
        return finding

    def look(self, facts: Facts) -> Finding:
        """What the test finds before its doubts are considered."""
        raise NotImplementedError

    def settled(self, truth: Truth, status: Status, value: Fraction | str | None = None) -> Finding:
        """A finding that no further fact changes."""
        return Finding(self, truth, status, truth, truth, value)

    def presumed(self, truth: Truth, facts: tuple[str, ...]) -> Finding:
        """The finding for an empty value that a meaning is given to."""
        status = Status.PRESUMED if truth is Truth.TRUE else Status.NOT_CLAIMED
        return Finding(self, truth, status, truth, truth, presumed=facts)

    def unknown(self, facts: tuple[str, ...], low: Truth = Truth.FALSE) -> Finding:
        """The finding for a value that only the applicant can give."""
        return Finding(self, Truth.UNKNOWN, Status.NO_DATA, low, Truth.TRUE, ways=(Way(facts),))

    def _doubted(self, finding: Finding, reading: str) -> Finding:
        doubted = self.settled(Truth.UNKNOWN, Status.DOUBTFUL, finding.value)
        doubted.reading, doubted.presumed = reading, finding.presumed
        doubted.measured = finding.measured
        return doubted

    def _is_excused_if_failed(self, facts: Facts) -> bool:
        """Whether a failure is only a doubt, whatever else becomes known."""
        when = self.doubt_when
        if self.doubt_on_fail is None or (when is not None and when.before is not None):
            return False
        return when is None or facts.get(when.fact) == when.is_

    def _perhaps_excused(self, finding: Finding, reading: str, facts: Facts) -> Finding:
        when = self.doubt_when
        if self._is_excused_if_failed(facts):
            return self._doubted(finding, reading)
        if when is None or when.before is None:
            return finding
        earlier = facts.get(when.fact)
        if earlier is None:
            finding.presumed += (when.fact,)
            return finding
        later = facts.get(when.before)
        is_earlier = self._is_earlier(int(str(earlier)), later)
        if is_earlier is Truth.FALSE:
            return finding
        doubted = self._doubted(finding, reading)
        if is_earlier is Truth.UNKNOWN:
            doubted.status, doubted.low = Status.NO_DATA, Truth.FALSE
            doubted.ways = (Way((when.before,), high=Truth.UNKNOWN),)
        return doubted

    def _is_earlier(self, earlier: int, later: object) -> Truth:
        """Whether a year lies before another, which if unknown may be any of the period."""
        if later is not None:
            return truth_of(earlier < int(str(later)))
        if earlier < self.years.first:
            return Truth.TRUE
        return Truth.UNKNOWN if earlier < self.years.last else Truth.FALSE
