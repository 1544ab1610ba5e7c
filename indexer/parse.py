"""The text of an administrative document -> its clause tree.

The way of a text: `lines` drops what is no content, `blocks` undoes line wraps and page breaks,
`markers` knows the marks, `frame` what stands around the numbered part, and this module hangs
each block below the clause it belongs to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from indexer.blocks import Block, split_blocks
from indexer.drafts import LONGEST_HEADING, Draft
from indexer.frame import CLOSING_ID, front_matter, last_numbered, speaks_of_whole
from indexer.markers import Kind, Marker, follows, ordinal
from knowledge.clauses import Clause

_REPEATS = ("", "bis", "ter", "quater")
_PREFIX = {
    Kind.ATTACHMENT: "KT",
    Kind.APPENDIX: "PL",
    Kind.PART: "P",
    Kind.CHAPTER: "C",
    Kind.SECTION: "M",
    Kind.ARTICLE: "Đ",
}


def parse_clauses(text: str, labels: Mapping[str, str] | None = None) -> list[Clause]:
    """The clauses of a text in order; each content line belongs to exactly one of them.

    `labels` maps the opening words of a dashed sub-heading to the short label that its clause
    id gets after a slash ("IV.2.a/GK"); without one the id ends in a running number.

    Ids are the marks from the outermost part down ("IV.3.2.a"), prefixed for chapters ("CII"),
    sections ("M1"), articles ("Đ5", counted through the document), appendices ("PL1") and
    attached documents ("KT"). A mark that comes again gets "bis", "ter", "quater", "x5" … What
    has no mark is HEADER, TITLE, PREAMBLE or CLOSING.
    """
    return _Parser(labels or {}).parse(split_blocks(text))


def lines_of(clauses: Iterable[Clause]) -> list[int]:
    """Every line number that the clauses own, in clause order."""
    return [line for clause in clauses for line in clause.all_lines]


class _Parser:
    """Hangs blocks below clauses; `stack` is the way from the outermost open clause inwards."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = sorted(labels.items(), key=lambda item: -len(item[0]))
        self._drafts: list[Draft] = []
        self._stack: list[Draft] = []
        self._ids: set[str] = set()
        self._uses: Counter[str] = Counter()
        self._sub_headings: Counter[str] = Counter()

    def parse(self, blocks: list[Block]) -> list[Clause]:
        position = self._add_front_matter(blocks)
        last = last_numbered(blocks)
        for index in range(position, len(blocks)):
            block = blocks[index]
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if block.marker is None:
                if index > last and self._starts_closing(block):
                    self._stack = []
                    self._open(CLOSING_ID)
                self._stack[-1].add_paragraph(block)
            elif block.marker.kind is Kind.BULLET:
                self._add_item(block, block.marker, following)
            else:
                self._add_numbered(block, block.marker)
        return [draft.finish() for draft in self._drafts]

    def _add_front_matter(self, blocks: list[Block]) -> int:
        """Open header, title and preamble; the position of the first block after them."""
        n_front = 0
        for clause_id, part in front_matter(blocks):
            self._stack = []
            draft = self._open(clause_id)
            for block in part:
                n_front += 1
                if block.marker:
                    draft.add_item(block, block.marker)
                else:
                    draft.add_paragraph(block)
        return n_front

    def _starts_closing(self, block: Block) -> bool:
        """Whether an unmarked sentence after the last number speaks of the whole document.

        Below a bare heading it is that clause's content; the last article keeps it too.
        """
        current = self._stack[-1]
        if current.id == CLOSING_ID or (current.marker and current.is_bare):
            return False
        kinds = {draft.kind for draft in self._stack}
        if kinds & {Kind.ARTICLE, Kind.APPENDIX, Kind.ATTACHMENT}:
            return False
        return speaks_of_whole(block)

    # Numbered clauses

    def _add_numbered(self, block: Block, marker: Marker) -> None:
        sibling = self._sibling(marker)
        left: Draft | None = None
        if sibling is not None:
            while left is not sibling:
                left = self._stack.pop()
        elif not self._nests(marker):
            while self._stack and self._is_inner(self._stack[-1], marker):
                left = self._stack.pop()
        draft = self._open(self._id_of(marker), marker)
        draft.opening, draft.lines = block.text, list(block.lines)
        draft.previous = left if left and left.kind is marker.kind else None

    def _sibling(self, marker: Marker) -> Draft | None:
        """The open clause that the mark comes after in the same list, if there is one.

        The same kind may be open twice ("1." inside "a)" inside "3."): the list that the mark
        goes on is preferred, else the innermost. A decimal's list is told by its own number.
        """
        if marker.kind is Kind.DECIMAL:
            return None
        same = [draft for draft in self._stack if draft.kind is marker.kind]
        for draft in reversed(same):
            if draft.marker and follows(marker, draft.marker):
                return draft
        return same[-1] if same and not self._nests(marker) else None

    def _nests(self, marker: Marker) -> bool:
        """Whether a list begins below the open clause although its kind of mark stands higher.

        So does "1." right below the bare title "a) …", and "A." below "I." where letters were
        not used above numerals.
        """
        kinds = [draft.kind for draft in self._stack]
        if marker.kind is Kind.UPPER:
            return bool(kinds) and kinds[-1] is Kind.ROMAN and Kind.UPPER not in kinds
        if marker.kind not in (Kind.NUMBER, Kind.LETTER) or ordinal(marker) != 1:
            return False
        current = self._stack[-1] if self._stack else None
        if current is None or current.kind is None or current.kind is Kind.BULLET:
            return False
        return current.kind > marker.kind and current.is_bare and kinds.count(marker.kind) < 2

    def _is_inner(self, draft: Draft, marker: Marker) -> bool:
        """Whether an open clause cannot hold the mark."""
        if draft.marker is None:
            return True
        kind = draft.marker.kind
        if marker.kind is Kind.DECIMAL and kind in (Kind.NUMBER, Kind.DECIMAL):
            return not marker.value.startswith(f"{draft.marker.value}.")  # 3.2 is of 3 alone
        if marker.kind is Kind.UPPER and kind is Kind.ROMAN:
            return False  # were letters the outer ones, one would be open around the numeral
        return kind > marker.kind

    def _id_of(self, marker: Marker) -> str:
        own = _PREFIX.get(marker.kind, "") + marker.value
        holders = self._stack
        if marker.kind is Kind.ARTICLE:  # counted through the document, whatever the chapter
            outermost = (Kind.ATTACHMENT, Kind.APPENDIX)
            holders = [draft for draft in holders if draft.kind in outermost]
        if marker.kind is Kind.DECIMAL and holders:
            number = holders[-1].marker.value if holders[-1].marker else ""
            if marker.value.startswith(f"{number}."):
                own = marker.value[len(number) + 1 :]
        return f"{holders[-1].id}.{own}" if holders else own

    # List items

    def _add_item(self, block: Block, marker: Marker, following: Block | None) -> None:
        """Add a list item, or open a clause where it heads a list with another mark."""
        held = self._level_of(marker)
        if held is not None:
            del self._stack[held + 1 :]
        clause = self._stack[-1]
        if not self._opens_list(block, marker, following):
            clause.add_item(block, marker)
            return
        if marker.symbol not in clause.marks:
            clause.marks.append(marker.symbol)
        draft = self._open(self._label_id(clause, block.text), marker)
        draft.opening, draft.lines = block.text, list(block.lines)

    def _level_of(self, marker: Marker) -> int | None:
        """The place in the stack of the clause that already lists such items.

        Only dashed sub-headings are climbed out of: a numbered clause has lists of its own.
        """
        for place in range(len(self._stack) - 1, -1, -1):
            if marker.symbol in self._stack[place].marks:
                return place
            if self._stack[place].kind is not Kind.BULLET:
                return None
        return None

    def _opens_list(self, block: Block, marker: Marker, following: Block | None) -> bool:
        """Whether the item is a sub-heading: it states nothing, and another list follows it."""
        after = following.marker if following else None
        if after is None or after.kind is not Kind.BULLET or after.symbol == marker.symbol:
            return False
        if block.text.endswith((".", ";")) or len(block.text) > LONGEST_HEADING:
            return False
        return self._level_of(after) is None

    def _label_id(self, clause: Draft, heading: str) -> str:
        for words, label in self._labels:
            if heading.lower().startswith(words.lower()):
                return f"{clause.id}/{label}"
        self._sub_headings[clause.id] += 1
        return f"{clause.id}/{self._sub_headings[clause.id]}"

    # Opening clauses

    def _open(self, clause_id: str, marker: Marker | None = None) -> Draft:
        parent = self._stack[-1] if self._stack else None
        if parent:
            parent.has_children = True
        draft = Draft(self._unique(clause_id), parent, marker)
        self._drafts.append(draft)
        self._stack.append(draft)
        return draft

    def _unique(self, clause_id: str) -> str:
        """The id, or with what tells the n-th clause of that id apart."""
        while True:
            n_before = self._uses[clause_id]
            self._uses[clause_id] += 1
            repeat = _REPEATS[n_before] if n_before < len(_REPEATS) else f"x{n_before + 1}"
            if (unique := clause_id + repeat) not in self._ids:
                self._ids.add(unique)
                return unique
