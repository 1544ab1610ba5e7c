"""A clause's items in plain words, with what a person has to bring or have confirmed."""

from __future__ import annotations

from pydantic import Field

from knowledge.yaml_reader import DataModel


class GuideItem(DataModel):
    """One bullet in plain words, and the paper or confirmation that goes with it."""

    bullet: int
    plain: str
    bring: str


class Guide(DataModel):
    """The items of a clause for the subjects whom they concern."""

    clause: str
    title: str
    subjects: list[str] = Field(min_length=1)
    items: list[GuideItem] = Field(min_length=1)


class GuideBook(DataModel):
    """guides.yaml; a plan may have none."""

    guides: list[Guide] = Field(default_factory=list)

    def for_subject(self, subject: str) -> Guide | None:
        """The guide that is written for the subject, if there is one."""
        return next((guide for guide in self.guides if subject in guide.subjects), None)
