"""Inbox and outbox: an update is handled once, a chat's in order; its replies are sent in order.

A worker takes a lease on a chat; one who dies loses it after LEASE_SECONDS and another goes on.
Whoever finds the lease gone has lost the chat: nothing of his work is written.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.sessions import Session
from bot.store.schema import leases, outgoing, sent_ids, updates
from bot.store.statements import changed, upsert

LEASE_SECONDS = 30.0
HANDLE, SEND = "handle", "send"
ACCOUNT = "account"  # the place of ids that count over all chats of the account
_CANDIDATES = 8  # chats tried before a worker is told that there is no work


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a chat for a while."""

    chat: str
    purpose: str
    token: str


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


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that this worker alone sends.

    `in_doubt`: an earlier worker began to send it and never said how that ended.
    `last_id` is the chat's newest known message id, `after_id` the account's when sending began;
    0 for unknown.
    """

    id: int
    channel: str
    payload: str = field(repr=False)
    in_doubt: bool
    attempts: int
    queued_at: float
    lease: Lease = field(repr=False)
    last_id: int = 0
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many updates wait to be handled, and how many messages to be sent."""

    waiting: int
    outgoing: int


def put(connection: Connection, row: dict[str, Any], account_id: int) -> bool:
    """Keep a new update, and the message id of the account; False for an update that is known."""
    if account_id:
        note_id(connection, row["channel"], ACCOUNT, account_id, row["received_at"])
    new = upsert(connection, updates).values(attempts=0, **row)
    return changed(connection, new.on_conflict_do_nothing()) == 1


def take_update(connection: Connection, channel: str, now: float) -> tuple[Lease, int] | None:
    """A lease on a chat with waiting updates, and its oldest update's id; None without work."""
    waiting = (updates.c.channel == channel) & updates.c.handled_at.is_(None)
    oldest = select(updates.c.chat, func.min(updates.c.id).label("first")).where(waiting)
    for chat in _free_chats(connection, oldest.group_by(updates.c.chat), HANDLE, now):
        lease = _lease(connection, chat, HANDLE, channel, now)
        if lease is None:
            continue
        # Looked up under the lease: what was seen before it may have been handled meanwhile.
        first = connection.execute(
            select(updates.c.id)
            .where(waiting, updates.c.chat == chat)
            .order_by(updates.c.position, updates.c.id)
            .limit(1)
        ).scalar()
        if first is not None:
            attempts = updates.c.attempts + 1
            connection.execute(
                update(updates).where(updates.c.id == first).values(attempts=attempts)
            )
            return lease, first
        free(connection, lease)
    return None


def take_outgoing(connection: Connection, channel: str, now: float) -> Outgoing | None:
    """The first unsent message of a chat that nobody sends to, now marked as being sent."""
    mine = outgoing.c.channel == channel
    first_ids = select(outgoing.c.chat, func.min(outgoing.c.id).label("first")).where(mine)
    heads = first_ids.group_by(outgoing.c.chat).subquery()
    due = (
        select(heads.c.chat, heads.c.first)
        .join(outgoing, outgoing.c.id == heads.c.first)
        .where(outgoing.c.not_before <= now)
    )
    for chat in _free_chats(connection, due, SEND, now):
        lease = _lease(connection, chat, SEND, channel, now)
        if lease is None:
            continue
        head = connection.execute(
            select(outgoing).where(mine, outgoing.c.chat == chat).order_by(outgoing.c.id).limit(1)
        ).first()
        if head is not None and head.not_before <= now:
            is_first = head.sending_since is None
            after_id = last_id(connection, channel, ACCOUNT) if is_first else head.after_id or 0
            attempts = head.attempts + 1
            values = {"sending_since": now, "attempts": attempts, "after_id": after_id}
            connection.execute(update(outgoing).where(outgoing.c.id == head.id).values(values))
            return Outgoing(
                head.id,
                channel,
                head.payload,
                not is_first,
                attempts,
                head.queued_at,
                lease,
                last_id(connection, channel, chat),
                after_id,
            )
        free(connection, lease)
    return None


def last_id(connection: Connection, channel: str, place: str) -> int:
    """The newest known id of a message sent to the place; 0 when none is known."""
    found = select(sent_ids.c.last_id).where(
        sent_ids.c.channel == channel, sent_ids.c.place == place
    )
    return connection.execute(found).scalar() or 0


