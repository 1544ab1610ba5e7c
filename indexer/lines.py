"""A text -> its content lines: page numbers, rules, addressees and signature are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from indexer.markers import Kind, recognise
from indexer.normalize import to_nfc


class Gap(Enum):
    """What stands between a line and the content line before it."""

    NONE = "none"
    BLANK = "blank"
    PAGE = "page"  # a page number, with or without blank lines: the sentence may run on


class Role(Enum):
    """What a content line is part of."""

    HEADER = "header"  # issuer, national motto, number and date, above the title
    SUBJECT = "subject"  # "V/v …", which stands inside the header of a letter
    BODY = "body"
    ATTACHMENT = "attachment"  # the first title line of a document that follows the signature


@dataclass(frozen=True, slots=True)
class Line:
    """A content line: its number in the text from 1, its words, what stands before it."""

    number: int
    text: str
    gap: Gap
    role: Role = Role.BODY


HEADER_REACH = 25  # lines; below these no header is looked for
LONGEST_HEADER_LINE = 120  # characters
LONGEST_SIGNATURE = 8  # lines, all of them short, that may follow a signing official's title
LONGEST_SIGNATURE_LINE = 60  # characters
SENTENCE_END = re.compile(r"[.;:!?…]['”\"»)\]]*$")

_HAS_WORD = re.compile(r"\w")
_MARK_ALONE = re.compile(r"^[-–—+•●○▪■]$")  # its item stands on the next line
_FRAMED_PAGE = re.compile(
    r"^(?:[-–—]\s*(\d{1,3})\s*[-–—]|(?:trang)\s+(\d{1,3})(?:\s*/\s*\d+)?)$", re.I
)
_BARE_PAGE = re.compile(r"^(\d{1,3})(?:/\d{1,3})?$")

_DATE = r"[^,.;:]{2,60},\s*ngày\s*[\d.…]*\s*tháng\s*[\d.…]*\s*năm\s*[\d.…]*"
_DATE_LINE = re.compile(rf"^\W*{_DATE}\W*$", re.I)
_HEADER_CUE = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM"
    r"|Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc"
    rf"|^\W*(?-i:Số)\s*(?::|\d+\s*/)|^\W*{_DATE}\W*$",
    re.I,
)

_SUBJECT_CUE = re.compile(r"^\W*v/v\b", re.I)

_ADDRESSEES = re.compile(r"^\W*nơi nhận\W*(?::|$)", re.I)
_ON_BEHALF = re.compile(r"^\W*(?:T/?M|K/?T|T/?L|TUQ|T/UQ|Q)(?P<dot>\s*\.\s*|\s+)(?=[^\W\d_]{2})")
_OFFICIAL = re.compile(
    r"^(?:Q\. |QUYỀN |PHÓ )?(?:CHỦ TỊCH|CHỦ NHIỆM|BÍ THƯ|BỘ TRƯỞNG|CHÁNH VĂN PHÒNG|CỤC TRƯỞNG"
    r"|GIÁM ĐỐC|HIỆU TRƯỞNG|TỔNG GIÁM ĐỐC|THỦ TRƯỞNG|THỨ TRƯỞNG|TRƯỞNG BAN|TRƯỞNG PHÒNG)\b"
)
_ATTACHED_KIND = re.compile(
    r"^(?:BÁO CÁO|BẢNG|BIỂU|CHƯƠNG TRÌNH|DANH MỤC|DANH SÁCH|ĐỀ ÁN|ĐỀ CƯƠNG|ĐIỀU LỆ|HƯỚNG DẪN"
    r"|KẾ HOẠCH|MẪU|NỘI QUY|PHƯƠNG ÁN|QUY CHẾ|QUY ĐỊNH|QUY TRÌNH|THỂ LỆ|TIÊU CHÍ|TỜ TRÌNH)\b"
)
_ATTACHED_TO = re.compile(r"^\W*(?:ban hành )?kèm theo\b", re.I)


def content_lines(text: str) -> list[Line]:
    """The content lines of a text in order, composed (NFC) and with white space folded.

    Left out are lines without any word, page numbers, "Nơi nhận" and the signature; content
    goes on after those where an appendix or another document follows.
    """
    lines = list(_without_page_furniture([to_nfc(line) for line in text.splitlines()]))
    header_end = _header_end(lines)
    return [*_header(lines[:header_end]), *_without_signatures(lines[header_end:])]


def _without_page_furniture(texts: list[str]) -> Iterator[Line]:
    gap, page, last = Gap.BLANK, 0, ""
    for index, text in enumerate(texts):
        if (number := _page_number(texts, index, page, last)) is not None:
            gap, page = Gap.PAGE, number
        elif not _HAS_WORD.search(text) and not _MARK_ALONE.match(text):
            gap = Gap.BLANK if gap is Gap.NONE else gap
        else:
            yield Line(index + 1, text, gap)
            gap, last = Gap.NONE, text


def _page_number(texts: list[str], index: int, page: int, last: str) -> int | None:
    """The page number that a line is, if it is one.

    A bare number may as well be a figure in a table. It counts as a page number where it goes
    on the count of pages, or stands between blank lines in mid-sentence.
    """
    text = texts[index]
    if framed := _FRAMED_PAGE.match(text):
        return int(framed[1] or framed[2])
    bare = _BARE_PAGE.match(text)
    if not bare:
        return None
    number = int(bare[1])
    if number == page + 1 or (page == 0 and number == 2):
        return number
    after = texts[index + 1 : index + 4]
    following = next((line for line in after if line), "")
    is_apart = index > 0 and not (texts[index - 1] and after[:1] and after[0])
    is_mid_sentence = bool(last) and not SENTENCE_END.search(last) and following[:1].islower()
    return number if is_apart and is_mid_sentence else None


def _header_end(lines: list[Line]) -> int:
    """How many lines stand above the title: all down to the last motto, number or date."""
    end = 0
    for index, line in enumerate(lines[:HEADER_REACH]):
        marker = recognise(line.text)
        is_numbered = marker is not None and marker.kind is not Kind.BULLET
        if is_numbered or len(line.text) > LONGEST_HEADER_LINE or line.text.startswith("Căn cứ"):
            break
        if _HEADER_CUE.search(line.text):
            end = index + 1
    return end


def _header(lines: list[Line]) -> Iterator[Line]:
    role = Role.HEADER
    for line in lines:
        if _SUBJECT_CUE.match(line.text):
            role = Role.SUBJECT
        elif line.gap is not Gap.NONE or line.text.isupper() or _HEADER_CUE.search(line.text):
            role = Role.HEADER
        yield replace(line, role=role)


def _without_signatures(lines: list[Line]) -> Iterator[Line]:
    in_tail = False
    has_begun = False  # the numbered part; not that of an appendix, which has a title below it
    left = _lines_left(lines)
    for index, line in enumerate(lines):
        is_attachment = _opens_attachment(lines, index, in_tail, has_begun)
        if in_tail and not is_attachment and not _opens_part(line.text):
            continue
        in_tail = not is_attachment and _opens_tail(lines, index, left)
        if in_tail:
            continue
        marker = recognise(line.text)
        if marker and marker.kind is not Kind.BULLET:
            has_begun = marker.kind is not Kind.APPENDIX
        yield replace(line, role=Role.ATTACHMENT) if is_attachment else line


def _lines_left(lines: list[Line]) -> list[int]:
    """For each line, how many follow it before an appendix, "Nơi nhận" or the end.

    More than a signature can have where one of these is numbered or long.
    """
    left = [0] * len(lines)
    for index in range(len(lines) - 2, -1, -1):
        text = lines[index + 1].text
        if _ADDRESSEES.match(text) or _opens_part(text):
            continue
        is_content = len(text) > LONGEST_SIGNATURE_LINE or recognise(text) is not None
        left[index] = max(left[index + 1], LONGEST_SIGNATURE * is_content) + 1
    return left


def _opens_tail(lines: list[Line], index: int, left: list[int]) -> bool:
    """Whether addressees or a signature begin here, or the date line above a signature."""
    text = lines[index].text
    if _ADDRESSEES.match(text) or _opens_signature(text, left[index]):
        return True
    has_next = index + 1 < len(lines)
    return (
        has_next
        and bool(_DATE_LINE.match(text))
        and _opens_signature(lines[index + 1].text, left[index + 1])
    )


def _opens_signature(text: str, n_left: int) -> bool:
    if SENTENCE_END.search(text) or len(text) > LONGEST_HEADER_LINE:
        return False
    if (found := _ON_BEHALF.match(text)) and ("." in found["dot"] or text.isupper()):
        return True
    # The title of an official alone also heads the preamble of a decision: only near the end.
    return text.isupper() and n_left <= LONGEST_SIGNATURE and bool(_OFFICIAL.match(text))


def _opens_part(text: str) -> bool:
    """Whether content begins again after a signature: an appendix, a chapter, a first part."""
    marker = recognise(text)
    if marker is None:
        return False
    if marker.kind is Kind.ROMAN:
        return marker.value == "I"
    return marker.kind in (Kind.APPENDIX, Kind.PART, Kind.CHAPTER)


def _opens_attachment(lines: list[Line], index: int, in_tail: bool, has_begun: bool) -> bool:
    """Whether another document's title begins here, known by its kind in capitals.

    Without a signature before it, only the words "(kèm theo …)" below tell it from a heading.
    """
    text = lines[index].text
    if not (text.isupper() and _ATTACHED_KIND.match(text)):
        return False
    below = lines[index + 1 : index + 6]
    return in_tail or (has_begun and any(_ATTACHED_TO.match(line.text) for line in below))
