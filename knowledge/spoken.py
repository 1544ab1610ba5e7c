"""How people say a plan's subjects, occasions and facts in a sentence of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from knowledge.errors import PlanDataError
from knowledge.yaml_reader import DataModel, read_yaml

if TYPE_CHECKING:
    from knowledge.plan import Plan

FILE_NAME = "spoken_facts.yaml"
UNKNOWN = "unknown"  # among the occasions of a saying: none was named in the text


class Said(DataModel):
    """How a subject or an occasion is named.

    `said` counts first; `also` only where nothing is said so clearly. `unclear` words leave the
    question open, and within `never` words nothing is named. `narrower` is the subject that has
    everything that this one has, and more.
    """

    said: list[str] = Field(min_length=1)
    also: list[str] = Field(default_factory=list)
    unclear: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    narrower: str | None = None


class Saying(DataModel):
    """Phrases that state a fact.

    `means` is the value where the phrases themselves say it; otherwise they hold one slot.
    `near` must stand beside the phrase and `text_has` anywhere for it to be certain, `not_near`
    must not: else it only touches the fact. Without its `beside`, or with one of its `never` in
    the clause, it says nothing at all. With `alone`, no other figure of its kind may be left
    unexplained. An `unsure` phrase only touches the fact, and does so only where its conditions
    hold. Elsewhere than on its `occasions` or for its `subjects` a saying does not apply.
    """

    said: list[str] = Field(min_length=1)
    means: str | Decimal | None = None
    beside: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    near: list[str] = Field(default_factory=list)
    not_near: list[str] = Field(default_factory=list)
    text_has: list[str] = Field(default_factory=list)
    occasions: list[str] = Field(default_factory=list)
    subjects: list[str] = Field(default_factory=list)
    alone: bool = False
    unsure: bool = False

    @model_validator(mode="after")
    def _says_one_value(self) -> Saying:
        for phrase in self.said:
            slots = phrase.count("{")
            if slots > 1 or (slots == 1 and self.means is not None):
                raise ValueError(f"said: {phrase!r} gives more than one value")
            if slots == 0 and self.means is None and not self.unsure:
                raise ValueError(f"said: {phrase!r} gives no value; add a slot, means or unsure")
        return self


class Doubts(DataModel):
    """Words that take the certainty from what is said.

    `closely_before` within a few words, `before` in the same clause, `sentence` anywhere earlier
    in the sentence, `after` directly behind. `asked` makes a question of it from behind, in the
    same clause and with none of `asked_stops` between: these turn the question to something
    else. `gap_stops` break a phrase that has a gap.
    """

    closely_before: list[str] = Field(default_factory=list)
    before: list[str] = Field(default_factory=list)
    sentence: list[str] = Field(default_factory=list)
    after: list[str] = Field(default_factory=list)
    asked: list[str] = Field(default_factory=list)
    asked_stops: list[str] = Field(default_factory=list)
    gap_stops: list[str] = Field(default_factory=list)


class SpokenFacts(DataModel):
    """spoken_facts.yaml; without the file a plan's facts are asked for one by one."""

    macros: dict[str, str] = Field(default_factory=dict)
    doubts: Doubts = Field(default_factory=Doubts)
    award_questions: list[str] = Field(default_factory=list)
    subjects: dict[str, Said] = Field(default_factory=dict)
    occasions: dict[str, Said] = Field(default_factory=dict)
    facts: dict[str, list[Saying]] = Field(default_factory=dict)


def load_spoken(plan: Plan) -> SpokenFacts:
    """The plan's sayings, empty where it has none.

    Raises PlanDataError naming file, key and value, also for a name that the plan does not know.
    """
    path = plan.folder / FILE_NAME
    if not path.exists():
        return SpokenFacts()
    spoken = read_yaml(path, SpokenFacts)
    rules = plan.rules
    known_subjects, known_occasions = set(rules.subjects.subjects), set(rules.subjects.occasions)
    sayings = [saying for group in spoken.facts.values() for saying in group]
    checks = [
        ("subjects", spoken.subjects, known_subjects),
        (
            "subjects.narrower",
            {s.narrower for s in spoken.subjects.values() if s.narrower},
            known_subjects,
        ),
        ("occasions", spoken.occasions, known_occasions),
        ("facts", spoken.facts, set(rules.facts)),
        ("facts.occasions", {o for s in sayings for o in s.occasions}, known_occasions | {UNKNOWN}),
        (
            "facts.subjects",
            {s for saying in sayings for s in saying.subjects},
            known_subjects | set(rules.subjects.groups),
        ),
    ]
    for key, names, known in checks:
        unknown = sorted(set(names) - known)
        if unknown:
            raise PlanDataError(
                f"{path}: {key}: {unknown[0]!r} is not one of the plan's names; "
                f"allowed: {', '.join(sorted(known))}"
            )
    return spoken