def note_id(connection: Connection, channel: str, place: str, message_id: int, now: float) -> None:
    """Remember the id of a message that was sent, unless a newer one is known."""
    values = {"last_id": message_id, "sent_at": now}
    statement = upsert(connection, sent_ids).values(channel=channel, place=place, **values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[sent_ids.c.channel, sent_ids.c.place],
            set_=values,
            where=sent_ids.c.last_id < message_id,
        )
    )


def mark_handled(connection: Connection, update_id: int, now: float) -> None:
    """Wipe the update but for its id."""
    wiped = {"payload": None, "chat": None, "handled_at": now}
    connection.execute(update(updates).where(updates.c.id == update_id).values(wiped))


def queue_outgoing(
    connection: Connection, channel: str, chat: str, payloads: Sequence[str], now: float
) -> None:
    """Put messages at the end of the chat's outbox, in their order."""
    row = {"channel": channel, "chat": chat, "attempts": 0, "queued_at": now, "not_before": 0.0}
    for payload in payloads:
        connection.execute(insert(outgoing).values({**row, "payload": payload}))


def expire(connection: Connection, handled_before: float, sent_before: float) -> None:
    """Delete what was kept of updates handled, and of messages sent, before these times."""
    connection.execute(delete(updates).where(updates.c.handled_at < handled_before))
    connection.execute(delete(sent_ids).where(sent_ids.c.sent_at < sent_before))


def forget_updates(connection: Connection, chat: str) -> None:
    """Delete the chat's updates."""
    connection.execute(delete(updates).where(updates.c.chat == chat))


def forget_outgoing(connection: Connection, chat: str) -> None:
    """Delete the chat's messages, waiting and sent."""
    connection.execute(delete(outgoing).where(outgoing.c.chat == chat))
    connection.execute(delete(sent_ids).where(sent_ids.c.place == chat))


def free(connection: Connection, lease: Lease) -> bool:
    """Give the lease back; False when it was lost before."""
    return changed(connection, delete(leases).where(_is(lease))) == 1


def renew(connection: Connection, lease: Lease, now: float) -> bool:
    """Hold the lease for another LEASE_SECONDS; False when it was lost."""
    until = now + LEASE_SECONDS
    return changed(connection, update(leases).where(_is(lease)).values(until=until)) == 1


def free_all(connection: Connection, channel: str) -> None:
    """Give back every lease of a channel whose workers are known to be dead."""
    connection.execute(delete(leases).where(leases.c.channel == channel))


def backlogs(connection: Connection) -> dict[str, Backlog]:
    """The sizes of the queues, of each channel with anything in them."""
    waiting = select(updates.c.channel, func.count()).where(updates.c.handled_at.is_(None))
    unsent = select(outgoing.c.channel, func.count()).group_by(outgoing.c.channel)
    n_waiting = {row[0]: row[1] for row in connection.execute(waiting.group_by(updates.c.channel))}
    n_unsent = {row[0]: row[1] for row in connection.execute(unsent)}
    return {
        channel: Backlog(n_waiting.get(channel, 0), n_unsent.get(channel, 0))
        for channel in n_waiting.keys() | n_unsent.keys()
    }


def _free_chats(
    connection: Connection, firsts: Select[tuple[str, int]], purpose: str, now: float
) -> list[str]:
    """Chats with work that nobody holds, the longest waiting first."""
    heads = firsts.subquery()
    is_held = exists().where(
        leases.c.chat == heads.c.chat, leases.c.purpose == purpose, leases.c.until > now
    )
    chats = select(heads.c.chat).where(~is_held).order_by(heads.c.first).limit(_CANDIDATES)
    return list(connection.scalars(chats))


def _lease(
    connection: Connection, chat: str, purpose: str, channel: str, now: float
) -> Lease | None:
    """The lease on a chat; None when another worker was quicker."""
    lease = Lease(chat, purpose, secrets.token_hex(16))
    held = {"channel": channel, "token": lease.token, "until": now + LEASE_SECONDS}
    statement = (
        upsert(connection, leases)
        .values(chat=chat, purpose=purpose, **held)
        .on_conflict_do_update(
            index_elements=[leases.c.chat, leases.c.purpose], set_=held, where=leases.c.until <= now
        )
    )
    return lease if changed(connection, statement) == 1 else None


def _is(lease: Lease) -> ColumnElement[bool]:
    return and_(
        leases.c.chat == lease.chat,
        leases.c.purpose == lease.purpose,
        leases.c.token == lease.token,
    )
