"""What the assistant remembers of one chat, and where it is kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from bot.records import TurnRecord

MAX_SESSIONS = 10_000  # the oldest chats are forgotten first


class Session(BaseModel):
    """The state of one chat; a plain value that any process can store and take up.

    `flow` names the conversation under way ("" for none); `data` is that flow's own state.
    `last` holds the words of the last question that was answered, for a follow-up.
    Where several plans are served, `chosen_plan` is the one that is asked alone, and `last_plan`
    the one that flow and words belong to.
    `choices` are the actions of the last numbered menu, kept by channels without buttons;
    `choices_marked` says that a bare number is a figure and a choice is written "#2".
    """

    model_config = ConfigDict(frozen=True)

    flow: str = ""
    data: dict[str, str] = Field(default_factory=dict)
    last: tuple[str, ...] = ()
    chosen_plan: str = ""
    last_plan: str = ""
    choices: tuple[str, ...] = ()
    choices_marked: bool = False


class SessionStore(Protocol):
    """Keeps sessions by channel and chat."""

    def load(self, channel: str, chat: str) -> Session:
        """The chat's session; an empty one for a new chat."""
        ...

    def save(
        self, channel: str, chat: str, session: Session, record: TurnRecord | None = None
    ) -> None:
        """Keep the session in place of the one before; note the turn where turns are noted."""
        ...


class MemorySessions:
    """Sessions in this process alone; gone when it stops."""

    def __init__(self, capacity: int = MAX_SESSIONS) -> None:
        self._capacity = capacity
        self._sessions: OrderedDict[tuple[str, str], Session] = OrderedDict()

    def load(self, channel: str, chat: str) -> Session:
        """The chat's session; an empty one for a new chat."""
        return self._sessions.get((channel, chat), Session())

    def save(
        self,
        channel: str,
        chat: str,
        session: Session,
        record: TurnRecord | None = None,  # noqa: ARG002 (nothing is noted here)
    ) -> None:
        """Keep the session; the chat that was quiet longest makes room when there are too many."""
        self._sessions[(channel, chat)] = session
        self._sessions.move_to_end((channel, chat))
        while len(self._sessions) > self._capacity:
            self._sessions.popitem(last=False)
