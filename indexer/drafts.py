"""A clause under construction: takes blocks one by one, then becomes a Clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from indexer.blocks import Block
from indexer.markers import Kind, Marker
from knowledge.clauses import Bullet, Clause

LONGEST_HEADING = 320  # characters; a longer opening is content, not a title
_SENTENCE_BREAK = re.compile(r"(\w+)\. (\w)")


@dataclass(slots=True)
class Draft:
    """A clause whose blocks are still coming; `opening` is the text beside its mark.

    `previous` is the clause before it in its list; `marks` are the list marks in use, outermost
    level first; `states` tells, once it is finished, that its opening is content.
    """

    id: str
    parent: Draft | None = None
    marker: Marker | None = None
    previous: Draft | None = None
    opening: str = ""
    lines: list[int] = field(default_factory=list)
    lead_in: str = ""
    bullets: list[Bullet] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    has_children: bool = False
    states: bool = False
    _latest: dict[str, int] = field(default_factory=dict)  # list mark -> its latest bullet

    @property
    def kind(self) -> Kind | None:
        """The kind of its mark; None for title, preamble and the like."""
        return self.marker.kind if self.marker else None

    @property
    def is_bare(self) -> bool:
        """Whether it is a title so far: nothing below it, and no finished sentence."""
        return not (self.bullets or self.has_children or self.opening.endswith((".", ";")))

    def add_paragraph(self, block: Block) -> None:
        """Add a plain block; a first one that ends in a colon introduces what follows."""
        is_first = self.marker is not None and not (self.bullets or self.lead_in)
        if is_first and self._opening_is_title and block.text.endswith(":"):
            self.lead_in = block.text
            self.lines += block.lines
        else:
            self._add_bullet(block, "", None)

    def add_item(self, block: Block, marker: Marker) -> None:
        """Add a list item at the level of its mark."""
        symbol = marker.symbol
        if symbol in self.marks:
            del self.marks[self.marks.index(symbol) + 1 :]
        else:
            self.marks.append(symbol)
        above = self._latest.get(self.marks[-2]) if len(self.marks) > 1 else None
        self._add_bullet(block, marker.mark, above)
        self._latest[symbol] = len(self.bullets)

    def _add_bullet(self, block: Block, mark: str, under: int | None) -> None:
        self.bullets.append(
            Bullet(len(self.bullets) + 1, mark, block.text, tuple(block.lines), under)
        )

    def finish(self) -> Clause:
        """The clause; its opening is a heading if something stands below it, else content."""
        heading, lead_in, bullets, lines = self.opening, self.lead_in, self.bullets, self.lines
        heads_something = bool(bullets or lead_in or self.has_children)
        if heading and not (heads_something and self._opening_is_title):
            heading = ""
            if heads_something and self.opening.endswith(":"):
                lead_in = self.opening
            else:
                bullets, lines = self._with_opening_first(), []
                self.states = True
        return Clause(
            id=self.id,
            parent=self.parent.id if self.parent else None,
            mark=self.marker.mark if self.marker else "",
            heading=heading,
            lead_in=lead_in,
            bullets=tuple(bullets),
            lines=tuple(lines),
        )

    @property
    def _opening_is_title(self) -> bool:
        """Whether the opening can be a heading: short, and not several sentences."""
        if len(self.opening) > LONGEST_HEADING or self._goes_on_stating:
            return False
        breaks = _SENTENCE_BREAK.findall(self.opening)
        return not any(last.islower() and first.isupper() for last, first in breaks)

    @property
    def _goes_on_stating(self) -> bool:
        """Whether it is one more statement of a list of such, with a plain remark after it."""
        if self.previous is None or not self.previous.states or self.has_children:
            return False
        is_plain = not (self.lead_in or any(bullet.mark for bullet in self.bullets))
        return is_plain and self.opening.endswith((".", ";"))

    def _with_opening_first(self) -> list[Bullet]:
        """The opening as a first bullet; the others are counted on from it."""
        moved = (
            replace(b, number=b.number + 1, under=b.under and b.under + 1) for b in self.bullets
        )
        return [Bullet(1, "", self.opening, tuple(self.lines)), *moved]
