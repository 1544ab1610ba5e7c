"""Who can be proposed and on which occasions, as a plan names them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field, model_validator

from knowledge.criteria import Quoted
from knowledge.yaml_reader import DataModel


class Basis(DataModel):
    """Why a subject without a bullet of its own is judged as it is."""

    text: str
    source: Quoted


class Subject(DataModel):
    """A kind of unit; `also` holds other words by which people write it."""

    label: str
    also: list[str] = Field(default_factory=list)
    basis: Basis | None = None


class Occasion(DataModel):
    """A time at which awards are given, and its clause; `year` is the one that the clause names."""

    label: str
    clause: str
    year: int | None = None
    also: list[str] = Field(default_factory=list)


class SubjectFile(DataModel):
    """subjects.yaml: subjects, groups of them, occasions; empty for a document without awards."""

    subjects: dict[str, Subject]
    groups: dict[str, list[str]]
    occasions: dict[str, Occasion]

    @model_validator(mode="after")
    def _subjects_have_occasions(self) -> SubjectFile:
        if bool(self.subjects) != bool(self.occasions):
            raise ValueError("subjects and occasions go together: give both, or neither")
        return self

    @model_validator(mode="after")
    def _groups_name_subjects(self) -> SubjectFile:
        for group, members in self.groups.items():
            unknown = sorted(set(members) - set(self.subjects))
            if unknown or group in self.subjects:
                wrong = unknown or group
                raise ValueError(f"groups.{group} names {wrong}: not a new group of subjects")
        return self

    def expand(self, names: Iterable[str]) -> frozenset[str]:
        """The subjects that the names of subjects and groups stand for.

        Raises KeyError with the first name that is neither.
        """
        found: set[str] = set()
        for name in names:
            if name not in self.groups and name not in self.subjects:
                raise KeyError(name)
            found.update(self.groups.get(name, [name]))
        return frozenset(found)
