"""How a plan's folder writes its criteria down: quotes, tests, awards."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from knowledge.yaml_reader import DataModel


class Quoted(DataModel):
    """Words of the plan, verbatim, with their clause and, where they stand in one, the bullet."""

    clause: str
    quote: str = Field(min_length=1)
    bullet: int | None = None


class Measure(Enum):
    """How a figure is compared, named by the text's own words.

    at_least "từ N trở lên", "đạt N"; more_than "trên N"; reaches "đạt" (the whole target);
    exceeds "vượt" (more than the whole target); exceeds_by "vượt từ N"; none "không còn";
    some: at least one.
    """

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    REACHES = "reaches"
    EXCEEDS = "exceeds"
    EXCEEDS_BY = "exceeds_by"
    NONE = "none"
    SOME = "some"


WITH_THRESHOLD = {Measure.AT_LEAST, Measure.MORE_THAN, Measure.EXCEEDS_BY}


class When(DataModel):
    """A stated fact: that it is a certain choice, or that it lies before another one."""

    fact: str
    is_: str | None = Field(default=None, alias="is")
    before: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> When:
        if (self.is_ is None) == (self.before is None):
            raise ValueError("say either `is` or `before`")
        return self


class Doubt(DataModel):
    """A result that two readings see differently: it counts as unknown.

    It concerns `subjects` (all if not given), and only where `when` is stated, if given.
    """

    reading: str
    subjects: list[str] | None = None
    when: When | None = None


class DoubtfulValues(DataModel):
    """Choices about which the text is silent."""

    values: list[str]
    reading: str


class WhenEmpty(DataModel):
    """For which subjects an empty value passes or fails; for the others it is unknown."""

    passes: list[str] = Field(default_factory=list)
    fails: list[str] = Field(default_factory=list)


class Flag(DataModel):
    """A remark that goes with a pass exactly at the threshold."""

    id: str
    at_threshold: Literal[True]


class Test(DataModel):
    """What every test has: the words of the quote that it stands for, and its doubts."""

    words: str = Field(min_length=1)
    when_empty: WhenEmpty = WhenEmpty()
    on_pass: Doubt | None = None
    on_fail: Doubt | None = None


class Measured(Test):
    """A test of a figure. Of `figure`, `one_target`, `either` exactly one is given.

    `one_target`: several figures for one target, used alone, undecided (`reading`) where they
    disagree. `either`: one of the figures is enough.
    """

    figure: str | None = None
    one_target: list[str] | None = Field(default=None, min_length=2)
    either: list[str] | None = Field(default=None, min_length=2)
    reading: str | None = None
    test: Measure
    threshold: Decimal | None = None
    flag: Flag | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Measured:
        if [self.figure, self.one_target, self.either].count(None) != 2:
            raise ValueError("give one of figure, one_target, either")
        if (self.test in WITH_THRESHOLD) != (self.threshold is not None):
            raise ValueError(
                f"test {self.test.value} and threshold {self.threshold} do not go together"
            )
        if (self.one_target is None) != (self.reading is None):
            raise ValueError("one_target and reading go together")
        return self


class Chosen(Test):
    """A test of a choice: one of `values`, or milder than `value` in the order of the choices."""

    fact: str
    test: Literal["one_of", "milder_than"]
    values: list[str] = Field(default_factory=list)
    value: str | None = None
    awaits: list[str] = Field(default_factory=list)
    doubtful: DoubtfulValues | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Chosen:
        if bool(self.values) == bool(self.value) or (self.test == "one_of") != bool(self.values):
            raise ValueError("one_of takes values, milder_than takes value")
        codes = [*self.values, *self.awaits, *(self.doubtful.values if self.doubtful else ())]
        if len(set(codes)) != len(codes):
            raise ValueError(f"{codes} name a code twice; each passes, is awaited or doubtful")
        return self


class Contributed(Test):
    """A contribution that reaches a norm which only the applicant can state."""

    contribution: str
    unvalued: str
    norm: str


class WithinPeriod(Test):
    """A year within the plan's period."""

    within_period: str


class AnyOf(DataModel):
    """One is enough."""

    any_of: list[Requirement] = Field(min_length=2)


class AllOf(DataModel):
    """Every one is needed."""

    all_of: list[Requirement] = Field(min_length=2)


def _kind_of_requirement(raw: Any) -> str:
    keys = raw if isinstance(raw, dict) else {}
    for key in ("any_of", "all_of", "fact", "contribution", "within_period"):
        if key in keys:
            return key
    return "figure"


Requirement = Annotated[
    Annotated[AnyOf, Tag("any_of")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[Chosen, Tag("fact")]
    | Annotated[Contributed, Tag("contribution")]
    | Annotated[WithinPeriod, Tag("within_period")]
    | Annotated[Measured, Tag("figure")],
    Discriminator(_kind_of_requirement),
]


class Criterion(DataModel):
    """One bullet of an award's clause, for whom it is, and what it requires."""

    bullet: int
    quote: str = Field(min_length=1)
    subjects: list[str] = Field(min_length=1)
    on_pass: Doubt | None = None
    flag: str | None = None
    requires: Requirement


class Round(DataModel):
    """An award on one occasion: the clause and its bullets, one of which is enough."""

    clause: str
    criteria: list[Criterion] = Field(min_length=1)


class Award(DataModel):
    """awards/<id>.yaml. A higher `rank` is a higher award."""

    id: str
    label: str
    rank: int
    occasions: dict[str, Round] = Field(min_length=1)


def leaves(requirement: Requirement) -> Iterator[Test]:
    """The single tests that the requirement is made of, in order."""
    if isinstance(requirement, AnyOf | AllOf):
        parts = requirement.any_of if isinstance(requirement, AnyOf) else requirement.all_of
        for part in parts:
            yield from leaves(part)
    else:
        yield requirement
