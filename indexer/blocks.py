"""Lines -> blocks: one a paragraph, heading or list item, wraps and page breaks undone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.lines import SENTENCE_END, Gap, Line, Role, content_lines
from indexer.markers import Kind, Marker, is_due, recognise

WIDEST_WRAP = 200  # characters; what is cut further out was cut by pages, not by lines
LEAST_WRAPS, LEAST_WRAP_SHARE = 3, 0.08  # of all lines; fewer are page breaks
FULL_SHARE = 0.85  # proportional type makes wrapped lines differ in characters
STRICTLY_FULL_SHARE = 0.97  # where a new paragraph is as likely: after a sentence or blank line
LONG_LINE = 50  # characters; in a text of unknown width, a line this long may have been cut

# Words that open a paragraph wherever they stand: grounds, closing, reference to the main text.
_OPENS_PARAGRAPH = re.compile(
    r"Căn cứ|Theo đề nghị|Xét đề nghị|Kính gửi|Trên đây là|\((?:Ban hành )?[Kk]èm theo"
)
_CLOSES_OR_JOINS = ",;.:)]}%/”»…&"  # no paragraph starts with these
# Words (and the comma) after which no heading, sentence or item ends.
_HANGS = re.compile(
    r"(?:,|\b(?:và|hoặc|của|các|những|với|tại|nhằm|bởi|(?<!kèm )(?<!tiếp )theo))$", re.IGNORECASE
)
# Words that a number, letter or numeral belongs to: "tháng" / "7.", "khoản" / "2.", "Quý" / "I."
_WANTS_NUMBER = re.compile(
    r"\b(?:điều|khoản|điểm|mục|chương|phần|phụ lục|số|ngày|tháng|năm|quý|giai đoạn|đợt|hạng|loại"
    r"|cấp|lần|lần thứ|thứ|nhóm|từ|đến|khoảng|trên|dưới|hơn|gần|đạt|là)$",
    re.IGNORECASE,
)
_PROVISIONS = (Kind.ARTICLE, Kind.SECTION, Kind.CHAPTER)
_NAMES_PROVISION = re.compile(r"^(?:Điều|Khoản|Điểm|Mục|Chương|Phần) [\dIVXa-zđ]+ (?=[^\W\d_])")
_ENDS_IN_PROVISION = re.compile(r"\s(?:điểm|khoản|điều|mục|chương) [\da-zđIVX]+$")
_DASHED_PAIR = re.compile(r"(?=(?<!\S)(\S*\w) [-–] ([^\W\d_]+))")
# Pairs that official Vietnamese always writes with a dash; each text adds its own.
_USUAL_PAIRS = frozenset(
    {
        ("tế", "xã"), ("trị", "xã"), ("hóa", "xã"), ("hoá", "xã"), ("hội", "nghề"), ("đua", "khen"),
        ("động", "thương"), ("lập", "tự"), ("do", "hạnh"), ("phòng", "an"),
    }
)  # fmt: skip
_END_MARK = re.compile(r"(?:\s?\./\.|(?<=\.)/\.)\s?(?:\*[^*\s]{1,8}\*)?$|\s\*[A-Z]\d{0,3}\*$")


@dataclass(slots=True)
class Block:
    """One paragraph or item: its mark (None for plain text), the text's parts, a part a line.

    `lines` are line numbers from 1; `role` tells header lines and attached documents apart.
    """

    marker: Marker | None
    parts: list[str]
    lines: list[int] = field(default_factory=list)
    role: Role = Role.BODY

    @property
    def text(self) -> str:
        """The whole text on one line, without the mark and without an end mark ("./.")."""
        return _END_MARK.sub("", " ".join(part for part in self.parts if part))

    @property
    def is_numbered(self) -> bool:
        """Whether it opens a clause: any mark but a list mark."""
        return self.marker is not None and self.marker.kind is not Kind.BULLET


def split_blocks(text: str) -> list[Block]:
    """The content blocks of a text in order; see `content_lines` for what is left out.

    A plain line that starts in lower case continues the block before it, across blank lines
    too. Other lines do so only where the line before was cut: it is as wide as the text is
    wrapped, or ends in a word that cannot stand last.
    """
    lines = content_lines(text)
    joiner = _Joiner(_wrap_width(lines), _dashed_pairs(lines))
    for line in lines:
        joiner.add(line)
    return [block for block in joiner.blocks if block.is_numbered or any(block.parts)]


class _Joiner:
    """Adds lines to blocks, one after the other; `before` is the line just added."""

    def __init__(self, width: int, pairs: frozenset[tuple[str, str]]) -> None:
        self.blocks: list[Block] = []
        self._width = width
        self._pairs = pairs
        self._seen: dict[Kind, Marker] = {}
        self._before: Line | None = None

    def add(self, line: Line) -> None:
        marker = self._marker(line)
        if self._before is not None and self._continues(self._before, line, marker):
            self.blocks[-1].parts.append(line.text)
            self.blocks[-1].lines.append(line.number)
        else:
            rest = marker.rest if marker else line.text
            self.blocks.append(Block(marker, [rest], [line.number], line.role))
            self._note(marker)
        self._before = line

    def _marker(self, line: Line) -> Marker | None:
        if line.role in (Role.HEADER, Role.SUBJECT):
            return None
        if line.role is Role.ATTACHMENT:
            return Marker(Kind.ATTACHMENT, "", "", line.text)
        return recognise(line.text, self._seen)

    def _note(self, marker: Marker | None) -> None:
        """Remember the mark; an appendix or attached document numbers everything anew."""
        if marker is None:
            return
        if marker.kind <= Kind.APPENDIX:
            self._seen.clear()
        self._seen[marker.kind] = marker

    def _continues(self, before: Line, line: Line, marker: Marker | None) -> bool:
        """Whether the line is more of the last block rather than a block of its own."""
        if Role.HEADER in (line.role, before.role):
            return False
        if Role.SUBJECT in (line.role, before.role):
            return line.role is before.role
        if marker is None:
            return self._plain_continues(before, line)
        if marker.kind is Kind.ATTACHMENT or SENTENCE_END.search(before.text):
            return False
        if marker.kind is Kind.BULLET:
            return self._dash_is_inside(before, line, marker)
        return self._number_is_inside(before, line, marker)

    def _plain_continues(self, before: Line, line: Line) -> bool:
        current = self.blocks[-1]
        text = line.text
        if text[0].islower() or text[0] in _CLOSES_OR_JOINS:
            return True
        if not any(current.parts):  # a mark alone on its line
            return not text.startswith("(")
        if _HANGS.search(before.text):
            return True
        if before.text.isupper() or text.isupper():
            return self._heading_goes_on(current, before, line)
        if _OPENS_PARAGRAPH.match(text) or _is_aside(current):
            return False
        if line.gap is not Gap.BLANK and (self._wants(before, text) or _is_open(before.text)):
            return True
        is_cut = self._is_full(before, line, STRICTLY_FULL_SHARE)
        if SENTENCE_END.search(before.text):
            return is_cut and line.gap is Gap.NONE and not before.text.endswith(":")
        return is_cut or (line.gap is not Gap.BLANK and self._is_full(before, line))

    def _heading_goes_on(self, current: Block, before: Line, line: Line) -> bool:
        """Whether a line continues a heading in capitals (or ends a sentence with a short name)."""
        if SENTENCE_END.search(before.text):
            return False
        if not before.text.isupper():
            return bool(SENTENCE_END.search(line.text)) and self._is_full(before, line)
        if not line.text.isupper():
            return False
        is_next_line = line.gap is Gap.NONE and current.is_numbered
        return is_next_line or self._is_full(before, line)

    def _dash_is_inside(self, before: Line, line: Line, marker: Marker) -> bool:
        """Whether a dash at the line's start belongs to the sentence: "kinh tế" / "- xã hội"."""
        last, first = before.text.split()[-1], marker.rest.split(maxsplit=1)[:1]
        if marker.value or not first:
            return False
        if last[-1].isdigit() and first[0][0].isdigit():
            return line.gap is Gap.NONE  # "2021" / "-2025"
        if _pair(last, first[0]) in self._pairs and line.gap is not Gap.BLANK:
            return self._may_be_cut(before, line)
        is_lower = first[0][0].islower()
        return is_lower and line.gap is not Gap.BLANK and self._is_full(before, line)

    def _number_is_inside(self, before: Line, line: Line, marker: Marker) -> bool:
        """Whether a number at the line's start belongs to the sentence: "trong năm" / "21. Sau"."""
        if line.gap is Gap.BLANK:
            return False
        if marker.kind in _PROVISIONS and _ENDS_IN_PROVISION.search(before.text):
            return True  # "khoản 2" / "Điều 5."
        if _WANTS_NUMBER.search(before.text) and self._may_be_cut(before, line):
            return True
        is_cut = self._is_full(before, line) or bool(_HANGS.search(before.text))
        return is_cut and not is_due(marker, self._seen)

    def _wants(self, before: Line, text: str) -> bool:
        """Whether the line before asks for the figure or provision that this one starts with."""
        if _NAMES_PROVISION.match(text):
            return True
        return text[0].isdigit() and bool(_WANTS_NUMBER.search(before.text))

    def _is_full(self, before: Line, line: Line, share: float = FULL_SHARE) -> bool:
        """Whether the next word did not fit on the line before, as far as the width is known."""
        word, _, _ = line.text.partition(" ")
        return bool(self._width) and len(before.text) + 1 + len(word) > share * self._width

    def _may_be_cut(self, before: Line, line: Line) -> bool:
        if self._width:
            return self._is_full(before, line)
        return len(before.text) >= LONG_LINE


