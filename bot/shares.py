"""Shares as people say them: 3/5, 3 trên 5, ba phần tư."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from bot.amounts import read_amount
from bot.number_words import Tokens, are_words, number_words, phrase_words


def read_share(tokens: Tokens) -> Fraction | None:
    """The share that "3/5", "3 trên 5" or "ba phần năm" says."""
    for start in range(1, len(tokens) - 1):
        for phrase in number_words().over:
            end = start + len(phrase_words(phrase))
            if are_words(tokens[start:end], phrase_words(phrase)):
                part, whole = read_amount(tokens[:start]), _whole(tokens[end:])
                if part is not None and whole:
                    return Fraction(part) / Fraction(whole)
    return None


def _whole(tokens: Tokens) -> Decimal | None:
    """The number that a share is of; four has a name of its own there: "ba phần tư"."""
    names = number_words().after_tens
    own = [value for name, value in names.items() if are_words(tokens, [name])]
    return Decimal(own[0]) if own else read_amount(tokens)


def exact_percent(share: Fraction) -> Decimal | None:
    """The share in percent; None for one without a last decimal, which has no exact figure."""
    percent = share * 100
    rounded = Decimal(percent.numerator) / Decimal(percent.denominator)
    return rounded if Fraction(rounded) == percent else None
