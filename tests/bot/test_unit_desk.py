"""Files of units in a chat."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

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


def test_other_files_get_one_sentence(talk: Talk) -> None:
    for name, content in (("anh.png", b"\x89PNG"), ("xa.xlsx", b"no workbook"), ("xa.csv", b"")):
        reply = send(talk, name, content)
        assert len(reply.blocks) == 1
        assert reply.attachments == ()
