"""Writes a reply as plain Zalo messages: nothing bold, no buttons, 2,000 characters at most."""

from __future__ import annotations

from bot.channels.choices import menu_lines
from bot.channels.emphasis import strip_emphasis
from bot.channels.layout import list_mark, stands_close
from bot.turns import Block, Reply

LIMIT = 1900  # characters; Zalo takes 2,000


def zalo_texts(reply: Reply, file_note: str = "") -> list[str]:
    """The messages of a reply, in order; `file_note` stands for files, which cannot be sent."""
    text = ""
    previous = ""
    for block in reply.blocks:
        gap = "" if not text else "\n" if stands_close(previous, block.kind) else "\n\n"
        text += gap + _plain(block)
        previous = block.kind
    if file_note:
        text += f"\n\n{file_note}"
    menu = "\n".join(menu_lines(reply))
    return cut(f"{text}\n\n{menu}" if menu else text)


def cut(text: str, limit: int = LIMIT) -> list[str]:
    """The text in parts of at most `limit` characters, none empty.

    It breaks at the last empty line that fits, else the last line, else the last space.
    """
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        window = rest[: limit + 1]
        at = max(window.rfind("\n\n"), 0) or max(window.rfind("\n"), 0) or max(window.rfind(" "), 0)
        at = at or limit
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        parts.append(rest)
    return parts


def _plain(block: Block) -> str:
    text = strip_emphasis(block.text)
    if block.kind == "quote":
        return f"“{text}”"
    if block.kind == "heading":
        return f"▪ {text}"
    return f"{list_mark(text)}{text}" if block.kind == "item" else text
