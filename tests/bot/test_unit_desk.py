"""Files of units in a chat."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from bot.turns import Attachment, Message, Reply

if TYPE_CHECKING:
    from tests.bot.conftest import Talk


def send(talk: Talk, name: str, content: bytes) -> Reply:
    file = Attachment(name=name, content=content)
    return talk.send(Message(channel="test", chat="1", attachment=file))


def test_a_file_of_units_comes_back_with_its_results(talk: Talk) -> None:
    content = "id,subject,occasion,common_standards,unit_target_pct\nA,collective,annual,yes,112\n"
    reply = send(talk, "xa.csv", content.encode())
    [result] = reply.attachments
    assert result.name.endswith(".xlsx")
    book = load_workbook(io.BytesIO(result.content))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert "Đủ căn cứ để đề nghị xét tặng" in cells


def test_a_bad_cell_is_named_and_the_other_rows_are_evaluated(talk: Talk) -> None:
    content = (
        "id,subject,occasion,common_standards,unit_target_pct\n"
        "A,collective,annual,yes,abc\nB,collective,annual,yes,112\n"
    )
    reply = send(talk, "xa.csv", content.encode())
    assert "abc" in reply.text
    assert reply.attachments


def test_the_template_can_be_filled_in_and_sent_back(talk: Talk) -> None:
    [template] = talk.say("/mau").attachments
    book = load_workbook(io.BytesIO(template.content))
    assert book.worksheets[0].max_column > 10
    reply = send(talk, template.name, template.content)
    assert reply.blocks


HEAD = b"id,subject,occasion"
UNIT = b"A,collective,annual\n"


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("anh.png", lambda: b"\x89PNG", "chỉ đọc tệp .xlsx hoặc .csv"),
        ("xa.xlsx", lambda: b"no workbook", "Chưa mở được tệp"),
        ("xa.xlsx", lambda: bomb(), "quá lớn"),
        ("xa.csv", lambda: b"", "dòng tiêu đề"),
        ("xa.csv", lambda: HEAD + b"\n", "chưa có dòng số liệu"),
        ("xa.csv", lambda: HEAD + b",id\n" + UNIT, "cột bị lặp"),
        ("xa.csv", lambda: HEAD + b"\n" + UNIT * 50_001, "đến dòng 50000"),
        ("xa.csv", lambda: HEAD + b"\nA" + b"," * 300, "Dòng 2 "),
        ("xa.csv", lambda: HEAD + b"\n" + b"x" * 2000, "Dòng 2 "),
        ("xa.csv", lambda: "Tên,Đối tượng".encode("utf-16"), "CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_vietnamese_sentence(
    talk: Talk, name: str, make: Callable[[], bytes], said: str
) -> None:
    reply = send(talk, name, make())
    assert said in reply.text
    assert len(reply.blocks) == 1
    assert reply.attachments == ()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 160_000_000)
    return buffer.getvalue()
