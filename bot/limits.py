"""How many messages one chat, and all chats together, may send; kept in this process alone."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MAX_CHATS = 20_000  # the chats that were quiet longest are forgotten first


class Admission(Enum):
    """What to do with a message: answer it, say once that it is too much, or say nothing."""

    ADMITTED = "admitted"
    REFUSED_FIRST = "refused_first"
    REFUSED = "refused"


@dataclass(slots=True)
class _Bucket:
    """Holds so many tokens as messages are left; a minute fills it."""

    tokens: float
    filled_at: float
    was_told: bool = False

    def fill(self, per_minute: int, now: float) -> None:
        gained = max(0.0, now - self.filled_at) * per_minute / 60
        self.tokens, self.filled_at = min(per_minute, self.tokens + gained), now


class Limits:
    """Token buckets for each chat and for all. Safe to use from several threads."""

    def __init__(
        self, per_minute: int, per_minute_all: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._per_minute_all = per_minute_all
        self._clock = clock
        self._all = _Bucket(per_minute_all, clock())
        self._chats: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, channel: str, chat: str) -> Admission:
        """Count one message of the chat, and whether it may be answered.

        The first message that is too much is REFUSED_FIRST; it is so again only after the chat
        has been answered in between.
        """
        with self._lock:
            now = self._clock()
            bucket = self._bucket(channel, chat, now)
            bucket.fill(self._per_minute, now)
            self._all.fill(self._per_minute_all, now)
            if bucket.tokens >= 1 and self._all.tokens >= 1:
                bucket.tokens -= 1
                self._all.tokens -= 1
                bucket.was_told = False
                return Admission.ADMITTED
            if bucket.was_told:
                return Admission.REFUSED
            bucket.was_told = True
            return Admission.REFUSED_FIRST

    def _bucket(self, channel: str, chat: str, now: float) -> _Bucket:
        key = (channel, chat)
        bucket = self._chats.setdefault(key, _Bucket(self._per_minute, now))
        self._chats.move_to_end(key)
        while len(self._chats) > MAX_CHATS:
            self._chats.popitem(last=False)
        return bucket
