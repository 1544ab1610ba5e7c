"""Files of units sent in a chat: results come back as a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from bot.turns import Attachment, Block, Reply
from bot.wording import Wording
from knowledge.errors import UnitsFault, UnitsFileError
from knowledge.plan import Plan

# The spreadsheet library is loaded by the first file, not by every start.

SUFFIXES = (".xlsx", ".csv")
TEMPLATE_NAME = "mau-xet-khen-thuong.xlsx"
PROBLEMS_SHOWN = 5  # the workbook lists them all
_FAULTS: dict[UnitsFault, str] = {  # each with the sentence that says it
    "unreadable": "units.unreadable",
    "too_large": "units.too_large",
    "too_many_rows": "units.too_many_rows",
    "not_unicode": "units.not_unicode",
    "no_header": "units.no_header",
    "column_twice": "units.column_twice",
    "bad_row": "units.bad_row",
    "nothing_read": "units.nothing_read",
}


class UnitDesk:
    """Evaluates files of units under one plan."""

    def __init__(self, plan: Plan, wording: Wording) -> None:
        self._plan = plan
        self._say = wording

    def template(self) -> Reply:
        """The empty workbook to fill in."""
        from knowledge.template import template_bytes

        content = template_bytes(self._plan)
        return Reply(
            status="award",
            blocks=(Block(kind="text", text=self._say("units.template")),),
            attachments=(Attachment(name=TEMPLATE_NAME, content=content),),
        )

    def evaluate(self, sent: Attachment, today: date) -> Reply:
        """The results for the file, or why it cannot be read."""
        from knowledge.evaluation import evaluate_bytes, result_name
        from knowledge.reading import MAX_ROWS

        if PurePath(sent.name).suffix.lower() not in SUFFIXES:
            return self._refused(self._say("units.unsupported"))
        try:
            found = evaluate_bytes(self._plan, sent.name, sent.content, today)
        except UnitsFileError as error:
            return self._refused(self._say(_FAULTS[error.fault], row=error.row, rows=MAX_ROWS))
        lines = [self._say("units.done"), *found.messages]
        lines += [str(problem) for problem in found.problems[:PROBLEMS_SHOWN]]
        return Reply(
            status="award",
            blocks=tuple(Block(kind="text", text=line) for line in lines),
            attachments=tuple(
                Attachment(name=result_name(sent.name, suffix), content=content)
                for suffix, content in found.contents.items()
            ),
        )

    @staticmethod
    def _refused(sentence: str) -> Reply:
        return Reply(status="unclear", blocks=(Block(kind="text", text=sentence),))
