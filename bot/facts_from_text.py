"""A free sentence -> subject, occasion and figures that it states, and what is left to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.phrases import PhraseCompiler
from bot.spoken_claims import Claim, ClaimFinder
from bot.spoken_line import read_line
from bot.spoken_names import NameFinder
from indexer.query import QueryReader
from knowledge.facts import Value
from knowledge.plan import Plan
from knowledge.spoken import load_spoken


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """What a sentence says about a unit.

    `facts` are certain; `unsure` are facts that the sentence touches without stating them
    exactly, to be asked; `heard` holds for some of these the exact figure as typed, to be offered.
    `asks_for_award` when the sentence wants to know what the unit can be proposed for.
    """

    subject: str | None
    occasion: str | None
    facts: dict[str, Value]
    unsure: tuple[str, ...]
    asks_for_award: bool
    heard: Mapping[str, str] = field(default_factory=dict)


class FactReader:
    """Reads facts of one plan out of sentences. Safe to call from several threads."""

    def __init__(self, plan: Plan, reader: QueryReader) -> None:
        """A reader with the plan's sayings.

        Raises PlanDataError for a wrong file, PhraseError for a phrase that cannot be read.
        """
        spoken = load_spoken(plan)
        compiler = PhraseCompiler(spoken.macros, spoken.doubts.gap_stops)
        self._reader = reader
        self._fact_ids = tuple(plan.rules.facts)
        self._concerned = {
            fact_id: plan.rules.subjects.expand(fact.subjects)
            for fact_id, fact in plan.rules.facts.items()
        }
        self._subjects = NameFinder(spoken.subjects, compiler)
        self._occasions = NameFinder(spoken.occasions, compiler)
        self._claims = ClaimFinder(plan.rules, spoken, compiler)
        self._award_question = compiler.compile_any(spoken.award_questions)

    def find(self, text: str) -> FoundFacts:
        """What the text says; nothing that it leaves open is filled in."""
        line = read_line(text, self._reader)
        subject, occasion = self._subjects.find(line), self._occasions.find(line)
        claims = self._claims.find(line, subject, occasion)
        certain, unsure = self._settled(claims)
        if subject is not None and self._is_too_wide(subject, (*certain, *unsure)):
            subject = None  # "xã có 3 ấp ĐBKK" may well be an ethnic commune: to be asked
        facts = {
            f: certain[f].value
            for f in self._fact_ids
            if f in certain and self._concerns(f, subject)
        }
        touched = tuple(f for f in self._fact_ids if f in unsure and self._concerns(f, subject))
        return FoundFacts(
            subject=subject,
            occasion=occasion,
            facts={f: value for f, value in facts.items() if value is not None},
            unsure=touched,
            asks_for_award=bool(self._award_question and self._award_question.search(line.text)),
            heard={f: unsure[f] for f in touched if unsure[f]},
        )

    def _concerns(self, fact_id: str, subject: str | None) -> bool:
        return subject is None or subject in self._concerned[fact_id]

    def _is_too_wide(self, subject: str, certain: Iterable[str]) -> bool:
        """Whether something was said that only the narrower subject can have."""
        narrower = self._subjects.narrower(subject)
        return narrower is not None and any(
            subject not in self._concerned[fact_id] and narrower in self._concerned[fact_id]
            for fact_id in certain
        )

    @staticmethod
    def _settled(claims: list[Claim]) -> tuple[dict[str, Claim], dict[str, str]]:
        """The claims that nothing contradicts; of each other fact the one figure heard, or ""."""
        certain: dict[str, Claim] = {}
        unsure: dict[str, str] = {}
        for fact_id in dict.fromkeys(claim.fact_id for claim in claims):
            own = [claim for claim in claims if claim.fact_id == fact_id]
            sure = [claim for claim in own if claim.is_certain]
            values = {claim.value for claim in own if claim.is_certain or claim.may_contradict}
            if sure and len(values) == 1:
                certain[fact_id] = sure[0]
            else:
                figures = {claim.written for claim in own if claim.figure}
                offered = {claim.written for claim in own if claim.can_be_offered}
                unsure[fact_id] = figures.pop() if len(figures) == 1 and offered == figures else ""
        return certain, unsure
