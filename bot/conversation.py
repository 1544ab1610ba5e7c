"""Opens the conversation for the settings: over one plan, or over every plan there is."""

from __future__ import annotations

import logging
from typing import Protocol

from bot.dialogue import Dialogue, Turn
from bot.engine import build_missing, open_searcher
from bot.sessions import Session
from bot.settings import Settings
from bot.turns import Message
from bot.wording import Wording
from knowledge.errors import PlanDataError
from knowledge.plan import Plan, available_plans, load_plan

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """A message and what was remembered -> what to remember and what to say."""

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that are talked about."""
        ...

    def commands(self) -> list[tuple[str, str]]:
        """The commands, with what each does in the reader's language."""
        ...

    def reply(self, session: Session, message: Message) -> Turn:
        """What to remember and what to say."""
        ...


def open_conversation(settings: Settings, wording: Wording) -> Conversation:
    """The conversation over PLAN_ID's plan, else over all; builds indexes first where missing.

    Raises KnowledgeError or IndexerError, each one line for a person.
    """

    def open_dialogue(plan: Plan) -> Dialogue:
        return Dialogue(plan, open_searcher(plan, settings), wording)

    plans = _plans(settings)
    if len(plans) == 1:
        return open_dialogue(plans[0])
    from bot.plan_router import PlanRouter  # where one plan is served it is never needed

    build_missing(plans, settings)
    return PlanRouter(plans, open_dialogue, wording)


def _plans(settings: Settings) -> list[Plan]:
    """PLAN_ID's plan, else every plan there is; one that is broken is left out and logged."""
    known = available_plans(settings.plans_dir)
    if settings.plan_id or len(known) < 2:
        return [load_plan(settings.plan_id, settings.plans_dir)]
    plans: list[Plan] = []
    for plan_id in known:
        try:
            plan = load_plan(plan_id, settings.plans_dir)
            _ = plan.rules
            plans.append(plan)
        except PlanDataError as error:
            if plan_id == known[-1] and not plans:
                raise
            _log.warning("plan left out: %s", error)
    return plans
