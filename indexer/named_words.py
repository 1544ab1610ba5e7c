"""named_words.yaml: what questions name or ask for, whatever the plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.yaml_reader import DataModel, read_yaml

_FILE = Path(__file__).with_name("named_words.yaml")


class DivisionWords(DataModel):
    """How clauses are named by number, and the words that ask for no more than the clause."""

    parts: list[str]  # with any kind of number
    numbered: list[str]  # with figures alone
    lettered: list[str]
    articles: list[str]
    numbered_by: list[str]
    in_words: dict[int, list[str]]
    fillers: list[str]


class NamedWords(DataModel):
    """named_words.yaml."""

    papers: list[str]
    numbered: str
    divisions: DivisionWords
    asks: dict[str, list[str]]
    elsewhere: dict[str, list[str]]


@cache
def named_words() -> NamedWords:
    """The words; raises PlanDataError naming what is wrong in the file."""
    return read_yaml(_FILE, NamedWords)
