"""Numbers that Word itself gives come back as text."""

from __future__ import annotations

from pathlib import Path

import pytest

docx = pytest.importorskip("docx", reason="the documents extra is not installed")

from docx.oxml import parse_xml  # noqa: E402
from docx.oxml.ns import nsdecls, qn  # noqa: E402

from indexer.documents.extract import extract  # noqa: E402
from indexer.documents.numbering import write_numbers  # noqa: E402

Row = tuple[str, str | None, int]  # text, list, level

SHAPES = {
    "7": (("decimal", "%1."), ("lowerLetter", "%2)"), ("bullet", "\uf0b7")),
    "8": (("upperRoman", "%1."), ("decimal", "%1.%2."), ("decimalZero", "(%3)")),
}
LISTS = {"21": ("7", ""), "22": ("8", ""), "23": ("7", "4"), "24": ("7", "")}


def write_document(path: Path, rows: list[Row], style: bool = False) -> None:
    """A document whose paragraphs belong to lists as Word keeps them."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for shape, levels in SHAPES.items():
        written = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{pattern}"/></w:lvl>'
            for n, (form, pattern) in enumerate(levels)
        )
        numbering.append(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{shape}">{written}</w:abstractNum>'
            )
        )
    for number, (shape, start) in LISTS.items():
        override = (
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            if start
            else ""
        )
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{shape}"/>'
                f"{override}</w:num>"
            )
        )
    if style:
        kept = document.styles["List Number"].element.get_or_add_pPr()
        for child in kept.findall(qn("w:numPr")):
            kept.remove(child)
        kept.append(_numbered("21", 0))
    for text, list_id, level in rows:
        paragraph = document.add_paragraph(text, style="List Number" if style else None)
        if list_id:
            paragraph._p.get_or_add_pPr().append(_numbered(list_id, level))
    document.save(str(path))


def _numbered(list_id: str, level: int) -> object:
    return parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [("Hồ sơ", "21", 0), ("Tờ trình", "21", 1), ("Biên bản", "21", 1), ("Nơi gửi", "21", 0),
             ("Sở Nội vụ", "21", 1), ("đường bưu điện", "21", 2)],
            ["1. Hồ sơ", "a) Tờ trình", "b) Biên bản", "2. Nơi gửi", "a) Sở Nội vụ",
             "- đường bưu điện"],
            id="a deeper level begins again under each item",
        ),
        pytest.param(
            [("Mục đích", "22", 0), ("Chung", "22", 1), ("Riêng", "22", 1), ("Chi tiết", "22", 2),
             ("Tiêu chuẩn", "22", 0), ("Xã", "22", 1)],
            ["I. Mục đích", "I.1. Chung", "I.2. Riêng", "(01) Chi tiết", "II. Tiêu chuẩn",
             "II.1. Xã"],
            id="figures of the levels above",
        ),
        pytest.param(
            [("Một", "21", 0), ("lời xen giữa", None, 0), ("Hai", "24", 0), ("Bốn", "23", 0)],
            ["1. Một", "lời xen giữa", "2. Hai", "4. Bốn"],
            id="lists of one shape count on, one told to begin anew does",
        ),
        pytest.param(
            [("Một", "21", 0), ("", "21", 0), ("Ba", "21", 0)],
            ["1. Một", "3. Ba"],
            id="an empty item counts, as in Word",
        ),
        pytest.param(
            [("không đánh số", "0", 0), ("của danh sách không có", "99", 0)],
            ["không đánh số", "của danh sách không có"],
            id="no list, and a list that is not defined",
        ),
    ],
)  # fmt: skip
def test_numbers_stand_before_their_paragraphs(
    tmp_path: Path, rows: list[Row], expected: list[str]
) -> None:
    write_document(tmp_path / "plan.docx", rows)
    untold = write_numbers(tmp_path / "plan.docx", tmp_path / "copy.docx")
    copy = docx.Document(str(tmp_path / "copy.docx"))
    assert [p.text for p in copy.paragraphs if p.text] == expected
    assert untold == sum(list_id == "99" for _, list_id, _ in rows)


def test_letters_go_on_behind_z(tmp_path: Path) -> None:
    rows: list[Row] = [("Mục", "21", 0), *[("ý", "21", 1)] * 28]
    write_document(tmp_path / "plan.docx", rows)
    write_numbers(tmp_path / "plan.docx", tmp_path / "copy.docx")
    lines = [p.text for p in docx.Document(str(tmp_path / "copy.docx")).paragraphs]
    assert lines[26:] == ["z) ý", "aa) ý", "bb) ý"]


def test_numbers_of_a_style_and_text_of_the_whole_way_in(tmp_path: Path) -> None:
    write_document(tmp_path / "plan.docx", [("Mục đích", None, 0), ("Hồ sơ", None, 0)], style=True)
    extracted = extract(tmp_path / "plan.docx")
    assert [block["text"] for block in extracted.blocks] == ["1. Mục đích", "2. Hồ sơ"]
    assert extracted.n_automatic == 0
