"""How a plan is named in a reply, and how its buttons lead back to it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.plan_standing import PlanStanding
from bot.requests import has_phrase
from bot.turns import Block, Button, Reply
from bot.wording import Wording
from knowledge.plan import Plan
from knowledge.values import folded

CHOOSE = "plan:"  # a button's action: this, a plan's key ("" for all), and a command to go on with
SCOPE = "@"  # a plan's own button: this, its key, a colon, the plan's own action


class PlanLabels:
    """Names of several plans, as headings and on buttons, and the plans that a text names."""

    def __init__(self, plans: Sequence[Plan], wording: Wording) -> None:
        self._plans = {plan.id: plan for plan in plans}
        self._say = wording
        self.ids = {plan_key(plan.id): plan.id for plan in plans}
        """Plans by the key that buttons hold."""

    def standing(self, plan_id: str) -> PlanStanding:
        """The plan's name with its period, and what has become of it."""
        return PlanStanding(self._plans[plan_id], self._say)

    def named_in(self, text: str) -> list[str]:
        """The plans that the text calls by name."""
        line = " ".join(folded(text).split())
        return [
            plan_id
            for plan_id, plan in self._plans.items()
            if has_phrase(line, map(folded, plan.info.called))
        ]

    def bound(self, plan_id: str, reply: Reply) -> Reply:
        """The reply with its buttons bound to the plan and its citations naming it."""
        title = self._plans[plan_id].info.short_title
        head = f"{SCOPE}{plan_key(plan_id)}:"
        rows = tuple(
            tuple(b.model_copy(update={"action": f"{head}{b.action}"}) for b in row)
            for row in reply.buttons
        )
        citations = tuple(replace(c, path=(title, *c.path)) for c in reply.citations)
        question = reply.question and reply.question.under(head)
        changes = {"buttons": rows, "citations": citations, "question": question}
        return reply.model_copy(update=changes)

    def heading(self, plan_id: str) -> Block:
        """The plan's name above what it says."""
        return Block(kind="heading", text=self.standing(plan_id).name)

    def choice(self, plan_id: str, command: str = "") -> tuple[Button, ...]:
        """A row with the button that chooses the plan, and goes on with a command if given."""
        label = self._say("plans.button", plan=self.standing(plan_id).name)
        action = f"{CHOOSE}{plan_key(plan_id)}"
        return (Button(label=label, action=f"{action}:{command}" if command else action),)


def plan_key(plan_id: str) -> str:
    """A short name of the plan for a button's action, the same in every process."""
    return hashlib.sha256(plan_id.encode()).hexdigest()[:6]
