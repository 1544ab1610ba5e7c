"""What it would take: the routes to an award for a unit, each with its threshold."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.assessment import Assessment, CriterionFinding, assess
from knowledge.clauses import Citation
from knowledge.facts import Facts, Unit
from knowledge.findings import AnyFinding, Finding, GroupFinding, Status
from knowledge.judging import FigureTest, NormTest
from knowledge.messages import messages
from knowledge.phrases import leaf_text, requirement
from knowledge.rules import RuleBook
from knowledge.truth import Truth, all_of
from knowledge.values import choice_label


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a route asks for.

    `need` is the threshold in words, `now` what is known about it with the distance that is left;
    `facts` are the facts by which it is stated, the easiest first.
    """

    truth: Truth
    label: str
    need: str
    now: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an award: every step is needed. `doubt` is a reading that may close it."""

    citation: Citation
    truth: Truth
    steps: tuple[Step, ...]
    doubt: str | None = None


def routes(rules: RuleBook, award_id: str, unit: Unit) -> tuple[Route, ...]:
    """The routes to the award that are open to the unit's subject on its occasion.

    The nearest first: what is met, then what is unknown, then what is not reached yet. The
    standards that bind every route stand in `standard_steps`. Raises UnitError as `assess` does,
    and KeyError if the award is not given on the occasion.
    """
    assessment = {a.award.id: a for a in assess(rules, unit)}[award_id]
    found = [
        Route(
            part.citation,
            _truth(part, option),
            _steps(rules, unit.facts, option),
            part.doubt or next((leaf.test.doubt_on_pass for leaf in option), None),
        )
        for part in assessment.criteria
        for option in _alternatives(part.finding)
    ]
    return tuple(sorted(found, key=lambda route: -route.truth.value))


def standard_steps(rules: RuleBook, unit: Unit, assessment: Assessment) -> tuple[Step, ...]:
    """The standards that every route needs and that are not passed yet."""
    open_leaves = [
        leaf
        for part in assessment.standards
        for leaf in part.leaves
        if leaf.truth is not Truth.TRUE
    ]
    return _steps(rules, unit.facts, tuple(open_leaves))


def _alternatives(finding: AnyFinding) -> list[tuple[Finding, ...]]:
    """The sets of tests of which any one is enough."""
    if isinstance(finding, Finding):
        return [(finding,)]
    if finding.is_any:
        return [option for part in finding.parts for option in _alternatives(part)]
    return _combined(finding)


def _combined(finding: GroupFinding) -> list[tuple[Finding, ...]]:
    combined: list[tuple[Finding, ...]] = [()]
    for part in finding.parts:
        combined = [(*left, *right) for left in combined for right in _alternatives(part)]
    return combined


def _truth(part: CriterionFinding, found: tuple[Finding, ...]) -> Truth:
    truth = all_of(leaf.truth for leaf in found)
    return Truth.UNKNOWN if part.doubt and truth is Truth.TRUE else truth


def _steps(rules: RuleBook, facts: Facts, found: tuple[Finding, ...]) -> tuple[Step, ...]:
    return tuple(_step(rules, facts, leaf) for leaf in found if leaf.status is not Status.PRESUMED)


def _step(rules: RuleBook, facts: Facts, leaf: Finding) -> Step:
    test = leaf.test
    now = leaf_text(rules, facts, leaf)
    if isinstance(test, FigureTest):
        label = messages().reasons["joined"].join(figure.label for figure in test.figures)
        return Step(leaf.truth, label, requirement(test.bound), now, test.own_facts)
    fact = rules.facts[test.own_facts[0]]
    if isinstance(test, NormTest):
        norm = rules.facts[test.norm].label
        return Step(leaf.truth, fact.label, norm, now, test.own_facts)
    codes: frozenset[str] = getattr(test, "passing", frozenset())
    need = ", ".join(choice_label(fact, code) for code in fact.codes if code in codes)
    return Step(leaf.truth, fact.label, need or test.spec.words, now, test.own_facts)
