"""One plan's answer to a question: from its document, its awards, its dossiers, or its clauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.answer import AnswerWriter
from bot.award.questions import start_button
from bot.award_forms import AwardFormsDesk
from bot.document import DocumentDesk
from bot.dossier import DossierDesk
from bot.facts_from_text import FactReader, FoundFacts
from bot.follow_up import FollowUpReader
from bot.plan_standing import PlanStanding
from bot.requests import document_request, dossier_request, small_talk
from bot.turns import Reply
from bot.wording import Wording
from indexer.query import Query
from indexer.search import Searcher
from knowledge.plan import Plan


@dataclass(frozen=True, slots=True)
class Relevance:
    """What a plan makes of a question: "none" for small talk, else how it would be answered.

    `confidence` is the search's own, 0 to 1; `is_follow_up` when it goes on from the last one.
    """

    kind: Literal["none", "award", "dossier", "answer", "offer", "refuse"]
    confidence: float
    is_follow_up: bool


class QuestionDesk:
    """Answers questions about one plan, and tells beforehand how far it can."""

    def __init__(
        self,
        plan: Plan,
        searcher: Searcher,
        wording: Wording,
        writer: AnswerWriter,
        dossiers: DossierDesk,
        facts: FactReader,
        standing: PlanStanding,
    ) -> None:
        self._plan = plan
        self._searcher = searcher
        self._say = wording
        self._writer = writer
        self._dossiers = dossiers
        self._facts = facts
        self._follow_ups = FollowUpReader(plan, searcher.reader)
        self._document = DocumentDesk(plan, wording, standing)
        self._forms = AwardFormsDesk(plan, wording, writer)

    def relevance(self, text: str) -> Relevance:
        """How far a question is this plan's, for choosing among several."""
        query = self._searcher.read(text)
        if not query.tokens or small_talk(query.tokens):
            return Relevance("none", 0.0, is_follow_up=False)
        goes_on = self._follow_ups.is_follow_up(query.tokens)
        found = self._facts.find(text)
        if found.asks_for_award and (found.facts or found.unsure):
            return Relevance("award", 1.0, goes_on)
        if document_request(query.tokens) or self._forms.is_asked(query):
            return Relevance("answer", 1.0, goes_on)
        if dossier_request(query.tokens, self._plan.dossiers) and self._plan.dossiers.awards:
            return Relevance("dossier", 1.0, goes_on)
        result = self._searcher.search(query)
        return Relevance(result.outcome, result.confidence, goes_on)

    def completed(self, query: Query, last: tuple[str, ...]) -> Query:
        """The question with what it leaves out of the one before it, whose tokens are `last`."""
        return self._follow_ups.complete(query, last)

    def answer(self, text: str, query: Query, found: FoundFacts, today: date) -> Reply:
        """The reply to a question; `found` are the figures and the wish for an award in it."""
        about_document = self._document.reply(query.tokens, today)
        if about_document:
            return about_document
        if self._forms.is_asked(query):
            return self._forms.reply(query)
        request = dossier_request(query.tokens, self._plan.dossiers)
        if request:
            return self._dossiers.checklist(request, today)
        reply = self._writer.write(text, self._searcher.search(query), today)
        if not (found.asks_for_award and self._plan.rules.subjects.subjects):
            return reply
        start = (start_button(self._say),)
        return reply.model_copy(update={"buttons": (*reply.buttons, start)})
