"""Blocks -> the lines of plan.txt: tables as rows, two-column header and signature unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.lines import content_lines
from indexer.normalize import to_nfc

# Cells that lay a page out rather than tabulate: header and signature stand in such tables.
_LAYOUT_CELL = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]\s*Tự do|Nơi nhận|^\W*Số\s*:"
    r"|^\s*(?:T/?M|K/?T|T/?L|TUQ)\s*\.|ngày\s*[\d.…]*\s*tháng",
    re.I | re.M,
)
PAGE_NUMBER = re.compile(r"^[-–—]?\s*(?:trang\s+)?\d{1,3}(?:\s*/\s*\d+)?\s*[-–—]?$", re.I)
_NUMBER = re.compile(r"[\d.,%\s/-]+")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The text, one paragraph or table row a line, and how many of its lines are table rows."""

    text: str
    n_rows: int


def lay_out(blocks: Sequence[dict[str, Any]]) -> LaidOut:
    """The text of the blocks."""
    lines: list[str] = []
    n_rows = 0
    for block in blocks:
        if block["type"] != "table":
            lines += [to_nfc(line) for line in block["text"].splitlines() or [""]]
            continue
        rows = [[str(cell or "") for cell in row] for row in block["rows"]]
        if any(_LAYOUT_CELL.search(cell) for row in rows for cell in row):
            lines += ["", *_unfolded(rows), ""]
            continue
        tabulated = list(_tabulated([[to_nfc(cell) for cell in row] for row in rows]))
        n_rows += len(tabulated)
        lines += tabulated
    text = "\n".join(_without_page_numbers(lines)).strip("\n")
    return LaidOut(text + "\n", n_rows)


def _without_page_numbers(lines: list[str]) -> Iterator[str]:
    """The lines without page numbers, which would stand inside sentences that run on."""
    kept = {line.number for line in content_lines("\n".join(lines))}
    for number, line in enumerate(lines, start=1):
        if number in kept or not PAGE_NUMBER.match(line):
            yield line


def _unfolded(rows: list[list[str]]) -> Iterator[str]:
    """Cell after cell, each line by itself; a cell merged over columns once."""
    for row in rows:
        for cell in dict.fromkeys(row):
            yield from (to_nfc(line) for line in cell.splitlines())


def _tabulated(rows: list[list[str]]) -> Iterator[str]:
    """A list item a row, each cell under the name of its column where the table has a head."""
    head = rows[0] if len(rows) > 1 and _is_head(rows[0]) else []
    for row in rows[1:] if head else rows:
        cells = list(dict.fromkeys(row)) if len(set(row)) == 1 else row
        if not any(cells):
            continue
        if head and len(cells) == len(head):
            named = zip(head, cells, strict=True)
            yield "- " + "; ".join(
                f"{name}: {cell}" if name else cell for name, cell in named if cell
            )
        else:
            yield "- " + "; ".join(filter(None, cells))


def _is_head(row: list[str]) -> bool:
    return len(set(row)) == len(row) and not any(_NUMBER.fullmatch(c) for c in row if c)
