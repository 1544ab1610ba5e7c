"""The figures of a sentence, with the characters that they are written with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bot.amounts import read_amount
from bot.number_words import (
    TOKEN,
    is_figure,
    is_one_of,
    number_words,
    phrase_end,
)
from indexer.normalize import has_marks

_DASHES = "-−–—"
_LONGEST_RUN = 16  # words of one number
_DATE = re.compile(r"\d{1,2}([/.-])(?:\d{1,2}\1)?(?:19|20)\d\d(?!\d)")
_PERIOD = re.compile(r"(?:19|20)\d\d\s*[-–—]\s*(?:19|20)?\d\d(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"\d+(?:[./]\d+)*/?-?[^\W\d_]+[/-][^\s,;]*")  # 666/qđ-ttg, 05-ct/tw
_INSIDE_A_CODE = re.compile(r"(?:\w|\w[./-])$")  # iv.3.2, k0: no figure of their own


class FigureKind(Enum):
    """What a figure is by its own writing; the value is its sign in a line of words."""

    COUNT = "#"
    YEAR = "@"
    PERCENT = "%"
    POINTS = "^"
    MONEY = "$"
    SHARE = "/"
    DATE = "&"
    OTHER = "x"


@dataclass(frozen=True, slots=True)
class SpokenFigure:
    """A figure of a text, from `start` to `end`.

    `is_vague` when it is an approximation, a bound or one end of a range; `part` and `whole` are
    what a share is written with.
    """

    kind: FigureKind
    written: str
    start: int
    end: int
    is_vague: bool = False
    part: str = ""
    whole: str = ""


def figures_in(text: str) -> list[SpokenFigure]:
    """The figures of a lower-case text in order; number words count where a unit follows them."""
    return _Scanner(text).figures()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        found = list(TOKEN.finditer(text))
        self._tokens = [match.group() for match in found]
        self._spans = [match.span() for match in found]
        self._words = number_words()
        self._numerals = (
            *self._words.digits,
            *self._words.after_tens,
            *self._words.odd,
            *self._words.decimal_mark,
            self._words.zero,
            self._words.ten,
            self._words.tens,
            self._words.hundred,
            self._words.and_half,
        )
        self._scales = tuple(word for words in self._words.scales.values() for word in words)

    def figures(self) -> list[SpokenFigure]:
        found: list[SpokenFigure] = []
        at = 0
        while at < len(self._tokens):
            figure, at = self._figure(at)
            if figure:
                found.append(figure)
        return found

    def _figure(self, at: int) -> tuple[SpokenFigure | None, int]:
        """The figure that begins at a token, and the token after it."""
        start = self._spans[at][0]
        if is_figure(self._tokens[at]):
            for pattern, kind in (
                (_PERIOD, FigureKind.OTHER),
                (_DATE, FigureKind.DATE),
                (_CODE, FigureKind.OTHER),
            ):
                match = pattern.match(self._text, start)
                if match:
                    after = self._token_after(match.end(), at)
                    return self._made(kind, at, after, False), after
            if _INSIDE_A_CODE.search(self._text, 0, start):
                return self._made(FigureKind.OTHER, at, at + 1, False), at + 1
        end = self._run_end(at)
        if end == at:
            half = self._half_end(at)
            if half == at:
                return None, at + 1
            return self._made(FigureKind.PERCENT, at, half, self._is_vague(at, half)), half
        return self._with_unit(at, end)

    def _with_unit(self, at: int, end: int) -> tuple[SpokenFigure, int]:
        second, share_end = self._second_of_share(at, end)
        if share_end > end:
            part, whole = self._slice(at, end), self._slice(second, share_end)
            is_vague = self._is_vague(at, share_end)
            if self._is(self._words.date_words, at - 1):
                return self._made(FigureKind.DATE, at, share_end, False), share_end
            return (
                self._made(FigureKind.SHARE, at, share_end, is_vague, part, whole),
                share_end,
            )
        has_scale = any(is_one_of(t, self._scales) for t in self._tokens[at:end])
        is_vague = has_scale and self._has_loose_tail(end)
        for kind, units in (
            (FigureKind.POINTS, self._words.points),
            (FigureKind.PERCENT, self._words.percent),
            (FigureKind.MONEY, self._words.money),
        ):
            after = phrase_end(self._tokens, end, units)
            if after > end:
                if kind is FigureKind.PERCENT:
                    after = phrase_end(self._tokens, after, [self._words.and_half])
                return self._made(kind, at, after, is_vague or self._is_vague(at, after)), after
        kind = FigureKind.MONEY if has_scale else FigureKind.COUNT
        if end == at + 1 and _YEAR.fullmatch(self._tokens[at]):
            kind = FigureKind.YEAR
        return self._made(kind, at, end, is_vague or self._is_vague(at, end)), end

    def _run_end(self, at: int) -> int:
        """Where the longest number that begins here ends; `at` where none does."""
        if not is_figure(self._tokens[at]) and not self._is_numeral(at):
            return at
        end = at
        while end < min(len(self._tokens), at + _LONGEST_RUN) and self._may_continue(at, end):
            end += 1
        while end > at:
            run = self._tokens[at:end]
            if (end == at + 1 and is_figure(run[0])) or read_amount(run) is not None:
                break
            end -= 1
        if end == at + 1 and not is_figure(self._tokens[at]):
            return end if self._counts_something(at, end) else at
        return end

    def _may_continue(self, at: int, end: int) -> bool:
        token = self._tokens[end]
        if is_figure(token) or self._is_numeral(end):
            return True
        if not is_one_of(token, self._scales):
            return False
        # "300k" is money, in "300 k" the letter may stand for another word
        return (
            len(token) > 2
            or token in self._words.scales[10**9]
            or self._is_glued(end)
            or (len(token) == 2 and token == self._words.scales[10**6][1] and end > at)
        )

    def _is_numeral(self, at: int) -> bool:
        return is_one_of(self._tokens[at], self._numerals)

    def _is_glued(self, at: int) -> bool:
        return at > 0 and self._spans[at - 1][1] == self._spans[at][0]

    def _counts_something(self, at: int, end: int) -> bool:
        """Whether a lone number word is one: "ba ấp", but neither "một xã" nor "năm ấp"."""
        word = self._tokens[at]
        value = next((v for w, v in self._words.digits.items() if w == word), 0)
        is_ten = word == self._words.ten
        is_plain = has_marks(word) or value in (2, 3)
        if not (is_ten or (value not in (0, 1, 5) and is_plain)):
            return False
        units = [unit for group in self._words.units.values() for unit in group]
        return phrase_end(self._tokens, end, (*units, *self._words.percent)) > end

    def _half_end(self, at: int) -> int:
        end = phrase_end(self._tokens, at, self._words.half)
        is_of_something = phrase_end(self._tokens, end, self._words.halved) > end
        return end if end > at and is_of_something else at

    def _second_of_share(self, at: int, end: int) -> tuple[int, int]:
        """Where the second number of "3/5" or "ba trên năm" begins and ends; else `end` twice."""
        second = phrase_end(self._tokens, end, self._words.over)
        if second == end or second >= len(self._tokens):
            return end, end
        if is_one_of(self._tokens[second], self._words.digits):
            after = self._long_run_end(second)
        elif is_figure(self._tokens[second]):
            after = second + 1
        else:
            return end, end
        has_unit = phrase_end(self._tokens, after, self._words.percent) > after
        is_share = end - at == 1 or not is_figure(self._tokens[at])
        return (end, end) if has_unit or not is_share else (second, after)

    def _long_run_end(self, at: int) -> int:
        end = at + 1
        while end < len(self._tokens) and self._is_numeral(end):
            end += 1
        while end > at + 1 and read_amount(self._tokens[at:end]) is None:
            end -= 1
        return end

    def _has_loose_tail(self, end: int) -> bool:
        """Whether the number behind the last scale may count something else: "200 triệu 3 năm"."""
        if end < len(self._tokens) and (is_figure(self._tokens[end]) or self._is_numeral(end)):
            return True
        last = self._tokens[end - 1]
        if is_one_of(last, self._scales) or is_one_of(last, [self._words.and_half]):
            return False
        if self._is_glued(end - 1) or end == len(self._tokens):
            return False
        return self._tokens[end].isalnum() and not is_one_of(self._tokens[end], self._words.money)

    def _is_vague(self, at: int, end: int) -> bool:
        """Whether words beside the figure make an approximation or a range of it."""
        before = self._tokens[max(0, at - 2) : at]
        after = phrase_end(self._tokens, end, self._words.vague_after) > end
        is_negative = at > 0 and self._tokens[at - 1] in _DASHES and self._is_glued(at)
        return (
            after
            or is_negative
            or any(is_one_of(token, self._words.vague_before) for token in before)
            or self._joins_figures(at - 1, at - 2)
            or self._joins_figures(end, end + 1)
            or self._is_numeral_word(at - 1)
        )

    def _joins_figures(self, join: int, other: int) -> bool:
        if not min(join, other) >= 0 or max(join, other) >= len(self._tokens):
            return False
        is_number = is_figure(self._tokens[other]) or self._is_numeral_word(other)
        is_number = is_number or self._tokens[other] in self._words.percent
        return is_number and is_one_of(self._tokens[join], self._words.range_joins)

    def _is_numeral_word(self, at: int) -> bool:
        return 0 <= at < len(self._tokens) and is_one_of(
            self._tokens[at], [w for w, v in self._words.digits.items() if v != 5]
        )

    def _is(self, words: list[str], at: int) -> bool:
        return 0 <= at < len(self._tokens) and is_one_of(self._tokens[at], words)

    def _token_after(self, end: int, at: int) -> int:
        while at < len(self._spans) and self._spans[at][0] < end:
            at += 1
        return at

    def _slice(self, at: int, end: int) -> str:
        return self._text[self._spans[at][0] : self._spans[end - 1][1]]

    def _made(
        self,
        kind: FigureKind,
        at: int,
        end: int,
        is_vague: bool,
        part: str = "",
        whole: str = "",
    ) -> SpokenFigure:
        start, stop = self._spans[at][0], self._spans[end - 1][1]
        return SpokenFigure(kind, self._text[start:stop], start, stop, is_vague, part, whole)
