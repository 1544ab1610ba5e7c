"""Values as people write them: cells and answers to values, values to text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from knowledge.facts import Fact, Kind, Value
from knowledge.messages import messages

_MAX_DIGITS = 20
_NUMBER = re.compile(r"[+-]?\d[\d.,\u00a0\u202f ]*")
_GROUPED = re.compile(r"\d{1,3}([., ]\d{3})+")
_DECIMALS = 2


class BadValueError(ValueError):
    """A value that is not allowed; its text says what is."""


class OutOfRangeError(BadValueError):
    """A number that was understood, but is not among those that the fact can have."""


def parse_value(fact: Fact, text: str) -> Value:
    """The value that a cell's text means for the fact.

    Decimals may be written with comma or point. Raises BadValueError saying what is allowed.
    """
    cleaned = plain(text)
    if fact.codes:
        return _choice(fact, cleaned)
    parts = cleaned.split("|") if fact.is_list else [cleaned]
    numbers = tuple(_number(fact, part.strip()) for part in parts)
    return checked(fact, numbers if fact.is_list else numbers[0])


def number_value(fact: Fact, number: int | float | Decimal) -> Value:
    """The value of a cell that already holds a number.

    Raises BadValueError if the fact is a choice, or the number not allowed.
    """
    if fact.codes:
        return _choice(fact, str(number).removesuffix(".0"))
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    return checked(fact, (exact,) if fact.is_list else exact)


def checked(fact: Fact, value: Value) -> Value:
    """The value, if it lies within what the fact allows.

    Raises OutOfRangeError for another number, BadValueError for another code.
    """
    if isinstance(value, str):
        if value not in fact.codes:
            raise BadValueError(allowed(fact))
        return value
    for number in value if isinstance(value, tuple) else (value,):
        if not number.is_finite() or (fact.is_whole and number != number.to_integral_value()):
            raise OutOfRangeError(allowed(fact))
        too_low = fact.minimum is not None and number < fact.minimum
        if too_low or (fact.maximum is not None and number > fact.maximum):
            raise OutOfRangeError(allowed(fact))
        if fact.kind is Kind.YEAR and not 1000 <= number <= 9999:
            raise OutOfRangeError(allowed(fact))
    return value


def allowed(fact: Fact) -> str:
    """What a person may write for the fact, in one phrase."""
    texts = messages().allowed
    if fact.codes:
        return texts["choice"].format(choices=", ".join(choice_label(fact, c) for c in fact.codes))
    return texts[fact.kind.value].format(
        minimum=_limit(fact.minimum),
        maximum=_limit(fact.maximum),
        range=_range(fact),
        example=fact.example,
    )


def choice_label(fact: Fact, code: str) -> str:
    """The words for a code of the fact."""
    return fact.choices.get(code) or messages().answers.get(code, code)


def format_value(fact: Fact, value: Value) -> str:
    """The value as a person reads it, with its unit."""
    if isinstance(value, str):
        return choice_label(fact, value)
    numbers = value if isinstance(value, tuple) else (value,)
    texts = messages().values
    pattern = {
        Kind.PERCENT: texts["percent"],
        Kind.PERCENT_LIST: texts["percent"],
        Kind.POINTS: texts["points"],
        Kind.MONEY: texts["money"],
        Kind.COUNT: texts["count"],
    }.get(fact.kind, "{number}")
    if fact.kind is Kind.YEAR:
        return str(numbers[0])
    shown = (pattern.format(number=format_number(n), unit=fact.unit).strip() for n in numbers)
    return " | ".join(shown)


@lru_cache(maxsize=8192)
def format_number(number: Decimal | Fraction | int, is_rounded_up: bool = False) -> str:
    """The number in Vietnamese writing: 1.234,5.

    A number without an end is cut (or rounded up) after two decimals and marked "about", so that
    it never reads as if it had reached a threshold.
    """
    exact = Fraction(number)
    if (exact * 10**_MAX_DIGITS).denominator == 1:
        return _written(exact, _MAX_DIGITS)
    scaled = exact * 10**_DECIMALS
    cut = -(-scaled // 1) if is_rounded_up else scaled // 1
    shown = _written(Fraction(cut, 10**_DECIMALS), _DECIMALS)
    return messages().values["about"].format(number=shown)


def plain(text: str) -> str:
    """The text in one normal form, with outer and doubled white space removed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def folded(text: str) -> str:
    """The text for comparing words: one form, lower case, no doubled white space."""
    return plain(text).casefold()


def _choice(fact: Fact, text: str) -> str:
    wanted = folded(text)
    for code in fact.codes:
        if wanted in (code, folded(choice_label(fact, code))):
            return code
    for code in fact.codes:
        if wanted in (*messages().also_answers.get(code, ()), *fact.also.get(code, ())):
            return code
    raise BadValueError(allowed(fact))


def _number(fact: Fact, text: str) -> Decimal:
    text = text.replace("−", "-")
    if fact.kind in (Kind.PERCENT, Kind.PERCENT_LIST, Kind.POINTS):
        text = text.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(text) or sum(char.isdigit() for char in text) > _MAX_DIGITS:
        raise BadValueError(allowed(fact))
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.removeprefix("+"))
    if fact.kind is Kind.NUMBER_LIST:
        _refuse_ambiguous(digits)
    written = _with_point(digits, fact.is_whole)
    if written is None:
        raise BadValueError(allowed(fact))
    return Decimal(sign + written)


def _with_point(digits: str, is_whole: bool) -> str | None:
    """The digits with a point for the decimal sign; None if they are no number."""
    digits = re.sub(r"[\u00a0\u202f ]", " ", digits)
    marks = [char for char in digits if not char.isdigit()]
    if not marks:
        return digits
    is_grouped = _GROUPED.fullmatch(digits) is not None and len(set(marks)) == 1
    if is_grouped and (is_whole or len(marks) > 1 or marks[0] == " "):
        return re.sub(r"[., ]", "", digits)
    whole, mark, decimals = digits.rpartition(marks[-1])
    if mark == " " or not decimals or marks.count(mark) > 1:
        return None
    if len(marks) > 1 and not (_GROUPED.fullmatch(whole) and len(set(marks[:-1])) == 1):
        return None
    return f"{re.sub(r'[., ]', '', whole)}.{decimals}"


def _refuse_ambiguous(digits: str) -> None:
    """1.234 may be a thousand and more, or one and a bit; only the person can tell."""
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        whole, decimals = re.split(r"[.,]", digits)
        raise BadValueError(
            messages()
            .allowed["ambiguous"]
            .format(
                whole=whole + decimals,
                decimal=f"{whole},{decimals}",
                decimal_written=f"{whole},{decimals}0",
            )
        )


def _written(number: Fraction, decimals: int) -> str:
    sign = "-" if number < 0 else ""
    scaled = abs(int(number * 10**decimals))
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{sign}{whole:,}".replace(",", ".")
    return f"{text},{rest:0{decimals}d}".rstrip("0") if rest else text


def _range(fact: Fact) -> str:
    """The limits worth telling: a huge negative one only guards against slips of the hand."""
    key = "within" if fact.minimum is None or fact.minimum >= 0 else "at_most"
    texts = messages().allowed
    return texts[key].format(minimum=_limit(fact.minimum), maximum=_limit(fact.maximum))


def _limit(limit: Decimal | None) -> str:
    return "…" if limit is None else format_number(limit)
