"""The store: one object over one database, whatever the database."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, delete

from bot.records import TurnRecord
from bot.sessions import Session
from bot.store import downloads, inbox, learning, message_ids
from bot.store.database import Database
from bot.store.downloads import Download
from bot.store.errors import StoreUnavailableError
from bot.store.keys import ChatHasher
from bot.store.learning import Statistics, Unanswered
from bot.store.queues import HOUR, Queues
from bot.store.schema import sessions
from bot.store.sessions import SpareSessions, load_session

KEEP_UPDATE_IDS = 48 * HOUR  # Telegram repeats an update for 24 hours at most


class Store(Queues):
    """Sessions, inbox and outbox, figures to learn from. Every method is one short transaction."""

    def __init__(
        self,
        database: Database,
        hasher: ChatHasher,
        session_hours: float,
        learning_days: float = 30,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(database, hasher, session_hours, clock)
        self._learning_seconds = learning_days * 24 * HOUR
        self._spare = SpareSessions()

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

    # -- files -------------------------------------------------------------------------------

    def download(self, token: str) -> Download | None:
        """The file behind a link; None when there is none or its hour is over."""
        now = self._clock()
        return self._database.run(lambda c: downloads.find(c, token, now), reads=True)

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
            inbox.forget(connection, key)
            self._forget(connection, key)

        self._database.run(work)
        self._database.shrink()

    def tidy(self) -> None:
        """Delete what has expired; to be called every few minutes by a serving process."""
        now, oldest = self._clock(), self._oldest_session()

        def work(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.saved_at < oldest))
            inbox.expire(connection, now - KEEP_UPDATE_IDS)
            message_ids.expire(connection, oldest)
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
