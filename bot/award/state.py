"""What is remembered of an award conversation: a plain value that any process can take up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.sessions import Session
from knowledge.facts import Fact, Unit, Value
from knowledge.rules import RuleBook

FLOW = "award"
SUBJECT, OCCASION, CONFIRM, DONE = "subject", "occasion", "confirm", "done"
_KEY = "state"
_MOST_DIGITS = 20  # before or behind the point


class AwardState(BaseModel):
    """Answers so far. `asking` is what the person was asked last; `asked` what came before it.

    `id` tells this conversation's buttons from those of an earlier one. Values are kept as
    text, several numbers divided by "|". `declined` are facts that the person does not know,
    `unsure` those that a sentence touched without stating them: they are asked first, with the
    figure that was `heard` as a button.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(default_factory=lambda: secrets.token_hex(2))
    subject: str = ""
    occasion: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    declined: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    heard: dict[str, str] = Field(default_factory=dict)
    asked: tuple[str, ...] = ()
    asking: str = SUBJECT

    def unit(self, facts: Mapping[str, Fact]) -> Unit:
        """The unit that the answers describe."""
        values = {name: load_value(facts[name], text) for name, text in self.facts.items()}
        return Unit(self.subject, self.occasion, values)

    def fits(self, rules: RuleBook) -> bool:
        """Whether it makes sense under the plan's rules, which may have changed since."""
        facts, subjects = rules.facts, rules.subjects
        asked = {*self.asked, self.asking} - {SUBJECT, OCCASION, CONFIRM, DONE}
        named = {*self.facts, *self.heard, *self.declined, *self.unsure, *asked}
        return (
            named <= facts.keys()
            and (self.asking != DONE or bool(self.subject and self.occasion))
            and self.subject in ("", *subjects.subjects)
            and self.occasion in ("", *subjects.occasions)
            and all(_is_value(facts[name], text) for name, text in self.facts.items())
            and all(_is_value(facts[name], text) for name, text in self.heard.items())
        )

    def with_answer(self, key: str, value: Value) -> AwardState:
        """The state with one more, or one changed, answer; `key` is what it answers."""
        if key == SUBJECT:
            return self.model_copy(update={"subject": str(value)})
        if key == OCCASION:
            return self.model_copy(update={"occasion": str(value)})
        declined = tuple(name for name in self.declined if name != key)
        facts = {**self.facts, key: dump_value(value)}
        return self.model_copy(update={"facts": facts, "declined": declined})

    def without_answer(self, key: str) -> AwardState:
        """The state as if `key` had not been answered."""
        if key == SUBJECT:
            return self.model_copy(update={"subject": ""})
        if key == OCCASION:
            return self.model_copy(update={"occasion": ""})
        facts = {name: text for name, text in self.facts.items() if name != key}
        declined = tuple(name for name in self.declined if name != key)
        return self.model_copy(update={"facts": facts, "declined": declined})

    def now_asking(self, key: str) -> AwardState:
        """The state after `key` is asked; the question before it can be gone back to."""
        asked = self.asked
        if self.asking not in (key, CONFIRM, DONE):
            asked = (*(name for name in asked if name != self.asking), self.asking)
        return self.model_copy(update={"asking": key, "asked": asked})


def state_of(session: Session) -> AwardState | None:
    """The award conversation under way in the session; None without one that can be read."""
    if session.flow != FLOW or _KEY not in session.data:
        return None
    try:
        return AwardState.model_validate_json(session.data[_KEY])
    except ValidationError:  # another version of the program wrote it
        return None


def session_with(state: AwardState) -> Session:
    """The session that keeps the state."""
    return Session(flow=FLOW, data={_KEY: state.model_dump_json()})


def dump_value(value: Value) -> str:
    """The value as text."""
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value)


def load_value(fact: Fact, text: str) -> Value:
    """The value that `dump_value` wrote."""
    if fact.codes:
        return text
    if fact.is_list:
        return tuple(Decimal(part) for part in text.split("|"))
    return Decimal(text)


def _is_value(fact: Fact, text: str) -> bool:
    if fact.codes:
        return text in fact.codes
    try:
        value = load_value(fact, text)
    except InvalidOperation:
        return False
    parts = value if isinstance(value, tuple) else (value,)
    return all(
        isinstance(part, Decimal) and part.is_finite() and abs(part.adjusted()) < _MOST_DIGITS
        for part in parts
    )
