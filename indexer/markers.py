"""Numbering and list marks of Vietnamese administrative texts, recognised at a line's start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class Kind(IntEnum):
    """Kinds of marks, outermost first; the order is used where nesting is not yet known.

    An attachment is a whole document of its own after the signature ("QUY CHẾ"); it bears no
    number, so it is told by its place and not by `recognise`.
    """

    ATTACHMENT = 1
    APPENDIX = 2
    PART = 3
    CHAPTER = 4
    SECTION = 5
    UPPER = 6
    ROMAN = 7
    ARTICLE = 8
    NUMBER = 9
    DECIMAL = 10
    LETTER = 11
    PAREN = 12
    BULLET = 13


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised mark: its kind, its value ("3.2", "b", "IV"), as printed, and the rest."""

    kind: Kind
    value: str
    mark: str
    rest: str

    @property
    def symbol(self) -> str:
        """The list mark that tells levels apart: every dash alike, with or without a letter."""
        return "-" if self.mark[:1] in _DASHES else self.mark[:1]


LARGEST_PART = 39  # a lone L, C, D or M is a letter; "Di." is a word, not 501
_LETTERS = "abcdđefghijklmnopqrstuvwxyz"
_DASHES = "-–—−‐‑"
_BULLETS = _DASHES + "+*•●○◦▪■□"
_STRUCTURE = frozenset({Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION})
_PART_WORDS = {"nhất": "1", "hai": "2", "ba": "3", "tư": "4", "năm": "5", "sáu": "6"}
_NO_MARKS: Mapping[Kind, Marker] = MappingProxyType({})

_FIGURE = r"(?P<value>[IVX]+|\d+)"
_WORD = rf"(?P<word>(?i:{'|'.join(_PART_WORDS)}))"
_STOP = r"\b(?P<stop>[.:]?)"
_REST = r"(?P<space>\s*)(?P<rest>.*)$"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(f"^{pattern}{_REST}"))
    for kind, pattern in (
        (Kind.APPENDIX, rf"(?P<mark>(?:PHỤ LỤC|Phụ lục)(?: (?i:số))?(?: {_FIGURE})?{_STOP})"),
        (Kind.APPENDIX, rf"(?P<mark>(?:MẪU SỐ|Mẫu số) {_FIGURE}{_STOP})"),
        (Kind.PART, rf"(?P<mark>(?:PHẦN|Phần) (?:(?i:thứ) )?(?:{_FIGURE}|{_WORD}){_STOP})"),
        (Kind.CHAPTER, rf"(?P<mark>(?:CHƯƠNG|Chương) {_FIGURE}{_STOP})"),
        (Kind.SECTION, rf"(?P<mark>(?:MỤC|Mục) {_FIGURE}{_STOP})"),
        (Kind.ARTICLE, r"(?P<mark>(?:ĐIỀU|Điều)\s+(?P<value>\d+[a-zđ]?)\s*[.:])"),
        (Kind.DECIMAL, r"(?P<mark>(?:[IVX]+\.)?(?P<value>\d{1,2}(?:\.\d{1,2})+)(?P<stop>\.?))"),
        (Kind.NUMBER, r"(?P<mark>[IVX]+\.(?P<value>\d{1,2})\.)"),
        (Kind.NUMBER, r"(?P<mark>(?P<value>\d{1,3})[./])"),
        (Kind.NUMBER, r"(?P<mark>(?P<value>\d{1,2})[-–](?=\s))"),
        (Kind.PAREN, r"(?P<mark>(?P<value>\d{1,3})\))"),
        (Kind.PAREN, r"(?P<mark>\((?P<value>\d{1,2}|[a-zđ]|[ivx]{2,4})\))"),
        (Kind.PAREN, r"(?P<mark>(?P<value>[ivx]{2,4})\))"),
        (Kind.LETTER, r"(?P<mark>(?P<value>[a-zđ])[).])"),
        (Kind.BULLET, rf"(?P<mark>[{_BULLETS}]\s*(?P<value>[a-zđ])\))"),
        (Kind.BULLET, rf"(?P<mark>[{_BULLETS}])"),
    )
)
_CAPITALS = re.compile(rf"^(?P<mark>(?P<value>[A-ZĐ][A-Za-z]*)(?:[./)]| -(?=\s)|\s?–)){_REST}")
# One look tells most lines to be plain text, which keeps long texts quick.
_MAY_BE_MARKED = re.compile(
    rf"^(?:[\d({_BULLETS}]|[^\W\d_]{{1,7}}(?: ?[.)/–]| -)"
    r"|(?i:phụ lục|mẫu số|phần|chương|mục|điều)\b)"
)
_ROMAN = re.compile(r"^X{0,3}(?:IX|IV|V?I{0,3})$")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
# "Mục 2 Chương III" and the like name a place elsewhere: no heading starts so.
_REFERENCE = re.compile(r"^(?:Chương|Điều|Mục|Phần|Khoản|Luật|Nghị|Thông tư|Quyết định)\b")


