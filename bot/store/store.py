"""The store: one object over one database, whatever the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, select, update

from bot.records import TurnRecord
from bot.sessions import Session
from bot.store import downloads, learning, queue
from bot.store.database import Database
from bot.store.downloads import Download
from bot.store.errors import StoreUnavailableError
from bot.store.keys import ChatHasher, fitting_id
from bot.store.learning import Statistics, Unanswered
from bot.store.queue import Backlog, Outgoing, Update
from bot.store.schema import outgoing, sessions, updates
from bot.store.sessions import SpareSessions, load_session, save_session

HOUR = 3600.0
KEEP_UPDATE_IDS = 48 * HOUR  # Telegram repeats an update for 24 hours at most


class Store:
    """Sessions, inbox and outbox. Every method is one short transaction.

    Any method may raise StoreUnavailableError, with nothing written.
    """

    def __init__(
        self,
        database: Database,
        hasher: ChatHasher,
        session_hours: float,
        learning_days: float = 30,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._hash = hasher
        self._session_seconds = session_hours * HOUR
        self._learning_seconds = learning_days * 24 * HOUR
        self._clock = clock
        self._spare = SpareSessions()
        self._just_forgotten: set[str] = set()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- sessions ----------------------------------------------------------------------------

    def load(self, channel: str, chat: str) -> Session:
        """The chat's session; an empty one for a new chat or one that expired."""
        key, oldest = self._hash(channel, chat), self._oldest_session()
        try:
            session = self._database.run(lambda c: load_session(c, key, oldest), reads=True)
        except StoreUnavailableError as error:
            return self._spare.load(channel, key, error)
        self._spare.not_needed()
        return session

    def save(
        self, channel: str, chat: str, session: Session, record: TurnRecord | None = None
    ) -> None:
        """Keep the session in place of the one before, and note the turn."""
        key, now = self._hash(channel, chat), self._clock()
        try:
            self._database.run(lambda c: self._keep(c, channel, key, session, record, now))
        except StoreUnavailableError as error:
            self._spare.save(channel, key, session, error)
        if record is not None and record.forgets:
            self._database.shrink()

    # -- inbox -------------------------------------------------------------------------------

    def receive(
        self,
        channel: str,
        update_id: str,
        chat: str,
        payload: str,
        position: int = 0,
        account_id: int = 0,
    ) -> bool:
        """Keep an update to be handled; False, and nothing done, for one that is known.

        A chat's updates are handled by rising `position`, those of equal position as they came.
        `account_id` is a message id that counts over all chats, 0 for none.
        """
        names = {"channel": channel, "update_id": fitting_id(update_id)}
        key, now = self._hash(channel, chat), self._clock()
        row = {"chat": key, "payload": payload, "position": position, "received_at": now}
        return self._database.run(lambda c: queue.put(c, {**names, **row}, account_id))

    def claim(self, channel: str) -> Update | None:
        """The first waiting update of a chat that nobody handles; None when there is none."""
        now = self._clock()

        def work(connection: Connection) -> Update | None:
            taken = queue.take_update(connection, channel, now)
            if taken is None:
                return None
            lease, row_id = taken
            row = connection.execute(select(updates).where(updates.c.id == row_id)).one()
            session = load_session(connection, lease.chat, self._oldest_session())
            return Update(
                row.id, channel, row.payload, session, row.attempts, row.received_at, lease
            )

        return self._database.run(work)

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
            if not queue.free(connection, handled.lease):
                return False
            self._keep(connection, channel, chat, session, record, now)
            downloads.keep(connection, chat, files, now)
            queue.queue_outgoing(connection, channel, target, replies, now)
            queue.mark_handled(connection, handled.id, now)
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
            self._database.run(lambda c: queue.free(c, taken.lease))

    def renew(self, taken: Update | Outgoing) -> bool:
        """Hold it for another LEASE_SECONDS; False when another worker has it already."""
        now = self._clock()
        return self._database.run(lambda c: queue.renew(c, taken.lease, now))

    # -- outbox ------------------------------------------------------------------------------

    def next_outgoing(self, channel: str) -> Outgoing | None:
        """The next message of a chat that has none under way, now marked as being sent."""
        now = self._clock()
        return self._database.run(lambda c: queue.take_outgoing(c, channel, now))

    def sent(self, message: Outgoing, message_id: int = 0, *, of_account: bool = False) -> None:
        """The message arrived, or never can: it is deleted, the chat's next one may go.

        `message_id` is the id it got, if any; `of_account` when ids count over all chats.
        """
        now, ids_of = self._clock(), [message.lease.chat, *([queue.ACCOUNT] if of_account else [])]

        def work(connection: Connection) -> None:
            for place in ids_of if message_id else []:
                queue.note_id(connection, message.channel, place, message_id, now)
            connection.execute(delete(outgoing).where(outgoing.c.id == message.id))
            queue.free(connection, message.lease)

        self._database.run(work)
        if message.lease.chat in self._just_forgotten:  # its address was in the message
            self._just_forgotten.discard(message.lease.chat)
            self._database.shrink()

    def postpone(self, message: Outgoing, seconds: float) -> None:
        """The message is known not to have arrived: it is tried again after `seconds`.

        The chat's later messages wait for it; other chats do not.
        """
        values = {"sending_since": None, "not_before": self._clock() + seconds}

        def work(connection: Connection) -> None:
            if queue.free(connection, message.lease):
                connection.execute(
                    update(outgoing).where(outgoing.c.id == message.id).values(values)
                )

        self._database.run(work)

    def download(self, token: str) -> Download | None:
        """The file behind a link; None when there is none or its hour is over."""
        now = self._clock()
        return self._database.run(lambda c: downloads.find(c, token, now), reads=True)

    # -- operation ---------------------------------------------------------------------------

    def take_over(self, channel: str) -> None:
        """At the start of a channel: what an earlier process held is free at once.

        Only where no other process can serve the channel, which is so with an SQLite file; on
        PostgreSQL nothing happens and leases of dead processes run out by themselves.
        """
        if not self._database.is_shared:
            self._database.run(lambda c: queue.free_all(c, channel))

    def backlogs(self) -> dict[str, Backlog]:
        """The sizes of the queues, of each channel with anything in them."""
        return self._database.run(queue.backlogs, reads=True)

    # -- learning ----------------------------------------------------------------------------

    def is_votable(self, answer: str) -> bool:
        """Whether a vote on the answer still counts."""
        since = self._oldest_session()
        return self._database.run(lambda c: learning.is_votable(c, answer, since), reads=True)

    def statistics(self) -> Statistics:
        """The figures of the days that are kept."""
        since = self._clock() - self._learning_seconds
        return self._database.run(lambda c: learning.statistics(c, since), reads=True)

    def unanswered(self) -> list[Unanswered]:
        """The questions that found no answer, masked, the most asked first."""
        since = self._clock() - self._learning_seconds
        return self._database.run(lambda c: learning.questions(c, since), reads=True)

    # -- privacy -----------------------------------------------------------------------------

    def forget(self, channel: str, chat: str) -> None:
        """Delete what is kept of a chat: session, votes, questions, messages in and out, files."""
        key = self._hash(channel, chat)

        def work(connection: Connection) -> None:
            queue.forget_updates(connection, key)
            self._forget(connection, key)

        self._database.run(work)
        self._database.shrink()

    def tidy(self) -> None:
        """Delete what has expired; to be called every few minutes by a serving process."""
        now, oldest = self._clock(), self._oldest_session()

        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.saved_at < oldest))
            queue.expire(connection, now - KEEP_UPDATE_IDS, oldest)
            downloads.expire(connection, now)
            learning.expire(connection, oldest, now - self._learning_seconds)

        self._database.try_file_again()
        self._database.run(work)
        self._database.shrink()

    def check(self) -> str:
        """Empty when all is well, else one line on what is wrong."""
        return self._database.check()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

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
        connection.execute(delete(sessions).where(sessions.c.chat == chat))
        queue.forget_outgoing(connection, chat)
        downloads.forget(connection, chat)
        learning.forget(connection, chat)

    def _oldest_session(self) -> float:
        return self._clock() - self._session_seconds
