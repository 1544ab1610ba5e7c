"""Typed answers -> values of facts: figures, words, money, shares, lists, choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.amounts import read_amount
from bot.number_words import (
    Tokens,
    are_words,
    is_figure,
    is_one_of,
    number_words,
    phrase_end,
    phrase_words,
    split,
    without_suffix,
)
from bot.padding import is_padding
from bot.shares import exact_percent, read_share
from bot.short_answers import chosen_code
from knowledge.facts import Fact, Kind, Value
from knowledge.values import BadValueError, OutOfRangeError, allowed, checked, parse_value, plain

_MOST_WORDS = 30  # of one number and what is said around it
_LONGEST_NUMBER = 16  # words
_LONGEST = 200  # characters; a longer text is no answer of one figure
_PERCENT_KINDS = {Kind.PERCENT, Kind.PERCENT_LIST, Kind.POINTS}
_TWO_OR_ONE = re.compile(r"(\d{1,3})([, ])(\d{3})%?")  # 120,100 · 120 100: two targets, or one?
_LIST_COMMA = re.compile(r"(?<=%),|,(?=\s)")
_DATE = re.compile(r"(?:\d{1,2}[/-]){1,2}(\d{4})")
_HALF = Decimal(50)


def typed_value(fact: Fact, text: str) -> Value:
    """The value that a typed answer means for the fact.

    Takes all that a cell may hold (`knowledge.values.parse_value`), and beyond it words, money
    with its scale, shares, halves and lists as people write them. Raises BadValueError saying
    what is allowed, with an example: for an approximation, a bound or a range, for words that
    can be read in two ways, and for everything that is no answer. OutOfRangeError for a figure
    that is clear, but that the fact cannot have.
    """
    cleaned = plain(text.replace("\x00", " "))
    if len(cleaned) > _LONGEST or not cleaned:
        raise BadValueError(allowed(fact))
    if fact.is_list:
        return _list_value(fact, cleaned)
    try:
        return parse_value(fact, cleaned)
    except OutOfRangeError:
        raise
    except BadValueError:
        if fact.codes:
            return chosen_code(fact, cleaned)
    return checked(fact, _one_number(fact, cleaned))


def _list_value(fact: Fact, text: str) -> Value:
    """The numbers of one target or several, wherever it is clear how many there are."""
    doubtful = _TWO_OR_ONE.fullmatch(text)
    if doubtful:
        listed = f"{doubtful[1]}|{doubtful[3]}"
        joined = ",".join(doubtful.group(1, 3)) if doubtful[2] == "," else doubtful[1] + doubtful[3]
        single = f"{joined}0" if doubtful[2] == "," else joined
        raise BadValueError(_refusal("separate", fact, listed=listed, single=single))
    try:
        return parse_value(fact, text)
    except OutOfRangeError:
        raise
    except BadValueError:
        numbers = [_one_number(fact, part) for part in _parts(fact, text)]
        return checked(fact, tuple(numbers))


def _parts(fact: Fact, text: str) -> Sequence[str]:
    """The text of each target. "120, 100" is two; "112, 5" may be one with a slip of the space."""
    words = number_words()
    breaks = "|".join(re.escape(mark) for mark in words.separators if not mark.isalpha())
    joins = "|".join(re.escape(mark) for mark in words.separators if mark.isalpha())
    pieces = re.split(rf"\s*(?:{breaks})\s*|\s+(?:{joins})\s+", text, flags=re.IGNORECASE)
    parts = [part for piece in pieces for part in _LIST_COMMA.split(piece)]
    by_comma = len(_LIST_COMMA.findall(text))
    if by_comma == 1 and "%" not in text and re.search(r",\s+\d{1,2}\D*$", text):
        listed = "|".join(part.strip() for part in parts)
        single = re.sub(r",\s+", ",", text)
        raise BadValueError(_refusal("separate", fact, listed=listed, single=single))
    return parts


def _one_number(fact: Fact, text: str) -> Decimal:
    """The one number in the text, whatever polite words stand around it."""
    text = text.strip().rstrip(".!,;")
    try:
        value = parse_value(fact, text)
        return value[0] if isinstance(value, tuple) else value  # type: ignore[return-value]
    except OutOfRangeError:
        raise
    except BadValueError:
        tokens = split(text)
    if len(tokens) > _MOST_WORDS:
        raise BadValueError(allowed(fact))
    if fact.kind is Kind.YEAR and (year := _year(tokens)):
        return year
    number = _longest_number(fact, tokens)
    if number is None:
        raise BadValueError(_why_not(fact, tokens, text))
    return Decimal(int(number)) if number == number.to_integral_value() else number


def _longest_number(fact: Fact, tokens: Tokens) -> Decimal | None:
    count = len(tokens)
    for length in range(min(count, _LONGEST_NUMBER), 0, -1):
        for start in range(count - length + 1):
            end = start + length
            if is_padding(fact, tokens[:start], tokens[end:]) and not _counts_units(
                fact, tokens[start:end], tokens[end:]
            ):
                number = _quantity(fact, tokens[start:end])
                if number is not None:
                    return number
    return None


def _counts_units(fact: Fact, number: Tokens, after: Tokens) -> bool:
    """Whether "44 hộ" is said where a percentage is asked for."""
    words = number_words()
    if fact.kind not in _PERCENT_KINDS or without_suffix(number, words.percent) is not None:
        return False
    is_half = any(are_words(number, phrase_words(half)) for half in words.half)
    units = [unit for group in words.units.values() for unit in group]
    return not is_half and phrase_end(after, 0, units) > 0


def _quantity(fact: Fact, tokens: Tokens) -> Decimal | None:
    """The number that the tokens say in the fact's own unit, or None."""
    words = number_words()
    if any(are_words(tokens, phrase_words(half)) for half in words.half):
        return _HALF if fact.kind in (Kind.PERCENT, Kind.PERCENT_LIST) else None
    if fact.kind in _PERCENT_KINDS:
        return _percentage(fact, tokens)
    if fact.kind is Kind.MONEY:
        return _money(tokens)
    return _plain_number(fact, tokens)


