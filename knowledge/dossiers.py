"""Dossier checklists: papers, number of sets, route, confirmations."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from knowledge.yaml_reader import DataModel


class Source(DataModel):
    """A clause and its words, verbatim."""

    clause: str
    quote: str


class Paper(DataModel):
    """A paper of the dossier, in plain words, with the text that asks for it."""

    name: str
    source: Source


class Award(DataModel):
    """An award that a dossier can be for; `sets` is None where the plan states no number."""

    id: str
    name: str
    words: list[str]
    sets: int | None = None
    sets_source: Source | None = None
    is_state_level: bool = False
    has_route: bool = True


class Route(DataModel):
    """The way of a dossier by the kind of merit: its steps in order, the first one's receiver."""

    id: str
    name: str
    words: list[str]
    steps: list[str]
    state_level_steps: list[str] = Field(default_factory=list)
    receiver: str = ""
    sources: list[Source]


class Confirmation(DataModel):
    """A confirmation that the criteria call for although V.1 does not list it; derived."""

    text: str
    sources: list[Source]
    awards: list[str] = Field(default_factory=list)
    routes: list[str] = Field(default_factory=list)


class Registration(DataModel):
    """Where the movement's registration goes, as each clause says."""

    text: str
    sources: list[Source]


class DossierBook(DataModel):
    """dossiers.yaml."""

    papers: list[Paper]
    awards: list[Award]
    routes: list[Route]
    confirmations: list[Confirmation]
    registration: Registration

    @model_validator(mode="after")
    def _names_known_ids(self) -> DossierBook:
        awards = {award.id for award in self.awards}
        routes = {route.id for route in self.routes}
        for confirmation in self.confirmations:
            unknown = (set(confirmation.awards) - awards) | (set(confirmation.routes) - routes)
            if unknown:
                raise ValueError(f"confirmations name unknown ids {sorted(unknown)}")
        return self

    def award(self, award_id: str) -> Award:
        """The award with this id."""
        return next(award for award in self.awards if award.id == award_id)

    def route(self, route_id: str) -> Route:
        """The route with this id."""
        return next(route for route in self.routes if route.id == route_id)

    def confirmations_for(self, award_id: str, route_id: str | None) -> list[Confirmation]:
        """The derived confirmations that concern this award and route (None: any route)."""
        return [
            confirmation
            for confirmation in self.confirmations
            if (not confirmation.awards or award_id in confirmation.awards)
            and (not confirmation.routes or route_id is None or route_id in confirmation.routes)
        ]

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Every source with its place in the file, for checks."""
        for paper in self.papers:
            yield f"papers.{paper.name}", paper.source
        for award in self.awards:
            if award.sets_source:
                yield f"awards.{award.id}.sets_source", award.sets_source
        for route in self.routes:
            for source in route.sources:
                yield f"routes.{route.id}", source
        for confirmation in self.confirmations:
            for source in confirmation.sources:
                yield f"confirmations.{confirmation.text[:30]}", source
        for source in self.registration.sources:
            yield "registration", source
