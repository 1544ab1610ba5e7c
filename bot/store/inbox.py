"""The inbox: every update is kept once, and handled once, a chat's in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.sessions import Session
from bot.store import leases
from bot.store.leases import HANDLE, Lease
from bot.store.schema import updates
from bot.store.sessions import load_session
from bot.store.statements import changed, upsert

_waiting = updates.c.handled_at.is_(None)
_earlier = updates.alias()
_PUT = upsert(updates, lambda new: new.on_conflict_do_nothing())
# The chats whose oldest waiting update nobody handles, the longest waiting first.
_FREE_CHATS = (
    select(updates.c.chat)
    .where(
        updates.c.channel == bindparam("of_channel"),
        _waiting,
        leases.is_free(updates, HANDLE),
        ~exists().where(
            _earlier.c.channel == updates.c.channel,
            _earlier.c.chat == updates.c.chat,
            _earlier.c.handled_at.is_(None),
            _earlier.c.id < updates.c.id,
        ),
    )
    .order_by(updates.c.id)
    .limit(bindparam("at_most"))
)
_FIRST = (
    select(updates)
    .where(
        updates.c.channel == bindparam("of_channel"),
        updates.c.chat == bindparam("of_chat"),
        _waiting,
    )
    .order_by(updates.c.position, updates.c.id)
    .limit(1)
)
_ATTEMPT = (
    update(updates)
    .where(updates.c.id == bindparam("of_id"))
    .values(attempts=updates.c.attempts + 1)
)
_HANDLED = (
    update(updates)
    .where(updates.c.id == bindparam("of_id"))
    .values(payload=None, chat=None, handled_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came in.

    A chat's updates are handled by rising `position`, those of equal position as they came.
    """

    update_id: str
    chat: str
    payload: str = field(repr=False)
    position: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """A received update that this worker alone handles.

    `attempts` counts the workers that took it up, this one included. `session` is the chat's.
    """

    id: int
    channel: str
    payload: str = field(repr=False)
    session: Session = field(repr=False)
    attempts: int
    received_at: float
    lease: Lease = field(repr=False)


def put(connection: Connection, channel: str, arrival: Arrival, now: float) -> bool:
    """Keep a new update; False for one that is known. Its chat is a hash already."""
    row = {
        "channel": channel,
        "update_id": arrival.update_id,
        "chat": arrival.chat,
        "payload": arrival.payload,
        "position": arrival.position,
        "attempts": 0,
        "received_at": now,
    }
    return changed(connection, _PUT(connection), row) == 1


def take(
    connection: Connection, channel: str, at_most: int, now: float, oldest_session: float
) -> list[Update]:
    """The next updates of chats that nobody handles, one a chat, each with a lease."""
    taken = []
    for lease in leases.take(connection, _FREE_CHATS, HANDLE, channel, at_most, now):
        # Looked up under the lease: what was seen before it may have been handled meanwhile.
        row = connection.execute(_FIRST, {"of_channel": channel, "of_chat": lease.chat}).first()
        if row is None:
            leases.free(connection, lease)
            continue
        connection.execute(_ATTEMPT, {"of_id": row.id})
        session = load_session(connection, lease.chat, oldest_session)
        taken.append(_taken(row, session, lease))
    return taken


def mark_handled(connection: Connection, update_id: int, now: float) -> None:
    """Wipe the update but for its id, so that it is known when it comes again."""
    connection.execute(_HANDLED, {"of_id": update_id, "now": now})


def expire(connection: Connection, handled_before: float) -> None:
    """Delete what was kept of updates handled before this time."""
    connection.execute(delete(updates).where(updates.c.handled_at < handled_before))


def forget(connection: Connection, chat: str) -> None:
    """Delete the chat's updates."""
    connection.execute(delete(updates).where(updates.c.chat == chat))


def lengths(connection: Connection) -> dict[str, int]:
    """How many updates wait, by channel."""
    counts = select(updates.c.channel, func.count()).where(_waiting).group_by(updates.c.channel)
    return {row[0]: row[1] for row in connection.execute(counts)}


def _taken(row: Row[Any], session: Session, lease: Lease) -> Update:
    attempts = row.attempts + 1
    return Update(row.id, row.channel, row.payload, session, attempts, row.received_at, lease)
