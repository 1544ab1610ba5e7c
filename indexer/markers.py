"""Numbering and list marks of Vietnamese administrative texts, recognised at a line's start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """Kinds of marks, outermost first; the order is used where nesting is not yet known."""

    APPENDIX = 1
    PART = 2
    CHAPTER = 3
    SECTION = 4
    UPPER = 5
    ROMAN = 6
    ARTICLE = 7
    NUMBER = 8
    DECIMAL = 9
    LETTER = 10
    PAREN = 11
    BULLET = 12


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised mark: its kind, its value ("3.2", "b", "IV"), as printed, and the rest."""

    kind: Kind
    value: str
    mark: str
    rest: str


VIETNAMESE_LETTERS = "abcdđeghiklmnopqrstuvxy"
LARGEST_PART = 50  # so that a word such as "Di." is not taken for 501
_ROMAN = re.compile(r"^M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.APPENDIX, re.compile(r"^(?P<mark>PHỤ LỤC(?:\s+(?P<value>[IVXLC]+|\d+))?)\b[.:]?\s*(?P<rest>.*)$")),
    (Kind.PART, re.compile(r"^(?P<mark>(?:PHẦN|Phần)\s+(?:(?:THỨ|thứ)\s+)?(?P<value>[IVXLC]+|\d+|NHẤT|HAI|BA|TƯ|NĂM|nhất|hai|ba|tư|năm))\b[.:]?\s*(?P<rest>.*)$")),
    (Kind.CHAPTER, re.compile(r"^(?P<mark>(?:CHƯƠNG|Chương)\s+(?P<value>[IVXLC]+|\d+))\b[.:]?\s*(?P<rest>.*)$")),
    (Kind.SECTION, re.compile(r"^(?P<mark>(?:MỤC|Mục)\s+(?P<value>[IVXLC]+|\d+))\b[.:]?\s*(?P<rest>.*)$")),
    (Kind.ARTICLE, re.compile(r"^(?P<mark>(?:ĐIỀU|Điều)\s+(?P<value>\d+[a-zđ]?)\s*[.:])\s*(?P<rest>.*)$")),
    (Kind.DECIMAL, re.compile(r"^(?P<mark>(?P<value>\d{1,2}(?:\.\d{1,2})+)\.?)\s+(?P<rest>\D.*)$")),
    (Kind.NUMBER, re.compile(r"^(?P<mark>(?P<value>\d{1,3})[./])\s+(?P<rest>.*)$")),
    (Kind.PAREN, re.compile(r"^(?P<mark>(?P<value>\d{1,3})\))\s+(?P<rest>.*)$")),
    (Kind.BULLET, re.compile(r"^(?P<mark>[-–+•*▪]\s*(?P<value>[a-zđ])\))\s+(?P<rest>.*)$")),
    (Kind.BULLET, re.compile(r"^(?P<mark>[-–—+•*▪])\s+(?P<value>)(?P<rest>.*)$")),
    (Kind.BULLET, re.compile(r"^(?P<mark>[-–—+•▪])(?P<value>)(?P<rest>[^\W\d_].*)$")),
    (Kind.LETTER, re.compile(r"^(?P<mark>(?P<value>[a-zđ])[).])\s+(?P<rest>.*)$")),
)  # fmt: skip
_CAPITALS = re.compile(r"^(?P<mark>(?P<value>[A-ZĐ][A-ZĐa-z]*)(?P<stop>[./)]| -|\s*–))\s+(?P<rest>\S.*)$")


def roman_value(numeral: str) -> int | None:
    """The number that a Roman numeral stands for, in any letter case; None if it is not one."""
    upper = numeral.upper()
    if not upper or not _ROMAN.match(upper):
        return None
    digits = [_ROMAN_DIGITS[letter] for letter in upper]
    return sum(
        -digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits)
    )


def recognise(line: str, last_upper: str = "", last_roman: int = 0) -> Marker | None:
    """The mark a line starts with, or None.

    A lone capital such as "C." can be a letter or a numeral: it is a letter where it follows
    `last_upper` in the alphabet and does not follow `last_roman`. "Ii." is read as "II.".
    """
    for kind, pattern in _PATTERNS:
        found = pattern.match(line)
        if found:
            value = found["value"] or ""
            return Marker(kind, value, found["mark"], found["rest"].strip())
    found = _CAPITALS.match(line)
    if not found:
        return None
    value, mark, rest = found["value"], found["mark"], found["rest"].strip()
    number = roman_value(value)
    if len(value) == 1:
        is_next_letter = value == (_letter_after(last_upper) if last_upper else "A")
        if is_next_letter and number != last_roman + 1:
            return Marker(Kind.UPPER, value, mark, rest)
    if number is None or number > LARGEST_PART:
        return Marker(Kind.UPPER, value, mark, rest) if len(value) == 1 else None
    return Marker(Kind.ROMAN, value.upper(), mark, rest)


def _letter_after(letter: str) -> str:
    """The capital that follows in Vietnamese lists; administrative lists use C after B, D or Đ after C."""
    alphabet = VIETNAMESE_LETTERS.upper()
    place = alphabet.find(letter)
    return alphabet[place + 1] if 0 <= place < len(alphabet) - 1 else ""
