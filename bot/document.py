"""Questions about the plan as a document: its name, number and date, its signer, whether it holds.

No clause says that; it stands in the document's head and foot, kept in plan.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.plan_standing import PlanStanding, day, span
from bot.requests import DocumentPart, document_request
from bot.turns import Block, Reply
from bot.wording import Wording
from knowledge.plan import Plan

_ABSENT: dict[DocumentPart, str] = {
    "signer": "document.no_signer",
    "number": "document.no_number",
    "recipients": "document.no_recipients",
    "validity": "document.no_validity",
}


class DocumentDesk:
    """Answers about one plan's document from what its head and foot say."""

    def __init__(self, plan: Plan, wording: Wording, standing: PlanStanding) -> None:
        self._info = plan.info
        self._say = wording
        self._standing = standing

    def reply(self, tokens: Sequence[str], today: date) -> Reply | None:
        """The answer to a question about the document; None for any other message."""
        asked = document_request(tokens)
        if asked is None:
            return None
        found = self._found(asked, today)
        if found is None:
            text = self._say(_ABSENT[asked], contact=self._info.contact)
            return Reply(status="not_in_plan", blocks=(Block(kind="text", text=text),))
        head, *items = found
        blocks = [Block(kind="text", text=head), *(Block(kind="item", text=i) for i in items)]
        return Reply(status="answered", blocks=tuple(blocks))

    def _found(self, asked: DocumentPart, today: date) -> list[str] | None:
        """The first line and the items below it; None where the document does not say."""
        match asked:
            case "title":
                return [self._say("document.title", title=self._info.title)]
            case "signer":
                return self._signer()
            case "number":
                return self._number()
            case "recipients":
                return self._recipients()
            case "validity":
                return self._validity(today)

    def _signer(self) -> list[str] | None:
        signer, issuer = self._info.signer, self._info.issuer
        return [self._say("document.signer", issuer=issuer, signer=signer)] if signer else None

    def _number(self) -> list[str] | None:
        number, signed = self._info.number, self._info.date_signed
        if number and signed:
            return [self._say("document.number_and_date", number=number, day=day(signed))]
        if number:
            return [self._say("document.number", number=number)]
        return [self._say("document.date", day=day(signed))] if signed else None

    def _recipients(self) -> list[str] | None:
        names = self._info.recipients
        return [self._say("document.recipients"), *names] if names else None

    def _validity(self, today: date) -> list[str] | None:
        notice, period = self._standing.notice(today), self._info.period
        if notice:
            return [notice]
        return [self._say("document.in_force", period=span(period))] if period else None
