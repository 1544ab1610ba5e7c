"""Takes out of a question what could tell who asked: numbers of people, addresses, names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.requests import request_words

MASK = "***"
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.|t\.me/|zalo\.me/)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
# Eight digits in a row, or nine with a space, dot or dash between: telephone, CCCD, CMND, account.
_LONG_NUMBER = re.compile(r"(?<![\d,])\+?\(?\d(?:[\s.\-()]{0,2}\d){8,}|\d{8,}")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:([.\s])\d{3})(?:\1\d{3})+")
_DATES_OR_YEARS = re.compile(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{4}|(?:(?:19|20)\d{2}[\s\-]{0,3})+")


def masked(text: str) -> str:
    """The text with telephone, identity and account numbers, e-mail, links and names masked.

    Sums of money and years stay: questions are about them.
    """
    text = unicodedata.normalize("NFKC", text)
    # Signs that nobody sees may divide a number, and some cannot be stored.
    text = "".join(s for s in text if s.isspace() or unicodedata.category(s)[0] != "C")
    for pattern in (_EMAIL, _LINK, _HANDLE):
        text = pattern.sub(MASK, text)
    text = _keyed_number().sub(lambda match: match["head"] + MASK, text)
    text = _after_title().sub(_without_name, text)
    return " ".join(_LONG_NUMBER.sub(_number, text).split())


def _number(match: re.Match[str]) -> str:
    found = match[0]
    is_plain = _AMOUNT.fullmatch(found) or _DATES_OR_YEARS.fullmatch(found)
    return found if is_plain else MASK


def _without_name(match: re.Match[str]) -> str:
    """A name is two or more words with a capital behind "ông", "bà", "hộ" and the like."""
    words = match["rest"].split(" ")
    n_words = next((i for i, word in enumerate(words) if not word[:1].isupper()), len(words))
    if n_words < 2:
        return match[0]
    return match["head"] + " ".join([MASK, *words[n_words:]])


@cache
def _keyed_number() -> re.Pattern[str]:
    """A number of any length behind "stk", "cccd" and the like."""
    words = _any_of(request_words().private.numbers)
    return re.compile(rf"(?P<head>\b(?:{words})\b\D{{0,12}}?)\d(?:[\s.\-]?\d){{3,}}", re.IGNORECASE)


@cache
def _after_title() -> re.Pattern[str]:
    words = _any_of(request_words().private.people)
    return re.compile(rf"(?P<head>\b(?i:{words}) )(?P<rest>\w+(?: \w+){{1,5}})")


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
