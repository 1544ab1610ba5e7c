"""Figures: percentages and counts that criteria measure, from the facts that a person entered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from knowledge.facts import Facts
from knowledge.findings import Status, Way
from knowledge.sources import Measurement, Passes, Source
from knowledge.truth import Truth
from knowledge.yaml_reader import DataModel


class Figure(DataModel):
    """Something measured, and the ways in which it can be entered, easiest first.

    `not_from` are facts that people give for it although nothing follows from them.
    """

    label: str
    unit: Literal["percent", "count"]
    sources: list[Source] = Field(min_length=1)
    not_from: list[str] = Field(default_factory=list)
    conflict: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the figure is computed from."""
        return tuple(fact for source in self.sources for fact in source.facts)

    def is_claimed(self, facts: Facts) -> bool:
        """Whether at least one fact of the figure is given."""
        return any(fact in facts for fact in self.facts)

    def measure(self, facts: Facts, passes: Passes) -> Measurement:
        """What the complete sources agree on; unknown where they disagree or none is complete."""
        return agreed([s.measure(facts, passes) for s in self.sources], self.conflict)


class FigureFile(DataModel):
    """figures.yaml."""

    conflict: str
    impossible: str
    figures: dict[str, Figure]


def agreed(measurements: Iterable[Measurement], conflict: str) -> Measurement:
    """The settled measurements as one; doubtful, by the reading `conflict`, where they differ.

    One that is incomplete differs too if, whatever completes it, it cannot come to the same.
    """
    all_of_them = list(measurements)
    settled = [m for m in all_of_them if m.is_settled]
    if not settled:
        return Measurement(Truth.UNKNOWN, Status.NO_DATA, ways=_open_ways(all_of_them))
    against = [m for m in all_of_them if not m.can_become(settled[0].truth)]
    if not against:
        return settled[0]
    doubtful = [m for m in settled if m.reading]
    if doubtful:
        return doubtful[0]
    reading = next((m.reading for m in against if m.reading), conflict)
    return Measurement(Truth.UNKNOWN, Status.DOUBTFUL, settled[0].value, reading=reading)


def _open_ways(measurements: list[Measurement]) -> tuple[Way, ...]:
    """The ways of all, each with what it can still lead to.

    What is known of another measurement may rule a result out already: a way that comes to that
    result would only contradict it, and leave the figure in doubt.
    """
    if all(m.can_become(Truth.FALSE) and m.can_become(Truth.TRUE) for m in measurements):
        return tuple(way for m in measurements for way in m.ways)
    return tuple(
        _beside(way, [other for other in measurements if other is not m])
        for m in measurements
        for way in m.ways
    )


def _beside(way: Way, others: list[Measurement]) -> Way:
    results = [
        truth.value if all(other.can_become(truth) for other in others) else Truth.UNKNOWN.value
        for truth in Truth
        if way.low.value <= truth.value <= way.high.value
    ]
    return way._replace(low=Truth(min(results)), high=Truth(max(results)))
