"""Sessions as rows. One that an older or newer program wrote and this one cannot read is empty."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import Connection, delete, select

from bot.sessions import Session
from bot.store.schema import sessions
from bot.store.statements import upsert


def load_session(connection: Connection, chat: str, oldest: float) -> Session:
    """The chat's session unless it was saved before `oldest`; else an empty one."""
    query = select(sessions.c.state).where(sessions.c.chat == chat, sessions.c.saved_at >= oldest)
    state = connection.execute(query).scalar()
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
        connection.execute(delete(sessions).where(sessions.c.chat == chat))
        return
    kept = {"channel": channel, "state": session.model_dump_json(), "saved_at": now}
    statement = upsert(connection, sessions).values(chat=chat, **kept)
    connection.execute(statement.on_conflict_do_update(index_elements=[sessions.c.chat], set_=kept))
