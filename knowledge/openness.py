"""Which unknown facts can still change a verdict.

A verdict is a tree of "all of" (lowest counts) and "any of" (highest counts). What surrounds a
test limits how far its result can be seen from outside to a window between two truths: beside a
bullet that is met for certain, for instance, nothing else is seen. A test matters if the results
it can still have differ within its widest window, and then so do the facts it waits for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from knowledge.findings import AnyFinding, Finding, Way
from knowledge.truth import Truth

Span = tuple[int, int]
"""Lowest and highest truth, as numbers."""


class Judged(Protocol):
    """A criterion or standard with its finding."""

    @property
    def finding(self) -> AnyFinding:
        """What its tests found."""

    @property
    def doubt(self) -> str | None:
        """The reading that makes a pass only a perhaps."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One level of the tree: a leaf, or parts of which one is enough or all are needed."""

    span: Span
    leaf: Finding | None = None
    is_any: bool = False
    parts: tuple[_Node, ...] = ()


def open_facts_of(
    standards: Iterable[Judged], criteria: Iterable[Judged], declined: Collection[str] = ()
) -> tuple[str, ...]:
    """The unknown facts that can change the verdict, in the order of the tests.

    `declined` are facts that the applicant cannot give: other ways to the same figure are
    offered instead, and where there is none the test counts as never to be known.
    """
    bullets = _group(True, [_criterion(part, declined) for part in criteria])
    root = _group(False, [*(_criterion(part, declined) for part in standards), bullets])
    found: dict[str, None] = {}
    _collect(root, (Truth.FALSE.value, Truth.TRUE.value), declined, found)
    return tuple(found)


def ways_open(leaf: Finding, declined: Collection[str]) -> tuple[Way, ...]:
    """The ways to settle a test that do not need a declined fact."""
    return tuple(way for way in leaf.ways if not any(fact in declined for fact in way.facts))


def _criterion(part: Judged, declined: Collection[str]) -> _Node:
    node = _node(part.finding, declined)
    if part.doubt is None:
        return node
    return _group(False, [node, _sure(Truth.UNKNOWN)])


def _node(finding: AnyFinding, declined: Collection[str]) -> _Node:
    if isinstance(finding, Finding):
        if not finding.ways:
            return _Node((finding.low.value, finding.high.value), finding)
        ways = ways_open(finding, declined)
        if not ways:
            return _sure(finding.truth)
        high = min(finding.high.value, max(way.high.value for way in ways))
        low = max(finding.low.value, min(way.low.value for way in ways))
        return _Node((min(low, high), high), finding)
    return _group(finding.is_any, [_node(part, declined) for part in finding.parts])


def _sure(truth: Truth) -> _Node:
    return _Node((truth.value, truth.value))


def _group(is_any: bool, parts: list[_Node]) -> _Node:
    if not parts:
        return _sure(Truth.FALSE)
    fold = max if is_any else min
    span = (fold(part.span[0] for part in parts), fold(part.span[1] for part in parts))
    return _Node(span, None, is_any, tuple(parts))


def _collect(node: _Node, window: Span, declined: Collection[str], found: dict[str, None]) -> None:
    for way in _shortest(node, window, declined):
        found.update(dict.fromkeys(way.facts))
    low, high = window
    if node.is_any:
        low = max([low, *(part.span[0] for part in node.parts)])
    else:
        high = min([high, *(part.span[1] for part in node.parts)])
    for part in node.parts:  # its own span hides nothing of a part
        _collect(part, (low, high), declined, found)


def _shortest(node: _Node, window: Span, declined: Collection[str]) -> list[Way]:
    """The ways of the leaf that can be seen through the window and need fewest facts."""
    ways = []
    for way in ways_open(node.leaf, declined) if node.leaf else ():
        low, high = max(node.span[0], way.low.value), min(node.span[1], way.high.value)
        if _seen(low, window) != _seen(high, window):
            ways.append(way)
    return [way for way in ways if len(way.facts) == min(len(other.facts) for other in ways)]


def _seen(truth: int, window: Span) -> int:
    return min(max(truth, window[0]), window[1])
