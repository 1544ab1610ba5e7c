"""Dossier checklists as replies: papers, sets, route, confirmations, each with its clause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.answer import AnswerWriter
from bot.requests import DossierRequest
from bot.turns import Block, Button, Reply
from bot.wording import Wording
from knowledge.dossiers import Award, Route, Source
from knowledge.plan import Plan

DOSSIER = "hoso"  # the action of the buttons, and the command
CHECKLIST_PAPER, SAMPLE_PAPERS = "giay:hs", "giay:mau"  # actions that ask for papers
NOTICE_KIND = "dossier"  # as notices.yaml names it


class DossierDesk:
    """Hands out the dossier checklists of one plan."""

    def __init__(self, plan: Plan, wording: Wording, writer: AnswerWriter) -> None:
        self._plan = plan
        self._wording = wording
        self._writer = writer

    def choose(self) -> Reply:
        """The question for which award, a button an award; a plain word where there is none."""
        if not self._plan.dossiers.awards:
            none = Block(kind="text", text=self._wording("dossier.none"))
            return Reply(status="menu", blocks=(none,))
        return Reply(
            status="menu",
            blocks=(Block(kind="text", text=self._wording("dossier.choose")),),
            buttons=tuple(
                (Button(label=award.name, action=f"{DOSSIER}:{award.id}"),)
                for award in self._plan.dossiers.awards
            ),
        )

    def request_of(self, action: str) -> DossierRequest | None:
        """The request behind a button's action; None where it names nothing this plan has."""
        _, award, route = (*action.split(":"), "", "")[:3]
        book = self._plan.dossiers
        if award not in {a.id for a in book.awards}:
            return None
        return DossierRequest(award, route if route in {r.id for r in book.routes} else None)

    def checklist(self, request: DossierRequest, today: date) -> Reply:
        """The checklist of an award; the choice of awards where none is named."""
        if request.award is None:
            return self.choose()
        book, say = self._plan.dossiers, self._wording
        award = book.award(request.award)
        sources: list[Source] = [paper.source for paper in book.papers]
        blocks = [Block(kind="heading", text=say("dossier.title", award=award.name))]
        blocks.append(
            Block(kind="text", text=say("dossier.papers_of", place=self._places(sources)))
        )
        blocks += [
            Block(kind="item", text=say("dossier.paper", paper=p.name), tick=f"{award.id}:{p.name}")
            for p in book.papers
        ]
        if award.sets_source:
            sources.append(award.sets_source)
        blocks.append(Block(kind="text", text=self.sets(award)))
        for route in self._routes(award, request.route):
            sources += route.sources
        blocks += self.ways(award, request.route)
        blocks += self._confirmations(award, request.route, sources)
        sources += book.registration.sources
        blocks.append(Block(kind="text", text=book.registration.text))
        blocks.append(Block(kind="notice", text=say("dossier.not_stated")))
        blocks += self._writer.notices(NOTICE_KIND, [s.clause for s in sources], "", today)
        citations = [self._plan.cite(s.clause, s.quote) for s in dict.fromkeys(sources)]
        return Reply(
            status="dossier",
            blocks=tuple(blocks),
            citations=tuple(citations),
            buttons=self._buttons(award, request.route),
        )

    def sets(self, award: Award) -> str:
        """How many sets the plan asks for, or that it does not say."""
        if award.sets is None or award.sets_source is None:
            return self._wording("dossier.sets_unknown", award=award.name)
        place = self._plan.place(award.sets_source.clause)
        return self._wording("dossier.sets", sets=f"{award.sets:02d}", place=place)

    def ways(self, award: Award, route_id: str | None) -> list[Block]:
        """Where the dossier goes, step by step; by every route where none is named."""
        if not award.has_route:
            text = self._wording("dossier.route_unknown", award=award.name)
            return [Block(kind="text", text=text)]
        routes = self._routes(award, route_id)
        return [block for route in routes for block in self._route(award, route)]

    def _routes(self, award: Award, route_id: str | None) -> list[Route]:
        known = self._plan.dossiers.routes if award.has_route else []
        return [route for route in known if route_id in (None, route.id)]

    def _route(self, award: Award, route: Route) -> list[Block]:
        title = self._wording("dossier.route", route=route.name, place=self._places(route.sources))
        steps = list(route.steps)
        if award.is_state_level:
            steps[-1:-1] = route.state_level_steps
        return [
            Block(kind="text", text=title),
            *(
                Block(kind="item", text=self._wording("dossier.step", number=number, step=step))
                for number, step in enumerate(steps, start=1)
            ),
        ]

    def _confirmations(
        self, award: Award, route_id: str | None, sources: list[Source]
    ) -> list[Block]:
        wanted = self._plan.dossiers.confirmations_for(award.id, route_id)
        if not wanted:
            return []
        blocks = [Block(kind="text", text=self._wording("dossier.confirmations"))]
        for confirmation in wanted:
            sources += confirmation.sources
            text = self._wording(
                "dossier.confirmation",
                text=confirmation.text,
                place=self._places(confirmation.sources),
            )
            tick = f"{award.id}:{confirmation.text}"
            blocks.append(Block(kind="item", text=text, tick=tick))
        return blocks

    def _buttons(self, award: Award, route_id: str | None) -> tuple[tuple[Button, ...], ...]:
        routes = [
            (Button(label=route.name, action=f"{DOSSIER}:{award.id}:{route.id}"),)
            for route in self._plan.dossiers.routes
            if award.has_route and route.id != route_id
        ]
        end = f"{award.id}:{route_id}" if route_id else award.id
        papers = (
            Button(
                label=self._wording("button.paper_checklist"), action=f"{CHECKLIST_PAPER}:{end}"
            ),
            Button(label=self._wording("button.paper_samples"), action=f"{SAMPLE_PAPERS}:{end}"),
        )
        other = Button(label=self._wording("button.dossier_all"), action=DOSSIER)
        ask = Button(label=self._wording("button.ask_again"), action="hoi")
        return (*routes, papers, (other, ask))

    def _places(self, sources: Iterable[Source]) -> str:
        return "; ".join(dict.fromkeys(self._plan.place(source.clause) for source in sources))
