"""The question what one can be commended with: every award of the plan, by occasion.

No clause lists them all; they stand in the plan's award data with the clause of each.
"""

from __future__ import annotations

from bot.answer import AnswerWriter
from bot.award.questions import start_button
from bot.requests import request_words
from bot.turns import Block, Reply
from bot.wording import Wording
from indexer.query import Query
from knowledge.plan import Plan

_OCCASION = "occasion:"


class AwardFormsDesk:
    """Lists the awards of one plan."""

    def __init__(self, plan: Plan, wording: Wording, writer: AnswerWriter) -> None:
        self._plan = plan
        self._say = wording
        self._writer = writer

    def is_asked(self, query: Query) -> bool:
        """Whether a question asks for the plan's awards, all of them or those of an occasion."""
        return (
            bool(self._plan.rules.awards)
            and all(name.startswith(_OCCASION) for name in query.named)
            and request_words().award_forms.is_asked(query.tokens)
        )

    def reply(self, query: Query) -> Reply:
        """The awards, a line for each occasion that the question names, or for each there is."""
        occasions = self._plan.rules.subjects.occasions
        named = [o for o in occasions if f"{_OCCASION}{o}" in query.named] or list(occasions)
        clauses = list(dict.fromkeys(occasions[name].clause for name in named))
        lines = [self._line(name, occasions[name].clause) for name in named]
        return Reply(
            status="answered",
            blocks=(
                Block(kind="text", text=self._say("awards.all")),
                *(Block(kind="item", text=line) for line in lines),
            ),
            citations=tuple(
                self._plan.cite(clause, self._plan.clauses[clause].heading) for clause in clauses
            ),
            buttons=(*map(self._writer.clause_button, clauses), (start_button(self._say),)),
        )

    def _line(self, occasion: str, clause: str) -> str:
        awards = sorted(
            (award for award in self._plan.rules.awards if occasion in award.occasions),
            key=lambda award: award.rank,
        )
        return self._say(
            "awards.on_occasion",
            title=self._plan.title(clause),
            place=self._plan.place(clause),
            awards="; ".join(award.label for award in awards),
        )
