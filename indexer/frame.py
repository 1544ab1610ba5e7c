"""What stands around the numbered part of a document: header, title, preamble, closing."""

from __future__ import annotations

import re

from indexer.blocks import Block
from indexer.lines import Role
from indexer.markers import Kind

HEADER_ID, TITLE_ID, PREAMBLE_ID, CLOSING_ID = "HEADER", "TITLE", "PREAMBLE", "CLOSING"
_PREAMBLE_CUE = re.compile(r"^(?:căn cứ|kính gửi|theo đề nghị|xét đề nghị)\b", re.IGNORECASE)
_CLOSING_CUE = re.compile(
    r"^(?:trên đây là|trong quá trình|quá trình (?:tổ chức |triển khai )?thực hiện"
    r"|yêu cầu (?:các|thủ trưởng)|đề nghị (?:các|thủ trưởng)"
    r"|(?:kế hoạch|quyết định|văn bản|công văn|hướng dẫn) này)",
    re.IGNORECASE,
)


def front_matter(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """The blocks before the first numbered one, as parts with their clause ids, none empty.

    The title ends where the first sentence ends or the legal grounds begin. A letter has its
    subject ("V/v …") for a title, though that stands inside the header.
    """
    first = next((i for i, block in enumerate(blocks) if block.is_numbered), len(blocks))
    front = blocks[:first]
    header = [block for block in front if block.role is Role.HEADER]
    subject = [block for block in front if block.role is Role.SUBJECT]
    body = [block for block in front if block.role not in (Role.HEADER, Role.SUBJECT)]
    split = next((i for i, block in enumerate(body) if _starts_preamble(block)), len(body))
    parts = [
        (HEADER_ID, header),
        (TITLE_ID, subject + body[:split]),
        (PREAMBLE_ID, body[split:]),
    ]
    return [(clause_id, part) for clause_id, part in parts if part]


def last_numbered(blocks: list[Block]) -> int:
    """The position of the last numbered block of the document itself, before any appendix."""
    last = -1
    for index, block in enumerate(blocks):
        if block.marker and block.marker.kind <= Kind.APPENDIX:
            break
        if block.is_numbered:
            last = index
    return last


def speaks_of_whole(block: Block) -> bool:
    """Whether it opens as the closing words of a document do."""
    return bool(_CLOSING_CUE.match(block.text))


def _starts_preamble(block: Block) -> bool:
    return block.text.endswith((".", ";", ":")) or bool(_PREAMBLE_CUE.match(block.text))
