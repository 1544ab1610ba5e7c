"""Results of many units, written as they come: JSON, CSV or a workbook."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension

from knowledge.assessment import Assessment
from knowledge.facts import Unit
from knowledge.messages import messages
from knowledge.page import BOLD, SHADE, WRAPPED, make_printable, row_height
from knowledge.plan import Plan
from knowledge.plan_info import Standing
from knowledge.rows import CellProblem
from knowledge.wording import fact_labels, reading_text, reasons, verdict_label

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_CELL = 32_000
_DETAIL_COLUMNS = ("id", "award", "verdict", "clause", "missing", "reasons")


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A unit with its assessments, highest award first."""

    unit: Unit
    assessments: tuple[Assessment, ...]


class Sink(Protocol):
    """Takes results one by one; `finish` gives the bytes of the whole."""

    def add(self, result: UnitResult) -> None:
        """Take one unit's result."""

    def finish(self, problems: Sequence[CellProblem]) -> bytes:
        """The file's content."""


class JsonSink:
    """A list of {"id", "awards": [{"award", "verdict", "clause", "missing", "reasons"}]}."""

    def __init__(self, plan: Plan, today: date) -> None:
        self._plan = plan
        self._today = today
        self._parts: list[str] = []

    def add(self, result: UnitResult) -> None:
        """Take one unit's result."""
        awards = [
            {
                "award": assessment.award.id,
                "verdict": assessment.verdict.value,
                "clause": assessment.clause,
                "missing": list(assessment.wanted),
                "reasons": reason_lines(self._plan, result.unit, assessment, self._today),
            }
            for assessment in result.assessments
        ]
        unit = {"id": result.unit.id, "awards": awards}
        self._parts.append(json.dumps(unit, ensure_ascii=False))

    def finish(self, problems: Sequence[CellProblem]) -> bytes:
        """The list as UTF-8, one unit a line; rows with bad cells are not in it."""
        del problems
        return ("[\n" + ",\n".join(self._parts) + "\n]\n").encode()


class CsvSink:
    """One row for each award of each unit."""

    def __init__(self, plan: Plan, today: date) -> None:
        self._plan = plan
        self._today = today
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([messages().columns[column] for column in _DETAIL_COLUMNS])

    def add(self, result: UnitResult) -> None:
        """Take one unit's result."""
        for row in _details(self._plan, result, self._today):
            self._writer.writerow([_harmless(text) for text in row])

    def finish(self, problems: Sequence[CellProblem]) -> bytes:
        """The rows as UTF-8 with the mark that spreadsheet programs look for."""
        for problem in problems:
            self._writer.writerow([_harmless(str(problem))])
        return self._text.getvalue().encode("utf-8-sig")


class WorkbookSink:
    """A sheet with a row a unit, one with a row an award, bad cells, and remarks."""

    def __init__(self, plan: Plan, today: date) -> None:
        self._plan = plan
        self._today = today
        self._book = Workbook(write_only=True)
        texts = messages()
        self._awards = [award.id for award in plan.rules.awards]
        labels = [award.label for award in plan.rules.awards]
        columns = [texts.columns[c] for c in ("id", "subject", "occasion")]
        widths = [10, 24, 14, *(22 for _ in labels), 50]
        self._units = _Table(
            self._book, "results", [*columns, *labels, texts.columns["missing"]], widths
        )
        titles = [texts.columns[column] for column in _DETAIL_COLUMNS]
        self._details = _Table(self._book, "details", titles, [10, 24, 20, 16, 36, 90])

    def add(self, result: UnitResult) -> None:
        """Take one unit's result."""
        named = self._plan.rules.subjects
        verdicts = {a.award.id: verdict_label(a.verdict) for a in result.assessments}
        wanted = [fact for assessment in result.assessments for fact in assessment.wanted]
        self._units.append(
            [
                result.unit.id,
                named.subjects[result.unit.subject].label,
                named.occasions[result.unit.occasion].label,
                *(verdicts.get(award) for award in self._awards),
                "; ".join(fact_labels(self._plan.rules, wanted)),
            ]
        )
        for row in _details(self._plan, result, None):
            self._details.append(row)

    def finish(self, problems: Sequence[CellProblem]) -> bytes:
        """The workbook's bytes."""
        if problems:
            columns = [
                messages().columns[c] for c in ("sheet", "row", "column", "value", "allowed")
            ]
            sheet = _Table(self._book, "problems", columns, [16, 8, 40, 30, 80])
            for p in problems:
                sheet.append([p.sheet, p.row, p.column, p.value, p.allowed])
        notes = _Table(self._book, "notes", [self._plan.info.title], [115])
        for line in note_lines(self._plan, self._today):
            notes.append([line])
        content = io.BytesIO()
        self._book.save(content)
        return content.getvalue()


