"""The tokens of a text, and what stands beside a figure among them."""

from __future__ import annotations

from bot.number_words import TOKEN, is_figure, is_one_of, number_words, phrase_end

_DASHES = "-−–—"


class TokenView:
    """A lower-case text with its tokens; the text's figures are found on top of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(TOKEN.finditer(text))
        self.tokens = [match.group() for match in found]
        self.spans = [match.span() for match in found]
        self.words = number_words()
        self._numerals = (
            *self.words.digits,
            *self.words.after_tens,
            *self.words.odd,
            *self.words.decimal_mark,
            self.words.zero,
            self.words.ten,
            self.words.tens,
            self.words.hundred,
            self.words.and_half,
        )
        self.scales = tuple(word for words in self.words.scales.values() for word in words)

    def has_loose_tail(self, end: int) -> bool:
        """Whether the number behind the last scale may count something else: "200 triệu 3 năm"."""
        if end < len(self.tokens) and (is_figure(self.tokens[end]) or self.is_numeral(end)):
            return True
        last = self.tokens[end - 1]
        if is_one_of(last, self.scales) or is_one_of(last, [self.words.and_half]):
            return False
        if self.is_glued(end - 1) or end == len(self.tokens):
            return False
        harmless = (*self.words.money, *self.words.after_amount)
        return self.tokens[end].isalnum() and not is_one_of(self.tokens[end], harmless)

    def is_vague(self, at: int, end: int) -> bool:
        """Whether words beside the figure make an approximation or a range of it."""
        before = self.tokens[max(0, at - 2) : at]
        after = phrase_end(self.tokens, end, self.words.vague_after) > end
        is_negative = at > 0 and self.tokens[at - 1] in _DASHES and self.is_glued(at)
        return (
            after
            or is_negative
            or any(is_one_of(token, self.words.vague_before) for token in before)
            or any(token in self.words.vague_only_marked for token in before)
            or self._joins_figures(at - 1, at - 2)
            or self._joins_figures(end, end + 1)
            or self.is_numeral_word(at - 1)
        )

    def _joins_figures(self, join: int, other: int) -> bool:
        if not min(join, other) >= 0 or max(join, other) >= len(self.tokens):
            return False
        is_number = is_figure(self.tokens[other]) or self.is_numeral_word(other)
        is_number = is_number or self.tokens[other] in self.words.percent
        return is_number and is_one_of(self.tokens[join], self.words.range_joins)

    def is_numeral_word(self, at: int) -> bool:
        """Whether a digit is written out there; a lone "năm" is likelier a year."""
        return 0 <= at < len(self.tokens) and is_one_of(
            self.tokens[at], [w for w, v in self.words.digits.items() if v != 5]
        )

    def is_numeral(self, at: int) -> bool:
        """Whether the token is a word that numbers are made of."""
        return is_one_of(self.tokens[at], self._numerals)

    def is_glued(self, at: int) -> bool:
        """Whether nothing stands between the token and the one before."""
        return at > 0 and self.spans[at - 1][1] == self.spans[at][0]

    def has_word(self, words: list[str], at: int) -> bool:
        """Whether one of the words is the token."""
        return 0 <= at < len(self.tokens) and is_one_of(self.tokens[at], words)

    def token_after(self, end: int, at: int) -> int:
        """The first token from `at` on that begins at or behind a character."""
        while at < len(self.spans) and self.spans[at][0] < end:
            at += 1
        return at

    def slice_of(self, at: int, end: int) -> str:
        """The characters of some tokens."""
        return self.text[self.spans[at][0] : self.spans[end - 1][1]]
