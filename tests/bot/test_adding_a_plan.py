"""docs/them-ke-hoach.md taken literally: its commands are run, its files written, the bot asked."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.dialogue import Dialogue
from bot.wording import Wording
from indexer.encoder import Encoder
from indexer.search import Searcher
from knowledge.plan import Plan, load_plan

if TYPE_CHECKING:
    from tests.bot.conftest import Talk

docx = pytest.importorskip("docx", reason="the documents extra is not installed")
pytest.importorskip("viparse", reason="the documents extra is not installed")

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "them-ke-hoach.md").read_text(encoding="utf-8")
PLAN_ID = "truong_hoc_xanh"
STEPS = re.findall(r"`([\w/]+\.yaml)`[^`]*```yaml\n(.*?)```|```sh\n(.*?)```", PAGE, flags=re.DOTALL)
PARAGRAPHS = """\
KẾ HOẠCH
Tổ chức phong trào thi đua “Trường học xanh” giai đoạn 2026-2030
Căn cứ Luật Thi đua, khen thưởng;
I. MỤC ĐÍCH
- Phong trào nhằm phủ xanh sân trường và giữ nguồn nước sạch cho học sinh.
II. TIÊU CHUẨN KHEN THƯỞNG
1. Cờ xanh
- Trường có trên 75% số cây được giao còn sống.
- Câu lạc bộ thu gom từ 300 kg giấy vụn trở lên.
2. Tiêu chuẩn chung
- Tập thể giữ sân trường sạch.
III. HỒ SƠ
1. Thành phần hồ sơ
- Tờ trình của nhà trường.
2. Số lượng hồ sơ
- Cờ xanh: 01 bộ.
IV. TỔ CHỨC THỰC HIỆN
Phân công như sau:
"""


def write_document(path: Path) -> None:
    """The invented plan as an office writes it: header and signature in tables, one real table."""
    document = docx.Document()
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG XANH\n-------"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n----"
    head.cell(1, 0).text = "Số: 45/KH-UBND"
    head.cell(1, 1).text = "Sông Xanh, ngày 12 tháng 3 năm 2026"
    for paragraph in PARAGRAPHS.splitlines():
        document.add_paragraph(paragraph)
    rows = [
        ("STT", "Đơn vị", "Việc"),
        ("1", "Sở Giáo dục", "Giao số cây"),
        ("2", "Sở Nội vụ", "Thẩm định"),
    ]
    table = document.add_table(rows=3, cols=3)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    tail = document.add_table(rows=1, cols=2)
    tail.cell(0, 0).text = "Nơi nhận:\n- Sở Nội vụ;\n- Các trường học;\n- Lưu: VT."
    tail.cell(0, 1).text = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n\nNguyễn Văn Xanh"
    document.save(path)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder where the page was followed step by step, and what each command printed."""
    place = tmp_path_factory.mktemp("office")
    write_document(place / "ke-hoach-truong-hoc-xanh.docx")
    (place / "bin").mkdir()
    python = place / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PLANS_DIR": str(place / "knowledge" / "plans"),
        "INDEX_DIR": str(place / "index"),
    }
    printed = []
    for name, content, commands in STEPS:
        if name:
            path = place / "knowledge" / "plans" / PLAN_ID / name
            path.write_text(content, encoding="utf-8")
            continue
        for command in commands.strip().splitlines():
            done = subprocess.run(
                ["sh", "-c", command], cwd=place, env=environment, capture_output=True,
                encoding="utf-8", check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            printed.append(done.stdout)
    return place, printed


@pytest.fixture(scope="module")
def plan(followed: tuple[Path, list[str]]) -> Plan:
    return load_plan(PLAN_ID, followed[0] / "knowledge" / "plans")


@pytest.fixture
def office(
    followed: tuple[Path, list[str]], plan: Plan, encoder: Encoder, wording: Wording, talk: Talk
) -> Talk:
    searcher = Searcher.open(plan, encoder, followed[0] / "index")
    return type(talk)(Dialogue(plan, searcher, wording, today=lambda: date(2026, 6, 1)))


def test_the_page_has_its_commands_and_files_in_order() -> None:
    assert [name for name, _, _ in STEPS if name] == [
        "subjects.yaml", "facts.yaml", "standards.yaml", "awards/co_xanh.yaml", "dossiers.yaml",
    ]  # fmt: skip
    assert sum(1 for step in STEPS if step[2]) == 4


def test_the_report_says_what_was_found(followed: tuple[Path, list[str]]) -> None:
    report = followed[1][0]
    for line in (
        "Tên: Kế hoạch Tổ chức phong trào thi đua “Trường học xanh” giai đoạn 2026-2030",
        "Số, ký hiệu: 45/KH-UBND",
        "Ngày ký: 12/03/2026",
        "Cơ quan ban hành: Ủy ban nhân dân tỉnh Sông Xanh",
        "Người ký: Nguyễn Văn Xanh",
        "Thời gian áp dụng: 01/01/2026 - 31/12/2030",
        "Nơi nhận: Sở Nội vụ; Các trường học; Lưu: VT",
        "Dòng chưa xếp vào mục nào: 0",
        "Chỗ đánh số không liền: 0",
    ):
        assert f"  {line}\n" in report
    assert "dòng trong bảng: 2" in report


def test_the_metadata_and_the_table_are_data_of_the_plan(plan: Plan) -> None:
    assert plan.info.number == "45/KH-UBND"
    assert plan.info.recipients == ["Sở Nội vụ", "Các trường học", "Lưu: VT"]
    assert plan.info.called == ["trường học xanh"]
    rows = [bullet.text for bullet in plan.clauses["IV"].bullets]
    assert "STT: 2; Đơn vị: Sở Nội vụ; Việc: Thẩm định" in rows


def test_the_first_answer_quotes_the_new_plan(followed: tuple[Path, list[str]]) -> None:
    checked, answer = followed[1][1:3]
    assert checked.endswith("The plan's data agree with its text.\n")
    assert "phủ xanh sân trường" in answer


@pytest.mark.parametrize(
    ("subject", "figure", "verdict"),
    [
        ("Trường học", "75", "Chưa đủ căn cứ"),
        ("Trường học", "75,1", "Đủ căn cứ"),
        ("Câu lạc bộ", "299", "Chưa đủ căn cứ"),
        ("Câu lạc bộ", "300", "Đủ căn cứ"),
    ],
)
def test_the_award_conversation_knows_the_new_thresholds(
    office: Talk, subject: str, figure: str, verdict: str
) -> None:
    office.say("/dieukien")
    office.press(subject)
    reply = office.press("Hằng năm")
    for _ in range(2):  # one figure, one yes or no
        if "Số liệu đã nhập" not in reply.text:
            reply = office.say(figure) if reply.expects_figure else office.press("Có")
    assert f"Cờ xanh: {verdict}" in reply.text


def test_the_dossier_of_the_new_award_is_a_checklist(office: Talk) -> None:
    reply = office.say("hồ sơ cờ xanh gồm những gì, mấy bộ")
    assert reply.status == "dossier"
    assert "01 bộ" in reply.text
    assert "Tờ trình của nhà trường" in reply.text
