"""A page of paper as .docx: A4, Times New Roman, the layout of administrative papers.

The measures are those of Nghị định 30/2020/NĐ-CP, appendix I. This is the only module that
knows python-docx; it is imported by the first paper, not by every start.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bot.channels.emphasis import split_emphasis

FONT = "Times New Roman"
BODY, SMALL, TINY = 13.0, 12.0, 11.0  # points
WIDTH = 160  # mm between the margins
_LEFT, _CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Page:
    """Builds one paper from top to bottom. Text is only ever text: no field, no formula."""

    def __init__(self, title: str, foot: str) -> None:
        self._document = Document()
        self._document.core_properties.title = clean(title)
        self._document.core_properties.author = ""
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(20)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(BODY)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
            fonts.set(qn(script), FONT)
        style.paragraph_format.space_after = Pt(0)
        _write(section.footer.paragraphs[0], foot, 10.0, italic=True, align=_CENTER)
        section.different_first_page_header_footer = True
        _write(section.first_page_footer.paragraphs[0], foot, 10.0, italic=True, align=_CENTER)
        _number_pages(section.header.paragraphs[0])
        self._first_header: Paragraph = section.first_page_header.paragraphs[0]

    def mark(self, text: str) -> None:
        """What the paper is, boxed above all on the first page."""
        _write(self._first_header, text, SMALL, bold=True, align=_CENTER)
        _border(self._first_header, "top", "bottom", "left", "right")
        layout = self._first_header.paragraph_format
        layout.left_indent = layout.right_indent = Mm(55)

    def head(
        self, parent: str, issuer: str, country: str, motto: str, number: str, dated: str
    ) -> None:
        """Issuing body on the left, national motto on the right, number and date below."""
        left, right = self._pair(66, 94)
        _write(left.paragraphs[0], parent, SMALL, align=_CENTER)
        _write(left.add_paragraph(), issuer, SMALL, bold=True, align=_CENTER)
        _rule(left.add_paragraph(), 22)
        if number:
            _write(left.add_paragraph(), number, BODY, align=_CENTER, before=4)
        _write(right.paragraphs[0], country, SMALL, bold=True, align=_CENTER)
        _write(right.add_paragraph(), motto, BODY, bold=True, align=_CENTER)
        _rule(right.add_paragraph(), 18)
        if dated:
            _write(right.add_paragraph(), dated, BODY, italic=True, align=_CENTER, before=4)

    def title(self, title: str, about: str) -> None:
        """The paper's kind in capitals, what it is about, and the short rule below."""
        _write(self._document.add_paragraph(), title, 14, bold=True, align=_CENTER, before=18)
        if about:
            _write(self._document.add_paragraph(), about, 14, bold=True, align=_CENTER)
        rule = self._document.add_paragraph()
        _rule(rule, 58)
        rule.paragraph_format.space_after = Pt(8)

    def text(self, text: str, *, italic: bool = False, stays_with_next: bool = False) -> None:
        """A paragraph of the body, its first line indented."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, text, BODY, italic=italic, align=WD_ALIGN_PARAGRAPH.JUSTIFY, before=6)
        paragraph.paragraph_format.first_line_indent = Mm(10)
        paragraph.paragraph_format.keep_with_next = stays_with_next

    def center(self, text: str, *, italic: bool = False) -> None:
        """A centred paragraph."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, text, BODY, italic=italic, align=_CENTER, before=6)

    def heading(self, text: str) -> None:
        """A bold line that stays with what follows."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, text, BODY, bold=True, align=_LEFT, before=8)
        paragraph.paragraph_format.first_line_indent = Mm(10)
        paragraph.paragraph_format.keep_with_next = True

    def item(self, text: str) -> None:
        """An entry of a list, with a dash unless it is numbered."""
        paragraph = self._document.add_paragraph()
        _write(
            paragraph,
            text if text[:1].isdigit() else f"- {text}",
            BODY,
            align=WD_ALIGN_PARAGRAPH.JUSTIFY,
            before=3,
        )
        paragraph.paragraph_format.first_line_indent = Mm(10)

    def quote(self, text: str) -> None:
        """The plan's words, set in."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, f"“{text}”", BODY, italic=True, before=3)
        paragraph.paragraph_format.left_indent = Mm(15)
        paragraph.paragraph_format.keep_with_next = True

    def source(self, text: str) -> None:
        """Where a quote stands, in smaller print."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, text, TINY)
        paragraph.paragraph_format.left_indent = Mm(15)

    def note(self, text: str) -> None:
        """A remark in small print."""
        paragraph = self._document.add_paragraph()
        _write(paragraph, text, SMALL, italic=True, align=WD_ALIGN_PARAGRAPH.JUSTIFY, before=3)

    def table(
        self, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]
    ) -> None:
        """A ruled table; `widths` in mm; its head is repeated on every page."""
        table = self._table(len(rows) + 1, widths)
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, columns, strict=True):
            _write(cell.paragraphs[0], text, SMALL, bold=True, align=_CENTER, before=2, after=2)
        _mark_row(table, 0, "w:tblHeader")
        for number, row in enumerate(rows, start=1):
            _mark_row(table, number, "w:cantSplit")
            for cell, text in zip(table.rows[number].cells, row, strict=True):
                align = _CENTER if len(text) <= 3 else _LEFT
                _write(cell.paragraphs[0], text, SMALL, align=align, before=2, after=2)
        _write(self._document.add_paragraph(), "", 4)

    def signatures(self, recipients_title: str, recipients: Sequence[str], *names: str) -> None:
        """Recipients on the left, the signer on the right; two signers stand side by side."""
        _write(self._document.add_paragraph(), "", SMALL)
        left, right = self._pair(80, 80)
        *others, last = names
        _mark_row(self._document.tables[-1], 0, "w:cantSplit")
        _signer(right, last)
        if others:
            _signer(left, others[0])
        if recipients:
            first = left.add_paragraph() if others else left.paragraphs[0]
            _write(first, recipients_title, SMALL, bold=True, italic=True)
            for recipient in recipients:
                _write(left.add_paragraph(), recipient, TINY)

    def content(self) -> bytes:
        """The finished file."""
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _pair(self, left: int, right: int) -> tuple[_Cell, _Cell]:
        cells = self._table(1, (left, right)).rows[0].cells
        return cells[0], cells[1]

    def _table(self, rows: int, widths: Sequence[int]) -> Table:
        table: Table = self._document.add_table(rows, len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _write(
    paragraph: Paragraph,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = _LEFT,
    before: float = 0,
    after: float = 0,
) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    for part in split_emphasis(clean(text)):
        run = paragraph.add_run(part.text)
        run.font.size = Pt(size)
        run.bold, run.italic = bold, italic != part.emphasized


def _signer(cell: _Cell, name: str) -> None:
    _write(cell.paragraphs[0], name, BODY, bold=True, align=_CENTER)
    for _ in range(4):  # room to sign
        _write(cell.add_paragraph(), " ", BODY)
    _write(cell.add_paragraph(), "." * 30, BODY, align=_CENTER)


def _rule(paragraph: Paragraph, indent: int) -> None:
    """A thin line as wide as the paragraph less `indent` mm on each side."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(indent)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    _border(paragraph, "bottom")


def _border(paragraph: Paragraph, *sides: str) -> None:
    borders = OxmlElement("w:pBdr")
    for side in (s for s in ("top", "left", "bottom", "right") if s in sides):  # the schema's order
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def _mark_row(table: Table, number: int, mark: str) -> None:
    table.rows[number]._tr.get_or_add_trPr().append(OxmlElement(mark))


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = _CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
