"""How a plan's folder writes down its standards, its checklists and its doubtful passages."""

from __future__ import annotations

from pydantic import Field

from knowledge.criteria import Quoted, Requirement
from knowledge.yaml_reader import DataModel


class Standard(DataModel):
    """A standard that every award requires of the subjects it names."""

    id: str
    clause: str
    bullet: int | None = None
    quote: str = Field(min_length=1)
    subjects: list[str] = Field(min_length=1)
    requires: Requirement


class Checklist(DataModel):
    """Qualitative bullets that a person has to confirm; they decide nothing."""

    subjects: list[str] = Field(min_length=1)
    clause: str
    bullets: list[int] = Field(min_length=1)


class StandardFile(DataModel):
    """standards.yaml; the last two are needed where a criterion rests on a contribution."""

    standards: list[Standard]
    checklists: list[Checklist]
    contribution_confirmation: Quoted | None = None
    norm_source: Quoted | None = None


class Reading(DataModel):
    """Two ways to read a passage, and what each makes of it."""

    about: str
    first: str
    second: str


class Settled(DataModel):
    """What was decided where the text is silent."""

    clause: str
    text: str


class ReadingFile(DataModel):
    """readings.yaml."""

    decided_by: str
    readings: dict[str, Reading]
    flags: dict[str, str]
    settled: list[Settled]
