"""Workbooks print: landscape, as wide as the paper, headers on every page, no text cut off."""

from __future__ import annotations

import io
import textwrap
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from knowledge import Plan
from knowledge.evaluation import evaluate_bytes
from knowledge.messages import messages
from knowledge.template import template_bytes

UNITS = """id,subject,occasion,common_standards,unit_target_pct,contribution_vnd
=A,collective,annual,yes,110,
B,donor,final,,,5
C,household,annual,yes,,
D,ethnic_quarter,annual,yes,50,
E,villa,annual,yes,50,
"""
LINE = 15  # points
TALLEST = 409  # points


@pytest.fixture(scope="module")
def results(plan: Plan) -> list[Worksheet]:
    found = evaluate_bytes(plan, "units.csv", UNITS.encode(), date(2026, 3, 1))
    return load_workbook(io.BytesIO(found.contents[".xlsx"])).worksheets


@pytest.fixture(scope="module")
def template(plan: Plan) -> list[Worksheet]:
    return load_workbook(io.BytesIO(template_bytes(plan))).worksheets


def _cut_off(sheet: Worksheet) -> list[str]:
    """The cells whose text needs more lines than their row shows."""
    merged = {str(area).split(":")[0]: area for area in sheet.merged_cells.ranges}
    found = []
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str):
                continue
            columns = [cell.column_letter]
            if cell.coordinate in merged:
                columns = [
                    get_column_letter(c.column)
                    for c in row
                    if c.coordinate in merged[cell.coordinate]
                ]
            width = int(sum(sheet.column_dimensions[letter].width for letter in columns))
            lines = [part for line in cell.value.split("\n") for part in textwrap.wrap(line, width)]
            height = sheet.row_dimensions[cell.row].height or LINE
            is_whole = height >= min(TALLEST, LINE * len(lines))
            if not (is_whole and (len(lines) == 1 or cell.alignment.wrap_text)):
                found.append(cell.coordinate)
    return found


def test_every_sheet_of_results_prints_as_wide_as_the_paper(results: list[Worksheet]) -> None:
    names = ("results", "details", "problems", "notes")
    assert [sheet.title for sheet in results] == [messages().sheets[name] for name in names]
    for sheet in results:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"


def test_no_row_of_results_is_cut_off(results: list[Worksheet]) -> None:
    assert {sheet.title: _cut_off(sheet) for sheet in results} == {s.title: [] for s in results}
    details = results[1]
    assert max(details.row_dimensions[row].height for row in range(2, 9)) > 2 * LINE


def test_the_guide_prints_whole_and_entry_columns_keep_their_unit(
    template: list[Worksheet],
) -> None:
    units, guide, choices = template
    assert _cut_off(units) == _cut_off(guide) == []
    assert guide.print_title_rows == "$4:$4"
    assert guide.sheet_properties.pageSetUpPr.fitToPage
    assert (units.print_title_rows, units.print_title_cols) == ("$1:$1", "$A:$C")
    assert {sheet.page_setup.orientation for sheet in (units, guide, choices)} == {"landscape"}
