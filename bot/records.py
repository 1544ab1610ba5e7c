"""What is noted of a turn besides its session: figures for statistics, never who asked.

The store writes it in the same transaction as the session, so that a turn that is taken again
after a crash is noted once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bot.sessions import Session
from bot.turns import Reply


@dataclass(frozen=True, slots=True)
class Vote:
    """A press on 👍 or 👎 under an answer."""

    answer: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """`answer` names the answer for votes, "" where none are asked for; `clause` the first cited.

    `unanswered` holds a question that found no answer, already masked. `forgets` says that the
    person asked for everything of the chat to be deleted.
    """

    outcome: str
    milliseconds: int
    score: float | None = None
    clause: str = ""
    answer: str = ""
    unanswered: str = field(default="", repr=False)
    vote: Vote | None = None
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of a turn: what to remember, what to say, what to note. Nothing is saved yet."""

    session: Session = field(repr=False)
    reply: Reply = field(repr=False)
    record: TurnRecord


def new_answer_name() -> str:
    """A name for an answer that nobody can guess."""
    return secrets.token_urlsafe(8)
