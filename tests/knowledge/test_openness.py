"""What is asked is exactly what can be seen from outside: checked against trying every truth."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.findings import AnyFinding, Finding, GroupFinding, Status, Way, leaves
from knowledge.leaf import LeafTest
from knowledge.openness import open_facts_of
from knowledge.truth import Truth, all_of, any_of

FALSE, UNKNOWN, TRUE = Truth
NO_TEST = cast(LeafTest, None)  # what is measured plays no part here
NAMES = [f"fact{number}" for number in range(40)]


@dataclass(frozen=True)
class Part:
    """A criterion or standard as the verdict has it."""

    finding: AnyFinding
    doubt: str | None = None


def known(truth: Truth) -> Finding:
    return Finding(NO_TEST, truth, Status.PASSES, truth, truth)


def unknown(*ways: Way, low: Truth = FALSE, high: Truth = TRUE) -> Finding:
    return Finding(NO_TEST, UNKNOWN, Status.NO_DATA, low, high, ways=ways)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Truth, Truth]:
    return draw(st.sampled_from([FALSE, UNKNOWN])), draw(st.sampled_from([UNKNOWN, TRUE]))


@st.composite
def findings(draw: st.DrawFn, names: Iterator[str], depth: int = 2) -> AnyFinding:
    if depth and draw(st.booleans()):
        parts = [draw(findings(names, depth - 1)) for _ in range(2)]
        return GroupFinding(draw(st.booleans()), UNKNOWN, tuple(parts))
    if draw(st.booleans()):
        return known(draw(st.sampled_from(Truth)))
    ways = []
    for n_facts in draw(st.lists(st.integers(1, 2), min_size=1, max_size=2)):
        ways.append(Way(tuple(itertools.islice(names, n_facts)), *draw(spans())))
    low, high = draw(st.sampled_from([(FALSE, TRUE), (UNKNOWN, TRUE), (FALSE, UNKNOWN)]))
    return unknown(*ways, low=low, high=high)


@st.composite
def verdicts(draw: st.DrawFn) -> tuple[list[Part], list[Part], set[str]]:
    names = iter(NAMES)
    doubts = st.sampled_from([None, None, "reading"])
    standards = [Part(draw(findings(names, 1))) for _ in range(draw(st.integers(0, 1)))]
    criteria = [Part(draw(findings(names)), draw(doubts)) for _ in range(draw(st.integers(0, 2)))]
    used = [f for p in (*standards, *criteria) for leaf in leaves(p.finding) for f in _facts(leaf)]
    declined = draw(st.sets(st.sampled_from(used), max_size=2)) if used else set()
    return standards, criteria, declined


def _facts(leaf: Finding) -> list[str]:
    return [fact for way in leaf.ways for fact in way.facts]


def _possible(leaf: Finding, declined: set[str]) -> range:
    """The truths that the leaf can still get from what is not declined."""
    ways = [way for way in leaf.ways if not declined & set(way.facts)]
    if not leaf.ways:
        return range(leaf.low.value, leaf.high.value + 1)
    if not ways:
        return range(leaf.truth.value, leaf.truth.value + 1)
    high = min(leaf.high.value, max(way.high.value for way in ways))
    low = min(high, max(leaf.low.value, min(way.low.value for way in ways)))
    return range(low, high + 1)


def _verdict(standards: list[Part], criteria: list[Part], truths: dict[int, int]) -> int:
    def of(finding: AnyFinding) -> Truth:
        if isinstance(finding, Finding):
            return Truth(truths[id(finding)])
        return (any_of if finding.is_any else all_of)(of(part) for part in finding.parts)

    bullets = [all_of([of(p.finding), UNKNOWN if p.doubt else TRUE]) for p in criteria]
    best = any_of(bullets) if bullets else FALSE
    return all_of([*(of(part.finding) for part in standards), best]).value


def _seen(standards: list[Part], criteria: list[Part], declined: set[str]) -> set[str]:
    """The facts of the shortest ways that make a difference, by trying every truth."""
    every = [leaf for p in (*standards, *criteria) for leaf in leaves(p.finding)]
    found: set[str] = set()
    for leaf in every:
        others = [other for other in every if other is not leaf]
        settings_ = [_possible(other, declined) for other in others]
        visible = []
        for way in leaf.ways:
            if declined & set(way.facts):
                continue
            possible = _possible(leaf, declined)
            low = max(possible[0], way.low.value)
            high = min(possible[-1], way.high.value)
            for truths in itertools.product(*settings_):
                beside = {id(other): truth for other, truth in zip(others, truths, strict=True)}
                ends = {
                    _verdict(standards, criteria, beside | {id(leaf): end}) for end in (low, high)
                }
                if len(ends) > 1:
                    visible.append(way)
                    break
        fewest = min((len(way.facts) for way in visible), default=0)
        found |= {fact for way in visible if len(way.facts) == fewest for fact in way.facts}
    return found


@given(verdicts())
@settings(max_examples=300, deadline=None)
def test_asked_is_exactly_what_can_be_seen_from_outside(
    verdict: tuple[list[Part], list[Part], set[str]],
) -> None:
    standards, criteria, declined = verdict
    found = open_facts_of(standards, criteria, declined)
    assert set(found) == _seen(standards, criteria, declined)
    assert len(set(found)) == len(found)


def test_facts_are_named_in_the_order_of_the_tests() -> None:
    first, second = unknown(Way(("a",)), Way(("b",))), unknown(Way(("c",)))
    both = GroupFinding(True, UNKNOWN, (first, second))
    standard, criterion = Part(unknown(Way(("s",)))), Part(both)
    assert open_facts_of([standard], [criterion]) == ("s", "a", "b", "c")


def test_beside_a_bullet_that_is_met_nothing_is_asked() -> None:
    assert open_facts_of([], [Part(known(TRUE)), Part(unknown(Way(("a",))))]) == ()


def test_an_award_without_bullets_asks_nothing() -> None:
    assert open_facts_of([Part(unknown(Way(("s",))))], []) == ()


def test_a_longer_way_is_named_only_where_the_shorter_one_is_declined() -> None:
    part = Part(unknown(Way(("pct",)), Way(("planned", "achieved"))))
    assert open_facts_of([], [part]) == ("pct",)
    assert open_facts_of([], [part], {"pct"}) == ("planned", "achieved")
    assert open_facts_of([], [part], {"pct", "planned"}) == ()
