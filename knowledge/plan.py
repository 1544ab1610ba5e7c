"""A plan's folder as one checked object."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field

from knowledge.calendar import Calendar
from knowledge.clauses import Citation, ClauseTree, load_clauses
from knowledge.dossiers import DossierBook
from knowledge.errors import PlanDataError, PlanNotFoundError
from knowledge.guides import GuideBook
from knowledge.leaf import Years
from knowledge.notices import NoticeBook
from knowledge.plan_info import PlanInfo
from knowledge.refusals import RefusalBook
from knowledge.rules import RuleBook, load_rules
from knowledge.subjects import SubjectFile
from knowledge.yaml_reader import DataModel, read_yaml

PLANS_DIR = Path(__file__).parent / "plans"
_NO_SUBJECTS = SubjectFile(subjects={}, groups={}, occasions={})


class SubHeading(DataModel):
    """Opening words of a dashed sub-heading, and the label that its clause id ends in."""

    words: str
    label: str = Field(pattern=r"^[^\s/#.]+$")


class Labels(DataModel):
    """labels.yaml: labels of sub-headings; what a person reads for each clause.

    `titles` say what a clause is about; `places` where it stands, where its id would not do.
    """

    sub_headings: list[SubHeading]
    titles: dict[str, str]
    places: dict[str, str] = Field(default_factory=dict)

    @property
    def label_by_words(self) -> dict[str, str]:
        """Opening words -> label, as the parser takes them."""
        return {heading.words: heading.label for heading in self.sub_headings}


class Correction(DataModel):
    """A printing error of the text and what it should read; used for search, never in quotes."""

    printed: str
    meant: str


class Corrections(DataModel):
    """corrections.yaml."""

    corrections: list[Correction]


class Vocabulary(DataModel):
    """vocabulary.yaml: how people write and say what the plan calls otherwise.

    `abbreviations` replace a typed word; `also_called` adds the plan's words beside it.
    """

    abbreviations: dict[str, str]
    also_called: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """Everything that is true of one plan alone."""

    folder: Path
    info: PlanInfo
    text: str
    clauses: ClauseTree
    labels: Labels
    corrections: Corrections
    vocabulary: Vocabulary
    dossiers: DossierBook
    notices: NoticeBook

    @property
    def id(self) -> str:
        """The plan's id, which is also its folder's name."""
        return self.info.id

    @cached_property
    def flat_text(self) -> str:
        """The text with every run of white space folded to one space, for looking quotes up."""
        return " ".join(self.text.split())

    @cached_property
    def guides(self) -> GuideBook:
        """Clauses in plain words for those they concern; empty for a plan without the file."""
        path = self.folder / "guides.yaml"
        return read_yaml(path, GuideBook) if path.exists() else GuideBook()

    @cached_property
    def calendar(self) -> Calendar:
        """The dates that the plan sets; empty for a plan without the file."""
        path = self.folder / "calendar.yaml"
        return read_yaml(path, Calendar) if path.exists() else Calendar()

    @cached_property
    def refusals(self) -> RefusalBook:
        """What the plan does not say, by topic; empty for a plan without the file."""
        path = self.folder / "refusals.yaml"
        return read_yaml(path, RefusalBook) if path.exists() else RefusalBook()

    @cached_property
    def subjects(self) -> SubjectFile:
        """Who can be proposed and when; empty for a plan without the file."""
        path = self.folder / "subjects.yaml"
        return read_yaml(path, SubjectFile) if path.exists() else _NO_SUBJECTS

    @cached_property
    def rules(self) -> RuleBook:
        """The plan's facts, criteria and standards, read on first use.

        A document without awards has none: its rule files are there, and empty. Raises
        PlanDataError naming file, key and value.
        """
        period = self.info.period
        first, last = (period.first, period.last) if period else (date.min, date.max)
        rules = load_rules(self.folder, self.clauses, Years(first.year, last.year))
        if period is None and rules.facts:
            raise PlanDataError(
                f"{self.folder / 'plan.yaml'}: period: missing; a plan with awards needs its "
                "first and last day"
            )
        return rules

    def title(self, clause_id: str) -> str:
        """A short name of the clause for buttons: the label, else its heading, else its id."""
        known = self.labels.titles.get(clause_id)
        return known or self.clauses[clause_id].heading.rstrip(":.") or clause_id

    def place(self, clause_id: str) -> str:
        """Where the clause stands, as a reader of the printed plan would look it up."""
        return self.labels.places.get(clause_id, f"mục {clause_id}")

    def cite(self, clause_id: str, quote: str, bullet: int | None = None) -> Citation:
        """A citation of the clause with its heading path."""
        return Citation(clause_id, self.clauses.path(clause_id), quote, bullet)

    def corrected(self, text: str) -> str:
        """The text with its known printing errors mended, for search only."""
        for correction in self.corrections.corrections:
            text = text.replace(correction.printed, correction.meant)
        return text


def available_plans(plans_dir: Path = PLANS_DIR) -> list[str]:
    """The ids of the plans in the folder, sorted."""
    return sorted(
        path.parent.name
        for path in plans_dir.glob("*/plan.yaml")
        if not path.parent.name.startswith(".")  # one that is being written
    )


def load_plan(plan_id: str | None = None, plans_dir: Path = PLANS_DIR) -> Plan:
    """The plan, read and checked; without an id the only one there is.

    Raises PlanNotFoundError, or PlanDataError naming file, key and value.
    """
    known = available_plans(plans_dir)
    if plan_id is None and len(known) == 1:
        plan_id = known[0]
    if plan_id is None or plan_id not in known:
        raise PlanNotFoundError(
            f"PLAN_ID: {plan_id!r} is not a plan in {plans_dir}; "
            f"allowed: {', '.join(known) or 'none yet'}"
        )
    folder = plans_dir / plan_id
    info = read_yaml(folder / "plan.yaml", PlanInfo)
    if info.id != plan_id:
        raise PlanDataError(f"{folder / 'plan.yaml'}: id: {info.id!r} — must be {plan_id!r}")
    plan = Plan(
        folder=folder,
        info=info,
        text=_read_text(folder / info.text.file, info.text.sha256),
        clauses=load_clauses(folder / "clauses.jsonl"),
        labels=read_yaml(folder / "labels.yaml", Labels),
        corrections=read_yaml(folder / "corrections.yaml", Corrections),
        vocabulary=read_yaml(folder / "vocabulary.yaml", Vocabulary),
        dossiers=read_yaml(folder / "dossiers.yaml", DossierBook),
        notices=read_yaml(folder / "notices.yaml", NoticeBook),
    )
    _check_clause_ids(plan)
    return plan


def _read_text(path: Path, sha256: str) -> str:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanDataError(
            f"{path}: the plan's text cannot be read ({type(error).__name__}); "
            "restore the file as UTF-8 text"
        ) from error
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise PlanDataError(
            f"{path}: sha256 is {found[:12]}…, plan.yaml says {sha256[:12]}…; restore the text, "
            "or review the change and write its hash into plan.yaml (text.sha256)"
        )
    return text


def _check_clause_ids(plan: Plan) -> None:
    """Every clause that the files name exists; every dossier quote stands in its clause."""
    for clause_id in plan.labels.titles:
        if clause_id not in plan.clauses:
            raise PlanDataError(
                f"{plan.folder / 'labels.yaml'}: titles: {clause_id!r} is not a clause of the plan"
            )
    for place, source in plan.dossiers.sources():
        if source.clause not in plan.clauses:
            raise PlanDataError(
                f"{plan.folder / 'dossiers.yaml'}: {place}: {source.clause!r} is not a clause "
                "of the plan; give one of its ids"
            )
        if source.quote not in plan.clauses[source.clause].text:
            raise PlanDataError(
                f"{plan.folder / 'dossiers.yaml'}: {place}: {source.quote!r:.60} "
                f"is not in {source.clause}; "
                "quote the clause word for word"
            )
