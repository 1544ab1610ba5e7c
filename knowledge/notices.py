"""Notices that go with answers: what has changed since the plan was issued."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pydantic import Field

from knowledge.yaml_reader import DataModel


class Notice(DataModel):
    """A sentence that goes with some answers from a day on.

    It goes with every answer whose kind is in `kinds`, whose clause is in `clauses` or starts
    with one of `clauses` and a dot or slash, or whose question or quote names one of `words`.
    """

    id: str
    holds_from: date
    text: str
    source: str
    kinds: list[str] = Field(default_factory=list)
    clauses: list[str] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)

    def applies(self, kind: str, clauses: Collection[str], words: str, today: date) -> bool:
        """Whether the notice goes with an answer of this kind, these clauses and these words."""
        if today < self.holds_from:
            return False
        if kind in self.kinds:
            return True
        if any(_is_within(clause, scope) for clause in clauses for scope in self.clauses):
            return True
        lowered = words.lower()
        return any(word.lower() in lowered for word in self.words)


class NoticeBook(DataModel):
    """notices.yaml."""

    notices: list[Notice]

    def for_answer(
        self, kind: str, clauses: Collection[str], words: str, today: date
    ) -> list[Notice]:
        """The notices that go with the answer, in the file's order."""
        return [n for n in self.notices if n.applies(kind, clauses, words, today)]


def _is_within(clause: str, scope: str) -> bool:
    return clause == scope or clause.startswith((f"{scope}.", f"{scope}/"))
