"""Which awards a unit can be proposed for: verdicts, with the bullets that decide them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from knowledge.clauses import Citation
from knowledge.criteria import Award
from knowledge.errors import UnitError
from knowledge.facts import Facts, Unit
from knowledge.findings import AnyFinding, Finding, Status, leaves
from knowledge.judging import FigureTest, NormTest
from knowledge.openness import open_facts_of
from knowledge.rules import ReadyCriterion, RuleBook
from knowledge.truth import Truth, all_of, any_of


class Verdict(StrEnum):
    """What can be said about an award. `MET` means: enough ground to propose it, no more."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


_VERDICTS = {
    Truth.TRUE: Verdict.MET,
    Truth.FALSE: Verdict.NOT_MET,
    Truth.UNKNOWN: Verdict.UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """What a criterion or standard comes to for the unit; `doubt` as in ReadyCriterion."""

    citation: Citation
    truth: Truth
    finding: AnyFinding
    doubt: str | None
    flag: str | None

    @property
    def leaves(self) -> tuple[Finding, ...]:
        """The single tests, in the order of the data."""
        return leaves(self.finding)


@dataclass(frozen=True)
class Assessment:
    """The verdict on one award for one unit, and everything it rests on.

    `clause` is the clause that decides; `decisive` the criteria and standards that do.
    """

    award: Award
    verdict: Verdict
    award_clause: str
    standards: tuple[CriterionFinding, ...]
    criteria: tuple[CriterionFinding, ...]

    @cached_property
    def decisive(self) -> tuple[CriterionFinding, ...]:
        """What decides: of a refusal the standards that fail, else the bullets that matter."""
        if self.verdict is Verdict.NOT_MET:
            return _with(self.standards, Truth.FALSE) or self.criteria
        open_standards = _with(self.standards, Truth.UNKNOWN)
        passed = _with(self.criteria, Truth.TRUE)
        return open_standards + (passed or _with(self.criteria, Truth.UNKNOWN))

    @property
    def clause(self) -> str:
        """The clause of the first decisive criterion or standard.

        For an undecided bullet it is the award's own clause, even if a standard is open too.
        """
        decisive = self.decisive
        if self.verdict is Verdict.UNDECIDED and not _with(self.criteria, Truth.TRUE):
            return self.award_clause
        return decisive[0].citation.clause if decisive else self.award_clause

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The quotes of what decides, each once."""
        return tuple(dict.fromkeys(part.citation for part in self.decisive))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Unknown facts that can still change the verdict; empty when it is decided.

        Of several ways to enter the same figure only those that need fewest facts are named.
        """
        if self.verdict is not Verdict.UNDECIDED:
            return ()
        return open_facts_of(self.standards, self.criteria)

    @property
    def awaiting(self) -> tuple[str, ...]:
        """Known facts whose decision by others is still to come."""
        if self.verdict is not Verdict.UNDECIDED:
            return ()
        return _unique(fact for leaf in self._decisive_leaves() for fact in leaf.awaiting)

    @property
    def wanted(self) -> tuple[str, ...]:
        """What would settle the verdict: missing facts, then those that await a decision."""
        return _unique((*self.missing, *self.awaiting))

    @property
    def readings(self) -> tuple[str, ...]:
        """The doubts that leave the verdict open: ids of readings."""
        if self.verdict is not Verdict.UNDECIDED:
            return ()
        doubts = [part.doubt for part in self.decisive if part.doubt and _is_held_back(part)]
        found = [leaf.reading for leaf in self._decisive_leaves() if leaf.truth is Truth.UNKNOWN]
        named = _unique(reading for reading in [*doubts, *found] if reading)
        # Where no fact and no decision could settle it, the doubt alone keeps it open, even
        # though the figures that would bring it to bear are not all known.
        return named or (() if self.wanted else self._latent_readings())

    @property
    def flags(self) -> tuple[str, ...]:
        """Remarks for review that go with the verdict: ids of flags."""
        if self.verdict is not Verdict.MET:
            return ()
        passed = [part.flag for part in self.decisive]
        exact = [
            leaf.test.flag
            for part in (*self.standards, *self.decisive)
            for leaf in part.leaves
            if isinstance(leaf.test, FigureTest) and leaf.value == leaf.test.bound.value
        ]
        return _unique(flag for flag in (*passed, *exact) if flag)

    @property
    def presumed(self) -> tuple[str, ...]:
        """Empty facts that the verdict rests on because their emptiness was given a meaning."""
        parts = (*self.standards, *self.criteria)
        return _unique(fact for part in parts for leaf in part.leaves for fact in leaf.presumed)

    @property
    def has_contribution(self) -> bool:
        """Whether a contribution is claimed in any of the bullets."""
        return any(
            isinstance(leaf.test, NormTest) and leaf.status is not Status.NOT_CLAIMED
            for part in self.criteria
            for leaf in part.leaves
        )

    def _latent_readings(self) -> tuple[str, ...]:
        """The readings that would come to bear whatever the missing figures are."""
        parts = _with(self.decisive, Truth.UNKNOWN)
        tests = [leaf.test for part in parts for leaf in part.leaves if leaf.truth is Truth.UNKNOWN]
        doubts = [part.doubt for part in parts]
        doubts += [doubt for test in tests for doubt in (test.doubt_on_pass, test.doubt_on_fail)]
        return _unique(doubt for doubt in doubts if doubt)

    def _decisive_leaves(self) -> list[Finding]:
        return [leaf for part in self.decisive for leaf in part.leaves]


def assess(rules: RuleBook, unit: Unit) -> tuple[Assessment, ...]:
    """The verdict on every award of the unit's occasion, highest award first.

    A missing fact counts as unknown, unless the plan's data give its emptiness a meaning.
    Raises UnitError if subject, occasion or a fact is not declared by the plan.
    """
    ready = rules.ready.get((unit.subject, unit.occasion))
    if ready is None:
        raise UnitError(_unknown_kind(rules, unit))
    if not unit.facts.keys() <= rules.facts.keys():
        unknown = sorted(unit.facts.keys() - rules.facts.keys())
        raise UnitError(f"facts: {unknown} are not facts of the plan; allowed: see facts.yaml")
    standards = tuple(_judge(part, unit.facts) for part in ready.standards)
    gate = all_of(part.truth for part in standards) if standards else Truth.TRUE
    assessments = []
    for award in ready.awards:
        criteria = tuple(_judge(part, unit.facts) for part in award.criteria)
        best = any_of(part.truth for part in criteria) if criteria else Truth.FALSE
        verdict = _VERDICTS[all_of((gate, best))]
        assessments.append(Assessment(award.award, verdict, award.clause, standards, criteria))
    return tuple(assessments)


def _judge(ready: ReadyCriterion, facts: Facts) -> CriterionFinding:
    finding = ready.test.judge(facts)
    truth = finding.truth
    if ready.doubt and truth is Truth.TRUE:
        truth = Truth.UNKNOWN
    return CriterionFinding(ready.citation, truth, finding, ready.doubt, ready.flag)


def _is_held_back(part: CriterionFinding) -> bool:
    return part.truth is Truth.UNKNOWN and part.finding.truth is Truth.TRUE


def _with(parts: tuple[CriterionFinding, ...], truth: Truth) -> tuple[CriterionFinding, ...]:
    return tuple(part for part in parts if part.truth is truth)


def _unique(names: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))  # type: ignore[call-overload]


def _unknown_kind(rules: RuleBook, unit: Unit) -> str:
    known = rules.subjects
    if unit.subject not in known.subjects:
        return f"subject: {unit.subject!r} is not known; allowed: {', '.join(known.subjects)}"
    return f"occasion: {unit.occasion!r} is not known; allowed: {', '.join(known.occasions)}"
