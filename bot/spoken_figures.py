"""The figures of a sentence, with the characters that they are written with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bot.amounts import read_amount
from bot.figure_tokens import TokenView
from bot.number_words import (
    is_figure,
    is_one_of,
    phrase_end,
)
from indexer.normalize import has_marks

_LONGEST_RUN = 16  # words of one number
_DATE = re.compile(r"\d{1,2}([/.-])(?:\d{1,2}\1)?(?:19|20)\d\d(?!\d)")
_PERIOD = re.compile(r"(?:19|20)\d\d\s*[-–—]\s*(?:19|20)?\d\d(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"\d+(?:[./]\d+)*/?-?[^\W\d_]+[/-][^\s,;]*")  # 666/qđ-ttg, 05-ct/tw
_INSIDE_A_CODE = re.compile(r"(?:\w|[^\W\d][./-]|\d\.)$")  # iv.3.2, k0: no figure of their own


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


class _Scanner(TokenView):
    def figures(self) -> list[SpokenFigure]:
        found: list[SpokenFigure] = []
        at = 0
        while at < len(self.tokens):
            figure, at = self._figure(at)
            if figure:
                found.append(figure)
        return found

    def _figure(self, at: int) -> tuple[SpokenFigure | None, int]:
        """The figure that begins at a token, and the token after it."""
        start = self.spans[at][0]
        if is_figure(self.tokens[at]):
            for pattern, kind in (
                (_PERIOD, FigureKind.OTHER),
                (_DATE, FigureKind.DATE),
                (_CODE, FigureKind.OTHER),
            ):
                match = pattern.match(self.text, start)
                if match:
                    after = self.token_after(match.end(), at)
                    return self._made(kind, at, after, False), after
            if _INSIDE_A_CODE.search(self.text, 0, start):
                return self._made(FigureKind.OTHER, at, at + 1, False), at + 1
        end = self._run_end(at)
        if end == at:
            half = self._half_end(at)
            if half == at:
                return None, at + 1
            return self._made(FigureKind.PERCENT, at, half, self.is_vague(at, half)), half
        return self._with_unit(at, end)

    def _with_unit(self, at: int, end: int) -> tuple[SpokenFigure, int]:
        second, share_end = self._second_of_share(at, end)
        if share_end > end:
            part, whole = self.slice_of(at, end), self.slice_of(second, share_end)
            is_vague = self.is_vague(at, share_end)
            if self.has_word(self.words.date_words, at - 1):
                return self._made(FigureKind.DATE, at, share_end, False), share_end
            return (
                self._made(FigureKind.SHARE, at, share_end, is_vague, part, whole),
                share_end,
            )
        has_scale = any(is_one_of(t, self.scales) for t in self.tokens[at:end])
        is_vague = has_scale and self.has_loose_tail(end)
        for kind, units in (
            (FigureKind.POINTS, self.words.points),
            (FigureKind.PERCENT, self.words.percent),
            (FigureKind.MONEY, self.words.money),
        ):
            after = phrase_end(self.tokens, end, units)
            if after > end:
                if kind is FigureKind.PERCENT:
                    after = phrase_end(self.tokens, after, [self.words.and_half])
                return self._made(kind, at, after, is_vague or self.is_vague(at, after)), after
        kind = FigureKind.MONEY if has_scale else FigureKind.COUNT
        if end == at + 1 and _YEAR.fullmatch(self.tokens[at]):
            kind = FigureKind.YEAR
        return self._made(kind, at, end, is_vague or self.is_vague(at, end)), end

    def _run_end(self, at: int) -> int:
        """Where the longest number that begins here ends; `at` where none does."""
        if not is_figure(self.tokens[at]) and not self.is_numeral(at):
            return at
        end = at
        while end < min(len(self.tokens), at + _LONGEST_RUN) and self._may_continue(at, end):
            end += 1
        while end > at:
            run = self.tokens[at:end]
            if (end == at + 1 and is_figure(run[0])) or read_amount(run) is not None:
                break
            end -= 1
        if end == at + 1 and not is_figure(self.tokens[at]):
            return end if self._counts_something(at, end) else at
        return end

    def _may_continue(self, at: int, end: int) -> bool:
        token = self.tokens[end]
        if is_figure(token) or self.is_numeral(end):
            return True
        if not is_one_of(token, self.scales):
            return False
        # "300k" is money, in "300 k" the letter may stand for another word
        return (
            len(token) > 2
            or token in self.words.scales[10**9]
            or self.is_glued(end)
            or (len(token) == 2 and token == self.words.scales[10**6][1] and end > at)
        )

    def _counts_something(self, at: int, end: int) -> bool:
        """Whether a lone number word is one: "ba ấp", but neither "một xã" nor "năm ấp"."""
        word = self.tokens[at]
        value = next((v for w, v in self.words.digits.items() if w == word), 0)
        is_ten = word == self.words.ten
        is_plain = has_marks(word) or value in (2, 3)
        if not (is_ten or (value not in (0, 1, 5) and is_plain)):
            return False
        units = (*(u for group in self.words.units.values() for u in group), *self.words.percent)
        _, after_share = self._second_of_share(at, end)
        return phrase_end(self.tokens, after_share, units) > after_share

    def _half_end(self, at: int) -> int:
        end = phrase_end(self.tokens, at, self.words.half)
        is_of_something = phrase_end(self.tokens, end, self.words.halved) > end
        return end if end > at and is_of_something else at

    def _second_of_share(self, at: int, end: int) -> tuple[int, int]:
        """Where the second number of "3/5" or "ba trên năm" begins and ends; else `end` twice."""
        second = phrase_end(self.tokens, end, self.words.over)
        if second == end or second >= len(self.tokens):
            return end, end
        if is_one_of(self.tokens[second], self.words.digits):
            after = self._long_run_end(second)
        elif is_figure(self.tokens[second]):
            after = second + 1
        else:
            return end, end
        has_unit = phrase_end(self.tokens, after, self.words.percent) > after
        is_share = end - at == 1 or not is_figure(self.tokens[at])
        return (end, end) if has_unit or not is_share else (second, after)

    def _long_run_end(self, at: int) -> int:
        end = at + 1
        while end < len(self.tokens) and self.is_numeral(end):
            end += 1
        while end > at + 1 and read_amount(self.tokens[at:end]) is None:
            end -= 1
        return end

    def _made(
        self,
        kind: FigureKind,
        at: int,
        end: int,
        is_vague: bool,
        part: str = "",
        whole: str = "",
    ) -> SpokenFigure:
        start, stop = self.spans[at][0], self.spans[end - 1][1]
        return SpokenFigure(kind, self.text[start:stop], start, stop, is_vague, part, whole)
