"""A free sentence as one line of words and signs, in which phrases can be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.spoken_figures import FigureKind, SpokenFigure, figures_in
from indexer.normalize import has_marks, strip_marks, to_nfc, tokenize
from indexer.query import QueryReader
from indexer.segment import word_list

_LONGEST = 4000  # characters; no one tells the facts of one unit at greater length
_FIGURE_MARK, _CLAUSE_MARK, _SENTENCE_MARK, _QUESTION_MARK = (
    7_000_000,
    8_000_000,
    8_000_001,
    8_000_002,
)
_SIGN_OF_MARK = {str(_CLAUSE_MARK): ",", str(_SENTENCE_MARK): ".", str(_QUESTION_MARK): "?"}
_RANGE_DASHES = ("-", "–", "—")
_NOT_A_WORD = re.compile(r"[^\w&]+|_+")


@dataclass(frozen=True, slots=True)
class Line:
    """Words written out, figures as signs (`%0` is the first of `figures`).

    Clauses end with "," and sentences with "." or "?". A word that was typed without marks
    stands without them: what it means is for the phrases around it to say.
    """

    text: str
    figures: tuple[SpokenFigure, ...]

    def figure(self, sign: str) -> SpokenFigure:
        """The figure that a sign such as "%0" or "#3~" stands for."""
        return self.figures[int(sign[1:].rstrip("~"))]

    def clause_start(self, at: int) -> int:
        """Where the clause around a place begins."""
        return max(self.text.rfind(f" {end} ", 0, at + 1) for end in ",.?") + 2

    def sentence_start(self, at: int) -> int:
        """Where the sentence around a place begins."""
        return max(self.text.rfind(f" {end} ", 0, at + 1) for end in ".?") + 2


def read_line(text: str, reader: QueryReader) -> Line:
    """The text as a line; figures keep the characters with which they were typed."""
    plain = to_nfc(re.sub(r"[\r\n]+", " . ", text[:_LONGEST])).lower()
    figures = tuple(figures_in(plain))
    tokens = tokenize(_masked(plain, figures))
    words = ["."]
    for token in tokens:
        words += [_sign(token, figures)] if token.isdecimal() else _words(token, reader)
    words.append(".")
    return Line(f" {' '.join(words)} ", figures)


def _masked(text: str, figures: tuple[SpokenFigure, ...]) -> str:
    """The text with every figure and every end of a clause replaced by a number that marks it."""
    pieces, at = [], 0
    for number, figure in enumerate(figures):
        between = text[at : figure.start]
        is_range = figure.is_vague and between.strip() in _RANGE_DASHES
        pieces += [" " if is_range else _with_ends(between), f" {_FIGURE_MARK + number} "]
        at = figure.end
    return "".join([*pieces, _with_ends(text[at:])])


def _with_ends(text: str) -> str:
    text = re.sub(r"\d", " ", text)
    for ends, mark in (("?", _QUESTION_MARK), (".!…", _SENTENCE_MARK), (",;:()", _CLAUSE_MARK)):
        text = re.sub(rf"[{re.escape(ends)}]+", f" {mark} ", text)
    text = re.sub(r"(?<=\s)[-–—]+(?=\s)", f" {_CLAUSE_MARK} ", text)
    return _NOT_A_WORD.sub(" ", text)


def _words(token: str, reader: QueryReader) -> Iterator[str]:
    """The words that a typed token stands for.

    Short forms are written out, and a word that does not exist is mended. A word that does exist
    stays as typed: put right by what is usual, "chưa" could become the "chùa" of a temple.
    """
    read = reader.written_out(token)
    is_same_word = len(read) == 1 and strip_marks(read[0]) == strip_marks(token)
    if is_same_word and (not has_marks(token) or token in _syllables()):
        yield token
    else:
        yield from read


@cache
def _syllables() -> frozenset[str]:
    """The syllables that words of general use are made of."""
    return frozenset(syllable for word in word_list() for syllable in tokenize(word))


def _sign(token: str, figures: tuple[SpokenFigure, ...]) -> str:
    """The sign that a number in the masked text marks."""
    if token in _SIGN_OF_MARK:
        return _SIGN_OF_MARK[token]
    number = int(token) - _FIGURE_MARK
    if not 0 <= number < len(figures):
        return FigureKind.OTHER.value
    figure = figures[number]
    return f"{figure.kind.value}{number}{'~' if figure.is_vague else ''}"
