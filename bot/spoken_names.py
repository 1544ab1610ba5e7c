"""Which subject, or which occasion, a sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.phrases import PhraseCompiler, every_match
from bot.spoken_line import Line
from knowledge.spoken import Said

Span = tuple[int, int]
_Found = tuple[Span, str | None]
_COUNT_BEFORE = re.compile(r" [#%^$/]\d+~?$")


@dataclass(frozen=True, slots=True)
class _Patterns:
    said: list[re.Pattern[str]]
    also: list[re.Pattern[str]]
    unclear: list[re.Pattern[str]]
    never: list[re.Pattern[str]]

    def named(self, line: Line, patterns: list[re.Pattern[str]]) -> list[Span]:
        """Where some of the patterns stand outside the words that never name this name."""
        never = list(_spans(self.never, line))
        return [
            span
            for span in _spans(patterns, line)
            if not any(_holds(outer, span) for outer in never)
        ]


class NameFinder:
    """Finds the one name out of several that a line names."""

    def __init__(self, names: Mapping[str, Said], compiler: PhraseCompiler) -> None:
        self._narrower = {name: said.narrower for name, said in names.items() if said.narrower}
        self._patterns = {
            name: _Patterns(
                *([compiler.compile(phrase) for phrase in phrases] for phrases in _groups(said))
            )
            for name, said in names.items()
        }

    def find(self, line: Line) -> str | None:
        """The name, or None where the line names none, or more than one.

        Of two that are said by the same words the longer saying counts, and of a name and its
        narrower one the narrower.
        """
        kept = _outermost(
            [
                (span, name if is_clear else None)
                for name, patterns in self._patterns.items()
                for is_clear in (True, False)
                for span in patterns.named(line, patterns.said if is_clear else patterns.unclear)
            ]
        )
        if not kept:
            kept = _outermost(
                [
                    (span, name)
                    for name, patterns in self._patterns.items()
                    for span in patterns.named(line, patterns.also)
                ]
            )
        return self._the_one(kept)

    def narrower(self, name: str) -> str | None:
        """The name that has all that this one has, and more; None where there is none."""
        return self._narrower.get(name)

    def _the_one(self, names: set[str | None]) -> str | None:
        wide = {name for name in names if name and self._narrower.get(name) in names}
        left = names - wide
        return left.pop() if len(left) == 1 else None


def _groups(said: Said) -> tuple[list[str], ...]:
    return said.said, said.also, said.unclear, said.never


def _spans(patterns: list[re.Pattern[str]], line: Line) -> Iterator[Span]:
    """Where the patterns stand; "3 ấp em" counts hamlets and names none."""
    for pattern in patterns:
        for match in every_match(pattern, line.text):
            if not _COUNT_BEFORE.search(line.text, 0, match.start()):
                yield match.span()


def _outermost(found: list[_Found]) -> set[str | None]:
    """The names that are not said only by a part of the words that say another one."""
    return {
        name
        for span, name in found
        if not any(
            other != name and outer != span and _holds(outer, span) for outer, other in found
        )
    }


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
