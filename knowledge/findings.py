"""What a test finds about a unit, before any sentence is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from knowledge.truth import Truth

if TYPE_CHECKING:
    from knowledge.leaf import LeafTest
    from knowledge.sources import Measurement


class Status(Enum):
    """Why a test has the truth that it has."""

    PASSES = "passes"
    FAILS = "fails"
    NO_DATA = "no_data"
    NO_NORM = "no_norm"
    CANNOT_PASS = "cannot_pass"
    NOT_CLAIMED = "not_claimed"
    PRESUMED = "presumed"
    DOES_NOT_APPLY = "does_not_apply"
    DOUBTFUL = "doubtful"
    AWAITING = "awaiting"


class Way(NamedTuple):
    """Facts that are unknown and needed together, and the worst and best they can lead to."""

    facts: tuple[str, ...]
    low: Truth = Truth.FALSE
    high: Truth = Truth.TRUE


@dataclass(slots=True)
class Finding:
    """One test's result.

    `value` is the figure or choice that was tested, `measured` each figure of the test by itself;
    `reading` names the doubt, if there is one.
    `ways` are the ways to settle it, any one of which is enough.
    `awaiting` are facts whose value is known but waits for somebody's decision, `presumed` empty
    facts that a meaning was given to. `low` and `high` bound the truth that it can still get.
    """

    test: LeafTest
    truth: Truth
    status: Status
    low: Truth
    high: Truth
    value: Fraction | str | None = None
    reading: str | None = None
    measured: tuple[Measurement, ...] = ()
    ways: tuple[Way, ...] = ()
    awaiting: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()


@dataclass(slots=True)
class GroupFinding:
    """The result of several tests of which one is enough (`is_any`), or all are needed."""

    is_any: bool
    truth: Truth
    parts: tuple[Finding | GroupFinding, ...]


AnyFinding = Finding | GroupFinding


def leaves(finding: AnyFinding) -> tuple[Finding, ...]:
    """The single tests below a finding, in the order of the data."""
    if isinstance(finding, Finding):
        return (finding,)
    return tuple(leaf for part in finding.parts for leaf in leaves(part))
