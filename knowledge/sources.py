"""Ways to enter a figure: the percentage itself, a share, a fall of counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from knowledge.criteria import When
from knowledge.facts import Facts
from knowledge.findings import Status, Way
from knowledge.truth import Truth, truth_of
from knowledge.yaml_reader import DataModel

Passes = Callable[[Fraction], bool]
_PLENTY = 10**12
WHOLE = Fraction(100)
"""A target done in full, in percent."""


@dataclass(slots=True)
class Measurement:
    """What one figure says about one threshold; fields as in a Finding."""

    truth: Truth
    status: Status
    value: Fraction | None = None
    reading: str | None = None
    ways: tuple[Way, ...] = ()
    awaiting: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether the data are complete, even if what they say is doubtful."""
        return self.status is not Status.NO_DATA

    def can_become(self, truth: Truth) -> bool:
        """Whether the facts that are still unknown could lead to this truth."""
        if self.is_settled:
            return self.truth is truth
        return any(way.low.value <= truth.value <= way.high.value for way in self.ways)


def numbers_of(facts: Facts, fact: str) -> tuple[Fraction, ...]:
    """The numbers that the fact holds, exactly; none if it is unknown."""
    value = facts.get(fact)
    if value is None:
        return ()
    if isinstance(value, tuple):
        return tuple(exact(number) for number in value)
    return (exact(Decimal(value)),)


@lru_cache(maxsize=8192)
def exact(number: Decimal) -> Fraction:
    """The number as a fraction; remembered, because a file of units repeats its figures."""
    return Fraction(number)


class ValueSource(DataModel):
    """The fact itself; of several numbers the lowest counts."""

    value: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that this source reads."""
        return (self.value,)

    def measure(self, facts: Facts, passes: Passes) -> Measurement:
        """What the fact says."""
        numbers = numbers_of(facts, self.value)
        if not numbers:
            return _no_data([self.value])
        return _judged(min(numbers), passes)


class NoWhole(DataModel):
    """What a share of nothing means: doubt, or that the criterion does not apply."""

    reading: str | None = None
    does_not_apply: Literal[True] | None = None


class ShareSource(DataModel):
    """A part of a whole in percent; of several pairs the lowest share counts.

    `awaiting` counts parts that wait for recognition: they never count as done, but where they
    would tip the result it is unknown. With `whole_limits_part` a larger part is impossible.
    """

    part: str
    whole: str
    no_whole: NoWhole
    awaiting: str | None = None
    whole_limits_part: bool = False
    none_when: When | None = None
    impossible: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that this source reads."""
        return tuple(fact for fact in (self.whole, self.part, self.awaiting) if fact)

    def measure(self, facts: Facts, passes: Passes) -> Measurement:
        """What the share says."""
        wholes, parts = numbers_of(facts, self.whole), numbers_of(facts, self.part)
        if 0 in wholes:
            return self._of_nothing(wholes, parts, passes)
        if not wholes and self.none_when and facts.get(self.none_when.fact) == self.none_when.is_:
            return Measurement(Truth.FALSE, Status.DOES_NOT_APPLY)
        if not wholes or not parts:
            return self._incomplete(facts, passes)
        if self._is_impossible(wholes, parts):
            return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, reading=self.impossible)
        share = min(part * WHOLE / whole for part, whole in zip(parts, wholes, strict=True))
        if passes(share):
            return _judged(share, passes)
        return self._failed(facts, share, parts[0], wholes[0], passes)

    def _of_nothing(
        self, wholes: tuple[Fraction, ...], parts: tuple[Fraction, ...], passes: Passes
    ) -> Measurement:
        if self.no_whole.does_not_apply:
            return Measurement(Truth.FALSE, Status.DOES_NOT_APPLY)
        # The lowest share counts, so another target that is missed decides whatever 0 of 0 means.
        shares = [part * WHOLE / whole for part, whole in zip(parts, wholes, strict=False) if whole]
        if len(wholes) == len(parts) and shares and not passes(min(shares)):
            return _judged(min(shares), passes)
        return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, reading=self.no_whole.reading)

    def _incomplete(self, facts: Facts, passes: Passes) -> Measurement:
        parts = numbers_of(facts, self.part)
        if parts and min(parts) <= 0 and not passes(Fraction(0)):
            # Nothing done is 0 % of whatever the whole is, unless the whole itself is in doubt.
            if self.no_whole.does_not_apply and not self._awaited(facts):
                return Measurement(Truth.FALSE, Status.FAILS, Fraction(0))
            return _no_data([self.whole], Truth.UNKNOWN)
        missing = [fact for fact in (self.whole, self.part) if fact not in facts]
        wholes, awaited = numbers_of(facts, self.whole), self._awaited(facts)
        if wholes and passes(min(awaited, wholes[0]) * WHOLE / wholes[0]):
            # However few are done, those that wait could still tip the result.
            return _no_data(missing, low=Truth.UNKNOWN)
        return _no_data(missing)

    def _is_impossible(self, wholes: tuple[Fraction, ...], parts: tuple[Fraction, ...]) -> bool:
        if len(wholes) != len(parts):
            return True
        return self.whole_limits_part and any(p > w for p, w in zip(parts, wholes, strict=True))

    def _awaited(self, facts: Facts) -> Fraction:
        numbers = numbers_of(facts, self.awaiting) if self.awaiting else ()
        return numbers[0] if numbers else Fraction(0)

    def _failed(
        self, facts: Facts, share: Fraction, part: Fraction, whole: Fraction, passes: Passes
    ) -> Measurement:
        if self.awaiting is None:
            return _judged(share, passes)
        awaited = self._awaited(facts)
        if passes(min(part + awaited, whole) * WHOLE / whole):
            return Measurement(Truth.UNKNOWN, Status.AWAITING, share, awaiting=(self.awaiting,))
        presumed = () if self.awaiting in facts else (self.awaiting,)
        return Measurement(Truth.FALSE, Status.FAILS, share, presumed=presumed)


