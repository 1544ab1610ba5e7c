"""The notation in which a plan's data writes down how people say things, made into patterns.

    giảm [được] {percent} (hộ nghèo|nhà nghèo) ... @period

Words stand for themselves, also where their marks were left out in the text; `(a|b)` one of
several, `[a|b]` none or one of them, `...` up to four other words of the same clause, `,` the end
of a clause, `@name` a macro. `{count}` is the figure that the phrase gives, `<count>` one that it
only passes over; of a share `{part}` and `{whole}` are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.number_words import number_words, phrase_words
from bot.spoken_figures import FigureKind
from indexer.normalize import strip_marks

CLAUSE_ENDS: Final = ",;.?"
_PART = re.compile(r"\.\.\.|[()\[\]|,]|\{\w+\}|<\w+>|@\w+|[^\s()\[\]|,{}<>]+")
_SIGNS: Final = {
    "count": (FigureKind.COUNT, FigureKind.YEAR, FigureKind.MONEY),
    "year": (FigureKind.YEAR,),
    "percent": (FigureKind.PERCENT,),
    "points": (FigureKind.POINTS,),
    "money": (FigureKind.MONEY,),
    "part": (FigureKind.SHARE,),
    "whole": (FigureKind.SHARE,),
    "share": (FigureKind.SHARE,),
    "date": (FigureKind.DATE,),
    "any": (FigureKind.OTHER,),
    "number": (FigureKind.COUNT, FigureKind.PERCENT, FigureKind.MONEY, FigureKind.POINTS),
}
SLOTS: Final = frozenset(_SIGNS)
_GAP_WORDS = 4
_MOST_NESTED_MACROS = 8


class PhraseError(ValueError):
    """A phrase that is not written in the notation; its text says which and why."""


class PhraseCompiler:
    """Compiles phrases under one plan's macros and the words that no gap may hold."""

    def __init__(self, macros: Mapping[str, str], gap_stops: Iterable[str] = ()) -> None:
        self._macros = macros
        stops = "|".join(_word(word) for stop in gap_stops for word in phrase_words(stop))
        guard = f"(?!(?:{stops}) )" if stops else ""
        self._gap = rf"(?: {guard}[^\W\d_][^ ]*){{0,{_GAP_WORDS}}}?"

    def compile(self, phrase: str) -> re.Pattern[str]:
        """The pattern of one phrase in a line of words; its figure is the group `figure`.

        Raises PhraseError.
        """
        pattern = "".join(self._piece(part, phrase) for part in _PART.findall(self._plain(phrase)))
        try:
            return re.compile(f"{pattern}(?= )")
        except re.error as error:
            raise PhraseError(f"{phrase!r}: brackets do not match ({error})") from error

    def compile_any(self, phrases: Iterable[str]) -> re.Pattern[str] | None:
        """One pattern for any of the phrases, none of which gives a figure; None for no phrases."""
        patterns = [self.compile(phrase).pattern for phrase in phrases]
        return re.compile("|".join(patterns)) if patterns else None

    def _plain(self, phrase: str) -> str:
        """The phrase with its macros written out."""
        for _ in range(_MOST_NESTED_MACROS):
            if "@" not in phrase:
                return phrase
            phrase = re.sub(r"@(\w+)", lambda found: f"({self._macro(found[1])})", phrase)
        raise PhraseError(f"{phrase!r}: macros are nested too deeply, or in a circle")

    def _macro(self, name: str) -> str:
        if name not in self._macros:
            known = ", ".join(sorted(self._macros)) or "none"
            raise PhraseError(f"@{name} is not a macro; there are: {known}")
        return self._macros[name]

    def _piece(self, part: str, phrase: str) -> str:
        fixed = {"(": "(?:", "[": "(?:", ")": ")", "]": ")?", "|": "|", "...": self._gap}
        if part in fixed:
            return fixed[part]
        if part == ",":
            return rf" [{re.escape(CLAUSE_ENDS)}]"
        if part[0] in "{<":
            return _slot(part, phrase)
        return "".join(f" {_word(word)}" for word in phrase_words(part))


def slot_of(phrase: str) -> str | None:
    """The name of the slot that a phrase gives, or None."""
    found = re.search(r"\{(\w+)\}", phrase)
    return found[1] if found else None


def _slot(part: str, phrase: str) -> str:
    name = part[1:-1]
    if name not in _SIGNS:
        raise PhraseError(f"{phrase!r}: {part} is not a slot; there are: {', '.join(_SIGNS)}")
    signs = re.escape("".join(kind.value for kind in _SIGNS[name]))
    figure = rf"[{signs}]\d+~?"
    # "giảm gần 50%" and "giảm 50-60%" say the phrase too, with a figure that is marked as vague
    words = (
        *number_words().vague_before,
        *number_words().vague_only_marked,
        *number_words().range_joins,
    )
    vague = rf"(?: (?:{'|'.join(map(_word, words))}|[^\w ]\d+~)){{0,3}}"
    return rf"{vague} (?P<figure>{figure})" if part[0] == "{" else rf"{vague} {figure}"


def _word(word: str) -> str:
    """A word, or the same typed without its marks."""
    bare = strip_marks(word)
    return re.escape(word) if bare == word else f"(?:{re.escape(word)}|{re.escape(bare)})"


def every_match(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches, overlapping ones too."""
    at = 0
    while match := pattern.search(text, at):
        yield match
        at = match.start() + 1
