"""Three-valued truth: what holds, what does not, and what nobody can say yet."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """FALSE < UNKNOWN < TRUE. It has no truth value of its own: compare with `is`."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is not a bool; compare it: `truth is Truth.TRUE`")


def all_of(truths: Iterable[Truth]) -> Truth:
    """The lowest: TRUE only if every one is. Raises ValueError for an empty group."""
    return min(truths, key=_rank)


def any_of(truths: Iterable[Truth]) -> Truth:
    """The highest: FALSE only if every one is. Raises ValueError for an empty group."""
    return max(truths, key=_rank)


def truth_of(holds: bool) -> Truth:
    """TRUE or FALSE for what is known."""
    return Truth.TRUE if holds else Truth.FALSE


def _rank(truth: Truth) -> int:
    return truth.value
