"""Replies as Telegram HTML: nothing too long, nothing broken, nothing lost."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.emphasis import split_emphasis, strip_emphasis
from bot.channels.telegram_html import render, utf16_units
from bot.turns import Block

KINDS = ["text", "quote", "source", "heading", "item", "notice"]
words = st.text("ab ừ&<>*\n\"'😀•", max_size=120)
blocks = st.lists(st.builds(Block, kind=st.sampled_from(KINDS), text=words), max_size=8).map(tuple)


class _TagCheck(HTMLParser):
    """Fails on a tag that Telegram does not know, or that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "blockquote"}
        assert not attrs
        assert tag not in self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _without_space(text: str) -> str:
    return re.sub(r"[\s•]", "", text)


@given(blocks, st.integers(min_value=60, max_value=400))
def test_every_part_fits_and_is_well_formed(content: tuple[Block, ...], limit: int) -> None:
    for part in render(content, limit):
        assert utf16_units(part.html) <= limit
        assert utf16_units(part.plain) <= limit
        assert part.plain.strip()
        check = _TagCheck()
        check.feed(part.html)
        check.close()
        assert not check.open


@given(blocks, st.integers(min_value=60, max_value=400))
def test_nothing_is_lost_or_reordered(content: tuple[Block, ...], limit: int) -> None:
    parts = render(content, limit)
    said = "".join(strip_emphasis(block.text.strip()) for block in content)
    shown = "".join(html.unescape(re.sub(r"</?\w+>", "", part.html)) for part in parts)
    assert _without_space(shown) == _without_space(said)
    assert _without_space("".join(part.plain for part in parts)) == _without_space(said)


@given(words)
def test_markup_characters_only_come_from_us(text: str) -> None:
    [*parts] = render((Block(kind="text", text=text),))
    for part in parts:
        left = re.sub(r"</?i>|&(lt|gt|amp);", "", part.html)
        assert not set(left) & set("<>&")


def test_messages_end_between_paragraphs() -> None:
    paragraph = "đoạn " * 200
    content = tuple(Block(kind="text", text=f"{number} {paragraph}") for number in range(10))
    parts = render(content)
    assert len(parts) > 1
    assert all(re.match(r"\d ", part.plain) for part in parts)


def test_word_longer_than_a_message_is_cut() -> None:
    parts = render((Block(kind="quote", text="😀" * 5_000),))
    assert "".join(part.plain for part in parts) == "😀" * 5_000


def test_reply_without_text_is_no_message() -> None:
    assert render(()) == []
    assert render((Block(kind="item", text=" \n"),)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("trình khen (*kèm theo danh sách*).", "trình khen (<i>kèm theo danh sách</i>)."),
        ("**đậm** thôi", "<i>đậm</i> thôi"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("chú thích*", "chú thích*"),
        ("a*b*c", "a*b*c"),
        ("*dở\ndang*", "*dở\ndang*"),
    ],
)
def test_only_paired_asterisks_are_emphasis(text: str, shown: str) -> None:
    [part] = render((Block(kind="text", text=text),))
    assert part.html == shown


@given(words)
def test_runs_without_marks_are_the_text(text: str) -> None:
    runs = split_emphasis(text)
    assert all(run.text for run in runs)
    assert "".join(run.text for run in runs) == strip_emphasis(text)
    assert strip_emphasis(text).replace("*", "") == text.replace("*", "")
