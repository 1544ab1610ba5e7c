"""The conversation: a message and what was remembered -> a reply. No network, no channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.answer import ASK_AGAIN, FULL_TEXT, AnswerWriter
from bot.award.flow import AwardFlow
from bot.award.questions import ACTION as AWARD
from bot.award.questions import AwardQuestions, start_button
from bot.award.report import AwardReport
from bot.award.state import CONFIRM, DONE, AwardState, state_of
from bot.dossier import DOSSIER, DossierDesk
from bot.facts_from_text import FactReader, FoundFacts
from bot.papers.desk import PAPER, PaperDesk
from bot.plan_questions import QuestionDesk, Relevance
from bot.plan_standing import PlanStanding
from bot.requests import award_word, is_go_on, small_talk
from bot.sessions import Session
from bot.turns import Attachment, Block, Button, Message, Reply
from bot.unit_files import UnitDesk
from bot.wording import Wording
from indexer.search import Searcher
from knowledge.plan import Plan

LONGEST_MESSAGE = 2000  # characters
COMMANDS = (
    "hoi",
    "dieukien",
    "hoso",
    "mau",
    "help",
    "huy",
    "riengtu",
    "xoa",
    "start",
)  # as menus show them
SURE_QUESTION = 0.7  # from this confidence a message amid the award questions is a question
Turn = tuple[Session, Reply]


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
        award_questions = AwardQuestions(plan.rules, plan.clauses, wording)
        report = AwardReport(plan, wording, self._writer, award_questions)
        self._awards = AwardFlow(plan, award_questions, report)
        self._facts = FactReader(plan, searcher.reader)
        self._units = UnitDesk(plan, wording)
        self.standing = PlanStanding(plan, wording)
        self._questions = QuestionDesk(
            plan, searcher, wording, self._writer, self._dossiers, self._facts, self.standing
        )
        self._papers = PaperDesk(plan, wording, report, self._dossiers, self.standing)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plan that is talked about."""
        return (self._plan,)

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        return [(name, self._wording(f"command.{name}")) for name in COMMANDS]

    def reply(self, session: Session, message: Message) -> Turn:
        """What to remember and what to say."""
        session, reply = self._reply(session, message)
        return session, self.standing.marked(reply, self._today())

    def relevance(self, text: str) -> Relevance:
        """How far a question is this plan's, for choosing among several; nothing is remembered."""
        return self._questions.relevance(text)

    def _reply(self, session: Session, message: Message) -> Turn:
        if message.attachment:
            return session, self._evaluated(message.attachment)
        if message.action:
            return self._pressed(session, message.action)
        text = message.text.strip()
        if len(text) > LONGEST_MESSAGE:
            return session, self._say("ask.too_long", limit=LONGEST_MESSAGE)
        if text.startswith("/"):
            return self._command(session, text)
        state = self._award_state(session)
        if state and (state.asking != DONE or award_word(text)):
            return self._amid_award_questions(session, state, text)
        return self._asked(session, text)

    @property
    def has_awards(self) -> bool:
        """Whether the plan has award rules; a document may have none."""
        return bool(self._plan.rules.subjects.subjects)

    @property
    def has_dossiers(self) -> bool:
        """Whether the plan has dossier checklists."""
        return bool(self._plan.dossiers.awards)

    def _evaluated(self, sent: Attachment) -> Reply:
        if not self.has_awards:
            return self._say("award.none")
        return self._units.evaluate(sent, self._today())

    def _pressed(self, session: Session, action: str) -> Turn:
        if action.startswith(f"{AWARD}:"):
            if not self.has_awards:
                return session, self._say("award.none")
            turn = self._awards.pressed(self._award_state(session), action, self._today())
            return turn or (session, self._say("answer.clause_unknown"))
        if action.startswith(f"{PAPER}:"):
            return session, self._paper(session, action)
        return session, self._looked_up(action)

    def _paper(self, session: Session, action: str) -> Reply:
        request = self._papers.request_of(action)
        if request is None:
            return self._say("answer.clause_unknown")
        return self._papers.reply(request, self._award_state(session), self._today())

    def _award_state(self, session: Session) -> AwardState | None:
        state = state_of(session)
        return state if state is not None and state.fits(self._plan.rules) else None

    def _looked_up(self, action: str) -> Reply:
        """What a button shows that changes nothing."""
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

    def _command(self, session: Session, text: str) -> Turn:
        name, _, rest = text[1:].partition(" ")
        name, rest = name.partition("@")[0].lower(), rest.strip()
        if name == "dieukien" and self.has_awards:
            found = self._facts.find(rest) if rest else None
            return self._awards.start(self._today(), found)
        if name == "huy":
            return Session(), self._say("award.cancelled")
        if name in ("hoi", "hoso") and rest:
            return self._asked(
                session, rest if name == "hoi" else self._wording("dossier.question", words=rest)
            )
        return session, self._plain_command(name)

    def _plain_command(self, name: str) -> Reply:
        if name == "hoi":
            return self._say("ask.prompt")
        if name == "hoso":
            return self._dossiers.choose()
        if name in ("mau", "dieukien"):
            return self._units.template() if self.has_awards else self._say("award.none")
        if name == "start":
            return self._welcome()
        return self._say("help" if name == "help" else "command.unknown")

    def _amid_award_questions(self, session: Session, state: AwardState, text: str) -> Turn:
        today = self._today()
        if state.asking == CONFIRM and is_go_on(text):
            return self._awards.go_on(state, today)
        turn = self._awards.typed(state, text, today)
        if turn:
            return turn
        found = self._facts.find(text)
        if state.asking == CONFIRM or (found.asks_for_award and found.subject):
            return self._asked(session, text)
        result = self._searcher.search(text)
        if result.outcome == "answer" and result.confidence >= SURE_QUESTION:
            answer = self._writer.write(text, result, today)
            _, again = self._awards.asked_again(state, "")
            blocks = (*answer.blocks, *again.blocks)
            return session, answer.model_copy(
                update={"blocks": blocks, "buttons": again.buttons, "expects_figure": True}
            )
        return self._awards.asked_again(state, text)

    def _asked(self, session: Session, text: str) -> Turn:
        query = self._searcher.read(text)
        if not query.tokens:
            return session, self._say("ask.empty")
        talk = small_talk(query.tokens)
        if talk:
            return session, self._say(talk)
        found = self._facts.find(text)
        if found.asks_for_award and (found.facts or found.unsure):
            return self._award_from_text(text, found)
        query = self._questions.completed(query, session.last)
        reply = self._questions.answer(text, query, found, self._today())
        last = query.tokens if reply.status == "answered" else ()
        return session.model_copy(update={"last": last}), reply

    def _award_from_text(self, text: str, found: FoundFacts) -> Turn:
        """The award conversation, pre-filled; the plan's words on the matter go with it."""
        session, reply = self._awards.start(self._today(), found)
        result = self._searcher.search(text, 1)
        if result.outcome != "answer":
            return session, reply
        answer = self._writer.write(text, result, self._today())
        first = result.hits[0].clause
        title = self._wording("award.related", place=self._plan.place(first))
        quotes = [block for block in answer.blocks if block.kind == "quote"]
        blocks = (*reply.blocks, Block(kind="text", text=title), *quotes)
        return session, reply.model_copy(update={"blocks": blocks, "citations": answer.citations})

    def _welcome(self) -> Reply:
        buttons = [(Button(label=self._wording("button.ask"), action=ASK_AGAIN),)]
        if self.has_awards:
            buttons.append((start_button(self._wording),))
        if self.has_dossiers:
            buttons.append((Button(label=self._wording("button.dossier"), action=DOSSIER),))
        sentence = self._wording("start", plan=self._plan.info.short_title)
        return Reply(status="menu", blocks=_lines(sentence), buttons=tuple(buttons))

    def _say(self, key: str, **fields: object) -> Reply:
        return Reply(status="menu", blocks=_lines(self._wording(key, **fields)))


def _lines(text: str) -> tuple[Block, ...]:
    return tuple(Block(kind="text", text=line) for line in text.splitlines() if line)
