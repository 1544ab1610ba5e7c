"""What the phrases of a plan claim about its facts in one line of words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.numbers import typed_value
from bot.phrases import PhraseCompiler, every_match, slot_of
from bot.spoken_doubts import DoubtFinder, neighbourhood, own_clause
from bot.spoken_figures import SpokenFigure
from bot.spoken_line import Line
from knowledge.facts import Fact, Value
from knowledge.rules import RuleBook
from knowledge.spoken import UNKNOWN, Saying, SpokenFacts
from knowledge.values import BadValueError, checked

_COUNT_BEFORE = re.compile(r" [#%^$/]\d+~?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """One phrase that speaks of a fact, from `start` to `end` of the line.

    `figure` and `slot` say which number it takes. A claim that `may_contradict` keeps another
    value of the same fact from being certain; a demand or a denial ("phải giảm 50%") does not.
    """

    fact_id: str
    value: Value | None
    start: int
    end: int
    is_certain: bool
    may_contradict: bool
    figure: str = ""
    slot: str = ""
    written: str = ""
    can_be_offered: bool = False
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    slot: str


@dataclass(frozen=True, slots=True)
class _Rule:
    saying: Saying
    subjects: frozenset[str]
    phrases: tuple[_Phrase, ...]
    beside: re.Pattern[str] | None
    never: re.Pattern[str] | None
    near: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    text_has: re.Pattern[str] | None


class ClaimFinder:
    """Finds the claims of every fact in a line."""

    def __init__(self, rules: RuleBook, spoken: SpokenFacts, compiler: PhraseCompiler) -> None:
        self._facts = rules.facts
        self._doubts = DoubtFinder(spoken.doubts, spoken.macros)
        self._rules = {
            fact_id: [
                _Rule(
                    saying,
                    rules.subjects.expand(saying.subjects),
                    tuple(_Phrase(compiler.compile(p), slot_of(p) or "") for p in saying.said),
                    compiler.compile_any(saying.beside),
                    compiler.compile_any(saying.never),
                    compiler.compile_any(saying.near),
                    compiler.compile_any(saying.not_near),
                    compiler.compile_any(saying.text_has),
                )
                for saying in sayings
            ]
            for fact_id, sayings in spoken.facts.items()
        }

    def find(self, line: Line, subject: str | None, occasion: str | None) -> list[Claim]:
        """The claims that stand, those of one figure by several facts no longer certain."""
        found = [
            claim
            for fact_id, rules in self._rules.items()
            for rule in rules
            if _applies(rule, subject, occasion)
            for claim in self._claims(fact_id, rule, line)
        ]
        kept = [claim for claim in found if not any(_outweighs(other, claim) for other in found)]
        return [_weighed(claim, kept, line) for claim in kept]

    def _claims(self, fact_id: str, rule: _Rule, line: Line) -> Iterator[Claim]:
        for phrase in rule.phrases:
            for match in every_match(phrase.pattern, line.text):
                claim = self._claim(fact_id, rule, phrase, match, line)
                if claim:
                    yield claim

    def _claim(
        self, fact_id: str, rule: _Rule, phrase: _Phrase, match: re.Match[str], line: Line
    ) -> Claim | None:
        if not phrase.slot and _COUNT_BEFORE.search(line.text, 0, match.start()):
            return None  # "3 ấp được công nhận" says nothing of the one that is asked about
        if not _says_something(rule, match, line):
            return None
        fits = _conditions_hold(rule, match, line)
        if rule.saying.unsure and not fits:
            return None
        sign = match["figure"] if phrase.slot else ""
        figure = line.figure(sign) if sign else None
        written = _written(figure, phrase.slot)
        value = self._value(self._facts[fact_id], rule.saying, written)
        is_doubted = self._doubts.casts_on(match, line)
        is_exact = not (figure and figure.is_vague)
        return Claim(
            fact_id=fact_id,
            value=value,
            start=match.start(),
            end=match.end(),
            is_certain=fits and is_exact and not is_doubted and not rule.saying.unsure,
            may_contradict=value is not None and not is_doubted,
            figure=sign,
            slot=phrase.slot,
            written=written,
            can_be_offered=is_exact and not is_doubted,
            is_alone=rule.saying.alone,
        )

    @staticmethod
    def _value(fact: Fact, saying: Saying, written: str) -> Value | None:
        try:
            if saying.means is not None:
                means = saying.means
                return checked(fact, (means,) if fact.is_list else means)  # type: ignore[arg-type]
            return typed_value(fact, written) if written else None
        except BadValueError:
            return None


def _applies(rule: _Rule, subject: str | None, occasion: str | None) -> bool:
    occasions = rule.saying.occasions
    if occasions and (occasion or UNKNOWN) not in occasions:
        return False
    return not rule.subjects or subject in rule.subjects


def _says_something(rule: _Rule, match: re.Match[str], line: Line) -> bool:
    if rule.beside and not rule.beside.search(neighbourhood(line, match)):
        return False
    return not (rule.never and rule.never.search(own_clause(line, match)))


def _conditions_hold(rule: _Rule, match: re.Match[str], line: Line) -> bool:
    if rule.text_has and not rule.text_has.search(line.text):
        return False
    if rule.near and not rule.near.search(neighbourhood(line, match)):
        return False
    return not (rule.not_near and rule.not_near.search(own_clause(line, match)))


def _written(figure: SpokenFigure | None, slot: str) -> str:
    if figure is None:
        return ""
    return {"part": figure.part, "whole": figure.whole}.get(slot, figure.written)


def _outweighs(other: Claim, claim: Claim) -> bool:
    """Whether the other claim says more with the same words: of one figure, or of one fact."""
    is_longer = (
        other.start <= claim.start
        and claim.end <= other.end
        and (other.end - other.start) > (claim.end - claim.start)
    )
    if not is_longer:
        return False
    if claim.figure:
        return (other.figure, other.slot) == (claim.figure, claim.slot)
    return other.fact_id == claim.fact_id


def _weighed(claim: Claim, kept: list[Claim], line: Line) -> Claim:
    """The claim, uncertain where its figure may belong to another fact, or is not the whole."""
    if not claim.is_certain or not claim.figure:
        return claim
    is_shared = any(
        other.fact_id != claim.fact_id and (other.figure, other.slot) == (claim.figure, claim.slot)
        for other in kept
    )
    explained = {other.figure for other in kept if other.fact_id != claim.fact_id}
    signs = re.findall(rf"(?<= ){re.escape(claim.figure[0])}\d+~?(?= )", line.text)
    others = set(signs) - explained - {claim.figure}
    if claim.is_alone and others:
        return replace(claim, is_certain=False, can_be_offered=False)
    if is_shared:
        return replace(claim, is_certain=False)
    return claim
