"""The outbox: a chat's messages are sent in their order, one under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from bot.store import leases
from bot.store.leases import SEND, Lease
from bot.store.message_ids import last_of_account
from bot.store.schema import outgoing

_earlier = outgoing.alias()
_PUT = insert(outgoing)
# The chats whose first message is due and nobody sends, the longest waiting first.
_FREE_CHATS = (
    select(outgoing.c.chat)
    .where(
        outgoing.c.channel == bindparam("of_channel"),
        outgoing.c.not_before <= bindparam("now"),
        leases.is_free(outgoing, SEND),
        ~exists().where(
            _earlier.c.channel == outgoing.c.channel,
            _earlier.c.chat == outgoing.c.chat,
            _earlier.c.id < outgoing.c.id,
        ),
    )
    .order_by(outgoing.c.id)
    .limit(bindparam("at_most"))
)
_FIRST = (
    select(outgoing)
    .where(outgoing.c.channel == bindparam("of_channel"), outgoing.c.chat == bindparam("of_chat"))
    .order_by(outgoing.c.id)
    .limit(1)
)
_IS_IT = outgoing.c.id == bindparam("of_id")
_BEGIN = (
    update(outgoing)
    .where(_IS_IT)
    .values(
        sending_since=bindparam("now"),
        attempts=outgoing.c.attempts + 1,
        after_id=bindparam("newest_id"),
    )
)
_POSTPONE = update(outgoing).where(_IS_IT).values(sending_since=None, not_before=bindparam("until"))
_DONE = delete(outgoing).where(_IS_IT)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that this worker alone sends.

    `in_doubt`: an earlier worker began to send it and never said how that ended. `after_id` is
    the account's newest known message id when sending began, 0 for unknown.
    """

    id: int
    channel: str
    payload: str = field(repr=False)
    in_doubt: bool
    attempts: int
    queued_at: float
    lease: Lease = field(repr=False)
    after_id: int = 0


def put(
    connection: Connection, channel: str, chat: str, payloads: Sequence[str], now: float
) -> None:
    """Put messages at the end of the chat's outbox, in their order."""
    row = {"channel": channel, "chat": chat, "attempts": 0, "queued_at": now, "not_before": 0.0}
    for payload in payloads:
        connection.execute(_PUT, {**row, "payload": payload})


def take(connection: Connection, channel: str, at_most: int, now: float) -> list[Outgoing]:
    """The first messages of chats that nobody sends to, now marked as being sent."""
    held = leases.take(connection, _FREE_CHATS, SEND, channel, at_most, now)
    newest_id = last_of_account(connection, channel) if held else 0
    taken = []
    for lease in held:
        row = connection.execute(_FIRST, {"of_channel": channel, "of_chat": lease.chat}).first()
        if row is None or row.not_before > now:
            leases.free(connection, lease)
            continue
        in_doubt = row.sending_since is not None
        after_id = row.after_id or 0 if in_doubt else newest_id
        connection.execute(_BEGIN, {"of_id": row.id, "now": now, "newest_id": after_id})
        attempts = row.attempts + 1
        taken.append(
            Outgoing(
                row.id, channel, row.payload, in_doubt, attempts, row.queued_at, lease, after_id
            )
        )
    return taken


def done(connection: Connection, message: Outgoing) -> None:
    """Delete a message that arrived, or never can."""
    connection.execute(_DONE, {"of_id": message.id})


def postpone(connection: Connection, message: Outgoing, until: float) -> None:
    """Put a message back that is known not to have arrived."""
    connection.execute(_POSTPONE, {"of_id": message.id, "until": until})


def forget(connection: Connection, chat: str) -> None:
    """Delete the chat's messages."""
    connection.execute(delete(outgoing).where(outgoing.c.chat == chat))


def lengths(connection: Connection) -> dict[str, int]:
    """How many messages wait or are being sent, by channel."""
    counts = select(outgoing.c.channel, func.count()).group_by(outgoing.c.channel)
    return {row[0]: row[1] for row in connection.execute(counts)}
