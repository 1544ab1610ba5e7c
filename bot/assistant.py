"""The assistant that every channel talks to: sessions, dialogue and search put together."""

from __future__ import annotations

from bot.dialogue import Dialogue
from bot.engine import open_searcher
from bot.sessions import MemorySessions, SessionStore
from bot.settings import Settings
from bot.turns import Message, Reply
from bot.wording import Wording
from knowledge.plan import load_plan


class Assistant:
    """Answers messages from any channel and any thread."""

    def __init__(self, dialogue: Dialogue, sessions: SessionStore, wording: Wording) -> None:
        self._dialogue = dialogue
        self._sessions = sessions
        self._wording = wording

    @property
    def wording(self) -> Wording:
        """The assistant's own sentences, for what a channel itself has to say."""
        return self._wording

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        return self._dialogue.commands()

    def respond(self, message: Message) -> Reply:
        """The reply to a message; what is to be remembered of the chat is kept."""
        session = self._sessions.load(message.channel, message.chat)
        session, reply = self._dialogue.reply(session, message)
        self._sessions.save(message.channel, message.chat, session)
        return reply


def open_assistant(settings: Settings) -> Assistant:
    """The assistant for these settings; builds the index first where there is none.

    Raises KnowledgeError, IndexerError or BotError, each one line for a person.
    """
    plan = load_plan(settings.plan_id, settings.plans_dir)
    wording = Wording.load()
    dialogue = Dialogue(plan, open_searcher(plan, settings), wording)
    return Assistant(dialogue, MemorySessions(), wording)
