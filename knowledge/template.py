"""An empty workbook to fill in: drop-downs where answers are few, and a sheet that explains."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.facts import Fact
from knowledge.messages import messages
from knowledge.plan import Plan
from knowledge.rows import OWN_COLUMNS
from knowledge.rules import RuleBook
from knowledge.values import allowed, choice_label

_LAST_ROW = 2000
_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", start_color="FFDDEBF7")
_GUIDE_COLUMNS = ("column", "code", "label", "allowed", "example", "concerns", "empty")


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
        _head(units, 1, index, header)
        if code in lists:
            _write_list(choices, sorted(lists).index(code) + 1, header, lists[code])
            _add_drop_down(units, index, choices, sorted(lists).index(code) + 1, len(lists[code]))
    units.freeze_panes = "D2"
    units.row_dimensions[1].height = 60
    _write_guide(guide, plan)
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


def _head(sheet: Any, row: int, index: int, header: str) -> None:
    cell = sheet.cell(row, index, header)
    cell.font, cell.fill = _BOLD, _SHADE
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(index)].width = 18


def _write_list(sheet: Any, column: int, header: str, labels: list[str]) -> None:
    sheet.cell(1, column, header).font = _BOLD
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
    sheet.cell(1, 1, plan.info.title).font = _BOLD
    sheet.cell(2, 1, texts.files["guide_intro"].format(units=texts.sheets["units"]))
    for index, column in enumerate(_GUIDE_COLUMNS, start=1):
        _head(sheet, 4, index, texts.columns[column])
    lists = _choice_lists(rules)
    rows = [[messages().columns["id"], "id", "", "", "", texts.files["everyone"], ""]]
    for code in ("subject", "occasion"):
        title = texts.columns[code]
        rows.append([title, code, "", "; ".join(lists[code]), lists[code][0], "", ""])
    rows += [_guide_row(rules, fact_id, fact) for fact_id, fact in rules.facts.items()]
    for number, row in enumerate(rows, start=5):
        for index, text in enumerate(row, start=1):
            sheet.cell(number, index, text).alignment = Alignment(wrap_text=True, vertical="top")


def _guide_row(rules: RuleBook, fact_id: str, fact: Fact) -> list[str]:
    concerned = rules.subjects.expand(fact.subjects)
    named = [s.label for code, s in rules.subjects.subjects.items() if code in concerned]
    everyone = len(named) == len(rules.subjects.subjects)
    concerns = messages().files["everyone"] if everyone else "; ".join(named)
    empty = fact.empty_means or messages().files["unknown"]
    return [fact.header, fact_id, fact.label, allowed(fact), fact.example, concerns, empty]
