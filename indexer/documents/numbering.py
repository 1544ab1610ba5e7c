"""The numbers that Word itself puts before paragraphs, written into the text.

A .docx keeps "1.", "a)" or "-" of a list only as a rule; whoever reads its text gets none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST_LEVELS = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: "%1.%2." with the level's own form of figures."""

    form: str
    pattern: str
    start: int


class _Lists:
    """The lists of a document, each counting on from paragraph to paragraph."""

    def __init__(self, numbering: Any) -> None:
        self._shape: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        kept = {
            shape.get(_name("abstractNumId")): dict(_levels(shape))
            for shape in numbering.findall(_name("abstractNum"))
        }
        for number in numbering.findall(_name("num")):
            own, shape = number.get(_name("numId")), _value(number, "abstractNumId")
            levels = dict(kept.get(shape, {}))
            overrides = number.findall(_name("lvlOverride"))
            for override in overrides:
                _restart(levels, override)
            # Lists of one shape count on together; one that begins anew counts for itself
            self._shape[own] = f"{own} alone" if overrides else shape
            self._levels[own] = levels

    def next(self, list_id: str, depth: int) -> str | None:
        """What stands before the list's next paragraph; None for a list that is not defined."""
        levels = self._levels.get(list_id, {})
        if depth not in levels:
            return None
        counts = self._counts[self._shape[list_id]]
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if levels[depth].form == "bullet":
            return "-"
        text = levels[depth].pattern
        for level in range(_MOST_LEVELS):
            if level in levels and f"%{level + 1}" in text:
                reached = counts.get(level, levels[level].start)
                text = text.replace(f"%{level + 1}", _figures(reached, levels[level].form))
        return text.strip()


def write_numbers(source: Path, target: Path) -> int:
    """Write a copy of a .docx with its lists' numbers as text; how many could not be told.

    Raises whatever python-docx, lxml and zipfile raise for a file that is not sound.
    """
    import docx

    document = docx.Document(str(source))
    if not any(part.partname.endswith("/numbering.xml") for part in document.part.package.parts):
        return 0
    lists = _Lists(document.part.numbering_part.element)
    untold = 0
    for paragraph in document.element.body.iter(_name("p")):
        place = _list_place(paragraph, document)
        if place is None:
            continue
        number = lists.next(*place)
        if number is None:
            untold += 1
        elif number:
            _write(paragraph, number)
    document.save(str(target))
    return untold


def _list_place(paragraph: Any, document: Any) -> tuple[str, int] | None:
    """The list that a paragraph belongs to and its level there, by itself or by its style."""
    list_id: str | None = None
    depth: str | None = None
    for properties in _properties(paragraph, document):
        numbered = properties.find(_name("numPr"))
        if numbered is None:
            continue
        list_id = list_id or _value(numbered, "numId") or None
        depth = depth or _value(numbered, "ilvl") or None
    if list_id in (None, "0"):
        return None
    return str(list_id), int(depth or 0)


def _properties(paragraph: Any, document: Any) -> Iterator[Any]:
    """The paragraph's own properties, then those of its style and of the styles behind that."""
    own = paragraph.find(_name("pPr"))
    if own is not None:
        yield own
    style = paragraph.style
    seen: set[str] = set()
    known = {element.get(_name("styleId")): element for element in document.styles.element}
    while style in known and style not in seen:
        seen.add(style)
        kept = known[style].find(_name("pPr"))
        if kept is not None:
            yield kept
        style = _value(known[style], "basedOn")


def _write(paragraph: Any, number: str) -> None:
    """Put the number before the paragraph's text; an empty one only counts."""
    for text in paragraph.iter(_name("t")):
        if text.text and text.text.strip():
            text.text = f"{number} {text.text.lstrip()}"
            return


def _levels(shape: Any) -> Iterator[tuple[int, _Level]]:
    for level in shape.findall(_name("lvl")):
        form, pattern = _value(level, "numFmt") or "decimal", _value(level, "lvlText")
        yield int(level.get(_name("ilvl"))), _Level(form, pattern, int(_value(level, "start") or 1))


def _restart(levels: dict[int, _Level], override: Any) -> None:
    depth, start = int(override.get(_name("ilvl"))), _value(override, "startOverride")
    levels.update(_levels(override))
    if start and depth in levels:
        levels[depth] = _Level(levels[depth].form, levels[depth].pattern, int(start))


def _figures(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (count // value)
        count %= value
    return written


def _value(element: Any, child: str) -> str:
    found = element.find(_name(child))
    return "" if found is None else found.get(_name("val")) or ""


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))
