"""Questions of the award conversation, and what has been entered so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from bot.award.state import CONFIRM, OCCASION, SUBJECT, AwardState, load_value
from bot.turns import Block, Button, Question, Reply
from bot.wording import Wording
from knowledge.clauses import ClauseTree
from knowledge.contradictions import Contradiction
from knowledge.facts import Fact, Kind
from knowledge.questions import open_facts
from knowledge.rules import RuleBook
from knowledge.values import choice_label, format_number, format_value

ACTION = "dk"
FEW_ANSWERS = 6  # up to this many answers stand in rows of two buttons


class AwardQuestions:
    """Words the questions of one plan's award conversation."""

    def __init__(self, rules: RuleBook, clauses: ClauseTree, wording: Wording) -> None:
        self._rules = rules
        self._clauses = clauses
        self._say = wording

    def question(self, state: AwardState, opening: str = "") -> Reply:
        """The question being asked, with its answers as buttons where they are few."""
        key = state.asking
        if key == CONFIRM:
            return self.confirmation(state)
        blocks = [_text(opening)] if opening else []
        if key in (SUBJECT, OCCASION):
            blocks.append(_text(self._say(f"award.ask_{key}")))
            expects_figure = False
        else:
            fact = self._rules.facts[key]
            blocks.append(_text(fact.question_for(state.subject)))
            blocks += self._bullets(fact)
            expects_figure = not fact.codes
            if expects_figure:
                blocks.append(_notice(self._say("award.example", example=fact.example)))
        answers = [
            Button(label=label, action=action(state, key, code))
            for code, label in self._answers(state, key)
        ]
        width = 2 if len(answers) <= FEW_ANSWERS else 1
        rows = [tuple(answers[at : at + width]) for at in range(0, len(answers), width)]
        return Reply(
            status="award",
            blocks=tuple(blocks),
            buttons=(*rows, *self._controls(state)),
            expects_figure=expects_figure,
            question=self._progress(state),
        )

    def not_understood(self, state: AwardState, allowed: str) -> Reply:
        """The question once more, with what may be answered."""
        key = "award.not_understood_fact" if allowed else "award.not_understood"
        return self.question(state, self._say(key, allowed=allowed))

    def not_possible(self, state: AwardState, typed: str, allowed: str) -> Reply:
        """The question once more: the figure was understood, but cannot be."""
        return self.question(state, self._say("award.not_possible", typed=typed, allowed=allowed))

    def contradicted(self, state: AwardState, typed: str, against: Contradiction) -> Reply:
        """The question once more: the figure cannot stand beside one that was given before."""
        key = "award.not_above" if against.is_upper else "award.not_below"
        other = self._line(state, against.beside)
        limit = format_number(against.limit)
        return self.question(state, self._say(key, typed=typed, limit=limit, other=other))

    def stale(self, state: AwardState) -> Reply:
        """For a button of an earlier question: nothing is written; the present one is shown."""
        return self.question(state, self._say("award.stale"))

    def needed(self, state: AwardState) -> Reply:
        """Why subject and occasion have to be known, and the question again."""
        return self.question(state, self._say("award.needed"))

    def cancelled(self) -> Reply:
        """The conversation is over and forgotten."""
        return Reply(status="menu", blocks=(_text(self._say("award.cancelled")),))

    def confirmation(self, state: AwardState) -> Reply:
        """What was understood from a sentence, to be confirmed or changed."""
        entered = self.entered(state)
        blocks = [_text(self._say("award.understood")), *entered] if entered else []
        if state.unsure:
            asked = "; ".join(self._to_ask(state, name) for name in state.unsure)
            blocks.append(_notice(self._say("award.will_ask", facts=asked)))
        yes = Button(label=self._say("award.confirm"), action=action(state, "do", "go"))
        change = Button(label=self._say("award.change"), action=action(state, "do", "change"))
        return Reply(status="award", blocks=tuple(blocks), buttons=((yes, change),))

    def _to_ask(self, state: AwardState, name: str) -> str:
        """A fact that a sentence touched, with the figure heard for it if there was one."""
        fact, heard = self._rules.facts[name], state.heard.get(name)
        if heard is None:
            return fact.label
        value = format_value(fact, load_value(fact, heard))
        return self._say("award.heard", label=fact.label, value=value)

    def answers(self, state: AwardState) -> Reply:
        """Every answer so far as a button, to be changed."""
        keys = [k for k in (SUBJECT, OCCASION) if getattr(state, k)] + list(state.facts)
        rows = [
            (Button(label=self._line(state, key), action=action(state, "edit", key)),)
            for key in keys
        ]
        go = Button(label=self._say("award.go_on"), action=action(state, "do", "go"))
        text = self._say("award.which_to_change")
        return Reply(status="award", blocks=(_text(text),), buttons=(*rows, (go,)))

    def additions(self, state: AwardState, facts: Iterable[str]) -> Reply:
        """Facts that were not asked for, each as a button."""
        rows = [
            (Button(label=self._rules.facts[fact].label, action=action(state, "edit", fact)),)
            for fact in facts
        ]
        result = self.button(state, "award.result", "do", "result")
        text = self._say("award.which_to_add")
        return Reply(status="award", blocks=(_text(text),), buttons=(*rows, (result,)))

    def entered(self, state: AwardState) -> list[Block]:
        """Everything answered so far, a line each, what is not known included."""
        keys = [k for k in (SUBJECT, OCCASION) if getattr(state, k)] + list(state.facts)
        blocks = [Block(kind="item", text=self._line(state, key)) for key in keys]
        for name in state.declined:
            text = self._say("award.unknown_line", label=self._rules.facts[name].label)
            blocks.append(Block(kind="item", text=text))
        return blocks

    def _bullets(self, fact: Fact) -> list[Block]:
        """The plan's own words that the question speaks of."""
        if fact.bullets_of is None:
            return []
        clause = self._clauses[fact.bullets_of]
        return [Block(kind="item", text=bullet.text.rstrip(";.")) for bullet in clause.bullets]

    def _progress(self, state: AwardState) -> Question:
        n_left = None
        if state.subject and state.occasion:
            n_left = len(open_facts(self._rules, state.unit(self._rules.facts), state.declined))
        named = (state.subject, state.occasion)
        fact = self._rules.facts.get(state.asking)
        return Question(
            n_answered=len([name for name in named if name])
            + len(state.facts)
            + len(state.declined),
            n_left=n_left,
            entry=_entry(fact),
            unit=_unit(fact) if fact else "",
            back=action(state, "do", "back") if state.asked else "",
        )

    def _line(self, state: AwardState, key: str) -> str:
        named = self._rules.subjects
        if key == SUBJECT:
            return self._say("award.line_subject", value=named.subjects[state.subject].label)
        if key == OCCASION:
            return self._say("award.line_occasion", value=named.occasions[state.occasion].label)
        fact = self._rules.facts[key]
        value = format_value(fact, load_value(fact, state.facts[key]))
        return self._say("award.line", label=fact.label, value=value)

    def _answers(self, state: AwardState, key: str) -> list[tuple[str, str]]:
        named = self._rules.subjects
        if key == SUBJECT:
            return [(code, subject.label) for code, subject in named.subjects.items()]
        if key == OCCASION:
            return [(code, occasion.label) for code, occasion in named.occasions.items()]
        fact = self._rules.facts[key]
        answers = [(code, choice_label(fact, code)) for code in fact.codes]
        heard = state.heard.get(key)
        if heard is not None and heard not in fact.codes:
            answers.append((heard, format_value(fact, load_value(fact, heard))))
        return answers

    def _controls(self, state: AwardState) -> list[tuple[Button, ...]]:
        row = [self.button(state, "award.unknown", "do", "unknown")]
        if state.asked:
            row.append(self.button(state, "award.back", "do", "back"))
        rows = [tuple(row)]
        if state.subject and state.occasion:
            rows.append((self.button(state, "award.result", "do", "result"),))
        return rows

    def button(self, state: AwardState, key: str, name: str, value: str, award: str = "") -> Button:
        """A button of this conversation, worded by `key`."""
        return Button(label=self._say(key, award=award), action=action(state, name, value))


def action(state: AwardState, name: str, value: str) -> str:
    """The action of a button that belongs to this conversation alone."""
    return f"{ACTION}:{state.id}:{name}:{value}"


def start_button(wording: Wording) -> Button:
    """The button that starts the conversation."""
    return Button(label=wording("button.award"), action=f"{ACTION}::start")


def _entry(fact: Fact | None) -> Literal["choice", "whole", "decimal", "list"]:
    if fact is None or fact.codes:
        return "choice"
    if fact.is_list:
        return "list"
    return "whole" if fact.is_whole else "decimal"


def _unit(fact: Fact) -> str:
    """What a typed figure counts, "" where nothing does."""
    if fact.kind in (Kind.PERCENT, Kind.PERCENT_LIST):
        return "%"
    return fact.unit


def _text(text: str) -> Block:
    return Block(kind="text", text=text)


def _notice(text: str) -> Block:
    return Block(kind="notice", text=text)
