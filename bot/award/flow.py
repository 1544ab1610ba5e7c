"""The award conversation: asks only what can still change a verdict, then shows the verdicts.

Routing alone: which question comes next, what an answer does. Rules are the plan's, words are in
questions.py and report.py.
"""

from __future__ import annotations

from datetime import date

from bot.award.questions import AwardQuestions
from bot.award.report import AwardReport
from bot.award.state import (
    CONFIRM,
    DONE,
    OCCASION,
    SUBJECT,
    AwardState,
    dump_value,
    session_with,
)
from bot.facts_from_text import FoundFacts
from bot.numbers import typed_value
from bot.requests import award_word
from bot.sessions import Session
from bot.turns import Reply
from knowledge.contradictions import contradicted
from knowledge.facts import Value
from knowledge.plan import Plan
from knowledge.questions import open_facts
from knowledge.values import BadValueError, OutOfRangeError, folded

Turn = tuple[Session, Reply]


class AwardFlow:
    """Leads the award conversation of one plan."""

    def __init__(self, plan: Plan, questions: AwardQuestions, report: AwardReport) -> None:
        self._rules = plan.rules
        self._questions = questions
        self._report = report

    def start(self, today: date, found: FoundFacts | None = None) -> Turn:
        """A new conversation; what was found in a sentence is shown to be confirmed first."""
        state = AwardState()
        if found is None or not (found.subject or found.occasion or found.facts or found.unsure):
            return self._next(state, today)
        state = state.model_copy(
            update={
                "subject": found.subject or "",
                "occasion": found.occasion or "",
                "facts": {name: dump_value(value) for name, value in found.facts.items()},
                "unsure": found.unsure,
                "heard": self._heard(found),
                "asking": CONFIRM,
            }
        )
        return session_with(state), self._questions.confirmation(state)

    def pressed(self, state: AwardState | None, action: str, today: date) -> Turn | None:
        """What a button of this flow does; None for one of an earlier conversation."""
        _, flow, name, value = (*action.split(":", 3), "", "", "")[:4]
        if name == "start":
            return self.start(today)
        if state is None or flow != state.id:
            return None
        if name in ("why", "routes"):
            return self._look_up(state, name, value)
        if name == "edit":
            return self._edit(state, value, today)
        if name == "do":
            return self._do(state, value, today)
        if name != state.asking or not self._is_offered(state, value):
            return self._stale(state, today)
        return self._answered(state, value, today)

    def typed(self, state: AwardState, text: str, today: date) -> Turn | None:
        """What a typed message does; None where it is no answer to the question asked."""
        word = award_word(text)
        if word:
            return self._do(state, word, today)
        if state.asking in (CONFIRM, DONE):
            return None
        value = self._value(state.asking, text)
        if value is None:
            return None
        unit = state.unit(self._rules.facts)
        against = contradicted(self._rules, unit.facts, state.asking, value)
        if against:
            return session_with(state), self._questions.contradicted(state, text[:40], against)
        return self._answered(state, dump_value(value), today)

    def go_on(self, state: AwardState, today: date) -> Turn:
        """What was shown is agreed to: the next question, or the verdicts."""
        return self._next(state, today)

    def asked_again(self, state: AwardState, text: str) -> Turn:
        """The question once more, saying what may be answered."""
        if state.asking not in self._rules.facts:
            return session_with(state), self._questions.not_understood(state, "")
        try:
            typed_value(self._rules.facts[state.asking], text)
        except OutOfRangeError as error:
            return session_with(state), self._questions.not_possible(state, text[:40], str(error))
        except BadValueError as error:
            return session_with(state), self._questions.not_understood(state, str(error))
        return session_with(state), self._questions.question(state)

    def _stale(self, state: AwardState, today: date) -> Turn:
        if state.asking == DONE:
            return session_with(state), self._report.verdicts(state, today)
        return session_with(state), self._questions.stale(state)

    def _next(self, state: AwardState, today: date) -> Turn:
        if not state.subject:
            asking = SUBJECT
        elif not state.occasion:
            asking = OCCASION
        else:
            wanted = open_facts(self._rules, state.unit(self._rules.facts), state.declined)
            touched = [fact for fact in wanted if fact in state.unsure]
            asking = (touched or [*wanted, DONE])[0]
        state = state.now_asking(asking)
        if asking == DONE:
            return session_with(state), self._report.verdicts(state, today)
        return session_with(state), self._questions.question(state)

    def _answered(self, state: AwardState, value: str, today: date) -> Turn:
        return self._next(state.with_answer(state.asking, value), today)

    def _do(self, state: AwardState, name: str, today: date) -> Turn:
        if name == "unknown":
            return self._declined(state, today)
        if name == "back":
            return self._back(state, today)
        if name == "restart":
            return self._next(AwardState(), today)
        if name == "cancel":
            return Session(), self._questions.cancelled()
        if name == "result":
            return self._finish(state, today)
        if name == "change":
            return session_with(state), self._questions.answers(state)
        if name == "more" and state.subject and state.occasion:
            return session_with(state), self._questions.additions(
                state, self._report.offered(state)
            )
        return self._next(state, today)

    def _declined(self, state: AwardState, today: date) -> Turn:
        if state.asking in (SUBJECT, OCCASION):
            return session_with(state), self._questions.needed(state)
        if state.asking in (CONFIRM, DONE):
            return self._next(state, today)
        declined = (*state.declined, state.asking)
        return self._next(state.model_copy(update={"declined": declined}), today)

    def _back(self, state: AwardState, today: date) -> Turn:
        if not state.asked:
            return self._next(state, today)
        *earlier, last = state.asked
        state = state.without_answer(last)
        state = state.model_copy(update={"asking": last, "asked": tuple(earlier)})
        return session_with(state), self._questions.question(state)

    def _finish(self, state: AwardState, today: date) -> Turn:
        if not (state.subject and state.occasion):
            return session_with(state), self._questions.needed(state)
        state = state.model_copy(update={"asking": DONE})
        return session_with(state), self._report.verdicts(state, today)

    def _edit(self, state: AwardState, key: str, today: date) -> Turn:
        if key not in (SUBJECT, OCCASION) and key not in self._rules.facts:
            return self._next(state, today)
        state = state.now_asking(key)
        return session_with(state), self._questions.question(state)

    def _look_up(self, state: AwardState, name: str, award: str) -> Turn | None:
        if not (state.subject and state.occasion):
            return session_with(state), self._questions.needed(state)
        if award not in {a.id for a in self._rules.awards}:
            return None
        show = self._report.why if name == "why" else self._report.routes
        return session_with(state), show(state, award)

    def _heard(self, found: FoundFacts) -> dict[str, str]:
        """The figures that a sentence named without making clear that they are meant."""
        values = {name: self._value(name, text) for name, text in found.heard.items()}
        return {name: dump_value(value) for name, value in values.items() if value is not None}

    def _is_offered(self, state: AwardState, value: str) -> bool:
        """Whether the question being asked has a button with this value."""
        return value in self._codes(state.asking) or value == state.heard.get(state.asking)

    def _codes(self, key: str) -> tuple[str, ...]:
        if key == SUBJECT:
            return tuple(self._rules.subjects.subjects)
        if key == OCCASION:
            return tuple(self._rules.subjects.occasions)
        return self._rules.facts[key].codes if key in self._rules.facts else ()

    def _value(self, key: str, text: str) -> Value | None:
        if key in (SUBJECT, OCCASION):
            return self._named(key, text)
        try:
            return typed_value(self._rules.facts[key], text)
        except BadValueError:
            return None

    def _named(self, key: str, text: str) -> str | None:
        """The subject or occasion that the text is the label or another name of."""
        named = self._rules.subjects
        kinds = named.subjects if key == SUBJECT else named.occasions
        wanted = folded(text)
        for code, kind in kinds.items():
            if wanted in (code, folded(kind.label), *(folded(also) for also in kind.also)):
                return code
        return None
