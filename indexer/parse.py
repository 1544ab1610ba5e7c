"""The text of an administrative document -> its clause tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer.blocks import Block, split_blocks
from indexer.markers import Kind, Marker
from knowledge.clauses import Bullet, Clause

TITLE_ID, PREAMBLE_ID, CLOSING_ID = "TITLE", "PREAMBLE", "CLOSING"
LONGEST_HEADING = 320  # characters; a longer opening is content, not a title
_REPEATS = ("bis", "ter", "quater")
_PREFIX = {Kind.APPENDIX: "PL", Kind.PART: "P", Kind.CHAPTER: "C", Kind.SECTION: "M", Kind.ARTICLE: "Đ"}
_CLOSING_CUE = re.compile(
    r"^(trên đây là|trong quá trình|quá trình (tổ chức |triển khai )?thực hiện|yêu cầu (các|thủ trưởng)"
    r"|đề nghị (các|thủ trưởng)|(kế hoạch|quyết định|văn bản|công văn|hướng dẫn) này)",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"[.;:]$")


@dataclass(slots=True)
class _Open:
    """A clause under construction."""

    id: str
    parent: str | None
    marker: Marker | None
    opening: str
    lines: list[int]
    lead_in: str = ""
    bullets: list[Bullet] = field(default_factory=list)
    has_children: bool = False
    marks: list[str] = field(default_factory=list)  # bullet marks in use, outermost first


def parse_clauses(text: str, labels: Mapping[str, str] | None = None) -> list[Clause]:
    """The clauses of a text in order; each content line belongs to exactly one of them.

    `labels` maps the opening words of a dashed sub-heading to the short label that its clause
    id gets after a slash ("IV.2.a/GK"); without one the id ends in a running number.
    """
    return _Parser(labels or {}).parse(split_blocks(text))


class _Parser:
    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = sorted(labels.items(), key=lambda item: -len(item[0]))
        self._done: list[_Open] = []
        self._ids: set[str] = set()
        self._stack: list[_Open] = []

    def parse(self, blocks: list[Block]) -> list[Clause]:
        position = self._front_matter(blocks)
        while position < len(blocks):
            block = blocks[position]
            following = blocks[position + 1] if position + 1 < len(blocks) else None
            if block.marker is None:
                if self._starts_closing(block, blocks[position:]):
                    self._stack = []
                    self._open(CLOSING_ID, None, None, "", [])
                self._add_plain(block)
            elif block.marker.kind is Kind.BULLET:
                self._add_bullet(block, following)
            else:
                self._add_numbered(block)
            position += 1
        return [self._close(clause) for clause in self._done]

    def _front_matter(self, blocks: list[Block]) -> int:
        """Open title and preamble; the position of the first marked block."""
        first = next((i for i, block in enumerate(blocks) if _is_numbered(block)), len(blocks))
        front = blocks[:first]
        split = next(
            (i for i, block in enumerate(front) if _TITLE_END.search(block.text)), len(front)
        )
        for clause_id, part in ((TITLE_ID, front[:split]), (PREAMBLE_ID, front[split:])):
            if part:
                clause = self._open(clause_id, None, None, "", [])
                for block in part:
                    self._append(clause, block, None)
        self._stack = []
        return first

    def _starts_closing(self, block: Block, rest: list[Block]) -> bool:
        if self._stack and self._stack[-1].id == CLOSING_ID:
            return False
        return bool(_CLOSING_CUE.match(block.text)) and not any(map(_is_numbered, rest))

    def _add_numbered(self, block: Block) -> None:
        marker = block.marker
        assert marker is not None
        kinds = [clause.marker.kind for clause in self._stack if clause.marker]
        if marker.kind in kinds:
            while self._stack[-1].marker is None or self._stack[-1].marker.kind is not marker.kind:
                self._stack.pop()
            self._stack.pop()
        else:
            while self._stack and (
                (held := self._stack[-1].marker) is None or held.kind > marker.kind
            ):
                self._stack.pop()
        if marker.kind is Kind.DECIMAL:
            self._leave_foreign_number(marker)
        parent = self._stack[-1] if self._stack else None
        self._open(self._id_of(marker), parent, marker, block.text, list(block.lines))

    def _leave_foreign_number(self, marker: Marker) -> None:
        """A decimal such as 3.2 belongs below number 3 alone."""
        held = self._stack[-1].marker if self._stack else None
        if held and held.kind is Kind.NUMBER and not marker.value.startswith(f"{held.value}."):
            self._stack.pop()

    def _id_of(self, marker: Marker) -> str:
        if marker.kind is Kind.ARTICLE:
            return f"Đ{marker.value}"  # articles are numbered through the whole document
        base = next(
            (
                clause.id
                for clause in reversed(self._stack)
                if not (
                    marker.kind is Kind.DECIMAL
                    and clause.marker
                    and clause.marker.kind in (Kind.NUMBER, Kind.DECIMAL)
                )
            ),
            "",
        )
        own = _PREFIX.get(marker.kind, "") + marker.value
        return f"{base}.{own}" if base else own

    def _add_bullet(self, block: Block, following: Block | None) -> None:
        clause = self._stack[-1] if self._stack else self._open(PREAMBLE_ID, None, None, "", [])
        symbol = _symbol(block)
        holder = next((c for c in reversed(self._stack) if symbol in c.marks), None)
        if holder is None and clause.id.count("/") and not clause.marks:
            holder = clause
        if holder is not None:
            while self._stack[-1] is not holder:
                self._stack.pop()
            clause = holder
        opens_sub_list = (
            following is not None
            and following.marker is not None
            and following.marker.kind is Kind.BULLET
            and _symbol(following) != symbol
            and not (clause.marks and _symbol(following) in clause.marks)
        )
        if opens_sub_list and _is_sub_heading(block.text):
            if symbol not in clause.marks:
                clause.marks.append(symbol)
            self._open(self._label_id(clause, block.text), clause, block.marker, block.text, list(block.lines))
            return
        self._append(clause, block, symbol)

    def _label_id(self, clause: _Open, heading: str) -> str:
        for words, label in self._labels:
            if heading.lower().startswith(words.lower()):
                return f"{clause.id}/{label}"
        taken = sum(other.parent == clause.id for other in self._done)
        return f"{clause.id}/{taken + 1}"

    def _add_plain(self, block: Block) -> None:
        if not self._stack:
            self._open(self._done[-1].id if self._done else PREAMBLE_ID, None, None, "", [])
        clause = self._stack[-1]
        if clause.marker and not clause.opening and not clause.bullets:
            clause.opening, clause.lines = block.text, clause.lines + block.lines
            return
        self._append(clause, block, None)

    def _append(self, clause: _Open, block: Block, symbol: str | None) -> None:
        """Add a bullet or paragraph; a first paragraph that ends in a colon is the lead-in."""
        is_lead_in = symbol is None and block.text.endswith(":") and not clause.bullets
        if is_lead_in and not clause.lead_in and clause.id != PREAMBLE_ID:
            clause.lead_in, clause.lines = block.text, clause.lines + block.lines
            return
        under = None
        if symbol is not None:
            if symbol in clause.marks:
                del clause.marks[clause.marks.index(symbol) + 1 :]
            else:
                clause.marks.append(symbol)
            under = self._bullet_above(clause, len(clause.marks) - 1)
        mark = block.marker.mark if block.marker else ""
        clause.bullets.append(
            Bullet(len(clause.bullets) + 1, mark, block.text, tuple(block.lines), under)
        )

    @staticmethod
    def _bullet_above(clause: _Open, depth: int) -> int | None:
        if depth == 0:
            return None
        wanted = clause.marks[depth - 1]
        return next(
            (b.number for b in reversed(clause.bullets) if b.mark[:1] == wanted[:1]), None
        )

    def _open(
        self, clause_id: str, parent: _Open | None, marker: Marker | None, opening: str, lines: list[int]
    ) -> _Open:
        if parent:
            parent.has_children = True
        clause = _Open(self._unique(clause_id), parent.id if parent else None, marker, opening, lines)
        self._ids.add(clause.id)
        self._done.append(clause)
        self._stack.append(clause)
        return clause

    def _unique(self, clause_id: str) -> str:
        candidates = [clause_id, *(clause_id + repeat for repeat in _REPEATS)]
        free = next((candidate for candidate in candidates if candidate not in self._ids), None)
        return free or f"{clause_id}x{sum(i.startswith(clause_id) for i in self._ids)}"

    @staticmethod
    def _close(clause: _Open) -> Clause:
        """Decide whether the opening words are a title or the clause's only content."""
        heading, bullets = clause.opening, clause.bullets
        heads_something = bool(bullets or clause.lead_in or clause.has_children)
        own_lines = clause.lines
        if heading and not (heads_something and len(heading) <= LONGEST_HEADING):
            if heads_something and heading.endswith(":"):
                clause.lead_in, heading = heading, ""
            else:
                first = Bullet(1, "", heading, tuple(clause.lines))
                moved = (
                    Bullet(b.number + 1, b.mark, b.text, b.lines, b.under and b.under + 1)
                    for b in bullets
                )
                bullets, heading, own_lines = [first, *moved], "", []
        mark = clause.marker.mark if clause.marker else ""
        return Clause(
            clause.id, clause.parent, mark, heading, clause.lead_in, tuple(bullets), tuple(own_lines)
        )


def _is_numbered(block: Block) -> bool:
    return block.marker is not None and block.marker.kind is not Kind.BULLET


def _is_sub_heading(text: str) -> bool:
    """A dashed line that names what its sub-list is about, rather than stating something."""
    return not text.endswith((".", ";")) and len(text) <= LONGEST_HEADING


def _symbol(block: Block) -> str:
    """The list mark that tells levels apart; a dash before a letter counts as a dash."""
    assert block.marker is not None
    return block.marker.mark[0].replace("–", "-").replace("—", "-")


def lines_of(clauses: Iterable[Clause]) -> list[int]:
    """Every line number that the clauses own, in clause order."""
    return [line for clause in clauses for line in clause.all_lines]
