"""Clauses that a question names by their numbers: "V.2", "điểm a khoản 3.2 mục IV", "Điều 5".

What is named that way is looked up, not searched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from indexer.named_words import named_words
from indexer.normalize import strip_marks, to_nfc, tokenize
from knowledge.clauses import ClauseTree

_STEPS = re.compile(r"[ivx]+(?![^\W\d_])|\d+|[a-zđ](?![^\W\d_])")
_INNER = r"(?:\s?[.\-]\s?(?:\d{1,2}|[a-hđ]))"
_CODE = rf"(?:[ivx]{{1,5}}|\d{{1,2}}|[a-hđ]){_INNER}*"
_ENDS = r"(?![\w%/]|[.,]\d)"
_ROMAN = re.compile(r"[ivx]+")
_PREFIX = re.compile(r"^(?:pl|kt|[cmp])(?=[ivx\d])")  # of chapters, sections, appendices in ids
_ARTICLE = "đ"


@dataclass(frozen=True, slots=True)
class NamedClause:
    """The clauses that bear the number a question names; none where the plan has no such number.

    `is_alone` says that the question asks for nothing beyond what is named.
    """

    clauses: tuple[str, ...]
    is_alone: bool


class CodeReader:
    """Finds clauses named by number, among one plan's clauses."""

    def __init__(self, clauses: ClauseTree) -> None:
        words = named_words().divisions
        self._steps = {clause.id: _steps_of_id(clause.id) for clause in clauses}
        by = rf"(?:(?:{_either(words.numbered_by)})\s+)?"
        self._code = re.compile(
            rf"(?<![\w.,/-])(?:(?:{_either(words.articles)})\s+{by}(?P<article>\d{{1,3}})"
            rf"|(?P<part>{_either(words.parts)})\s+{by}(?P<of_part>{_CODE})"
            rf"|(?:{_either(words.numbered)})\s+{by}(?P<figures>\d{{1,2}}{_INNER}*)"
            rf"|(?:{_either(words.lettered)})\s+{by}(?P<letter>[a-hđ])"
            rf"|(?P<bare>{_CODE})){_ENDS}"
        )
        self._numbers = {
            strip_marks(word): str(n) for n, forms in words.in_words.items() for word in forms
        }
        self._headings = [
            (clause.id, re.compile(self._heading_with_number(clause.heading, words.numbered_by)))
            for clause in clauses
            if " " in clause.heading and clauses.children(clause.id)
        ]
        self._fillers = {strip_marks(word) for word in words.fillers}

    def read(self, typed: str, tokens: Sequence[str]) -> NamedClause | None:
        """What the question names, or None when it names no clause by number.

        `tokens` is the question with its marks restored.
        """
        text = to_nfc(typed).lower()
        found = [match for match in self._code.finditer(text) if _is_code(match)]
        if not found:
            return self._by_heading(strip_marks(" ".join(tokens)))
        rest = tokenize(self._code.sub(lambda m: " " if _is_code(m) else m.group(), text))
        is_alone = self._is_filler(rest)
        clauses = self._resolved([_steps_of(match) for match in found])
        is_missing = not clauses and is_alone and len(found) == 1 and _is_full(found[0])
        return NamedClause(tuple(clauses), is_alone) if clauses or is_missing else None

    def _by_heading(self, line: str) -> NamedClause | None:
        for clause, pattern in self._headings:
            if match := pattern.search(line):
                number = self._numbers.get(match["number"], match["number"])
                steps = (*self._steps[clause], number)
                named = tuple(id_ for id_, own in self._steps.items() if own == steps)
                rest = f"{line[: match.start()]} {line[match.end() :]}".split()
                return NamedClause(named, self._is_filler(rest))
        return None

    def _heading_with_number(self, heading: str, numbered_by: list[str]) -> str:
        words = re.escape(strip_marks(" ".join(tokenize(heading))))
        by = "|".join(strip_marks(word) for word in numbered_by)
        spoken = "|".join(self._numbers)
        return (
            rf"\b{words}\s+(?=(?P<by>{by})?)(?:(?:{by})\s+)*"
            rf"(?P<number>\d{{1,2}}|(?(by)(?:{spoken})|(?!))){_ENDS}"
        )

    def _is_filler(self, words: Sequence[str]) -> bool:
        return all(strip_marks(word) in self._fillers for word in words)

    def _resolved(self, groups: list[tuple[str, ...]]) -> list[str]:
        """The clauses that bear exactly these numbers, whichever way round they were named."""
        for order in (groups, groups[::-1]):
            steps = tuple(chain.from_iterable(order))
            if exact := [id_ for id_, own in self._steps.items() if own == steps]:
                return exact
            if len(steps) > 1:  # the outermost numbers are often left out
                for skipped in (1, 2):
                    if inner := [i for i, own in self._steps.items() if own[skipped:] == steps]:
                        return inner
        return []


def _is_code(match: re.Match[str]) -> bool:
    """Whether the match is a clause's number, not a figure, a date or a word of one letter."""
    if match["bare"] is None:
        return True
    steps = _STEPS.findall(match["bare"])
    return len(steps) > 1 and bool(_ROMAN.fullmatch(steps[0]) or steps[-1].isalpha())


def _is_full(match: re.Match[str]) -> bool:
    """Whether the number is one that stands for a clause by itself."""
    code = match["of_part"] or match["bare"] or ""
    return bool(match["article"] or _ROMAN.match(code) or (match["part"] and "." in code))


def _steps_of(match: re.Match[str]) -> tuple[str, ...]:
    if match["article"]:
        return (f"{_ARTICLE}{int(match['article'])}",)
    code = match["of_part"] or match["figures"] or match["letter"] or match["bare"]
    return tuple(_STEPS.findall(code))


def _steps_of_id(clause_id: str) -> tuple[str, ...]:
    return tuple(_PREFIX.sub("", step) for step in clause_id.lower().split("."))


def _either(words: Sequence[str]) -> str:
    """The words as alternatives, with and without their marks, longest first."""
    forms = {form for word in words for form in (word, strip_marks(word))}
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
