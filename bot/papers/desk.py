"""The papers of one plan: which there are, and each as a file."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.award.report import AwardReport
from bot.award.state import AwardState
from bot.dossier import DossierDesk
from bot.papers.template import FILES, template
from bot.plan_standing import PlanStanding
from bot.turns import Attachment, Block, Button, Reply
from bot.wording import Wording
from knowledge.plan import Plan

# The document library is loaded by the first paper, not by every start.

PAPER = "giay"  # the action of the buttons
RESULT, CHECKLIST, CHOICE = "kq", "hs", "mau"


class PaperRequest(BaseModel):
    """Which paper is wanted: "kq" the award result, "hs" the checklist, or a key of FILES."""

    model_config = ConfigDict(frozen=True)

    kind: str
    award: str = ""
    route: str = ""


def paper_action(kind: str, award: str = "", route: str = "") -> str:
    """The action of a button that asks for a paper."""
    return ":".join(part for part in (PAPER, kind, award, route) if part)


class PaperDesk:
    """Hands out the papers of one plan."""

    def __init__(
        self,
        plan: Plan,
        wording: Wording,
        report: AwardReport,
        dossiers: DossierDesk,
        standing: PlanStanding,
    ) -> None:
        self._plan = plan
        self._say = wording
        self._report = report
        self._dossiers = dossiers
        self._standing = standing

    def request_of(self, action: str) -> PaperRequest | None:
        """The request behind a button's action; None where it names nothing this plan has."""
        _, kind, award, route = (*action.split(":"), "", "", "")[:4]
        book = self._plan.dossiers
        if kind == RESULT:
            return PaperRequest(kind=kind)
        if kind not in (CHECKLIST, CHOICE, *FILES) or award not in {a.id for a in book.awards}:
            return None
        known = route in {r.id for r in book.routes} and book.award(award).has_route
        return PaperRequest(kind=kind, award=award, route=route if known else "")

    def reply(self, request: PaperRequest, state: AwardState | None, today: date) -> Reply:
        """The paper as a file; the choice of skeletons; or what is needed first."""
        if request.kind == CHOICE:
            return self._choice(request)
        made = self.paper(request, state, today)
        if made is None:
            return _said(self._say("papers.no_result"))
        key = {RESULT: "papers.result_made", CHECKLIST: "papers.checklist_made"}
        text = self._say(key.get(request.kind, "papers.sample_made"))
        return Reply(status="dossier", blocks=(Block(kind="text", text=text),), attachments=(made,))

    def paper(
        self, request: PaperRequest, state: AwardState | None, today: date
    ) -> Attachment | None:
        """The paper as .docx; None for a result without an award conversation to tell of."""
        from bot.papers.writer import PaperWriter

        known = state if state and state.subject and state.occasion else None
        writer = PaperWriter(self._plan, self._report, self._dossiers, self._standing, today)
        if request.kind == RESULT:
            return writer.result(known) if known else None
        if request.kind == CHECKLIST:
            return writer.checklist(request.award, request.route)
        return writer.sample(template(request.kind), request.award, request.route, known)

    def _choice(self, request: PaperRequest) -> Reply:
        award = self._plan.dossiers.award(request.award)
        buttons = tuple(
            (
                Button(
                    label=template(kind).label,
                    action=paper_action(kind, request.award, request.route),
                ),
            )
            for kind in FILES
        )
        text = self._say("papers.choose", award=award.name)
        return Reply(status="menu", blocks=(Block(kind="text", text=text),), buttons=buttons)


def _said(text: str) -> Reply:
    return Reply(status="menu", blocks=(Block(kind="text", text=text),))
