"""The rules of a plan: its facts, criteria and standards, read, linked and ready to be applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.clauses import Citation, Clause, ClauseTree
from knowledge.criteria import Award, Contributed, Criterion, Round, leaves
from knowledge.errors import PlanDataError
from knowledge.facts import Fact, FactFile
from knowledge.figures import Figure, FigureFile
from knowledge.judging import AnyTest
from knowledge.leaf import Years
from knowledge.linking import Linker, link_figures
from knowledge.standards import ReadingFile, Standard, StandardFile
from knowledge.subjects import SubjectFile
from knowledge.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class ReadyCriterion:
    """A criterion or standard made ready for one subject, with its citation.

    `doubt` is the reading by which a pass of this subject is only a perhaps; `flag` a remark
    that goes with a pass.
    """

    citation: Citation
    test: AnyTest
    doubt: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class ReadyAward:
    """An award with the criteria that a subject can meet on an occasion."""

    award: Award
    clause: str
    criteria: tuple[ReadyCriterion, ...]


@dataclass(frozen=True, slots=True)
class ReadyRules:
    """Everything that is applied to one subject on one occasion; awards highest first.

    `facts` are the facts that any of the tests looks at, in the order of facts.yaml;
    `checklist` the qualitative bullets that a person has to confirm.
    """

    standards: tuple[ReadyCriterion, ...]
    awards: tuple[ReadyAward, ...]
    facts: tuple[str, ...]
    checklist: tuple[Citation, ...]


@dataclass(frozen=True)
class RuleBook:
    """The rules of one plan; `ready` is keyed by subject and occasion."""

    folder: Path
    years: Years
    facts: dict[str, Fact]
    figures: dict[str, Figure]
    subjects: SubjectFile
    standards: StandardFile
    readings: ReadingFile
    awards: tuple[Award, ...]
    ready: dict[tuple[str, str], ReadyRules]

    @cached_property
    def presumable(self) -> frozenset[str]:
        """The facts whose empty value is given a meaning somewhere: `empty_means` says which."""
        return frozenset(
            fact
            for ready in self.ready.values()
            for part in (*ready.standards, *(c for a in ready.awards for c in a.criteria))
            for leaf in part.test.leaves
            for fact in leaf.presumable
        )

    def award(self, award_id: str) -> Award:
        """The award with this id. Raises KeyError if there is none."""
        return {award.id: award for award in self.awards}[award_id]


def load_rules(folder: Path, clauses: ClauseTree, years: Years) -> RuleBook:
    """The rules in a plan's folder, every name in them linked.

    Raises PlanDataError naming file, key and value.
    """
    facts = read_yaml(folder / "facts.yaml", FactFile).facts
    figure_path = folder / "figures.yaml"
    figures = link_figures(read_yaml(figure_path, FigureFile), facts, str(figure_path))
    readings = read_yaml(folder / "readings.yaml", ReadingFile)
    subjects = read_yaml(folder / "subjects.yaml", SubjectFile)
    linker = Linker(facts, figures, subjects, readings.readings, readings.flags, years)
    for fact_id, fact in facts.items():
        linker.check_fact(fact, f"{folder / 'facts.yaml'}: {fact_id}")
    standards = read_yaml(folder / "standards.yaml", StandardFile)
    awards = _load_awards(folder / "awards", subjects)
    maker = _Maker(folder, clauses, linker, standards, awards)
    _check_norm(standards, awards, folder)
    ready = {(s, o): maker.ready(s, o) for s in subjects.subjects for o in subjects.occasions}
    return RuleBook(folder, years, facts, figures, subjects, standards, readings, awards, ready)


def _load_awards(folder: Path, subjects: SubjectFile) -> tuple[Award, ...]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths and subjects.subjects:
        raise PlanDataError(f"{folder}: no award file (*.yaml) here; restore the folder")
    awards = []
    for path in paths:
        award = read_yaml(path, Award)
        if award.id != path.stem:
            raise PlanDataError(f"{path}: id: {award.id!r} — must be {path.stem!r}")
        for occasion in award.occasions:
            if occasion not in subjects.occasions:
                raise PlanDataError(
                    f"{path}: occasions: {occasion!r} is not known; "
                    f"allowed: {', '.join(subjects.occasions)}"
                )
        awards.append(award)
    ranks = [award.rank for award in awards]
    if len(set(ranks)) != len(ranks):
        raise PlanDataError(f"{folder}: rank: two awards have the same rank; give each its own")
    return tuple(sorted(awards, key=lambda award: -award.rank))


def _check_norm(standards: StandardFile, awards: tuple[Award, ...], folder: Path) -> None:
    """Where a criterion speaks of contributions, the file says where their norm stands."""
    speaks = any(
        isinstance(spec, Contributed)
        for award in awards
        for round_ in award.occasions.values()
        for criterion in round_.criteria
        for spec in leaves(criterion.requires)
    )
    for key in ("norm_source", "contribution_confirmation"):
        if speaks and getattr(standards, key) is None:
            raise PlanDataError(
                f"{folder / 'standards.yaml'}: {key}: missing, and a criterion rests on a "
                "contribution; give its clause and quote"
            )


@dataclass(frozen=True)
class _Maker:
    folder: Path
    clauses: ClauseTree
    linker: Linker
    standards: StandardFile
    awards: tuple[Award, ...]

    def ready(self, subject: str, occasion: str) -> ReadyRules:
        standards = [self._standard(s, subject) for s in self.standards.standards]
        awards = [
            self._award(award, award.occasions[occasion], subject, occasion)
            for award in self.awards
            if occasion in award.occasions
        ]
        kept = tuple(standard for standard in standards if standard)
        used = {fact for s in kept for fact in s.test.facts}
        used |= {fact for a in awards for c in a.criteria for fact in c.test.facts}
        facts = tuple(fact for fact in self.linker.facts if fact in used)
        return ReadyRules(kept, tuple(awards), facts, self._checklist(subject))

    def _standard(self, standard: Standard, subject: str) -> ReadyCriterion | None:
        place = f"{self.folder / 'standards.yaml'}: {standard.id}"
        members = self.linker.members(standard.subjects, place)
        citation = self._cite(standard.clause, standard.quote, standard.bullet, place)
        ready = ReadyCriterion(citation, self.linker.ready(standard.requires, subject, place))
        return ready if subject in members else None

    def _award(self, award: Award, round_: Round, subject: str, occasion: str) -> ReadyAward:
        place = f"{self.folder / 'awards' / award.id}.yaml: {occasion}"
        made = [self._criterion(c, round_.clause, subject, place) for c in round_.criteria]
        return ReadyAward(award, round_.clause, tuple(c for c in made if c))

    def _criterion(
        self, criterion: Criterion, clause: str, subject: str, place: str
    ) -> ReadyCriterion | None:
        place = f"{place}: bullet {criterion.bullet}"
        members = self.linker.members(criterion.subjects, place)
        ready = ReadyCriterion(
            self._cite(clause, criterion.quote, criterion.bullet, place),
            self.linker.ready(criterion.requires, subject, place),
            self.linker.doubt(criterion.on_pass, subject, place),
            self.linker.flag(criterion.flag, place),
        )
        return ready if subject in members else None

    def _checklist(self, subject: str) -> tuple[Citation, ...]:
        place = f"{self.folder / 'standards.yaml'}: checklists"
        return tuple(
            self._cite(checklist.clause, bullet.text, bullet.number, place)
            for checklist in self.standards.checklists
            if subject in self.linker.members(checklist.subjects, place)
            for bullet in self._clause(checklist.clause, place).bullets
            if bullet.number in checklist.bullets
        )

    def _cite(self, clause: str, quote: str, bullet: int | None, place: str) -> Citation:
        self._clause(clause, place)
        return Citation(clause, self.clauses.path(clause), quote, bullet)

    def _clause(self, clause: str, place: str) -> Clause:
        if clause not in self.clauses:
            raise PlanDataError(f"{place}: clause: {clause!r} is not a clause of the plan")
        return self.clauses[clause]
