"""Numbers in words and with words: hai mươi lăm, 1 tỷ 2, 500 triệu, năm phẩy năm."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from bot.number_words import Tokens, is_figure, is_one_of, is_word, number_words

_WHOLE = re.compile(r"\d{1,15}|\d{1,3}(?:([., ])\d{3})(?:\1\d{3}){1,4}|\d{1,3}(?: \d{3})+")
_DECIMAL = re.compile(r"(\d{1,15}|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)([.,])(\d{1,6})")
_READ_AS_THOUSANDS = 3  # as many digits behind a mark may be a group of thousands


def read_amount(tokens: Tokens) -> Decimal | None:
    """The number that all the tokens together say; None where they are none, or more than one."""
    if not tokens:
        return None
    return _Reader(tokens).amount()


def read_digits(figure: str) -> Decimal | None:
    """The number of a figure beside a word of scale; None where its mark can mean two things."""
    if _WHOLE.fullmatch(figure):
        return Decimal(re.sub(r"[., ]", "", figure))
    found = _DECIMAL.fullmatch(figure)
    if not found or (len(found[3]) == _READ_AS_THOUSANDS and found[1].isdigit()):
        return None
    whole = re.sub(r"[.,]", "", found[1])
    return None if found[2] in found[1] else Decimal(f"{whole}.{found[3]}")


class _Reader:
    """Reads one amount from left to right; every method moves on only over what it has read."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._at = 0
        self._words = number_words()

    def amount(self) -> Decimal | None:
        total: Decimal | None = None
        limit = None
        while self._is_open:
            group = self._group()
            if group is None:
                return None
            has_hundreds, scale = self._has_hundreds, self._scale()
            if scale is None:
                return self._last(total, limit, group, has_hundreds)
            if limit is not None and scale >= limit:
                return None
            total = (total or Decimal(0)) + group * scale
            if self._is_open and group != group.to_integral_value():
                return None  # "1,2 tỷ 3" adds up to nothing that is surely meant
            limit = scale
            if self._take(lambda word: is_word(word, self._words.and_half)):
                return None if self._is_open else total + Decimal(scale) / 2
        return total

    def _last(
        self, total: Decimal | None, scale: int | None, group: Decimal, has_hundreds: bool
    ) -> Decimal | None:
        """The amount with a last group that has no scale: in "1 tỷ 2" a tenth of the one before.

        With two digits ("1 tỷ 25") people disagree what is meant.
        """
        if self._is_open:
            return None
        if total is None or scale is None:
            return group
        is_in_words = not is_figure(self._tokens[-1])
        if has_hundreds or (scale == 1000 and is_in_words and group >= 10):
            return total + group * scale / 1000
        is_digit = group == group.to_integral_value() and 1 <= group <= 9
        return total + group * scale / 10 if is_digit else None

    @property
    def _is_open(self) -> bool:
        return self._at < len(self._tokens)

    def _take(self, is_it: Callable[[str], bool]) -> bool:
        taken = self._is_open and is_it(self._tokens[self._at])
        self._at += taken
        return taken

    def _scale(self) -> int | None:
        for scale, words in self._words.scales.items():
            if self._take(lambda word, words=words: is_one_of(word, words)):  # type: ignore[misc]
                return scale
        return None

    def _group(self) -> Decimal | None:
        """A number below a thousand in words, or a figure, with its decimals."""
        whole = self._whole()
        if whole is None or not self._take(lambda w: is_one_of(w, self._words.decimal_mark)):
            return whole
        decimals = self._decimals()
        if decimals is None or whole != whole.to_integral_value():
            return None
        return whole + Decimal(f"0.{decimals}")

    def _whole(self) -> Decimal | None:
        self._has_hundreds = False
        if self._is_open and is_figure(self._tokens[self._at]):
            figure = self._tokens[self._at]
            self._at += 1
            number = read_digits(figure)
            if number is None or not 1 <= number <= 9 or not self._takes_hundred():
                self._has_hundreds = re.fullmatch(r"\d{3}", figure) is not None
                return number
            return self._after_hundreds(int(number))
        start = self._at
        digit = 0 if self._take(lambda w: is_word(w, self._words.zero)) else self._digit()
        if digit is not None and self._takes_hundred():
            return self._after_hundreds(digit)
        self._at = start
        if self._take(lambda w: is_word(w, self._words.zero)):
            # Alone it is as likely to mean "no"; before a decimal mark it is nought.
            is_nought = self._is_open and is_one_of(
                self._tokens[self._at], self._words.decimal_mark
            )
            return Decimal(0) if is_nought else None
        return self._below_hundred()

    def _takes_hundred(self) -> bool:
        return self._take(lambda word: is_word(word, self._words.hundred))

    def _after_hundreds(self, hundreds: int) -> Decimal | None:
        self._has_hundreds = True
        if self._take(lambda word: is_one_of(word, self._words.odd)):
            digit = self._digit()
            return None if digit is None else Decimal(100 * hundreds + digit)
        start = self._at
        below = self._below_hundred()
        if below is not None and below < 10:
            # "một trăm hai" says 102 to one and 120 to another
            return None
        if below is None:
            self._at = start
        return Decimal(100 * hundreds) + (below or 0)

    def _below_hundred(self) -> Decimal | None:
        digit = self._digit()
        if digit is None:
            if not self._take(lambda word: is_word(word, self._words.ten)):
                return None
            return self._ones(10)
        if digit > 1 and self._take(lambda word: is_word(word, self._words.tens)):
            return self._ones(10 * digit)
        ones = self._digit(self._words.after_tens) if digit > 1 else None
        return Decimal(digit if ones is None else 10 * digit + ones)

    def _ones(self, tens: int) -> Decimal | None:
        ones = self._digit(self._words.after_tens)
        if ones is None:
            ones = self._digit()
            if ones == 5:  # "hai mươi năm" is twenty years
                return None
        return Decimal(tens + (ones or 0))

    def _digit(self, words: dict[str, int] | None = None) -> int | None:
        for word, value in (words or self._words.digits).items():
            if self._take(lambda typed, word=word: is_word(typed, word)):  # type: ignore[misc]
                return value
        return None

    def _decimals(self) -> str | None:
        """The digits behind a decimal mark: "không năm", "hai lăm", or a figure."""
        if self._is_open and self._tokens[self._at].isdecimal():
            self._at += 1
            figure = self._tokens[self._at - 1]
            return figure if len(figure) != _READ_AS_THOUSANDS else None
        start = self._at
        number = self._below_hundred()
        if number is not None and number >= 10:
            return str(number)
        self._at = start
        digits = ""
        while True:
            digit = 0 if self._take(lambda w: is_word(w, self._words.zero)) else self._digit()
            if digit is None:
                return digits or None
            digits += str(digit)
