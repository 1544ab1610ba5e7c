"""What plan.yaml says of a plan: name, issuer, period, what took its place, whom else to ask."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from knowledge.yaml_reader import DataModel


class Period(DataModel):
    """First and last day that the plan covers."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Period:
        if self.last < self.first:
            raise ValueError(f"last {self.last} lies before first {self.first}")
        return self


class Replacement(DataModel):
    """What took the plan's place: its title as it is cited, and its first day.

    `plan` is its id where it is one of the plans served.
    """

    title: str
    holds_from: date
    plan: str | None = None


class Standing(StrEnum):
    """How a plan stands to a day: whether its words can still be gone by."""

    IN_FORCE = "in_force"
    NOT_BEGUN = "not_begun"
    OVER = "over"
    REPLACED = "replaced"


class TextSource(DataModel):
    """The plan's text file and the SHA-256 of its bytes."""

    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class PlanInfo(DataModel):
    """plan.yaml: name, issuer, period and text of the plan, and whom else to ask.

    A document that states no period has none; it is in force until something replaces it.
    `recipients` are those named below "Nơi nhận"; `called` are words people name the plan with.
    """

    id: str
    title: str
    short_title: str
    issuer: str
    signer: str | None = None
    number: str | None = None
    date_signed: date | None = None
    period: Period | None = None
    replaced_by: Replacement | None = None
    recipients: list[str] = Field(default_factory=list)
    called: list[str] = Field(default_factory=list)
    text: TextSource
    contact: str

    def standing(self, today: date) -> Standing:
        """How the plan stands to the day; a replacement counts before the period."""
        if self.replaced_by and self.replaced_by.holds_from <= today:
            return Standing.REPLACED
        if self.period is None or self.period.first <= today <= self.period.last:
            return Standing.IN_FORCE
        return Standing.OVER if self.period.last < today else Standing.NOT_BEGUN
