"""Leases on chats: of all workers in all processes one handles a chat, and one sends to it.

A worker who dies loses his lease after LEASE_SECONDS and another goes on. Whoever finds his lease
gone has lost the chat: nothing of his work is written.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    update,
)

from bot.store.schema import leases
from bot.store.statements import changed, upsert

LEASE_SECONDS = 30.0
HANDLE, SEND = "handle", "send"
_TRIES = 3  # to take chats that others take at the same time

_TAKE = upsert(
    leases,
    lambda new: new.on_conflict_do_update(
        index_elements=[leases.c.chat, leases.c.purpose],
        set_={
            "channel": new.excluded.channel,
            "token": new.excluded.token,
            "until": new.excluded.until,
        },
        where=leases.c.until <= bindparam("now"),
    ),
)
_OWN = and_(
    leases.c.chat == bindparam("of_chat"),
    leases.c.purpose == bindparam("for_purpose"),
    leases.c.token == bindparam("with_token"),
)
_FREE = delete(leases).where(_OWN)
_RENEW = update(leases).where(_OWN).values(until=bindparam("new_until"))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a chat for a while."""

    chat: str
    purpose: str
    token: str


def is_free(queue: Table, purpose: str) -> ColumnElement[bool]:
    """That nobody holds the chat of a queue's row; `now` is to be given with the statement."""
    return ~exists().where(
        leases.c.chat == queue.c.chat,
        leases.c.purpose == purpose,
        leases.c.until > bindparam("now"),
    )


def take(
    connection: Connection,
    free_chats: Select[Any],
    purpose: str,
    channel: str,
    at_most: int,
    now: float,
) -> list[Lease]:
    """Leases on chats that `free_chats` finds and no other worker was quicker to take."""
    values = {"of_channel": channel, "now": now, "at_most": at_most}
    for _ in range(_TRIES):
        # In the same order by every worker, lest two of them wait for each other.
        chats = sorted(connection.scalars(free_chats, values))
        tried = (_take(connection, chat, purpose, channel, now) for chat in chats)
        taken = [lease for lease in tried if lease is not None]
        if taken or not chats:
            return taken
    return []


def free(connection: Connection, lease: Lease) -> bool:
    """Give the lease back; False when it was lost before."""
    return changed(connection, _FREE, _named(lease)) == 1


def renew(connection: Connection, lease: Lease, now: float) -> bool:
    """Hold the lease for another LEASE_SECONDS; False when it was lost."""
    values = {**_named(lease), "new_until": now + LEASE_SECONDS}
    return changed(connection, _RENEW, values) == 1


def free_all(connection: Connection, channel: str) -> None:
    """Give back every lease of a channel whose workers are known to be dead."""
    connection.execute(delete(leases).where(leases.c.channel == channel))


def _named(lease: Lease) -> dict[str, str]:
    return {"of_chat": lease.chat, "for_purpose": lease.purpose, "with_token": lease.token}


def _take(
    connection: Connection, chat: str, purpose: str, channel: str, now: float
) -> Lease | None:
    lease = Lease(chat, purpose, secrets.token_hex(16))
    row = {"chat": chat, "purpose": purpose, "channel": channel, "token": lease.token}
    values = {**row, "until": now + LEASE_SECONDS, "now": now}
    return lease if changed(connection, _TAKE(connection), values) == 1 else None