def recognise(line: str, seen: Mapping[Kind, Marker] = _NO_MARKS) -> Marker | None:
    """The mark that a cleaned line starts with, or None.

    `seen` holds the latest mark of each kind; it settles what a lone "I.", "V." or "X." is,
    numeral or letter of a list. Letter case of a numeral does not count ("Ii." is II).
    """
    if not _MAY_BE_MARKED.match(line):
        return None
    for kind, pattern in _PATTERNS:
        found = pattern.match(line)
        if found and (marker := _accepted(kind, found, seen)):
            return marker
    return _capital(line, seen)


def roman_value(numeral: str) -> int | None:
    """The number from 1 to 39 that a Roman numeral stands for, in any case; None for a word."""
    upper = numeral.upper()
    if not upper or not _ROMAN.match(upper):
        return None
    digits = [_ROMAN_DIGITS[letter] for letter in upper]
    return sum(
        -digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits)
    )


def ordinal(marker: Marker) -> int:
    """The place that a mark's value gives it in its list, from 1; 0 where it gives none."""
    last = marker.value.rsplit(".", 1)[-1]
    if digits := re.match(r"\d+", last):
        return int(digits[0])
    if marker.kind in (Kind.LETTER, Kind.UPPER) or (len(last) == 1 and last not in "iIvVxX"):
        return _LETTERS.find(last.lower()) + 1
    return roman_value(last) or 0


def follows(marker: Marker, earlier: Marker) -> bool:
    """Whether the mark is the next one of the list that `earlier` belongs to.

    Lists of letters may leave one out: e) often follows d) without đ), and g) follows e).
    """
    step = ordinal(marker) - ordinal(earlier)
    if marker.kind is Kind.DECIMAL:
        return step == 1 and _stem(marker) == _stem(earlier)
    is_lettered = marker.kind in (Kind.LETTER, Kind.UPPER)
    return step == 1 or (is_lettered and step == 2)


def is_due(marker: Marker, seen: Mapping[Kind, Marker]) -> bool:
    """Whether such a mark can stand here: first of a list, or next after the latest of its kind."""
    if ordinal(marker) == 1:
        return True
    earlier = seen.get(marker.kind)
    return earlier is not None and follows(marker, earlier)


def _stem(marker: Marker) -> str:
    return marker.value.rpartition(".")[0]


def _accepted(kind: Kind, found: re.Match[str], seen: Mapping[Kind, Marker]) -> Marker | None:
    groups = found.groupdict()
    rest, value = found["rest"].strip(), groups.get("value") or groups.get("word") or ""
    is_glued = bool(rest) and not found["space"]
    if kind in _STRUCTURE:
        if not groups["stop"] and not _can_head(rest):
            return None
    elif kind is Kind.BULLET:
        if is_glued and not value and not _is_glued_item(found["mark"], rest):
            return None
    elif is_glued and not (rest[:1].isupper() and rest[1:2].isalpha()):
        return None  # "3.a", "1.000", "V.I." are no marks; "1.Mục đích" is
    if kind is Kind.DECIMAL and not groups["stop"] and not rest[:1].isupper():
        return None  # "1.5 triệu đồng" is a figure
    if kind is Kind.NUMBER and found["mark"][-1] in "-–" and not rest[:1].isupper():
        return None  # "50- 60 hộ" too
    if kind is Kind.LETTER and value in "ivx" and not _is_letter(value, Kind.LETTER, seen):
        kind = Kind.PAREN
    value = _PART_WORDS.get(value.lower(), value)
    if value[:1].isdigit():
        value = value.lstrip("0") or "0"
    return Marker(kind, value, found["mark"].strip(), rest)


def _can_head(rest: str) -> bool:
    return not rest or (rest[0].isupper() and not _REFERENCE.match(rest))


def _is_glued_item(mark: str, rest: str) -> bool:
    """Whether a list mark without a space after it is one: not in "*H2*", "-5,2", "+84"."""
    if mark == "*":
        return False
    return rest[0].isalpha() or (rest[0].isdigit() and any(char.isalpha() for char in rest))


def _capital(line: str, seen: Mapping[Kind, Marker]) -> Marker | None:
    """A capital letter or Roman numeral at the start of a line."""
    found = _CAPITALS.match(line)
    if not found:
        return None
    value, mark, rest = found["value"], found["mark"], found["rest"].strip()
    is_glued = bool(rest) and not found["space"]
    number = roman_value(value)
    if number is None or (len(value) == 1 and _is_letter(value, Kind.UPPER, seen)):
        if len(value) == 1 and rest and not is_glued:
            return Marker(Kind.UPPER, value, mark, rest)
        return None
    if is_glued and not (rest[:1].isupper() and rest[1:2].isalpha()):
        return None
    return Marker(Kind.ROMAN, value.upper(), mark, rest)


def _is_letter(value: str, kind: Kind, seen: Mapping[Kind, Marker]) -> bool:
    """Whether a lone i, v or x (or capital) goes on a list of letters rather than numerals."""
    letter, numeral = seen.get(kind), seen.get(Kind.ROMAN if kind is Kind.UPPER else Kind.PAREN)
    if letter is None:
        return False
    return numeral is None and follows(Marker(kind, value, "", ""), letter)
