"""An empty workbook to fill in: drop-downs where answers are few, and a sheet that explains."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.facts import Fact
from knowledge.messages import messages
from knowledge.page import BOLD, SHADE, WRAPPED, make_printable, row_height
from knowledge.plan import Plan
from knowledge.rows import OWN_COLUMNS
from knowledge.rules import RuleBook
from knowledge.values import allowed, choice_label

_LAST_ROW = 2000
_UNITS_WIDTH = 18
_HEADER_ROW = 4  # of the guide
_GUIDE_WIDTHS = {
    "column": 24,
    "code": 31,
    "label": 32,
    "allowed": 38,
    "example": 18,
    "concerns": 34,
    "empty": 24,
}


def template_bytes(plan: Plan) -> bytes:
    """The workbook: an empty sheet of units with drop-downs, a guide, the lists of choices."""
    rules, texts = plan.rules, messages()
    book = Workbook()
    units: Any = book.active
    units.title = texts.sheets["units"]
    guide = book.create_sheet(texts.sheets["guide"])
    choices = book.create_sheet(texts.sheets["choices"])
    lists = _choice_lists(rules)
    for index, (code, header) in enumerate(_columns(rules), start=1):
        _head(units, 1, index, header, _UNITS_WIDTH)
        if code in lists:
            _write_list(choices, sorted(lists).index(code) + 1, header, lists[code])
            _add_drop_down(units, index, choices, sorted(lists).index(code) + 1, len(lists[code]))
    units.freeze_panes = "D2"
    units.row_dimensions[1].height = 75
    make_printable(units, fits_width=False)  # forty columns fill several pages
    units.print_title_cols = "A:C"
    _write_guide(guide, plan)
    make_printable(choices, fits_width=False)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _columns(rules: RuleBook) -> list[tuple[str, str]]:
    own = [(column, messages().columns[column]) for column in OWN_COLUMNS]
    return own + [(fact_id, fact.header) for fact_id, fact in rules.facts.items()]


def _choice_lists(rules: RuleBook) -> dict[str, list[str]]:
    lists = {
        "subject": [subject.label for subject in rules.subjects.subjects.values()],
        "occasion": [occasion.label for occasion in rules.subjects.occasions.values()],
    }
    for fact_id, fact in rules.facts.items():
        if fact.codes:
            lists[fact_id] = [choice_label(fact, code) for code in fact.codes]
    return lists


def _head(sheet: Any, row: int, index: int, header: str, width: int) -> None:
    cell = sheet.cell(row, index, header)
    cell.font, cell.fill, cell.alignment = BOLD, SHADE, WRAPPED
    sheet.column_dimensions[get_column_letter(index)].width = width


def _write_list(sheet: Any, column: int, header: str, labels: list[str]) -> None:
    sheet.cell(1, column, header).font = BOLD
    for row, label in enumerate(labels, start=2):
        sheet.cell(row, column, label)
    sheet.column_dimensions[get_column_letter(column)].width = 28


def _add_drop_down(sheet: Any, index: int, choices: Any, column: int, n_labels: int) -> None:
    letter, target = get_column_letter(column), get_column_letter(index)
    source = f"'{choices.title}'!${letter}$2:${letter}${n_labels + 1}"
    drop_down = DataValidation(type="list", formula1=source, allow_blank=True)
    drop_down.showErrorMessage = True
    drop_down.add(f"{target}2:{target}{_LAST_ROW}")
    sheet.add_data_validation(drop_down)


def _write_guide(sheet: Any, plan: Plan) -> None:
    texts, rules = messages(), plan.rules
    last = get_column_letter(len(_GUIDE_WIDTHS))
    opening = [plan.info.title, texts.files["guide_intro"].format(units=texts.sheets["units"])]
    for number, text in enumerate(opening, start=1):
        sheet.cell(number, 1, text).alignment = WRAPPED
        sheet.merge_cells(f"A{number}:{last}{number}")
        sheet.row_dimensions[number].height = row_height([text], [sum(_GUIDE_WIDTHS.values())])
    sheet["A1"].font = BOLD
    for index, (column, width) in enumerate(_GUIDE_WIDTHS.items(), start=1):
        _head(sheet, _HEADER_ROW, index, texts.columns[column], width)
    lists = _choice_lists(rules)
    rows = [[texts.columns["id"], "id", "", "", "", texts.files["everyone"], ""]]
    for code in ("subject", "occasion"):
        title = texts.columns[code]
        rows.append([title, code, "", "; ".join(lists[code]), lists[code][0], "", ""])
    rows += [_guide_row(rules, fact_id, fact) for fact_id, fact in rules.facts.items()]
    for number, row in enumerate(rows, start=_HEADER_ROW + 1):
        for index, text in enumerate(row, start=1):
            sheet.cell(number, index, text).alignment = WRAPPED
        sheet.row_dimensions[number].height = row_height(row, list(_GUIDE_WIDTHS.values()))
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"
    make_printable(sheet, header_row=_HEADER_ROW)


def _guide_row(rules: RuleBook, fact_id: str, fact: Fact) -> list[str]:
    concerned = rules.subjects.expand(fact.subjects)
    named = [s.label for code, s in rules.subjects.subjects.items() if code in concerned]
    everyone = len(named) == len(rules.subjects.subjects)
    concerns = messages().files["everyone"] if everyone else "; ".join(named)
    empty = fact.empty_means or messages().files["unknown"]
    return [fact.header, fact_id, fact.label, allowed(fact), fact.example, concerns, empty]
