"""Sheets that print: landscape, as wide as the paper, the header on every page, text wrapped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

BOLD = Font(bold=True)
SHADE = PatternFill("solid", start_color="FFDDEBF7")
WRAPPED = Alignment(wrap_text=True, vertical="top")
_A4 = 9
_MARGIN = 0.4  # inches
_LINE = 15.0  # points; the height of a line in the default font
_MOST_HEIGHT = 409.0  # points; no spreadsheet program shows a taller row


def make_printable(sheet: Any, *, header_row: int = 1, fits_width: bool = True) -> None:
    """Set up the sheet for paper; `header_row` is repeated on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    if fits_width:
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header_row}:{header_row}"
    margins = sheet.page_margins
    margins.left = margins.right = _MARGIN
    margins.bottom = 2 * _MARGIN
    sheet.oddFooter.center.text = "&P/&N"


def row_height(texts: Sequence[object], widths: Sequence[int]) -> float:
    """The height that shows every wrapped text whole; not every program finds it out by itself."""
    lines = [
        _n_lines(text, width)
        for text, width in zip(texts, widths, strict=True)
        if isinstance(text, str)
    ]
    return min(_MOST_HEIGHT, _LINE * max(lines, default=1))


@lru_cache(maxsize=4096)
def _n_lines(text: str, width: int) -> int:
    """Wrapped lines, counted with a sixth to spare: words do not fill their line."""
    return sum(1 + len(line) * 7 // (6 * width) for line in text.split("\n"))
