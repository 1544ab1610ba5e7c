"""Typed text -> comparable tokens: Unicode form, tone placement, letter case, marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from indexer.segment import place_tone

# Codes and figures stay whole: 666/qđ-ttg, 30/12/2021, 0,2%, 3.2.a
_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*%?|[^\W\d_]+(?:&[^\W\d_]+)*(?:\d+[^\W\d_]+)*\d*|\w+")
_KEPT_MARKS = str.maketrans("đĐ", "dD")


def to_nfc(text: str) -> str:
    """The text composed (NFC), without zero-width characters, white space folded."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # of the characters below it holds none
        return " ".join(composed.split())
    visible = "".join(
        " " if unicodedata.category(char) == "Cc" else char
        for char in composed
        if unicodedata.category(char) != "Cf"
    )
    return " ".join(visible.split())


@lru_cache(maxsize=65_536)
def strip_marks(text: str) -> str:
    """The text without any Vietnamese mark; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).translate(_KEPT_MARKS)


@lru_cache(maxsize=65_536)
def _settled(token: str) -> str:
    return place_tone(token)


def tokenize(text: str) -> list[str]:
    """Lower-case syllables, figures and codes of a text in order, tones placed alike."""
    return [_settled(token) for token in _TOKEN.findall(to_nfc(text).lower())]


def has_marks(token: str) -> bool:
    """Whether the token carries any Vietnamese mark."""
    return strip_marks(token) != token
