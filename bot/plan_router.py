"""Several plans in one conversation: which of them a message is for, and whose answer it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock

from bot.dialogue import COMMANDS, LONGEST_MESSAGE, Dialogue, Turn
from bot.dossier import DOSSIER
from bot.plan_labels import CHOOSE, SCOPE, PlanLabels
from bot.plan_questions import Relevance
from bot.sessions import Session
from bot.turns import Block, Button, Message, Reply
from bot.wording import Wording
from knowledge.plan import Plan

COMMAND = "kehoach"
CONFIDENCE_MARGIN = 0.3  # a question fits a further plan when that is nearly as sure
ANSWERS_SHOWN = 3
NEEDS_PLAN = ("dieukien", "hoso", "mau")  # commands that mean nothing without a plan
_ANSWERING = ("award", "dossier", "answer")
_NAMED_IN = ("answered", "not_in_plan", "unclear", "dossier")


class PlanRouter:
    """One conversation over several plans; each plan's own dialogue is opened when needed.

    A chosen plan (/kehoach) is asked alone. Without a choice a question goes to the plan that
    answers it, and to several where several do. Safe to call from several threads.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        open_dialogue: Callable[[Plan], Dialogue],
        wording: Wording,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._plans = {plan.id: plan for plan in plans}
        self._labels = PlanLabels(plans, wording)
        self._open = open_dialogue
        self._opened: dict[str, Dialogue] = {}
        self._lock = Lock()
        self._say = wording
        self._today = today

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that are talked about."""
        return tuple(self._plans.values())

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        return [(name, self._say(f"command.{name}")) for name in (*COMMANDS, COMMAND)]

    def reply(self, session: Session, message: Message) -> Turn:
        """What to remember and what to say."""
        if session.chosen_plan not in self._plans:
            session = session.model_copy(update={"chosen_plan": ""})
        if message.action:
            return self._pressed(session, message)
        name, rest = _command_of(message.text)
        if name == COMMAND:
            return session, self._menu(session, rest)
        if name == "start":
            return session, self._welcome(session)
        plan_id = session.chosen_plan or self._under_way(session)
        if plan_id:
            return self._told(plan_id, session, message)
        if message.attachment or (name in NEEDS_PLAN and not (name == DOSSIER and rest)):
            return self._needing_plan(session, message, name)
        if name in ("hoi", DOSSIER) and rest:
            text = rest if name == "hoi" else self._say("dossier.question", words=rest)
            message = message.model_copy(update={"text": text})
        elif name:
            return self._told(next(iter(self._plans)), session, message)
        return self._asked(session, message)

    # Choosing

    def _pressed(self, session: Session, message: Message) -> Turn:
        action = message.action
        if action.startswith(CHOOSE):
            key, _, command = action.removeprefix(CHOOSE).partition(":")
            return self._chosen(session, message, key, command)
        if not action.startswith(SCOPE):
            plan_id = session.chosen_plan or next(iter(self._plans))
            return self._told(plan_id, session, message)
        key, _, own = action.removeprefix(SCOPE).partition(":")
        if key not in self._labels.ids:
            return session, self._text("plans.unknown")
        pressed = message.model_copy(update={"action": own})
        return self._told(self._labels.ids[key], session, pressed)

    def _chosen(self, session: Session, message: Message, key: str, command: str) -> Turn:
        if not key:
            return Session(), self._text("plans.all_chosen")
        if key not in self._labels.ids:
            return session, self._text("plans.unknown")
        plan_id = self._labels.ids[key]
        session = Session(chosen_plan=plan_id)
        if command in NEEDS_PLAN:
            asked = message.model_copy(update={"action": "", "text": f"/{command}"})
            return self._told(plan_id, session, asked)
        reply = self._text("plans.chosen", plan=self._labels.standing(plan_id).name)
        notice = self._labels.standing(plan_id).notice(self._today())
        if notice:
            block = Block(kind="notice", text=notice)
            reply = reply.model_copy(update={"blocks": (*reply.blocks, block)})
        return session, reply

    def _menu(self, session: Session, words: str) -> Reply:
        chosen = session.chosen_plan
        now = self._labels.standing(chosen).name if chosen else self._say("plans.all")
        named = self._labels.named_in(words) if words else []
        buttons = [self._labels.choice(plan_id) for plan_id in named or self._plans]
        buttons.append((Button(label=self._say("plans.all"), action=CHOOSE),))
        return self._text("plans.list", now=now).model_copy(update={"buttons": tuple(buttons)})

    def _welcome(self, session: Session) -> Reply:
        text = self._text("plans.start", count=len(self._plans))
        return text.model_copy(update={"buttons": self._menu(session, "").buttons})

    def _needing_plan(self, session: Session, message: Message, command: str) -> Turn:
        """Ask which plan, unless one alone has what the command is about."""
        wanted = "has_dossiers" if command == DOSSIER else "has_awards"
        able = [p for p in self._plans if getattr(self._dialogue(p), wanted)]
        if len(able) == 1:
            return self._told(able[0], session, message)
        rows = tuple(self._labels.choice(plan_id, command) for plan_id in able or self._plans)
        return session, self._text("plans.which").model_copy(update={"buttons": rows})

    # Asking

    def _asked(self, session: Session, message: Message) -> Turn:
        text = message.text.strip()
        named = self._labels.named_in(text)
        if len(named) == 1 or len(text) > LONGEST_MESSAGE:
            return self._told((named or list(self._plans))[0], session, message)
        found = {p: self._dialogue(p).relevance(text) for p in named or self._plans}
        last = session.last_plan
        if last in found and session.last and found[last].is_follow_up:
            return self._told(last, session, message)
        ranked = sorted(found, key=lambda plan_id: -found[plan_id].confidence)
        fitting = self._fitting(ranked, found)
        if len(fitting) > 1:
            return session, self._several(fitting, found, message)
        if fitting or found[ranked[0]].kind == "none":
            return self._told((fitting or ranked)[0], session, message)
        offering = [plan_id for plan_id in ranked if found[plan_id].kind == "offer"]
        if offering:
            return self._told(offering[0], session, message)
        contact = self._plans[ranked[0]].info.contact
        refusal = self._text("plans.none", count=len(self._plans), contact=contact)
        return session, refusal.model_copy(update={"status": "not_in_plan"})

    @staticmethod
    def _fitting(ranked: list[str], found: dict[str, Relevance]) -> list[str]:
        able = [plan_id for plan_id in ranked if found[plan_id].kind in _ANSWERING]
        if not able:
            return []
        least = found[able[0]].confidence - CONFIDENCE_MARGIN
        return [plan_id for plan_id in able if found[plan_id].confidence >= least]

    def _several(self, fitting: list[str], found: dict[str, Relevance], message: Message) -> Reply:
        """What each of several plans says, each under its name, and buttons to choose one."""
        shown, n_more = fitting[:ANSWERS_SHOWN], len(fitting[ANSWERS_SHOWN:])
        blocks = [Block(kind="text", text=self._say("plans.several", count=len(fitting)))]
        replies, buttons = [], []
        for plan_id in shown:
            command = {"award": "dieukien", "dossier": DOSSIER}.get(found[plan_id].kind, "")
            buttons.append(self._labels.choice(plan_id, command))
            _, reply = self._dialogue(plan_id).reply(Session(), message)
            reply = self._labels.bound(plan_id, reply)
            blocks += [self._labels.heading(plan_id), *_gist(reply, is_looked_up=bool(command))]
            replies += [] if command else [reply]
        if n_more:
            blocks.append(Block(kind="text", text=self._say("plans.more", count=n_more)))
        return Reply(
            status="answered" if replies else "unclear",
            blocks=tuple(blocks),
            citations=tuple(c for reply in replies for c in reply.citations[:1]),
            buttons=tuple(buttons),
            confidence=max(found[plan_id].confidence for plan_id in shown),
        )

    def _told(self, plan_id: str, session: Session, message: Message) -> Turn:
        """The plan's own turn, its answer under its name and its buttons leading back to it."""
        inner = session if session.last_plan == plan_id else Session(last_plan=plan_id)
        after, reply = self._dialogue(plan_id).reply(inner, message)
        remembers = after.flow or after.last
        after = after.model_copy(
            update={
                "chosen_plan": session.chosen_plan,
                "last_plan": plan_id if remembers else "",
            }
        )
        starts = after.flow and not inner.flow
        reply = self._labels.bound(plan_id, reply)
        if reply.citations or reply.status in _NAMED_IN or starts:
            blocks = (self._labels.heading(plan_id), *reply.blocks)
            reply = reply.model_copy(update={"blocks": blocks})
        if (
            reply.status in ("not_in_plan", "unclear")
            and session.chosen_plan
            and not message.action
        ):
            reply = self._with_elsewhere(plan_id, reply, message.text)
        return after, reply

    def _with_elsewhere(self, plan_id: str, reply: Reply, text: str) -> Reply:
        """The refusal of a chosen plan, with the other plans that answer."""
        found = {p: self._dialogue(p).relevance(text) for p in self._plans if p != plan_id}
        ranked = sorted(found, key=lambda other: -found[other].confidence)
        fitting = self._fitting(ranked, found)[:ANSWERS_SHOWN]
        lines = [self._say("plans.elsewhere", plan=self._labels.standing(p).name) for p in fitting]
        blocks = [Block(kind="text", text=line) for line in lines]
        buttons = [self._labels.choice(p) for p in fitting]
        return reply.model_copy(
            update={"blocks": (*reply.blocks, *blocks), "buttons": (*reply.buttons, *buttons)}
        )

    # Parts

    def _dialogue(self, plan_id: str) -> Dialogue:
        with self._lock:
            if plan_id not in self._opened:
                self._opened[plan_id] = self._open(self._plans[plan_id])
            return self._opened[plan_id]

    def _under_way(self, session: Session) -> str:
        """The plan of the conversation under way, if there is one."""
        return session.last_plan if session.flow and session.last_plan in self._plans else ""

    def _text(self, key: str, **fields: object) -> Reply:
        lines = self._say(key, **fields).splitlines()
        return Reply(status="menu", blocks=tuple(Block(kind="text", text=line) for line in lines))


def _command_of(text: str) -> tuple[str, str]:
    """A typed command and what stands behind it; "" for anything else."""
    if not text.strip().startswith("/"):
        return "", ""
    name, _, rest = text.strip()[1:].partition(" ")
    return name.partition("@")[0].lower(), rest.strip()


def _gist(reply: Reply, *, is_looked_up: bool) -> list[Block]:
    """What a plan's answer comes to: its first quotes with their source, and its notices."""
    if is_looked_up:
        return []
    kinds = [block.kind for block in reply.blocks]
    end = kinds.index("source") + 1 if "source" in kinds else len(kinds)
    notices = [block for block in reply.blocks[end:] if block.kind == "notice"]
    return [*reply.blocks[:end], *notices]