class Count(DataModel):
    """A number at the start and the same number now."""

    start: str
    now: str


class FallSource(DataModel):
    """By how many percent counts have fallen: in total, and in each category."""

    fall: list[Count] = Field(min_length=1)
    by_category: str
    no_start: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that this source reads."""
        return tuple(fact for count in self.fall for fact in (count.start, count.now))

    def measure(self, facts: Facts, passes: Passes) -> Measurement:
        """Passed if the total and every category pass, failed if the total fails."""
        starts = [number for count in self.fall for number in numbers_of(facts, count.start)]
        if len(starts) == len(self.fall) and not sum(starts):
            return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, reading=self.no_start)
        missing = [fact for fact in self.facts if fact not in facts]
        if missing:
            return self._incomplete(facts, passes, missing)
        nows = [number for count in self.fall for number in numbers_of(facts, count.now)]
        total = _fall(sum(starts), sum(nows))
        if not passes(total):
            return _judged(total, passes)
        if 0 in starts:
            return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, total, reading=self.no_start)
        if not all(map(passes, map(_fall, starts, nows))):
            return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, total, reading=self.by_category)
        return _judged(total, passes)

    def _incomplete(self, facts: Facts, passes: Passes, missing: list[str]) -> Measurement:
        """What the counts that are known leave possible; failed if no others can save it."""
        pairs = [(numbers_of(facts, c.start), numbers_of(facts, c.now)) for c in self.fall]
        if not passes(_total(pairs, start=_PLENTY, now=0)):
            return Measurement(Truth.FALSE, Status.CANNOT_PASS)
        low = Truth.UNKNOWN if passes(_total(pairs, start=0, now=_PLENTY)) else Truth.FALSE
        known = [pair for starts, nows in pairs for pair in zip(starts, nows, strict=False)]
        is_doubtful = any(start and not passes(_fall(start, now)) for start, now in known)
        has_no_start = any(0 in starts for starts, _ in pairs)
        if not is_doubtful and not has_no_start:
            return _no_data(missing, Truth.TRUE, low)
        open_ = _no_data(missing, Truth.UNKNOWN, low)
        return replace(open_, reading=self.no_start if has_no_start else self.by_category)


def _kind_of_source(raw: Any) -> str:
    keys = raw if isinstance(raw, dict) else {}
    return "fall" if "fall" in keys else "part" if "part" in keys else "value"


Source = Annotated[
    Annotated[ValueSource, Tag("value")]
    | Annotated[ShareSource, Tag("part")]
    | Annotated[FallSource, Tag("fall")],
    Discriminator(_kind_of_source),
]


def _total(
    pairs: list[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]], start: int, now: int
) -> Fraction:
    """The fall in total, with `start` and `now` in place of the counts that are unknown.

    From nothing nothing falls: at least one household is taken for the start.
    """
    starts = sum(number for known, _ in pairs for number in known or (start,))
    nows = sum(number for _, known in pairs for number in known or (now,))
    return _fall(starts or 1, nows)


def _fall(start: Fraction | int, now: Fraction | int) -> Fraction:
    return (start - now) * WHOLE / start


def _judged(value: Fraction, passes: Passes) -> Measurement:
    holds = passes(value)
    return Measurement(truth_of(holds), Status.PASSES if holds else Status.FAILS, value)


def _no_data(
    missing: Iterable[str], high: Truth = Truth.TRUE, low: Truth = Truth.FALSE
) -> Measurement:
    return _never_entered(tuple(missing), low, high)


@lru_cache(maxsize=1024)
def _never_entered(missing: tuple[str, ...], low: Truth, high: Truth) -> Measurement:
    return Measurement(Truth.UNKNOWN, Status.NO_DATA, ways=(Way(missing, low, high),))
