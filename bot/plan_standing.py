"""How a plan is named in an answer, and what is said of one whose time is over."""

from __future__ import annotations

from datetime import date

from bot.turns import Block, Reply
from bot.wording import Wording
from knowledge.plan import Plan
from knowledge.plan_info import Period, Standing


class PlanStanding:
    """Names one plan with its period, and marks its answers when it is not in force."""

    def __init__(self, plan: Plan, wording: Wording) -> None:
        self._info = plan.info
        self._say = wording

    @property
    def name(self) -> str:
        """The plan's short title with its period, where it has one and does not name it itself."""
        period = self._info.period
        if period is None:
            return self._info.short_title
        if span(period) in self._info.short_title:
            return self._info.short_title
        return self._say("plan.name", title=self._info.short_title, period=span(period))

    def notice(self, today: date) -> str:
        """The sentence for a plan that is over, not begun or replaced; "" for one in force."""
        standing, info = self._info.standing(today), self._info
        if standing is Standing.REPLACED and info.replaced_by:
            new = info.replaced_by
            return self._say("plan.replaced", title=new.title, first=day(new.holds_from))
        if standing is Standing.OVER and info.period:
            return self._say("plan.over", period=span(info.period))
        if standing is Standing.NOT_BEGUN and info.period:
            return self._say("plan.not_begun", first=day(info.period.first))
        return ""

    def marked(self, reply: Reply, today: date) -> Reply:
        """The reply; one that gives the plan's words says if the plan is not in force."""
        notice = self.notice(today) if reply.citations else ""
        if not notice or any(block.text == notice for block in reply.blocks):
            return reply
        block = Block(kind="notice", text=notice)
        return reply.model_copy(update={"blocks": (*reply.blocks, block)})


def span(period: Period) -> str:
    """The period as people write it: "2021-2025" for whole years, else both days."""
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        return f"{day(first)} - {day(last)}"
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"


def day(value: date) -> str:
    """A day as it is written in Vietnamese."""
    return f"{value:%d/%m/%Y}"
