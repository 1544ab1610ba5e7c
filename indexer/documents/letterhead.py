"""What stands around the content of an administrative document -> the plan's metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from indexer.frame import HEADER_ID, TITLE_ID
from indexer.lines import Role, content_lines
from indexer.normalize import to_nfc
from knowledge.clauses import Clause

_NUMBER = re.compile(
    r"(?:^|\s)Số\s*:?\s*(\d+\s*/\s*[A-ZĐ][A-ZĐa-z\d&]*(?:\s?[-–/]\s?[A-ZĐ][A-ZĐa-z&]*)*)"
)
_DATE = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.I)
_MOTTO = re.compile(r"\s*(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]).*", re.I)
_ISSUER = re.compile(
    r"(?:ỦY BAN|UỶ BAN|HỘI ĐỒNG|SỞ|BỘ|BAN|TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|XÃ|PHƯỜNG|LIÊN ĐOÀN|CỤC"
    r"|CHÍNH PHỦ|THỦ TƯỚNG|CHI CỤC|PHÒNG|TRUNG TÂM|TRƯỜNG|MẶT TRẬN|ĐOÀN|HỘI|CÔNG AN|VĂN PHÒNG"
    r"|UBND|HĐND)\b"
)
_ONE_PLACE = re.compile(r"\b(tỉnh|thành phố|thị xã|huyện|xã|phường|quận) (.+)$")
_COUNCILS = re.compile(r"^(?:ủy|uỷ) ban nhân dân|^hội đồng nhân dân")
_ADDRESSEES = re.compile(r"\W*nơi nhận\W*", re.I)
_RECIPIENT = re.compile(r"^[-–—+•]\s*([^;.]+)")
_SIGNS = re.compile(
    r"(?:\b(?:TM|KT|TL|TUQ)\s*\.|CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|TRƯỞNG BAN|BÍ THƯ|THỦ TƯỚNG"
    r"|HIỆU TRƯỞNG|TRƯỞNG PHÒNG|CHÁNH VĂN PHÒNG|CỤC TRƯỞNG)"
)
_YEARS = re.compile(r"giai đoạn\s*(\d{4})\s*[-–]\s*(\d{4})", re.I)
_YEAR = re.compile(r"\bnăm\s*(\d{4})\b", re.I)
_QUOTED = re.compile(r"[“\"]([^”\"]{3,120})[”\"]")
LONGEST_SHORT_TITLE = 90


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; None or empty where it was not."""

    title: str | None = None
    short_title: str | None = None
    number: str | None = None
    date_signed: date | None = None
    issuer: str | None = None
    signer: str | None = None
    period: tuple[date, date] | None = None
    recipients: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    tail_lines: frozenset[int] = field(default_factory=frozenset)


def read_metadata(text: str, clauses: Iterable[Clause]) -> Metadata:
    """The metadata of a document, from its text and the clauses found in it."""
    by_id = {clause.id: clause for clause in clauses}
    title_lines = _words(by_id.get(TITLE_ID))
    header = [line.text for line in content_lines(text) if line.role is Role.HEADER]
    header = header or _words(by_id.get(HEADER_ID))
    number = next((found for line in header if (found := _number(line))), None)
    title = _title(title_lines)
    tail = _tail(text)
    quoted = _QUOTED.search(title or "")
    return Metadata(
        title=title,
        short_title=_short_title(title_lines, number, title),
        number=number,
        date_signed=next((signed for line in header if (signed := _date(line))), None),
        issuer=_issuer(header),
        signer=_signer(tail),
        period=_period(title or ""),
        recipients=tuple(_recipients(tail)),
        called=(quoted[1].lower(),) if quoted else (),
        tail_lines=frozenset(number for number, _ in tail),
    )


def _words(clause: Clause | None) -> list[str]:
    return [bullet.text for bullet in clause.bullets] if clause else []


def _number(line: str) -> str | None:
    found = _NUMBER.search(line)
    return re.sub(r"\s", "", found[1]) if found else None


def _date(line: str) -> date | None:
    found = _DATE.search(line)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:  # "ngày 31 tháng 2"
        return None


def _issuer(header: list[str]) -> str | None:
    """The lines in capitals on the left of the motto, joined."""
    found: list[str] = []
    is_cut = False
    for line in header:
        left = _MOTTO.sub("", line).strip(" -–—_*")
        if is_cut:
            left = left.removesuffix("NAM").strip()
        is_cut = line.endswith("VIỆT")  # the motto's column was too narrow
        if _NUMBER.search(line) or _DATE.search(line):
            break
        if left and left.isupper() and (found or _ISSUER.match(left)):
            found.append(left)
    return _spelled(" ".join(found)) if found else None


def _spelled(capitals: str) -> str:
    """The name of a people's committee or council as a sentence writes it; others as printed."""
    lower = capitals.lower()
    if not _COUNCILS.match(lower):
        return capitals
    named = _ONE_PLACE.sub(lambda m: f"{m[1]} {m[2].title()}", lower)
    return named[0].upper() + named[1:]


def _title(lines: list[str]) -> str | None:
    if not lines:
        return None
    kind, *rest = lines
    return " ".join([kind.capitalize() if kind.isupper() else kind, *rest])


def _short_title(lines: list[str], number: str | None, title: str | None) -> str | None:
    if title is None:
        return None
    kind = lines[0].capitalize() if lines[0].isupper() and len(lines[0]) < 30 else ""
    quoted = _QUOTED.search(title)
    years = _YEARS.search(title)
    if not kind or not (quoted or number):
        return title if len(title) <= LONGEST_SHORT_TITLE else title[:LONGEST_SHORT_TITLE] + "…"
    parts = [kind, f"số {number}" if number else "", f"“{quoted[1]}”" if quoted else ""]
    parts.append(f"{years[1]}-{years[2]}" if years else "")
    return " ".join(filter(None, parts))


def _period(title: str) -> tuple[date, date] | None:
    if found := _YEARS.search(title):
        first, last = int(found[1]), int(found[2])
        return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None
    if found := _YEAR.search(title):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    return None


def _tail(text: str) -> list[tuple[int, str]]:
    """The lines of addressees and signature, numbered from 1: those that are no content."""
    kept = {line.number for line in content_lines(text)}
    lines = [(n, to_nfc(line)) for n, line in enumerate(text.splitlines(), start=1)]
    starts = [
        n for n, line in lines if n not in kept and (_ADDRESSEES.match(line) or _SIGNS.search(line))
    ]
    if not starts:
        return []
    return [(n, line) for n, line in lines if n >= starts[0] and n not in kept and line]


def _recipients(tail: list[tuple[int, str]]) -> Iterator[str]:
    begun = False
    for _, line in tail:
        begun = begun or bool(_ADDRESSEES.match(line))
        if begun and (found := _RECIPIENT.match(line)):
            yield found[1].strip()


def _signer(tail: list[tuple[int, str]]) -> str | None:
    """The last person's name below the title of an official."""
    begun, found = False, None
    for _, line in tail:
        name = _name_at_end(line)
        if begun and name:
            found = name
        begun = begun or bool(_SIGNS.search(line))
    return found


def _name_at_end(line: str) -> str | None:
    """The two to five capitalised words that the line ends in; the columns may share a line."""
    words: list[str] = []
    for word in reversed(line.split()):
        if not (word.isalpha() and word.istitle()):
            break
        words.insert(0, word)
    return " ".join(words) if 2 <= len(words) <= 5 else None
