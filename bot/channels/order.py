"""Keeps the messages of one chat in order while different chats run side by side."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class ChatLocks:
    """One lock a chat; first come, first served. A chat that is quiet costs no memory."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, chat: str) -> asyncio.Lock:
        """The chat's lock; hold on to it only while using it."""
        lock = self._locks.get(chat)
        if lock is None:
            lock = self._locks[chat] = asyncio.Lock()
        return lock
