"""Which message ids are known, to tell what became of a message in doubt.

An account's ids rise over all its private chats and small groups; each one known to be of
another message, sent or received, need not be looked at. A supergroup counts for itself; of it
the newest id of a message sent there is kept.
"""

from __future__ import annotations

from itertools import count, islice

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.store.schema import account_ids, sent_ids
from bot.store.statements import upsert

_MOST_KNOWN = 2000  # ids read at once; beyond them one is looked at in vain at worst

_NOTE_OF_ACCOUNT = upsert(account_ids, lambda new: new.on_conflict_do_nothing())
_NOTE_OF_PLACE = upsert(
    sent_ids,
    lambda new: new.on_conflict_do_update(
        index_elements=[sent_ids.c.channel, sent_ids.c.place],
        set_={"last_id": new.excluded.last_id, "sent_at": new.excluded.sent_at},
        where=sent_ids.c.last_id < new.excluded.last_id,
    ),
)
_LAST_OF_ACCOUNT = select(func.max(account_ids.c.message_id)).where(
    account_ids.c.channel == bindparam("of_channel")
)
_LAST_OF_PLACE = select(sent_ids.c.last_id).where(
    sent_ids.c.channel == bindparam("of_channel"), sent_ids.c.place == bindparam("of_place")
)
_KNOWN = (
    select(account_ids.c.message_id)
    .where(
        account_ids.c.channel == bindparam("of_channel"),
        account_ids.c.message_id > bindparam("above"),
    )
    .order_by(account_ids.c.message_id)
    .limit(_MOST_KNOWN)
)


def note_of_account(connection: Connection, channel: str, message_id: int, now: float) -> None:
    """Remember the id of a message that was received or sent."""
    row = {"channel": channel, "message_id": message_id, "noted_at": now}
    connection.execute(_NOTE_OF_ACCOUNT(connection), row)


def note_of_place(
    connection: Connection, channel: str, place: str, message_id: int, now: float
) -> None:
    """Remember the id of a message that was sent to the place, unless a newer one is known."""
    row = {"channel": channel, "place": place, "last_id": message_id, "sent_at": now}
    connection.execute(_NOTE_OF_PLACE(connection), row)


def last_of_account(connection: Connection, channel: str) -> int:
    """The account's newest known id; 0 when none is known."""
    return connection.scalar(_LAST_OF_ACCOUNT, {"of_channel": channel}) or 0


def last_of_place(connection: Connection, channel: str, place: str) -> int:
    """The newest known id of a message sent to the place; 0 when none is known."""
    return connection.scalar(_LAST_OF_PLACE, {"of_channel": channel, "of_place": place}) or 0


def unknown_of_account(connection: Connection, channel: str, above: int, at_most: int) -> list[int]:
    """The lowest ids above `above` that are of no known message."""
    known = set(connection.scalars(_KNOWN, {"of_channel": channel, "above": above}))
    return list(islice((number for number in count(above + 1) if number not in known), at_most))


def expire(connection: Connection, noted_before: float) -> None:
    """Delete what was noted before this time."""
    connection.execute(delete(account_ids).where(account_ids.c.noted_at < noted_before))
    connection.execute(delete(sent_ids).where(sent_ids.c.sent_at < noted_before))


def forget(connection: Connection, place: str) -> None:
    """Delete the place's newest id."""
    connection.execute(delete(sent_ids).where(sent_ids.c.place == place))