def _is_open(text: str) -> bool:
    """Whether a parenthesis is still open at the line's end."""
    return text.rfind("(") > text.rfind(")")


def _is_aside(block: Block) -> bool:
    """Whether the block is complete in parentheses, as the line below an appendix's title is."""
    return block.parts[0].startswith("(") and block.parts[-1].endswith(")")


def _wrap_width(lines: list[Line]) -> int:
    """The width at which a machine wrapped the text, or 0 for one paragraph a line.

    Told by the lines that must have been cut: the next one starts in lower case, unmarked.
    """
    cut = sorted(
        len(line.text)
        for line, following in pairwise(lines)
        if following.text[0].islower() and recognise(following.text) is None
    )
    if len(cut) < max(LEAST_WRAPS, LEAST_WRAP_SHARE * len(lines)):
        return 0
    width = cut[int(0.95 * (len(cut) - 1))]
    return width if width <= WIDEST_WRAP else 0


def _dashed_pairs(lines: list[Line]) -> frozenset[tuple[str, str]]:
    """The words on both sides of each spaced dash inside a line: ("tế", "xã")."""
    found = (pair for line in lines for pair in _DASHED_PAIR.findall(line.text))
    return _USUAL_PAIRS | {_pair(*pair) for pair in found}


def _pair(left: str, right: str) -> tuple[str, str]:
    return re.sub(r"\W", "", left).lower(), re.sub(r"\W", "", right).lower()
