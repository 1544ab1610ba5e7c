"""Clauses -> passages: one a bullet, knowing its heading path and its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.clauses import Bullet, Clause
from knowledge.plan import Plan

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[“\"(]?([^\W\d_]))")  # before a letter
_PART = re.compile(r"(?<=;)\s+")
HIDDEN_CLAUSES = frozenset({"TITLE", "HEADER"})  # they name the plan and answer nothing
TELLING_HEADING_WORDS = 8  # a heading this long says something itself: who signs, who is meant


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit that search ranks and answers quote.

    `text` is verbatim; `search_text` is the same with printing errors mended. `context` holds
    the headings above. `bullet` is None for the clause's own heading or lead-in.
    """

    clause: str
    bullet: int | None
    text: str
    search_text: str
    context: str

    @property
    def parts(self) -> list[str]:
        """What is searched of `search_text` by itself: its sentences, cut at semicolons too."""
        return [part for sentence in split_sentences(self.search_text) for part in cut(sentence)]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in order."""
    ends = [end for end in _SENTENCE_END.finditer(text) if end[1].isupper()]
    starts = [0, *(end.end() for end in ends)]
    stops = [*(end.start() for end in ends), len(text)]
    pieces = (text[start:stop].strip() for start, stop in zip(starts, stops, strict=True))
    return [piece for piece in pieces if piece]


def cut(sentence: str) -> list[str]:
    """The parts of a sentence between semicolons, in order."""
    return [part for part in _PART.split(sentence) if part]


def passages_of(plan: Plan) -> list[Passage]:
    """The passages of a plan in text order; clauses that only head others have none."""
    return [
        passage
        for clause in plan.clauses
        if clause.id not in HIDDEN_CLAUSES and clause.bullets
        for passage in (*_opening(plan, clause), *(_item(plan, clause, b) for b in clause.bullets))
    ]


def _opening(plan: Plan, clause: Clause) -> list[Passage]:
    """Heading and lead-in, where they say enough to be an answer."""
    above = plan.clauses.path(clause.parent) if clause.parent else ()
    return [
        Passage(clause.id, None, text, plan.corrected(text), _context(above))
        for text in (clause.heading, clause.lead_in)
        if len(text.split()) >= TELLING_HEADING_WORDS
    ]


def _item(plan: Plan, clause: Clause, bullet: Bullet) -> Passage:
    over = next((b.text for b in clause.bullets if b.number == bullet.under), "")
    context = _context((*plan.clauses.path(clause.id), clause.lead_in, over))
    return Passage(clause.id, bullet.number, bullet.text, plan.corrected(bullet.text), context)


def _context(headings: tuple[str, ...]) -> str:
    return ". ".join(heading.rstrip(".:;") for heading in headings if heading)