class _Table:
    """A sheet of a write-only workbook: header row, wrapped cells, ready to print."""

    def __init__(
        self, book: Workbook, name: str, titles: Sequence[str], widths: Sequence[int]
    ) -> None:
        self._sheet: Any = book.create_sheet(messages().sheets[name])
        self._sheet.freeze_panes = "A2"
        make_printable(self._sheet)
        for index, width in enumerate(widths, start=1):
            self._sheet.column_dimensions[get_column_letter(index)].width = width
        header: list[Any] = [WriteOnlyCell(self._sheet, title) for title in titles]
        for cell in header:
            cell.font, cell.fill, cell.alignment = BOLD, SHADE, WRAPPED
        self._widths = list(widths)
        self._n_rows = 0
        self._height = RowDimension(self._sheet)
        self._write(header, titles)
        # A row is written before the next one is given, so its styled cells can serve again.
        self._cells = [self._styled() for _ in titles]
        self._texts = [self._styled() for _ in titles]
        for cell in self._texts:
            cell.quotePrefix = True

    def append(self, values: Sequence[object]) -> None:
        """Write one row; no text is taken for a formula."""
        self._write([self._filled(at, value) for at, value in enumerate(values)], values)

    def _write(self, cells: Sequence[object], values: Sequence[object]) -> None:
        self._n_rows += 1
        self._height.height = row_height(values, self._widths)
        self._sheet.row_dimensions[self._n_rows] = self._height
        self._sheet.append(cells)
        del self._sheet.row_dimensions[self._n_rows]  # it is written, and rows are many

    def _styled(self) -> Any:
        cell: Any = WriteOnlyCell(self._sheet)
        cell.alignment = WRAPPED
        return cell

    def _filled(self, at: int, value: object) -> object:
        if value is None:
            return None
        if not isinstance(value, str):
            self._cells[at].value = value
            return self._cells[at]
        text = _CONTROL.sub(" ", value)[:_MAX_CELL]
        if not text.startswith(_FORMULA_STARTS):
            self._cells[at].value = text
            return self._cells[at]
        self._texts[at].value = text
        self._texts[at].data_type = "s"
        return self._texts[at]


def reason_lines(plan: Plan, unit: Unit, assessment: Assessment, today: date | None) -> list[str]:
    """The reasons with their quotes, and with a date the notices that hold on it."""
    lines = [reason.with_quote for reason in reasons(plan.rules, unit, assessment)]
    if today is not None:
        lines += _notice_lines(plan, today)
    return lines


def note_lines(plan: Plan, today: date) -> Iterator[str]:
    """What holds for every result of the file: notices, who decides, doubtful passages."""
    rules = plan.rules
    yield from _notice_lines(plan, today)
    yield messages().reasons["council"].format(decided_by=rules.readings.decided_by)
    for reading in rules.readings.readings:
        yield reading_text(rules, reading)
    for settled in rules.readings.settled:
        yield f"{settled.clause}: {settled.text}"


def _notice_lines(plan: Plan, today: date) -> Iterator[str]:
    """Whether the plan is in force on the day, and what has changed since it was issued."""
    standing, new, period = plan.info.standing(today), plan.info.replaced_by, plan.info.period
    if standing is not Standing.IN_FORCE:
        yield (
            messages()
            .standings[standing.value]
            .format(
                first=f"{period.first:%d/%m/%Y}" if period else "",
                years=f"{period.first.year}-{period.last.year}" if period else "",
                new=new.title if new else "",
                new_first=f"{new.holds_from:%d/%m/%Y}" if new else "",
            )
        )
    for notice in plan.notices.for_answer("award", (), "", today):
        yield notice.text


def _details(plan: Plan, result: UnitResult, today: date | None) -> Iterator[list[str]]:
    for assessment in result.assessments:
        yield [
            result.unit.id,
            assessment.award.label,
            verdict_label(assessment.verdict),
            assessment.clause,
            "; ".join(fact_labels(plan.rules, assessment.wanted)),
            "\n".join(reason_lines(plan, result.unit, assessment, today)),
        ]


def _harmless(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
