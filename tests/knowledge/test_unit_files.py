"""Files of units: every usual shape is read, every bad cell named, nothing trusted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from knowledge import Plan, RuleBook, UnitsFileError
from knowledge.evaluation import evaluate_bytes
from knowledge.reading import MAX_BYTES, MAX_ROWS, read_units
from knowledge.rows import UnitRow
from knowledge.template import template_bytes

TODAY = date(2026, 1, 2)
HEADER = "id,subject,occasion,common_standards,unit_target_pct"


def _book(
    *rows: list[object], title: str = "Đơn vị", formats: dict[str, str] | None = None
) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _units(rules: RuleBook, name: str, data: bytes) -> list[UnitRow]:
    return list(read_units(rules, name, data).rows)


@pytest.fixture
def read_csv(rules: RuleBook) -> Callable[[str], list[UnitRow]]:
    return lambda text: _units(rules, "u.csv", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\nA,commune,annual,yes,110.5\n",
        f"\ufeff{HEADER}\r\nA,commune,annual,yes,110.5\r\n",
        "Mã;Đối tượng;Dịp xét;Đạt tiêu chuẩn chung;Hoàn thành chỉ tiêu của đơn vị (%)\n"
        'A;"Xã, phường, thị trấn";Hằng năm;Có;110,5\n',
        "mã\tĐỐI TƯỢNG\tdịp xét\tđạt  tiêu chuẩn chung\tunit_target_pct\n"
        "A\txã\thàng năm\tx\t110,5%\n",
        "Danh sách, năm 2023\nMã;subject;occasion;common_standards;unit_target_pct\n"
        "A;commune;annual;yes;110,5\n",
        f"Danh sách năm 2023\n\n{HEADER}\nA,commune,annual,yes,110.5\n",
    ],
)
def test_csv_in_every_usual_shape(read_csv: Callable[[str], list[UnitRow]], text: str) -> None:
    (row,) = read_csv(text)
    assert row.unit is not None
    assert (row.unit.id, row.unit.subject, row.unit.occasion) == ("A", "commune", "annual")
    assert row.unit.facts == {"common_standards": "yes", "unit_target_pct": (Decimal("110.5"),)}


def test_a_bad_cell_is_named_and_the_other_rows_are_read(
    read_csv: Callable[[str], list[UnitRow]],
) -> None:
    first, second, third = read_csv(
        f"{HEADER}\nA,commune,annual,maybe,-5\n\nB,commune,annual,yes,100\n,villa,,,\n"
    )
    assert [(p.row, p.column, p.value) for p in first.problems] == [
        (2, "common_standards", "maybe"),
        (2, "unit_target_pct", "-5"),
    ]
    assert "Có, Không" in str(first.problems[0])
    assert first.unit is None
    assert second.unit is not None
    assert [p.column for p in third.problems] == ["subject", "occasion"]
    assert "ethnic_commune (Xã vùng DTTS)" in str(third.problems[0])


def test_a_unit_without_an_id_is_called_by_its_row(
    read_csv: Callable[[str], list[UnitRow]],
) -> None:
    (row,) = read_csv("subject,occasion\ncommune,annual\n")
    assert row.unit is not None
    assert row.unit.id == "2"


def test_an_unknown_column_is_remarked(rules: RuleBook) -> None:
    found = read_units(rules, "u.csv", b"subject,occasion,colour\ncommune,annual,red\n")
    assert len(list(found.rows)) == 1
    assert any("colour" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("u.csv", b"name,value\n1,2\n", "no header row"),
        ("u.csv", b"", "no header row"),
        ("u.csv", f"{HEADER}\n".encode(), "không có dòng"),
        ("u.csv", b"subject,occasion,subject\n", "twice"),
        ("u.csv", "subject,occasion,Đối tượng\n".encode(), "twice"),
        ("u.csv", "đối tượng".encode("utf-16"), "UTF-8"),
        ("u.csv", b'subject,occasion\n"commune,annual\n', "row"),
        ("u.csv", b"subject,occasion\n" + b"x" * 2000 + b",annual\n", "longer"),
        ("u.csv", b"subject,occasion" + b"," * 300, "columns"),
        ("u.csv", b"x" * (MAX_BYTES + 1), "at most"),
        ("u.txt", b"", "allowed"),
        ("u", b"", "allowed"),
        ("u.xlsx", b"not a workbook", "workbook"),
        ("u.xlsx", b"PK\x03\x04" + b"\0" * 50, "workbook"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_line(
    rules: RuleBook, name: str, data: bytes, says: str
) -> None:
    with pytest.raises(UnitsFileError, match=says) as caught:
        _units(rules, name, data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(name)


def test_a_workbook_is_read(rules: RuleBook) -> None:
    data = _book(
        ["Danh sách"],
        [],
        ["Mã", "Đối tượng", "Dịp xét", "common_standards", "unit_target_pct", "year", "x"],
        [7, "Xã vùng DTTS", "Tổng kết", True, 1.125, 2023, "note"],
        [None] * 7,
        ["B", "commune", "annual", "yes", "120|99,5", 2024.0, None],
        formats={"E4": "0.0%"},
    )
    first, second = _units(rules, "u.xlsx", data)
    assert first.unit is not None
    assert second.unit is not None
    assert (first.row, second.row) == (4, 6)
    assert (first.unit.id, first.unit.subject, first.unit.occasion) == (
        "7",
        "ethnic_commune",
        "final",
    )
    assert first.unit.facts["unit_target_pct"] == (Decimal("112.5"),)
    assert first.unit.facts["common_standards"] == "yes"
    assert second.unit.facts["unit_target_pct"] == (Decimal(120), Decimal("99.5"))
    assert second.unit.facts["year"] == 2024


def test_a_date_or_an_error_in_a_cell_is_a_bad_cell(rules: RuleBook) -> None:
    header: list[object] = ["subject", "occasion", "unit_target_pct"]
    data = _book(header, ["commune", "annual", date(2023, 5, 1)], ["commune", "annual", "#DIV/0!"])
    rows = _units(rules, "u.xlsx", data)
    assert [[p.column for p in row.problems] for row in rows] == [["unit_target_pct"]] * 2


def test_a_formula_without_a_saved_result_is_named(rules: RuleBook) -> None:
    data = _book(["subject", "occasion", "unit_target_pct"], ["commune", "annual", "=100+10"])
    found = read_units(rules, "u.xlsx", data)
    (row,) = found.rows
    assert "chưa lưu kết quả" in row.problems[0].allowed
    assert any("công thức" in remark for remark in found.remarks)


def test_a_saved_result_is_used(rules: RuleBook) -> None:
    data = _book(["subject", "occasion", "unit_target_pct"], ["commune", "annual", "=100+10"])
    saved = _patched(data, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>110</v>")
    saved = _patched(saved, "xl/worksheets/sheet1.xml", b"<v/>", b"<v>110</v>")
    saved = _patched(saved, "xl/worksheets/sheet1.xml", b"<v />", b"<v>110</v>")
    (row,) = _units(rules, "u.xlsx", saved)
    assert row.unit is not None
    assert row.unit.facts["unit_target_pct"] == (Decimal(110),)


def test_a_wrongly_stated_extent_loses_no_row(rules: RuleBook) -> None:
    data = _book(["subject", "occasion", "year"], ["commune", "annual", 2023])
    wrong = _patched(data, "xl/worksheets/sheet1.xml", b'ref="A1:C2"', b'ref="A1"')
    (row,) = _units(rules, "u.xlsx", wrong)
    assert row.unit is not None
    assert row.unit.facts["year"] == 2023


def test_a_bomb_is_refused_before_it_is_unpacked(rules: RuleBook) -> None:
    content = io.BytesIO(_book(["subject", "occasion"]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/huge.bin", b"\0" * 200_000_000)
    with pytest.raises(UnitsFileError, match="unpacked"):
        _units(rules, "u.xlsx", content.getvalue())


def test_row_numbered_beyond_every_sheet_does_not_keep_us_reading(rules: RuleBook) -> None:
    data = _book(["subject", "occasion"], ["commune", "annual"])
    far = _patched(data, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="2000000000"')
    with pytest.raises(UnitsFileError):  # the one row that there is lies outside the sheet
        _units(rules, "u.xlsx", far)


def test_entities_are_refused(rules: RuleBook) -> None:
    data = _book(["subject", "occasion"], ["commune", "annual"])
    evil = _patched(data, "xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE a><worksheet")
    with pytest.raises(UnitsFileError, match="entities"):
        _units(rules, "u.xlsx", evil)


def test_a_broken_sheet_is_one_clear_line(rules: RuleBook) -> None:
    data = _book(["subject", "occasion"], ["commune", "annual"])
    broken = _patched(data, "xl/worksheets/sheet1.xml", b"</sheetData>", b"")
    with pytest.raises(UnitsFileError, match="workbook"):
        _units(rules, "u.xlsx", broken)


def test_too_many_rows_are_refused(read_csv: Callable[[str], list[UnitRow]]) -> None:
    with pytest.raises(UnitsFileError, match="at most"):
        read_csv("subject,occasion\n" + "commune,annual\n" * MAX_ROWS)


def test_the_template_filled_in_comes_back_with_results(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(template_bytes(plan)))
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    assert len(headers) == len(plan.rules.facts) + 3
    drop_downs = sheet.data_validations.dataValidation
    n_choices = sum(1 for fact in plan.rules.facts.values() if fact.codes)
    assert len(drop_downs) == n_choices + 2
    values = {
        "Mã": "=K1",
        "Đối tượng": "Huyện vùng DTTS",
        "Dịp xét": "Tổng kết",
        "Đạt tiêu chuẩn chung": "Có",
        "Hoàn thành chỉ tiêu của UBND tỉnh (%)": 101,
    }
    for header, value in values.items():
        cell = sheet.cell(2, headers[header], value)
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    content = io.BytesIO()
    book.save(content)
    found = evaluate_bytes(plan, "mau.xlsx", content.getvalue(), TODAY)
    assert (found.n_units, found.problems) == (1, ())
    result = load_workbook(io.BytesIO(found.contents[".xlsx"]))
    first = [cell.value for cell in result["Kết quả"][2]]
    assert first[:3] == ["=K1", "Huyện vùng DTTS", "Tổng kết"]
    assert result["Kết quả"]["A2"].data_type == "s"
    guide = [[cell.value for cell in row] for row in book["Hướng dẫn"].iter_rows()]
    codes = {row[1] for row in guide}
    assert set(plan.rules.facts) <= codes
    assert all(None not in row[:2] for row in guide[4:])


def _patched(data: bytes, part: str, before: bytes, after: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(before, after) if name == part else text)
    return content.getvalue()
