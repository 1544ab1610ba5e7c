"""What an applicant can tell us: the facts of a plan, their values, and a unit that has some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from pydantic import Field, model_validator

from knowledge.yaml_reader import DataModel

Value = Decimal | tuple[Decimal, ...] | str
"""A number, the numbers of a list, or the code of a choice. Unknown facts have no value at all."""

Facts = Mapping[str, Value]


class Kind(Enum):
    """How a fact is written down."""

    YES_NO = "yes_no"
    YES_NO_PENDING = "yes_no_pending"
    CHOICE = "choice"
    PERCENT = "percent"
    PERCENT_LIST = "percent_list"
    POINTS = "points"
    NUMBER_LIST = "number_list"
    COUNT = "count"
    MONEY = "money"
    YEAR = "year"


YES_NO_CODES = {Kind.YES_NO: ("yes", "no"), Kind.YES_NO_PENDING: ("yes", "no", "pending")}
_WHOLE_KINDS = {Kind.COUNT, Kind.MONEY, Kind.YEAR}
_LIST_KINDS = {Kind.PERCENT_LIST, Kind.NUMBER_LIST}


class Fact(DataModel):
    """One thing to be known about a unit.

    `choices` maps the codes of a choice to their labels, mildest or lowest first, `also` to other
    words for them; `minimum` and `maximum` are inclusive; `empty_means` says what an empty value
    is taken for, where it is, `covered_by` which confirmed fact says it already. `questions` are
    worded for some subjects alone; `bullets_of` is the clause whose bullets the question names.
    `is_decision`: somebody else sets it, so that where it is missing the unit waits for it.
    """

    kind: Kind
    label: str
    header: str
    question: str
    example: str
    subjects: list[str] = Field(min_length=1)
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: dict[str, str] = Field(default_factory=dict)
    also: dict[str, list[str]] = Field(default_factory=dict)
    empty_means: str | None = None
    covered_by: str | None = None
    questions: dict[str, str] = Field(default_factory=dict)
    bullets_of: str | None = None
    is_decision: bool = False

    @model_validator(mode="after")
    def _has_choices_only_if_it_is_one(self) -> Fact:
        if (self.kind is Kind.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a fact of kind choice, and to no other")
        if not self.also.keys() <= set(self.codes):
            raise ValueError(f"also: {sorted(self.also)} are not all codes of the fact")
        return self

    def question_for(self, subject: str) -> str:
        """The question as it is put to the subject."""
        return self.questions.get(subject, self.question)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that can be chosen; empty for a number."""
        return YES_NO_CODES.get(self.kind) or tuple(self.choices)

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return self.kind in _WHOLE_KINDS

    @property
    def is_list(self) -> bool:
        """Whether several numbers can be given."""
        return self.kind in _LIST_KINDS


class FactFile(DataModel):
    """facts.yaml; empty for a document without awards."""

    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Unit:
    """Someone who may be proposed on an occasion, with what is known; `id` is free text."""

    subject: str
    occasion: str
    facts: Facts = field(default_factory=dict)
    id: str = ""

    def with_fact(self, fact_id: str, value: Value) -> Unit:
        """The same unit with one more, or one changed, fact."""
        return Unit(self.subject, self.occasion, {**self.facts, fact_id: value}, self.id)
