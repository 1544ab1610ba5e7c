"""Whether a statement in a sentence is meant as one: denials, conditions, demands, questions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.phrases import PhraseCompiler
from bot.spoken_line import Line
from knowledge.spoken import Doubts

_CLOSELY = 7  # words


class DoubtFinder:
    """Finds words around a phrase that take its certainty."""

    def __init__(self, doubts: Doubts, macros: Mapping[str, str]) -> None:
        compiler = PhraseCompiler(macros, doubts.gap_stops)
        self._asked = PhraseCompiler(macros, doubts.asked_stops).compile_any(doubts.asked)
        self._closely_before = compiler.compile_any(doubts.closely_before)
        self._before = compiler.compile_any(doubts.before)
        self._sentence = compiler.compile_any(doubts.sentence)
        self._after = compiler.compile_any(doubts.after)

    def casts_on(self, match: re.Match[str], line: Line) -> bool:
        """Whether what the match says is denied, supposed, demanded, foreseen or asked."""
        clause = line.text[line.clause_start(match.start()) : match.start()] + " "
        sentence = line.text[line.sentence_start(match.start()) : match.start()] + " "
        words = clause.split()[-_CLOSELY:]
        return (
            _has(self._closely_before, f" {' '.join(words)} ")
            or _has(self._before, clause)
            or _has(self._sentence, sentence)
            or _follows(self._after, line, match)
            or _follows(self._asked, line, match)
        )


def own_clause(line: Line, match: re.Match[str]) -> str:
    """The clause or clauses that a match stands in."""
    return line.text[line.clause_start(match.start()) : _clause_end(line, match.end())]


def neighbourhood(line: Line, match: re.Match[str]) -> str:
    """The match's own clause with the ones before and after it in the same sentence."""
    start = line.clause_start(match.start())
    if start > line.sentence_start(match.start()):
        start = line.clause_start(start - 2)
    end = _clause_end(line, match.end())
    if line.text[end - 2 : end - 1] == ",":
        end = _clause_end(line, end)
    return line.text[start:end]


def _clause_end(line: Line, at: int) -> int:
    found = re.compile(r" [,.?] ").search(line.text, at)
    return found.end() if found else len(line.text)


def _follows(pattern: re.Pattern[str] | None, line: Line, match: re.Match[str]) -> bool:
    return bool(pattern and pattern.match(line.text, match.end()))


def _has(pattern: re.Pattern[str] | None, text: str) -> bool:
    return bool(pattern and pattern.search(text))
