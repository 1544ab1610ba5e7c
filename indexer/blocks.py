"""Lines of a text -> blocks: one block a paragraph, heading or list item, wraps and page breaks undone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from indexer.markers import Kind, Marker, recognise, roman_value

WRAP_WIDTH_LIMIT = 130  # a text whose long lines all end below this was wrapped by a machine
FULL_LINE_SHARE = 0.7  # a wrapped line this full may run on into the next one
_SENTENCE_END = re.compile(r"[.;:!?…]['”\"»)\]]*$")
_TAIL = re.compile(r"^(nơi nhận|tm\.|kt\.|tl\.|tuq\.|q\.\s*chủ tịch)", re.IGNORECASE)
_END_MARK = re.compile(r"(?:\s*\./\.|(?<=\.)/\.)\s*(?:\*[^*\s]{1,8}\*)?$|\s\*[A-Z]\d{0,3}\*$")


@dataclass(slots=True)
class Block:
    """One paragraph or item: its mark (None for plain text), its text, its line numbers from 1.

    `run_in` tells that a plain block follows the one before without a blank line.
    """

    marker: Marker | None
    text: str
    lines: list[int] = field(default_factory=list)
    run_in: bool = False

    @property
    def is_finished(self) -> bool:
        """Whether the text so far ends as a sentence or list item does."""
        return bool(_SENTENCE_END.search(self.text))


def split_blocks(text: str) -> list[Block]:
    """The content blocks of a text in order; addressees ("Nơi nhận") and signature are left out.

    A line without a mark that starts in lower case continues the block before it, across blank
    lines too; in machine-wrapped text so does any line after a full, unfinished one.
    """
    lines = [
        " ".join(unicodedata.normalize("NFC", line).replace("\ufeff", "").split())
        for line in text.splitlines()
    ]
    width = _wrap_width(lines)
    blocks: list[Block] = []
    last_upper, last_roman = "", 0
    in_tail = False
    last_length = 0
    blank_before = True
    for number, line in enumerate(lines, start=1):
        if not line:
            blank_before = True
            continue
        marker = recognise(line, last_upper, last_roman)
        if in_tail and not (marker and marker.kind is Kind.APPENDIX):
            continue
        in_tail = bool(_TAIL.match(line))
        if in_tail:
            continue
        current = blocks[-1] if blocks else None
        is_full = bool(width) and last_length >= FULL_LINE_SHARE * width
        if current and _continues(current, marker, line, is_full, bool(width), blank_before, blocks):
            current.text = f"{current.text} {line}".strip()
            current.lines.append(number)
        else:
            if marker and marker.kind is Kind.UPPER:
                last_upper, last_roman = marker.value, 0
            if marker and marker.kind is Kind.ROMAN:
                last_roman = roman_value(marker.value) or 0
            run_in = not blank_before and marker is None
            blocks.append(Block(marker, marker.rest if marker else line, [number], run_in))
        last_length, blank_before = len(line), False
    for block in blocks:
        block.text = _END_MARK.sub("", block.text)
        if block.marker is None and not block.is_finished and block is blocks[-1]:
            block.text = block.text.rstrip()
    return blocks


def _continues(
    current: Block,
    marker: Marker | None,
    line: str,
    is_full: bool,
    is_wrapped: bool,
    blank_before: bool,
    blocks: list[Block],
) -> bool:
    """Whether `line` is more of the block before it rather than a block of its own."""
    unfinished = not current.is_finished
    if marker is None:
        if line[0].islower() or (not line[0].isalnum() and line[0] not in "“\"'(*[«"):
            return True
        if current.text.isupper() or line.isupper():
            return is_full and unfinished and current.text.isupper() == line.isupper()
        if blank_before:
            return is_full and unfinished
        return is_wrapped and (is_full or (unfinished and current.marker is not None and is_full))
    if blank_before or not unfinished or not is_full:
        return False
    if marker.kind is Kind.BULLET:
        return marker.rest[:1].islower() and not marker.value
    if marker.kind in (Kind.NUMBER, Kind.DECIMAL, Kind.ROMAN, Kind.UPPER, Kind.PAREN):
        return not _is_next(marker, blocks)
    return marker.kind in (Kind.ARTICLE, Kind.SECTION) and not _is_next(marker, blocks)


def _is_next(marker: Marker, blocks: list[Block]) -> bool:
    """Whether the mark is the first of a list or follows the last one of its kind."""
    value = _ordinal(marker)
    if value == 1:
        return True
    earlier = [b.marker for b in blocks if b.marker and b.marker.kind is marker.kind]
    if marker.kind is Kind.DECIMAL:
        return marker.value.endswith(".1") or any(
            mark.value.rsplit(".", 1)[0] == marker.value.rsplit(".", 1)[0] for mark in earlier
        )
    return bool(earlier) and _ordinal(earlier[-1]) + 1 == value


def _ordinal(marker: Marker) -> int:
    if marker.value.isdigit():
        return int(marker.value)
    if marker.kind is Kind.UPPER:
        return ord(marker.value) - ord("A") + 1
    return roman_value(marker.value) or 0


def _wrap_width(lines: list[str]) -> int:
    """The width at which a machine wrapped the text, or 0 for one paragraph a line."""
    lengths = sorted(len(line) for line in lines if line)
    if not lengths or lengths[-1] > WRAP_WIDTH_LIMIT:
        return 0
    width = lengths[-1]
    full = sum(length >= FULL_LINE_SHARE * width for length in lengths)
    return width if full >= 3 and full >= 0.2 * len(lengths) else 0
