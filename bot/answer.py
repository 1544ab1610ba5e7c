"""Search results -> replies: the plan's own words with their place, or an honest refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.turns import Block, Button, Reply
from bot.wording import Wording
from indexer.quote import Quote
from indexer.search import Hit, SearchResult
from knowledge.clauses import Citation
from knowledge.plan import Plan

FURTHER_CLAUSES = 2
FURTHER_MARGIN = 0.25  # a further clause matters when its score comes this near the first one's
OFFERED_HEADINGS = 3
ASK_AGAIN, FULL_TEXT = "hoi", "clause:"


class AnswerWriter:
    """Writes replies about one plan."""

    def __init__(self, plan: Plan, wording: Wording) -> None:
        self._plan = plan
        self._wording = wording

    def write(self, question: str, result: SearchResult, today: date) -> Reply:
        """The reply to a question: answered, unclear (headings offered), or not in the plan."""
        code = result.query.code
        if code and code.is_alone:
            return self._named(code.clauses, today)
        if result.outcome == "answer":
            return self._answered(question, result, today)
        if result.outcome == "offer":
            headings = [hit.clause for hit in result.hits[:OFFERED_HEADINGS]]
            notices = self.notices("unclear", (), question, today)
            return self._offered(headings, notices, result.confidence)
        return self._refused(question, result, today)

    def clause(self, clause_id: str, today: date) -> Reply:
        """A whole clause, word for word, with buttons to the clauses below it."""
        clause = self._plan.clauses[clause_id]
        title = self._wording(
            "answer.clause_title",
            place=_capitalised(self._plan.place(clause_id)),
            title=self._plan.title(clause_id),
        )
        parts = [*clause.text.splitlines()]
        citation = self._plan.cite(clause_id, clause.text)
        blocks = [Block(kind="heading", text=title)]
        blocks += [Block(kind="quote", text=part) for part in parts]
        blocks += self.notices("clause", [clause_id], clause.text, today)
        children = [child.id for child in self._plan.clauses.children(clause_id)]
        if not clause.bullets:
            blocks += [Block(kind="item", text=self._plan.title(child)) for child in children]
        return Reply(
            status="answered",
            blocks=tuple(blocks),
            citations=(citation,),
            buttons=(*map(self.clause_button, children), (self._ask_again(),)),
        )

    def notices(self, kind: str, clauses: Iterable[str], words: str, today: date) -> list[Block]:
        """What has changed since the plan, where it concerns this answer."""
        found = self._plan.notices.for_answer(kind, list(clauses), words, today)
        return [Block(kind="notice", text=notice.text) for notice in found]

    def source(self, quote_clause: str, bullet: int | None) -> Block:
        """Where a quote stands: its place and its heading path."""
        lineage = self._plan.clauses.lineage(quote_clause)
        path = " › ".join(self._plan.title(clause.id) for clause in reversed(lineage))
        place = self._plan.place(quote_clause)
        count = len(self._plan.clauses[quote_clause].bullets)
        if bullet is None or count == 1:
            text = self._wording("answer.source", place=place, path=path)
        else:
            text = self._wording("answer.source_item", place=place, number=bullet, path=path)
        return Block(kind="source", text=text)

    def clause_button(self, clause_id: str) -> tuple[Button, ...]:
        """A row of buttons with the one that shows a clause."""
        return (Button(label=self._plan.title(clause_id), action=f"{FULL_TEXT}{clause_id}"),)

    def _answered(self, question: str, result: SearchResult, today: date) -> Reply:
        first, *others = result.hits
        further = [hit for hit in others if first.score - hit.score <= FURTHER_MARGIN][
            :FURTHER_CLAUSES
        ]
        blocks: list[Block] = []
        blocks += [Block(kind="quote", text=quote.text) for quote in first.quotes]
        only = first.quotes[0].bullet if len(first.quotes) == 1 else None
        blocks.append(self.source(first.clause, only))
        for hit in further:
            place = self._plan.place(hit.clause)
            blocks.append(Block(kind="text", text=self._wording("answer.related", place=place)))
            blocks.append(Block(kind="quote", text=hit.quotes[0].text))
        clauses = [first.clause, *(hit.clause for hit in further)]
        blocks += self.notices("answer", clauses[:1], question, today)
        quotes = [*first.quotes, *(hit.quotes[0] for hit in further)]
        return Reply(
            status="answered",
            blocks=tuple(blocks),
            citations=tuple(self._citation(quote) for quote in quotes),
            buttons=self._buttons(first, others),
            confidence=result.confidence,
        )

    def _named(self, clauses: Sequence[str], today: date) -> Reply:
        """The clause that the question names by its number, or what there is instead."""
        if len(clauses) == 1:
            return self.clause(clauses[0], today)
        if clauses:
            return self._offered(clauses[:OFFERED_HEADINGS], [], 1.0)
        outermost = [clause.id for clause in self._plan.clauses if clause.parent is None]
        return Reply(
            status="not_in_plan",
            blocks=(Block(kind="text", text=self._wording("answer.no_such_clause")),),
            buttons=tuple(self.clause_button(clause) for clause in outermost),
            confidence=1.0,
        )

    def _offered(self, clauses: Sequence[str], notices: list[Block], confidence: float) -> Reply:
        return Reply(
            status="unclear",
            blocks=(Block(kind="text", text=self._wording("answer.offer")), *notices),
            buttons=tuple(self.clause_button(clause) for clause in clauses),
            confidence=confidence,
        )

    def _refused(self, question: str, result: SearchResult, today: date) -> Reply:
        refusal = self._plan.refusals.topics.get(result.topic)
        sentence = (
            refusal.text
            if refusal
            else self._wording("answer.not_in_plan", contact=self._plan.info.contact)
        )
        notices = self.notices("not_in_plan", (), question, today)
        near = refusal.near if refusal else ""
        rows = [self.clause_button(near)] if near in self._plan.clauses else []
        return Reply(
            status="not_in_plan",
            blocks=(Block(kind="text", text=sentence), *notices),
            buttons=(*rows, (self._ask_again(),)),
            confidence=result.confidence,
        )

    def _buttons(self, first: Hit, others: list[Hit]) -> tuple[tuple[Button, ...], ...]:
        full = Button(label=self._wording("button.full_text"), action=f"{FULL_TEXT}{first.clause}")
        related = [self.clause_button(hit.clause) for hit in others[:FURTHER_CLAUSES]]
        return (*related, (full, self._ask_again()))

    def _ask_again(self) -> Button:
        return Button(label=self._wording("button.ask_again"), action=ASK_AGAIN)

    def _citation(self, quote: Quote) -> Citation:
        return self._plan.cite(quote.clause, quote.text, quote.bullet)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
