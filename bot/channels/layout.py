"""What every channel lays out alike: which paragraphs stand close together, and list marks."""

from __future__ import annotations

import re

_CLOSE = {
    ("quote", "source"),
    ("quote", "quote"),
    ("heading", "item"),
    ("text", "item"),
    ("item", "item"),
}
# A box to tick, a dash, "1." or "a)": an entry that brings its own mark needs no other.
_OWN_MARK = re.compile(r"[☐☑✓✔✗✘•+–-]|\w{1,3}[.)]\s")


def stands_close(previous: str, kind: str) -> bool:
    """Whether a block of this kind follows the previous one without an empty line."""
    return (previous, kind) in _CLOSE


def list_mark(text: str) -> str:
    """The mark in front of an entry of a list."""
    return "" if _OWN_MARK.match(text) else "• "
