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
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from knowledge.assessment import Assessment
from knowledge.facts import Unit
from knowledge.messages import messages
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
        self._units = self._sheet("results", [*columns, *labels, texts.columns["missing"]], 26)
        titles = [texts.columns[column] for column in _DETAIL_COLUMNS]
        self._details = self._sheet("details", titles, 26)

    def add(self, result: UnitResult) -> None:
        """Take one unit's result."""
        named = self._plan.rules.subjects
        verdicts = {a.award.id: verdict_label(a.verdict) for a in result.assessments}
        wanted = [fact for assessment in result.assessments for fact in assessment.wanted]
        self._append(
            self._units,
            [
                result.unit.id,
                named.subjects[result.unit.subject].label,
                named.occasions[result.unit.occasion].label,
                *(verdicts.get(award) for award in self._awards),
                "; ".join(fact_labels(self._plan.rules, wanted)),
            ],
        )
        for row in _details(self._plan, result, None):
            self._append(self._details, row)

    def finish(self, problems: Sequence[CellProblem]) -> bytes:
        """The workbook's bytes."""
        if problems:
            columns = [
                messages().columns[c] for c in ("sheet", "row", "column", "value", "allowed")
            ]
            sheet = self._sheet("problems", columns, 30)
            for p in problems:
                self._append(sheet, [p.sheet, p.row, p.column, p.value, p.allowed])
        notes = self._sheet("notes", [self._plan.info.title], 120)
        for line in note_lines(self._plan, self._today):
            self._append(notes, [line])
        content = io.BytesIO()
        self._book.save(content)
        return content.getvalue()

    def _sheet(self, name: str, titles: Sequence[str], width: int) -> Any:
        sheet = self._book.create_sheet(messages().sheets[name])
        sheet.freeze_panes = "A2"
        for index in range(1, len(titles) + 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        cells = [WriteOnlyCell(sheet, title) for title in titles]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
        return sheet

    def _append(self, sheet: Any, values: Sequence[object]) -> None:
        sheet.append([_cell(sheet, value) for value in values])


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


def _cell(sheet: Any, value: object) -> object:
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub(" ", value)[:_MAX_CELL]
    if not text.startswith(_FORMULA_STARTS):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
