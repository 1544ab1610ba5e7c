"""Sentences that hold for every plan, read from one file and filled with figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from knowledge.yaml_reader import DataModel, read_yaml

MESSAGES_PATH = Path(__file__).parent / "plans" / "messages_vi.yaml"


class OperatorWords(DataModel):
    """The words of the text that go with a test, and those that contradict it.

    `flag_if` words contradict it too, unless the data flag the test for review.
    """

    has: list[str] = Field(min_length=1)
    without: list[str]
    flag_if: list[str] = Field(default_factory=list)

    @property
    def speaks_of_percentage(self) -> bool:
        """Whether its words hold a percentage; counts are then compared as if they were one."""
        return any("{n}%" in pattern for pattern in self.has)


class Messages(DataModel):
    """messages_vi.yaml."""

    verdicts: dict[str, str]
    standings: dict[str, str]
    answers: dict[str, str]
    also_answers: dict[str, list[str]]
    requirements: dict[str, str]
    statuses: dict[str, str]
    distances: dict[str, str]
    reasons: dict[str, str]
    values: dict[str, str]
    allowed: dict[str, str]
    columns: dict[str, str]
    sheets: dict[str, str]
    files: dict[str, str]
    operators: dict[str, OperatorWords]


@cache
def messages() -> Messages:
    """The sentences, read once. Raises PlanDataError if the file is wrong."""
    return read_yaml(MESSAGES_PATH, Messages)
