"""What a person should look at after a document was added: lines, numbering, odd words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.documents.layout import PAGE_NUMBER
from indexer.lines import content_lines
from indexer.markers import Kind, Marker, follows, ordinal, recognise
from indexer.normalize import strip_marks, to_nfc, tokenize
from indexer.parse import lines_of
from indexer.segment import word_list
from knowledge.clauses import Clause

_HAS_WORD = re.compile(r"\w")
_TOKEN = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"[^\W\d_]+\d+[^\W\d_]+|\d+[^\W\d_]{3,}")  # "đề ngh1 ị", "l00ng"
_BROKEN = re.compile("[\ufffd¬¦□¤]")
LONGEST_SYLLABLE = 7  # letters: "nghiêng"


@dataclass(frozen=True, slots=True)
class Review:
    """Findings, each with its line number from 1 where it has one.

    `unplaced` are lines with words that no clause owns and that are no addressee or signature;
    `gaps` are pairs of marks that do not follow each other; `repeated` marks with their clause.
    """

    unplaced: tuple[tuple[int, str], ...]
    gaps: tuple[tuple[str, str], ...]
    repeated: tuple[tuple[str, str], ...]
    suspicious: tuple[tuple[int, str], ...]


def review(text: str, clauses: Sequence[Clause], tail: frozenset[int]) -> Review:
    """What to look at in a parsed text; `tail` are the lines of addressees and signature."""
    owned = {*lines_of(clauses), *tail}
    unplaced = tuple(
        (number, line)
        for number, line in enumerate(map(to_nfc, text.splitlines()), start=1)
        if number not in owned and _HAS_WORD.search(line) and not PAGE_NUMBER.match(line)
    )
    gaps, repeated = _numbering(clauses)
    return Review(unplaced, tuple(gaps), tuple(repeated), tuple(_suspicious(text)))


def _numbering(
    clauses: Sequence[Clause],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Marks of one list that leave something out, and marks that come again."""
    gaps: list[tuple[str, str]] = []
    repeated: list[tuple[str, str]] = []
    latest: dict[tuple[str, Kind], tuple[Marker, str]] = {}
    for clause in clauses:
        marker = recognise(f"{clause.mark} A") if clause.mark else None
        if marker is None or marker.kind in (Kind.BULLET, Kind.ATTACHMENT) or not ordinal(marker):
            continue
        key = (_list_of(clause, marker), marker.kind)
        before = latest.get(key)
        here = f"{clause.id}"
        if before is None and ordinal(marker) != 1:
            gaps.append((clause.parent or "…", here))
        elif before and ordinal(marker) == ordinal(before[0]):
            repeated.append((clause.mark, here))
        elif before and not follows(marker, before[0]):
            gaps.append((before[1], here))
        latest[key] = (marker, here)
    return gaps, repeated


def _list_of(clause: Clause, marker: Marker) -> str:
    """What tells the list of a mark: its parent; articles count through the whole document."""
    if marker.kind is not Kind.ARTICLE:
        return clause.parent or ""
    return clause.id.rsplit(".", 1)[0] if "." in clause.id else ""


def _suspicious(text: str) -> Iterator[tuple[int, str]]:
    """Words that recognition of letters may have spoilt, each once."""
    seen: set[str] = set()
    for line in content_lines(text):
        for word in _odd_words(line.text):
            if word not in seen:
                seen.add(word)
                yield line.number, word


def _odd_words(line: str) -> Iterator[str]:
    if _BROKEN.search(line):
        yield line[:60]
        return
    for found in _TOKEN.finditer(line):
        word = found[0]
        if _MIXED.fullmatch(word):
            yield word
        elif word.isalpha() and word.islower() and not _is_syllable(word):
            near = line[found.end() : found.end() + 1]
            before = line[max(0, found.start() - 1) : found.start()]
            if near not in ("@", ".") and before not in ("@", "/"):  # addresses of mail and web
                yield word


def _is_syllable(word: str) -> bool:
    if len(word) == 1:
        return True
    if len(word) > LONGEST_SYLLABLE and strip_marks(word) != word:
        return False
    settled = tokenize(word)
    return bool(settled) and settled[0] in _syllables()


@cache
def _syllables() -> frozenset[str]:
    return frozenset(token for words in word_list() for token in tokenize(words))
