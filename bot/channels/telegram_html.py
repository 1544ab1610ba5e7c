"""A reply as Telegram messages: safe HTML, and no message longer than Telegram takes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.emphasis import Run, split_emphasis, strip_emphasis
from bot.channels.layout import list_mark, stands_close
from bot.turns import Block

MAX_UNITS = 4096  # of UTF-16, for one message; counted here with its tags, to be on the safe side

_TAGS = {"quote": "blockquote", "heading": "b", "source": "i", "notice": "i"}
_ITALIC_COST = len("<i></i>")


@dataclass(frozen=True, slots=True)
class Part:
    """One message, as HTML and as the plain text to send when Telegram refuses the HTML."""

    html: str
    plain: str


def render(blocks: tuple[Block, ...], limit: int = MAX_UNITS) -> list[Part]:
    """The blocks as messages of at most `limit` UTF-16 units each, in order.

    Messages end between paragraphs wherever that is possible. No text, no message.
    """
    parts: list[Part] = []
    previous = ""
    for block in blocks:
        for paragraph in _paragraphs(block, limit):
            gap = "\n" if stands_close(previous, block.kind) else "\n\n"
            if parts and utf16_units(parts[-1].html + gap + paragraph.html) <= limit:
                last = parts.pop()
                paragraph = Part(
                    last.html + gap + paragraph.html, last.plain + gap + paragraph.plain
                )
            parts.append(paragraph)
            previous = block.kind
    return parts


def utf16_units(text: str) -> int:
    """The text's length as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _paragraphs(block: Block, limit: int) -> Iterator[Part]:
    """The block as one paragraph, or as several when it is too long for one message."""
    text = block.text.strip()
    if block.kind == "item" and text:
        text = list_mark(text) + text
    tag = _TAGS.get(block.kind, "")
    opening, closing = (f"<{tag}>", f"</{tag}>") if tag else ("", "")
    runs = split_emphasis(text)
    if tag == "i":  # all of it is in italics already
        runs = [Run(strip_emphasis(text), False)]
    for piece in _pieces(runs, limit - len(opening + closing)):
        if not any(run.text.strip() for run in piece):
            continue
        inner = "".join(
            f"<i>{_escape(run.text)}</i>" if run.emphasized else _escape(run.text) for run in piece
        )
        yield Part(opening + inner + closing, "".join(run.text for run in piece))


def _pieces(runs: list[Run], room: int) -> Iterator[list[Run]]:
    """The runs cut, between words where there are any, into pieces that fit `room` as HTML."""
    piece: list[Run] = []
    used = 0
    for atom in _atoms(runs, room):
        same_style = bool(piece) and piece[-1].emphasized == atom.emphasized
        cost = utf16_units(_escape(atom.text))
        if atom.emphasized and not same_style:
            cost += _ITALIC_COST
        if piece and used + cost > room:
            yield piece
            piece, used, same_style = [], 0, False
            cost = utf16_units(_escape(atom.text)) + _ITALIC_COST * atom.emphasized
        if same_style:
            piece[-1] = Run(piece[-1].text + atom.text, atom.emphasized)
        else:
            piece.append(atom)
        used += cost
    yield piece


def _atoms(runs: list[Run], room: int) -> Iterator[Run]:
    """What may not be cut: words with the space behind them, or letters of a word too long."""
    for run in runs:
        for word in re.findall(r"\S+\s*|\s+", run.text):
            if utf16_units(_escape(word)) + _ITALIC_COST <= room:
                yield Run(word, run.emphasized)
            else:
                yield from (Run(letter, run.emphasized) for letter in word)


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
