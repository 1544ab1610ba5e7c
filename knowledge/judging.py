"""Tests made ready for one subject: each looks at facts and says what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from knowledge.facts import Facts
from knowledge.figures import Figure, agreed
from knowledge.findings import Finding, GroupFinding, Status
from knowledge.leaf import Bound, LeafTest
from knowledge.sources import ShareSource
from knowledge.truth import Truth, all_of, any_of, truth_of


@dataclass(frozen=True, slots=True)
class FigureTest(LeafTest):
    """A figure, or several for one target, against a bound."""

    figures: tuple[Figure, ...]
    bound: Bound
    conflict: str
    flag: str | None

    @property
    def presumable(self) -> tuple[str, ...]:
        """As of every test, and the parts that may be waiting for recognition."""
        return super(FigureTest, self).presumable + tuple(
            source.awaiting
            for figure in self.figures
            for source in figure.sources
            if isinstance(source, ShareSource) and source.awaiting
        )

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The facts of the figures."""
        return tuple(fact for figure in self.figures for fact in figure.facts)

    def look(self, facts: Facts) -> Finding:
        """The figures' measurement; where none is given, the meaning of an empty value."""
        if self.empty is not None and not any(f.is_claimed(facts) for f in self.figures):
            return self.presumed(self.empty, self.own_facts[:1])
        each = tuple(figure.measure(facts, self.bound.passes) for figure in self.figures)
        measured = agreed(each, self.conflict)
        finding = self.settled(measured.truth, measured.status, measured.value)
        if not measured.is_settled:
            finding.low = all_of(way.low for way in measured.ways)
            finding.high = any_of(way.high for way in measured.ways)
        finding.reading, finding.ways = measured.reading, measured.ways
        finding.awaiting, finding.presumed = measured.awaiting, measured.presumed
        finding.measured = each
        return finding


@dataclass(frozen=True, slots=True)
class ChoiceTest(LeafTest):
    """A choice against the codes that pass, wait for a decision, or are in doubt."""

    fact: str
    passing: frozenset[str]
    awaiting: frozenset[str]
    doubtful: frozenset[str]
    reading: str | None
    codes: tuple[str, ...]

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The fact that is chosen."""
        return (self.fact,)

    def look(self, facts: Facts) -> Finding:
        """Whether the choice passes."""
        value = facts.get(self.fact)
        if value is None:
            return self._empty()
        if value in self.passing:
            return self.settled(Truth.TRUE, Status.PASSES, str(value))
        if value in self.awaiting:
            waiting = self.settled(Truth.UNKNOWN, Status.AWAITING, str(value))
            waiting.awaiting = (self.fact,)
            return waiting
        if value in self.doubtful:
            doubt = self.settled(Truth.UNKNOWN, Status.DOUBTFUL, str(value))
            doubt.reading = self.reading
            return doubt
        return self.settled(Truth.FALSE, Status.FAILS, str(value))

    def _empty(self) -> Finding:
        if self.empty is not None:
            return self.presumed(self.empty, (self.fact,))
        can_fail = set(self.codes) - self.passing - self.awaiting - self.doubtful
        return self.unknown((self.fact,), Truth.FALSE if can_fail else Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class NormTest(LeafTest):
    """A contribution against a norm that the plan leaves to the council."""

    contribution: str
    unvalued: str
    norm: str

    @property
    def presumable(self) -> tuple[str, ...]:
        """As of every test, and whether something is not valued yet."""
        return (*super(NormTest, self).presumable, self.unvalued)

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The contribution, what is not valued yet, and the norm."""
        return (self.contribution, self.unvalued, self.norm)

    def look(self, facts: Facts) -> Finding:
        """Whether the contribution reaches the norm; a contribution of 0 never does."""
        amount, norm = facts.get(self.contribution), facts.get(self.norm)
        has_unvalued = facts.get(self.unvalued) == "yes"
        if amount is None and not has_unvalued and self.empty is not None:
            return self.presumed(self.empty, (self.contribution,))
        given = None if amount is None else Fraction(str(amount))
        if given == 0:  # whatever the norm is
            return (
                self._waits_for_value(given)
                if has_unvalued
                else self.settled(Truth.FALSE, Status.FAILS, given)
            )
        if given is None or norm is None:
            return self._open(facts, given, has_unvalued)
        if given >= Fraction(str(norm)):
            return self.settled(Truth.TRUE, Status.PASSES, given)
        if has_unvalued:
            return self._waits_for_value(given)
        failed = self.settled(Truth.FALSE, Status.FAILS, given)
        failed.presumed = () if self.unvalued in facts else (self.unvalued,)
        return failed

    def _open(self, facts: Facts, given: Fraction | None, has_unvalued: bool) -> Finding:
        way = tuple(fact for fact in (self.contribution, self.norm) if fact not in facts)
        finding = self.unknown(way, Truth.UNKNOWN if has_unvalued else Truth.FALSE)
        finding.value = given
        if self.norm in way:
            finding.status = Status.NO_NORM
        if has_unvalued:
            finding.awaiting = (self.unvalued,)
        return finding

    def _waits_for_value(self, given: Fraction | None) -> Finding:
        finding = self.settled(Truth.UNKNOWN, Status.AWAITING, given)
        finding.awaiting = (self.unvalued,)
        return finding


@dataclass(frozen=True, slots=True)
class PeriodTest(LeafTest):
    """A year against the plan's period."""

    fact: str

    @property
    def own_facts(self) -> tuple[str, ...]:
        """The year."""
        return (self.fact,)

    def look(self, facts: Facts) -> Finding:
        """Whether the year lies within the period."""
        year = facts.get(self.fact)
        if year is None and self.empty is not None:
            return self.presumed(self.empty, (self.fact,))
        if year is None:
            return self.unknown((self.fact,))
        holds = self.years.first <= int(str(year)) <= self.years.last
        status = Status.PASSES if holds else Status.FAILS
        return self.settled(truth_of(holds), status, str(year))


@dataclass(frozen=True, slots=True)
class GroupTest:
    """Several tests of which one is enough, or all are needed."""

    is_any: bool
    parts: tuple[AnyTest, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that the tests look at."""
        return tuple(fact for part in self.parts for fact in part.facts)

    @property
    def leaves(self) -> tuple[LeafTest, ...]:
        """The single tests, in the order of the data."""
        return tuple(leaf for part in self.parts for leaf in part.leaves)

    def judge(self, facts: Facts) -> GroupFinding:
        """What the tests find together."""
        parts = tuple(part.judge(facts) for part in self.parts)
        fold = any_of if self.is_any else all_of
        return GroupFinding(self.is_any, fold(part.truth for part in parts), parts)


AnyTest = LeafTest | GroupTest