def _percentage(fact: Fact, tokens: Tokens) -> Decimal | None:
    words = number_words()
    if fact.kind is Kind.PERCENT and (share := read_share(tokens)) is not None:
        percent = exact_percent(share)
        if percent is None:
            raise BadValueError(_refusal("fraction", fact))
        return percent
    core = without_suffix(tokens, [words.and_half])
    if core is not None and (whole := without_suffix(core, words.percent)) is not None:
        number = _plain_number(fact, whole)
        return None if number is None or number % 1 else number + Decimal("0.5")
    suffixes = words.points if fact.kind is Kind.POINTS else []
    core = without_suffix(tokens, [*words.percent, *suffixes])
    return _plain_number(fact, tokens if core is None else core)


def _plain_number(fact: Fact, tokens: Tokens) -> Decimal | None:
    """The number of a single figure as a cell would hold it, or of number words."""
    if len(tokens) == 1 and is_figure(tokens[0]):
        try:
            value = parse_value(fact, tokens[0])
        except OutOfRangeError:
            raise
        except BadValueError:
            return None
        return value[0] if isinstance(value, tuple) else value  # type: ignore[return-value]
    return read_amount(tokens)


def _money(tokens: Tokens) -> Decimal | None:
    words = number_words()
    core = without_suffix(tokens, words.money)
    amount = tokens if core is None else core
    for scale, names in words.scales.items():
        if any(are_words(amount[:-1], phrase_words(half)) for half in words.half) and is_one_of(
            amount[-1], names
        ):
            return Decimal(scale) / 2
    is_bare = core is None and not any(
        is_one_of(token, names) for token in amount for names in words.scales.values()
    )
    if is_bare:
        return None  # "năm trăm" may leave its thousands or millions out
    if len(amount) == 1:
        return None if not is_figure(amount[0]) else _whole_dong(amount[0])
    return read_amount(amount)


def _whole_dong(figure: str) -> Decimal | None:
    grouped = re.fullmatch(r"\d+|\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*", figure)
    return Decimal(re.sub(r"\D", "", figure)) if grouped else None


def _year(tokens: Tokens) -> Decimal | None:
    """The year of "năm 2023", "7/2023" or "tháng 7 năm 2023"."""
    words = number_words()
    is_dated = any(is_one_of(token, words.date_words[1:]) for token in tokens)
    kept = [t for t in tokens if not is_one_of(t, (*words.date_words, *words.fillers))]
    found = _DATE.fullmatch("".join(kept))
    if found:
        return Decimal(found[1])
    *days, year = kept or [""]
    if not re.fullmatch(r"\d{4}", year) or (days and not is_dated):
        return None
    return Decimal(year) if all(re.fullmatch(r"\d{1,2}", day) for day in days) else None


def _why_not(fact: Fact, tokens: Tokens, text: str) -> str:
    """The refusal that helps most: what was wrong about this answer, and an example."""
    words = number_words()
    has_figure = any(is_figure(token) for token in tokens)
    if fact.kind in _PERCENT_KINDS and any(is_one_of(token, words.beyond) for token in tokens):
        return _refusal("over_target", fact)
    if _share_inside(tokens):
        key = "every_target" if fact.kind is Kind.PERCENT_LIST else "not_share"
        return _refusal(key, fact)
    if any(is_one_of(token, words.inexact) for token in tokens):
        return _refusal("exact", fact)
    if any(are_words(tokens[:1], phrase_words(no)) for no in words.answers["no"]):
        return _refusal("zero", fact)
    if sum(is_figure(token) for token in tokens) > 1:
        return _refusal("several", fact)
    if has_figure or any(is_one_of(t, words.digits) for t in tokens):
        return _refusal("unclear", fact, typed=text[:40])
    return allowed(fact)


def _share_inside(tokens: Tokens) -> bool:
    spans = range(len(tokens))
    return any(read_share(tokens[i : i + size]) is not None for i in spans for size in (3, 4, 5))


def _refusal(key: str, fact: Fact, **fields: str) -> str:
    return number_words().refusals[key].format(allowed=allowed(fact), **fields)
