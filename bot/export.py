"""Unanswered questions as a table, to become example questions once a person has read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ExportError
from indexer.normalize import has_marks, to_nfc

if TYPE_CHECKING:
    from bot.store import Unanswered

COLUMNS = ("clause", "bullets", "style", "asker", "topic", "question")
_FORMULA_SIGNS = ("=", "+", "-", "@")


def as_table(questions: Sequence[Unanswered], *, tabs: bool = False) -> str:
    """The questions in the columns of example_questions.tsv, with how often each was asked.

    Clause, bullets, asker and topic are left for a person to fill in. With `tabs` as that file
    is written itself; else as CSV, where no question can become a formula of a spreadsheet.
    """
    file = io.StringIO()
    if tabs:
        writer = csv.writer(file, "excel-tab", quoting=csv.QUOTE_NONE, quotechar=None)
    else:
        writer = csv.writer(file)
    writer.writerow((*COLUMNS, "times"))
    for asked in questions:
        question = asked.question if tabs else _harmless(asked.question)
        writer.writerow(("", "", _style(asked.question), "", "", question, asked.times))
    return file.getvalue()


def write_table(questions: Sequence[Unanswered], path: Path) -> None:
    """Write the table; tabs for a name in .tsv. Raises ExportError when that is not possible."""
    table = as_table(questions, tabs=path.suffix.lower() == ".tsv")
    try:
        path.write_text(table, encoding="utf-8", newline="")
    except OSError as error:
        raise ExportError(
            f"{path}: cannot be written ({error.strerror}); name another file with --output"
        ) from error


def _style(question: str) -> str:
    return "chat" if has_marks(to_nfc(question)) else "no_diacritics"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
