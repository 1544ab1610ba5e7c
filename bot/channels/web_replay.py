"""Remembers each visitor's last turn, so that a turn sent twice is taken once.

A page that loses its connection cannot know whether its message got through, and sends it again.
"""

from __future__ import annotations

from collections import OrderedDict

MAX_VISITORS = 2_000
MAX_BYTES = 64 * 1024  # larger replies carry files, and asking for a file again changes nothing


class Replays:
    """The last reply of each visitor under the name that the page gave its turn."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def find(self, session: str, turn: str) -> bytes | None:
        """The reply that this very turn got; None if it is a new one."""
        name, reply = self._last.get(session, ("", b""))
        return reply if turn and name == turn else None

    def keep(self, session: str, turn: str, reply: bytes) -> None:
        """Remember the reply in place of the one before."""
        self._last.pop(session, None)
        if not turn or len(reply) > MAX_BYTES:
            return
        self._last[session] = (turn, reply)
        while len(self._last) > MAX_VISITORS:
            self._last.popitem(last=False)
