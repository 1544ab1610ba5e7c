"""Sessions as rows. One that an older or newer program wrote and this one cannot read is empty."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, delete, select

from bot.sessions import MemorySessions, Session
from bot.store.errors import StoreUnavailableError
from bot.store.schema import sessions
from bot.store.statements import upsert

_LOAD = select(sessions.c.state).where(
    sessions.c.chat == bindparam("of_chat"), sessions.c.saved_at >= bindparam("oldest")
)
_SAVE = upsert(
    sessions,
    lambda new: new.on_conflict_do_update(
        index_elements=[sessions.c.chat],
        set_={
            "channel": new.excluded.channel,
            "state": new.excluded.state,
            "saved_at": new.excluded.saved_at,
        },
    ),
)
_DELETE = delete(sessions).where(sessions.c.chat == bindparam("of_chat"))
_log = logging.getLogger(__name__)


def load_session(connection: Connection, chat: str, oldest: float) -> Session:
    """The chat's session unless it was saved before `oldest`; else an empty one."""
    state = connection.scalar(_LOAD, {"of_chat": chat, "oldest": oldest})
    if state is None:
        return Session()
    try:
        return Session.model_validate_json(state)
    except ValidationError:
        return Session()


def save_session(
    connection: Connection, channel: str, chat: str, session: Session, now: float
) -> None:
    """Keep the session; an empty one leaves no row."""
    if session == Session():
        delete_session(connection, chat)
        return
    state = session.model_dump_json()
    row = {"chat": chat, "channel": channel, "state": state, "saved_at": now}
    connection.execute(_SAVE(connection), row)


def delete_session(connection: Connection, chat: str) -> None:
    """Forget the chat's session."""
    connection.execute(_DELETE, {"of_chat": chat})


class SpareSessions:
    """Sessions in this process, for as long as the database does not answer; says so once."""

    def __init__(self) -> None:
        self._sessions = MemorySessions()
        self._is_needed = False

    def load(self, channel: str, chat: str, error: StoreUnavailableError) -> Session:
        """The session of a chat that was kept here meanwhile."""
        self._say(error)
        return self._sessions.load(channel, chat)

    def save(self, channel: str, chat: str, session: Session, error: StoreUnavailableError) -> None:
        """Keep a session here."""
        self._say(error)
        self._sessions.save(channel, chat, session)

    def not_needed(self) -> None:
        """The database answers."""
        if self._is_needed:
            _log.warning("store: the database answers again; conversations are kept")
            self._sessions, self._is_needed = MemorySessions(), False

    def _say(self, error: StoreUnavailableError) -> None:
        if not self._is_needed:
            _log.error("store: %s; conversations go on, but are not kept meanwhile", error)
        self._is_needed = True
