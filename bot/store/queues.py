"""Inbox and outbox of a channel, as a worker uses them: every call is one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.records import TurnRecord
from bot.sessions import Session
from bot.store import downloads, inbox, learning, leases, message_ids, outbox
from bot.store.database import Database
from bot.store.downloads import Download
from bot.store.inbox import Arrival, Update
from bot.store.keys import ChatHasher, fitting_id
from bot.store.outbox import Outgoing
from bot.store.sessions import delete_session, save_session

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many updates wait to be handled, and how many messages to be sent."""

    waiting: int
    outgoing: int


class Queues:
    """An update is handled once, a chat's in order; its replies are sent in order.

    Any method may raise StoreUnavailableError, with nothing written.
    """

    def __init__(
        self,
        database: Database,
        hasher: ChatHasher,
        session_hours: float,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._hash = hasher
        self._session_seconds = session_hours * HOUR
        self._clock = clock
        self._just_forgotten: set[str] = set()

    # -- inbox -------------------------------------------------------------------------------

    def receive(
        self, channel: str, update_id: str, chat: str, payload: str, position: int = 0
    ) -> bool:
        """Keep an update to be handled; False, and nothing done, for one that is known."""
        return self.receive_many(channel, [Arrival(update_id, chat, payload, position)]) == 1

    def receive_many(
        self, channel: str, arrivals: Sequence[Arrival], account_ids: Sequence[int] = ()
    ) -> int:
        """Keep those updates that are not known; how many these were.

        `account_ids` are ids of messages that came in, where they count over all chats.
        """
        now = self._clock()
        hashed = [
            replace(
                arrival,
                update_id=fitting_id(arrival.update_id),
                chat=self._hash(channel, arrival.chat),
            )
            for arrival in arrivals
        ]

        def work(connection: Connection) -> int:
            for message_id in account_ids:
                message_ids.note_of_account(connection, channel, message_id, now)
            return sum(inbox.put(connection, channel, arrival, now) for arrival in hashed)

        return self._database.run(work)

    def claim(self, channel: str) -> Update | None:
        """The first waiting update of a chat that nobody handles; None when there is none."""
        taken = self.claim_many(channel, 1)
        return taken[0] if taken else None

    def claim_many(self, channel: str, at_most: int) -> list[Update]:
        """The first waiting updates of chats that nobody handles, one a chat."""
        now, oldest = self._clock(), self._oldest_session()
        return self._database.run(lambda c: inbox.take(c, channel, at_most, now, oldest))

    def finish(
        self,
        handled: Update,
        session: Session | None,
        replies: Sequence[str] = (),
        record: TurnRecord | None = None,
        place: str | None = None,
        files: Sequence[Download] = (),
    ) -> bool:
        """Commit a turn at once: session, messages to send in order, the record, update done.

        `session` None: unchanged. `place` is where the messages go, if not the chat alone; those
        of a place are sent one at a time. `files` are what they link to. False when the lease was
        lost, with nothing written.
        """
        now, channel, chat = self._clock(), handled.channel, handled.lease.chat
        target = chat if place is None else self._hash(channel, place)

        def work(connection: Connection) -> bool:
            if not leases.free(connection, handled.lease):
                return False
            self._keep(connection, channel, chat, session, record, now)
            downloads.keep(connection, chat, files, now)
            outbox.put(connection, channel, target, replies, now)
            inbox.mark_handled(connection, handled.id, now)
            return True

        is_done = self._database.run(work)
        if is_done and record is not None and record.forgets:
            self._just_forgotten.add(target)
            self._database.shrink()
        return is_done

    def release(self, taken: Update | Outgoing) -> None:
        """Put it back untouched, for any worker. A message must not have been sent in part."""
        if isinstance(taken, Outgoing):
            self.postpone(taken, 0)
        else:
            self._database.run(lambda c: leases.free(c, taken.lease))

    def renew(self, taken: Update | Outgoing) -> bool:
        """Hold it for another LEASE_SECONDS; False when another worker has it already."""
        now = self._clock()
        return self._database.run(lambda c: leases.renew(c, taken.lease, now))

    # -- outbox ------------------------------------------------------------------------------

    def next_outgoing(self, channel: str) -> Outgoing | None:
        """The next message of a chat that has none under way, now marked as being sent."""
        taken = self.next_outgoing_many(channel, 1)
        return taken[0] if taken else None

    def next_outgoing_many(self, channel: str, at_most: int) -> list[Outgoing]:
        """The next messages of chats that have none under way, now marked as being sent."""
        now = self._clock()
        return self._database.run(lambda c: outbox.take(c, channel, at_most, now))

    def sent(self, message: Outgoing, message_id: int = 0, *, of_account: bool = False) -> None:
        """The message arrived, or never can: it is deleted, the chat's next one may go.

        `message_id` is the id it got, if any; `of_account` when ids count over all chats.
        """
        now, channel, place = self._clock(), message.channel, message.lease.chat

        def work(connection: Connection) -> None:
            if message_id and of_account:
                message_ids.note_of_account(connection, channel, message_id, now)
            elif message_id:
                message_ids.note_of_place(connection, channel, place, message_id, now)
            outbox.done(connection, message)
            leases.free(connection, message.lease)

        self._database.run(work)
        if place in self._just_forgotten:  # its address was in the message
            self._just_forgotten.discard(place)
            self._database.shrink()

    def possible_ids(
        self, message: Outgoing, above: int, at_most: int, *, of_account: bool
    ) -> list[int]:
        """The lowest ids above `above` that a message in doubt may have got if it arrived."""
        channel, place = message.channel, message.lease.chat

        def work(connection: Connection) -> list[int]:
            if of_account:
                lowest = max(above, message.after_id)
                return message_ids.unknown_of_account(connection, channel, lowest, at_most)
            lowest = max(above, message_ids.last_of_place(connection, channel, place))
            return list(range(lowest + 1, lowest + 1 + at_most))

        return self._database.run(work, reads=True)

    def postpone(self, message: Outgoing, seconds: float) -> None:
        """The message is known not to have arrived: it is tried again after `seconds`.

        The chat's later messages wait for it; other chats do not.
        """
        until = self._clock() + seconds

        def work(connection: Connection) -> None:
            if leases.free(connection, message.lease):
                outbox.postpone(connection, message, until)

        self._database.run(work)

    # -- operation ---------------------------------------------------------------------------

    def take_over(self, channel: str) -> None:
        """At the start of a channel: what an earlier process held is free at once.

        Only where no other process can serve the channel, which is so with an SQLite file; on
        PostgreSQL nothing happens and leases of dead processes run out by themselves.
        """
        if not self._database.is_shared:
            self._database.run(lambda c: leases.free_all(c, channel))

    def backlogs(self) -> dict[str, Backlog]:
        """The sizes of the queues, of each channel with anything in them."""

        def work(connection: Connection) -> dict[str, Backlog]:
            waiting, unsent = inbox.lengths(connection), outbox.lengths(connection)
            channels = waiting.keys() | unsent.keys()
            return {name: Backlog(waiting.get(name, 0), unsent.get(name, 0)) for name in channels}

        return self._database.run(work, reads=True)

    def _keep(
        self,
        connection: Connection,
        channel: str,
        chat: str,
        session: Session | None,
        record: TurnRecord | None,
        now: float,
    ) -> None:
        if session is not None:
            save_session(connection, channel, chat, session, now)
        if record is not None:
            if record.forgets:
                self._forget(connection, chat)
            learning.note(connection, channel, chat, record, now, self._oldest_session())

    def _forget(self, connection: Connection, chat: str) -> None:
        """All but updates: those are the command itself, and what came after it."""
        delete_session(connection, chat)
        outbox.forget(connection, chat)
        message_ids.forget(connection, chat)
        downloads.forget(connection, chat)
        learning.forget(connection, chat)

    def _oldest_session(self) -> float:
        return self._clock() - self._session_seconds
