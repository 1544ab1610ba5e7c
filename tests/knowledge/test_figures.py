"""Several ways to one figure: which is told, and what is said where they differ."""

from __future__ import annotations

from fractions import Fraction

import pytest

from knowledge.figures import agreed
from knowledge.findings import Status, Way
from knowledge.sources import Measurement
from knowledge.truth import Truth

CONFLICT = "figures_conflict"
FALSE, UNKNOWN, TRUE = Truth


def settled(truth: Truth, value: int, reading: str | None = None) -> Measurement:
    status = {TRUE: Status.PASSES, FALSE: Status.FAILS}.get(truth, Status.DOUBTFUL)
    return Measurement(truth, status, Fraction(value), reading)


def unsettled(low: Truth, high: Truth, reading: str | None = None) -> Measurement:
    ways = (Way(("fact",), low, high),)
    return Measurement(UNKNOWN, Status.NO_DATA, reading=reading, ways=ways)


def test_of_figures_that_agree_the_first_is_told() -> None:
    assert agreed([settled(TRUE, 110), settled(TRUE, 120)], CONFLICT) == settled(TRUE, 110)


def test_figures_that_differ_are_a_doubt_and_the_first_is_told() -> None:
    found = agreed([settled(TRUE, 110), settled(FALSE, 90)], CONFLICT)
    assert (found.truth, found.status) == (UNKNOWN, Status.DOUBTFUL)
    assert (found.value, found.reading) == (110, CONFLICT)


def test_the_first_doubt_of_a_figure_is_told_before_the_conflict() -> None:
    figures = [settled(TRUE, 110), settled(UNKNOWN, 0, "first"), settled(UNKNOWN, 1, "second")]
    assert agreed(figures, CONFLICT).reading == "first"


def test_why_another_way_cannot_come_to_the_first_result_is_told() -> None:
    figures = [settled(TRUE, 110), settled(FALSE, 90), unsettled(FALSE, UNKNOWN, "no_start")]
    assert agreed(figures, CONFLICT).reading == "no_start"


@pytest.mark.parametrize(
    ("other", "truth"),
    [
        (unsettled(FALSE, TRUE), TRUE),
        (unsettled(UNKNOWN, TRUE), TRUE),
        (unsettled(FALSE, UNKNOWN), UNKNOWN),
        (unsettled(UNKNOWN, UNKNOWN), UNKNOWN),
    ],
)
def test_an_incomplete_way_leaves_a_figure_alone_unless_it_can_only_differ(
    other: Measurement, truth: Truth
) -> None:
    assert agreed([settled(TRUE, 110), other], CONFLICT).truth is truth
    assert agreed([other, settled(TRUE, 110)], CONFLICT).truth is truth


@pytest.mark.parametrize(
    ("first", "second", "ways"),
    [
        ((FALSE, TRUE), (FALSE, TRUE), [(FALSE, TRUE), (FALSE, TRUE)]),
        ((FALSE, TRUE), (FALSE, UNKNOWN), [(FALSE, UNKNOWN), (FALSE, UNKNOWN)]),
        ((FALSE, TRUE), (UNKNOWN, TRUE), [(UNKNOWN, TRUE), (UNKNOWN, TRUE)]),
        ((FALSE, TRUE), (UNKNOWN, UNKNOWN), [(UNKNOWN, UNKNOWN), (UNKNOWN, UNKNOWN)]),
        ((FALSE, UNKNOWN), (UNKNOWN, TRUE), [(UNKNOWN, UNKNOWN), (UNKNOWN, UNKNOWN)]),
    ],
)
def test_a_way_leads_no_further_than_the_others_allow(
    first: tuple[Truth, Truth], second: tuple[Truth, Truth], ways: list[tuple[Truth, Truth]]
) -> None:
    """A result that another way has ruled out is a contradiction, and so a doubt."""
    found = agreed([unsettled(*first), unsettled(*second)], CONFLICT)
    assert (found.truth, found.status) == (UNKNOWN, Status.NO_DATA)
    assert [(way.low, way.high) for way in found.ways] == ways
