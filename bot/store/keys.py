"""Keyed hashes in place of chat ids: the same chat is known again, nobody can tell which it is."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from pathlib import Path

from bot.store.schema import HASH_LENGTH, LONGEST_UPDATE_ID

KEY_FILE = "store.key"
_log = logging.getLogger(__name__)


class ChatHasher:
    """Hashes chat ids with one key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def __repr__(self) -> str:
        return "ChatHasher(***)"

    def __call__(self, channel: str, chat: str) -> str:
        """The chat's hash, HASH_LENGTH hexadecimal digits."""
        return self._digest(f"{channel}\0{chat}")

    @property
    def fingerprint(self) -> str:
        """Tells keys apart without giving them away."""
        return self._digest("fingerprint")

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[
            :HASH_LENGTH
        ]


def open_hasher(key: str, folder: Path) -> ChatHasher:
    """The hasher for a given key; without one, for the key in the folder, made at first use.

    Where the key can neither be read nor kept, one for this process alone is used and said so.
    """
    if key:
        return ChatHasher(key)
    path = folder / KEY_FILE
    try:
        return ChatHasher(_read(path) or _make(path))
    except OSError as error:
        _log.warning(
            "store: %s cannot be kept (%s); after a restart no chat is known again",
            path,
            error.strerror,
        )
        return ChatHasher(secrets.token_hex(32))


def fitting_id(update_id: str) -> str:
    """The id as it is, or its hash where it is longer than a row holds or cannot be stored."""
    if len(update_id) <= LONGEST_UPDATE_ID and update_id.isascii() and update_id.isprintable():
        return update_id
    return hashlib.sha256(update_id.encode(errors="surrogatepass")).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _make(path: Path) -> str:
    """Write a new key; of two processes at once the first one's key is used by both."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(new, path)
        except FileExistsError:
            if not _read(path):
                new.replace(path)
        except OSError:  # a file system without links
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return _read(path)
