"""Files that a chat got a link to. Only the link's hash is kept; a row lives for an hour."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from bot.store.schema import downloads

DOWNLOAD_SECONDS = 3600
KEPT_A_CHAT = 5  # the newest; older links of the chat end sooner


@dataclass(frozen=True, slots=True)
class Download:
    """A file, and the secret that its link holds."""

    name: str
    content: bytes = field(repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


def keep(connection: Connection, chat: str, files: Sequence[Download], now: float) -> None:
    """Keep the files of a chat, and of its earlier ones only the newest."""
    for file in files:
        row = {"link": _hash(file.token), "name": file.name, "content": file.content}
        connection.execute(insert(downloads).values(**row, chat=chat, kept_at=now))
    if files:
        newest = select(downloads.c.id).where(downloads.c.chat == chat)
        kept = connection.scalars(newest.order_by(downloads.c.id.desc()).limit(KEPT_A_CHAT)).all()
        own = downloads.c.chat == chat
        connection.execute(delete(downloads).where(own, downloads.c.id.not_in(kept)))


def find(connection: Connection, token: str, now: float) -> Download | None:
    """The file behind a link; None when there is none or it is too old."""
    is_it = downloads.c.link == _hash(token)
    query = select(downloads.c.name, downloads.c.content)
    row = connection.execute(query.where(is_it, downloads.c.kept_at > _oldest(now))).first()
    return None if row is None else Download(row.name, row.content, token)


def forget(connection: Connection, chat: str) -> None:
    """Delete the chat's files."""
    connection.execute(delete(downloads).where(downloads.c.chat == chat))


def expire(connection: Connection, now: float) -> None:
    """Delete the files whose links lead nowhere any more."""
    connection.execute(delete(downloads).where(downloads.c.kept_at <= _oldest(now)))


def _oldest(now: float) -> float:
    return now - DOWNLOAD_SECONDS


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
