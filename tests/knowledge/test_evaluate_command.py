"""The evaluate command: JSON alone on standard output, nothing overwritten, no formulas."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from knowledge import Plan
from knowledge.__main__ import app
from knowledge.evaluation import evaluate_bytes, result_name

HEADER = "id,subject,occasion,common_standards,unit_target_pct,contribution_vnd\n"
ROWS = (
    "A,collective,annual,yes,110,\n"
    "=1+1,collective,annual,yes,105,\n"
    "@B,commune,annual,,,\n"
    "-C,donor,annual,yes,,5000000\n"
)


@pytest.fixture
def units_path(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_json_has_the_agreed_shape_and_is_alone(units_path: Path) -> None:
    result = _run(units_path, "--json")
    assert result.exit_code == 0
    units = json.loads(result.stdout)
    assert [unit["id"] for unit in units] == ["A", "=1+1", "@B", "-C"]
    assert set(units[0]) == {"id", "awards"}
    for unit in units:
        for award in unit["awards"]:
            assert list(award) == ["award", "verdict", "clause", "missing", "reasons"]
            assert award["verdict"] in ("met", "not_met", "undecided")
            assert all(isinstance(reason, str) for reason in award["reasons"])
    assert [a["verdict"] for a in units[0]["awards"]] == ["met", "met"]
    assert units[3]["awards"][0]["missing"] == ["norm_bang_khen_tinh_vnd"]
    assert any("2021-2025" in reason for reason in units[0]["awards"][0]["reasons"])


def test_a_bad_cell_ends_with_a_code_and_the_others_are_evaluated(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(HEADER + "A,collective,annual,yes,much,\n" + ROWS, encoding="utf-8")
    result = _run(path, "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)) == 4
    assert "dòng 2, cột “unit_target_pct”: “much”" in result.stderr


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json"])
def test_results_go_to_a_new_file_only(units_path: Path, suffix: str) -> None:
    before = units_path.read_bytes()
    output = units_path.with_name(f"out{suffix}")
    assert _run(units_path, "--output", output).exit_code == 0
    written = output.read_bytes()
    again = _run(units_path, "--output", output)
    assert again.exit_code == 2
    assert "not overwritten" in again.stderr
    assert output.read_bytes() == written
    assert units_path.read_bytes() == before


def test_nothing_that_we_write_is_a_formula(units_path: Path) -> None:
    book_path, csv_path = units_path.with_name("out.xlsx"), units_path.with_name("out.csv")
    _run(units_path, "--output", book_path)
    _run(units_path, "--output", csv_path)
    book = load_workbook(book_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in [cell.value for cell in cells]
    text = csv_path.read_bytes().decode("utf-8-sig")
    ids = [row[0] for row in csv.reader(io.StringIO(text))]
    assert {"'=1+1", "'@B", "'-C", "A"} <= set(ids)


def test_the_workbook_has_verdicts_citations_problems_and_notes(plan: Plan) -> None:
    data = (HEADER + "A,collective,annual,yes,x,\n" + ROWS).encode()
    found = evaluate_bytes(plan, "u.csv", data, date(2026, 1, 2))
    book = load_workbook(io.BytesIO(found.contents[".xlsx"]))
    assert book.sheetnames == ["Kết quả", "Chi tiết", "Ô sai", "Ghi chú"]
    details = [[cell.value for cell in row] for row in book["Chi tiết"].iter_rows()]
    assert details[0][0] == "Mã"
    assert "Đủ căn cứ để đề nghị xét tặng" in details[1]
    assert "IV.2.a/BK#1" in str(details[1][-1])
    assert [cell.value for cell in book["Ô sai"][2]][1:4] == [2, "unit_target_pct", "x"]
    notes = "\n".join(str(row[0].value) for row in book["Ghi chú"].iter_rows())
    assert "2021-2025" in notes
    assert "Hội đồng Thi đua - Khen thưởng tỉnh quyết định" in notes
    assert (found.n_units, len(found.problems)) == (4, 1)
    assert found.counts[("giay_khen", "met")] == 2
    assert result_name("danh sach.csv") == "danh sach-ket-qua.xlsx"


def test_control_characters_do_not_stop_a_workbook(plan: Plan) -> None:
    data = HEADER.encode() + b"A\x01B,collective,annual,yes,110,\n"
    found = evaluate_bytes(plan, "u.csv", data, date(2023, 1, 2))
    assert found.contents[".xlsx"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.csv"], "cannot be read"),
        ([], "UNITS"),
        (["units.csv", "--output", "out.txt"], "allowed"),
        (["units.csv", "--output", "nowhere/out.csv"], "does not exist"),
        (["units.csv", "--plan", "other"], "other"),
        (["--template", "t.ods"], "allowed"),
    ],
)
def test_wrong_input_is_one_line(
    units_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(units_path.parent)
    result = _run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert not result.stdout


def test_the_template_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    assert _run("--template", path).exit_code == 0
    assert load_workbook(path).sheetnames == ["Đơn vị", "Hướng dẫn", "Danh mục"]
    assert _run("--template", path).exit_code == 2


def test_counts_are_shown_without_an_output(units_path: Path) -> None:
    result = _run(units_path)
    assert result.exit_code == 0
    assert "Giấy khen" in result.stdout
