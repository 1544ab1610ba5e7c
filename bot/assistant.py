"""The assistant that every channel talks to: sessions, dialogue and search put together."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from bot.conversation import Conversation, open_conversation
from bot.feedback import is_asked_for, with_buttons
from bot.housekeeping import DELETE, REFUSED, Housekeeping, command_of, vote_of
from bot.limits import Admission, Limits
from bot.masking import masked
from bot.records import Turn, TurnRecord, new_answer_name
from bot.sessions import MemorySessions, Session, SessionStore
from bot.settings import Settings
from bot.turns import Block, Message, Reply
from bot.wording import Wording
from knowledge.plan import Plan

if TYPE_CHECKING:
    from bot.metrics import Metrics
    from bot.store import Store


class Assistant:
    """Answers messages from any channel and any thread.

    `asks_for_votes` puts 👍 and 👎 under answers; without `limits` nobody is sent away.
    """

    def __init__(
        self,
        dialogue: Conversation,
        sessions: SessionStore,
        wording: Wording,
        housekeeping: Housekeeping | None = None,
        limits: Limits | None = None,
        metrics: Metrics | None = None,
        *,
        asks_for_votes: bool = False,
    ) -> None:
        self._dialogue = dialogue
        self._sessions = sessions
        self._wording = wording
        self._housekeeping = housekeeping
        self._limits = limits
        self._metrics = metrics
        self._asks_for_votes = asks_for_votes

    @property
    def wording(self) -> Wording:
        """The assistant's own sentences, for what a channel itself has to say."""
        return self._wording

    @property
    def metrics(self) -> Metrics | None:
        """The figures of this process, where it serves."""
        return self._metrics

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that it answers about."""
        return self._dialogue.plans

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        return self._dialogue.commands()

    def admit(self, channel: str, chat: str) -> Admission:
        """Count a message of the chat, and whether to answer it; see Limits.admit."""
        admission = self._limits.admit(channel, chat) if self._limits else Admission.ADMITTED
        if self._metrics and admission is not Admission.ADMITTED:
            self._metrics.count_refused(channel)
        return admission

    def too_fast(self) -> Reply:
        """What to say to the first message that is refused."""
        return Reply(
            status="menu", blocks=(Block(kind="text", text=self._wording("limit.person")),)
        )

    def observe(self, channel: str, outcome: str, seconds: float) -> None:
        """Count a turn that was taken, also one that failed."""
        if self._metrics:
            self._metrics.count_turn(channel, outcome, seconds)

    def respond(self, message: Message) -> Reply:
        """The reply to a message; what is to be remembered of the chat is kept."""
        session = self._sessions.load(message.channel, message.chat)
        turn = self.turn(session, message)
        self._sessions.save(message.channel, message.chat, turn.session, turn.record)
        return turn.reply

    def turn(self, session: Session, message: Message) -> Turn:
        """What to remember, say and note. Nothing is saved: that is for the caller to do."""
        started = perf_counter()
        session, reply = self._turn(session, message)
        answer = ""
        if self._asks_for_votes and is_asked_for(reply):
            answer = new_answer_name()
            reply = with_buttons(reply, answer, self._wording)
        is_question = bool(message.text) and not message.action and not message.attachment
        question = message.text.split(maxsplit=1)[-1] if command_of(message) else message.text
        record = TurnRecord(
            outcome=reply.status,
            milliseconds=round((perf_counter() - started) * 1000),
            score=reply.confidence,
            clause=reply.citations[0].clause if reply.citations else "",
            answer=answer,
            unanswered=masked(question) if is_question and reply.status in REFUSED else "",
            vote=vote_of(message),
            forgets=command_of(message) == DELETE,
        )
        return Turn(session, reply, record)

    def _turn(self, session: Session, message: Message) -> tuple[Session, Reply]:
        own = self._housekeeping.reply(message) if self._housekeeping else None
        if own is not None:
            return Session() if command_of(message) == DELETE else session, own
        return self._dialogue.reply(session, message)


def open_assistant(
    settings: Settings, store: Store | None = None, metrics: Metrics | None = None
) -> Assistant:
    """The assistant for these settings; builds the index first where there is none.

    Without a store it remembers in this process alone, asks for no votes and limits nobody.
    Raises KnowledgeError, IndexerError or BotError, each one line for a person.
    """
    wording = Wording.load()
    dialogue = open_conversation(settings, wording)
    housekeeping = Housekeeping(wording, settings, store)
    if store is None:
        return Assistant(dialogue, MemorySessions(), wording, housekeeping)
    limits = Limits(settings.rate_per_minute, settings.rate_per_minute_all)
    return Assistant(dialogue, store, wording, housekeeping, limits, metrics, asks_for_votes=True)
