"""The words that numbers and short answers are typed with, and how typed words are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from indexer.normalize import has_marks, strip_marks, to_nfc, tokenize
from knowledge.yaml_reader import DataModel, read_yaml

_FILE = Path(__file__).with_name("messages") / "number_words.yaml"
_GROUPED_BY_SPACE = r"\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?"
TOKEN = re.compile(rf"{_GROUPED_BY_SPACE}|\d+(?:[.,]\d+)*|[^\W\d_]+|\S")

Tokens = Sequence[str]


class NumberWords(DataModel):
    """number_words.yaml."""

    digits: dict[str, int]
    zero: str
    ten: str
    tens: str
    after_tens: dict[str, int]
    hundred: str
    odd: list[str]
    decimal_mark: list[str]
    half: list[str]
    and_half: str
    scales: dict[int, list[str]]
    money: list[str]
    percent: list[str]
    points: list[str]
    over: list[str]
    units: dict[str, list[str]]
    date_words: list[str]
    separators: list[str]
    polite: list[str]
    fillers: list[str]
    directions: list[str]
    beyond: list[str]
    asks_with: str
    inexact: list[str]
    vague_before: list[str]
    vague_only_marked: list[str]
    vague_after: list[str]
    after_amount: list[str]
    range_joins: list[str]
    halved: list[str]
    answers: dict[str, list[str]]
    refusals: dict[str, str]


@cache
def number_words() -> NumberWords:
    """The words, read once. Raises PlanDataError if the file is wrong."""
    return read_yaml(_FILE, NumberWords)


def split(text: str) -> list[str]:
    """Figures, words and single symbols of a text, lower case, tones placed alike."""
    found = TOKEN.findall(to_nfc(text).lower())
    return [_settled(token) if token[0].isalpha() else token for token in found]


def is_figure(token: str) -> bool:
    """Whether the token is written with digits."""
    return token[0].isdigit()


def is_word(typed: str, word: str) -> bool:
    """Whether the typed word is this one; marks may have been left out, but not put wrong."""
    return typed == word or (typed == strip_marks(word) and not has_marks(typed))


def is_one_of(typed: str, words: Iterable[str]) -> bool:
    """Whether the typed word is one of these."""
    return any(is_word(typed, word) for word in words)


def are_words(typed: Tokens, words: Tokens) -> bool:
    """Whether the typed words are these, one by one."""
    return len(typed) == len(words) and all(map(is_word, typed, words))


def phrase_end(tokens: Tokens, start: int, phrases: Iterable[str]) -> int:
    """Where the longest of the phrases that begins at `start` ends; `start` where none does."""
    ends = [start]
    for phrase in phrases:
        words = phrase_words(phrase)
        if are_words(tokens[start : start + len(words)], words):
            ends.append(start + len(words))
    return max(ends)


def without_suffix(tokens: Tokens, phrases: Iterable[str]) -> Tokens | None:
    """The tokens before the longest of the phrases that ends them; None where none does."""
    lengths = [
        len(words)
        for words in map(phrase_words, phrases)
        if len(words) < len(tokens) and are_words(tokens[-len(words) :], words)
    ]
    return tokens[: -max(lengths)] if lengths else None


@lru_cache(maxsize=4096)
def phrase_words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase from the data, as typed ones are split."""
    return tuple(split(phrase))


@lru_cache(maxsize=65_536)
def _settled(word: str) -> str:
    return (tokenize(word) or [word])[0]
