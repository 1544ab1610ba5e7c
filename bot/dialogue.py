"""The conversation: a message and what was remembered -> a reply. No network, no channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.answer import ASK_AGAIN, FULL_TEXT, AnswerWriter
from bot.dossier import DOSSIER, DossierDesk
from bot.requests import dossier_request, small_talk
from bot.sessions import Session
from bot.turns import Block, Button, Message, Reply
from bot.wording import Wording
from indexer.search import Searcher
from knowledge.plan import Plan

LONGEST_MESSAGE = 2000  # characters
COMMANDS = ("hoi", "hoso", "help", "start")  # in the order that menus show them


class Dialogue:
    """One plan's conversation. Holds no state of its own."""

    def __init__(
        self,
        plan: Plan,
        searcher: Searcher,
        wording: Wording,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._plan = plan
        self._searcher = searcher
        self._wording = wording
        self._today = today
        self._writer = AnswerWriter(plan, wording)
        self._dossiers = DossierDesk(plan, wording, self._writer)

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        return [(name, self._wording(f"command.{name}")) for name in COMMANDS]

    def reply(self, session: Session, message: Message) -> tuple[Session, Reply]:
        """What to remember and what to say."""
        if message.action:
            return session, self._pressed(message.action)
        text = message.text.strip()
        if len(text) > LONGEST_MESSAGE:
            return session, self._say("ask.too_long", limit=LONGEST_MESSAGE)
        if text.startswith("/"):
            return session, self._command(text)
        return session, self._asked(text)

    def _pressed(self, action: str) -> Reply:
        if action == ASK_AGAIN:
            return self._say("ask.prompt")
        clause_id = action.removeprefix(FULL_TEXT)
        if action.startswith(FULL_TEXT) and clause_id in self._plan.clauses:
            return self._writer.clause(clause_id, self._today())
        if action == DOSSIER:
            return self._dossiers.choose()
        request = self._dossiers.request_of(action) if action.startswith(f"{DOSSIER}:") else None
        if request:
            return self._dossiers.checklist(request, self._today())
        return self._say("answer.clause_unknown")

    def _command(self, text: str) -> Reply:
        name, _, rest = text[1:].partition(" ")
        name, rest = name.partition("@")[0].lower(), rest.strip()
        if name in ("hoi", "hoso") and rest:
            return self._asked(rest if name == "hoi" else f"hồ sơ {rest}")
        if name == "hoi":
            return self._say("ask.prompt")
        if name == "hoso":
            return self._dossiers.choose()
        if name == "start":
            return self._welcome()
        if name == "help":
            return self._say("help")
        return self._say("command.unknown")

    def _asked(self, text: str) -> Reply:
        query = self._searcher.read(text)
        if not query.tokens:
            return self._say("ask.empty")
        talk = small_talk(query.tokens)
        if talk:
            return self._say(talk)
        request = dossier_request(query.tokens, self._plan.dossiers)
        if request:
            return self._dossiers.checklist(request, self._today())
        return self._writer.write(text, self._searcher.search(text), self._today())

    def _welcome(self) -> Reply:
        buttons = (
            (Button(label=self._wording("button.ask_again"), action=ASK_AGAIN),),
            (Button(label=self._wording("button.dossier"), action=DOSSIER),),
        )
        sentence = self._wording("start", plan=self._plan.info.short_title)
        return Reply(status="menu", blocks=_lines(sentence), buttons=buttons)

    def _say(self, key: str, **fields: object) -> Reply:
        return Reply(status="menu", blocks=_lines(self._wording(key, **fields)))


def _lines(text: str) -> tuple[Block, ...]:
    return tuple(Block(kind="text", text=line) for line in text.splitlines() if line)
