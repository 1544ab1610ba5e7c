"""What a question names: award, occasion, subject, a paper's code, or a thing no plan states.

Names are found by phrases kept as data and by the shape of codes; no model guesses them. They tell
near-identical clauses apart, and questions the plan leaves open from those it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.named_words import named_words
from indexer.normalize import strip_marks, to_nfc, tokenize
from knowledge.plan import Plan

_PAPER_CODE = re.compile(r"\b(\d+(?:/\d{4})?)\s*[/-]\s*([^\W\d_]+(?:\d+)?(?:-[^\W\d_]+)+)")
_YEAR = re.compile(r"\b(20[2-9]\d)\b")


@dataclass(frozen=True, slots=True)
class _Phrase:
    name: str
    marked: str  # " bằng khen "
    bare: str  # the same without marks, or "" where that alone would say too little


class NameReader:
    """Finds names under one plan's awards, occasions and subjects."""

    def __init__(self, plan: Plan) -> None:
        words = named_words()
        text = f" {' '.join(tokenize(plan.flat_text))} "
        self._last_year = plan.info.period.last.year if plan.info.period else None
        self._codes = {_code(*found) for found in _PAPER_CODE.findall(_folded(plan.flat_text))}
        kinds = "|".join(words.papers)
        self._paper = re.compile(rf"\b(?:{kinds})(?: {words.numbered})? (\d+)")
        self._numbers = set(re.findall(r"\d+", plan.flat_text))
        phrases = [_phrase(f"asks:{value}", p) for value, p in _pairs(words.asks)]
        phrases += [
            phrase
            for value, p in _pairs(words.elsewhere)
            if (phrase := _phrase(f"elsewhere:{value}", p)).marked not in text
        ]
        phrases += [_phrase(name, p) for name, p in _plan_names(plan)]
        self._phrases = sorted(phrases, key=lambda phrase: -len(phrase.marked))

    def read(self, typed: str, tokens: Sequence[str]) -> tuple[str, ...]:
        """The names in the question, as "kind:value", sorted.

        `tokens` is the question with its marks restored. A phrase inside a longer one that was
        found ("khen" in "bằng khen") does not count.
        """
        line = f" {' '.join(tokens)} "
        bare = strip_marks(line)
        found: set[str] = set()
        for phrase in self._phrases:
            if phrase.marked in line:
                found.add(phrase.name)
                line = line.replace(phrase.marked, " | ")
                bare = strip_marks(line)
            elif phrase.bare and phrase.bare in bare:
                found.add(phrase.name)
        found.update(self._codes_in(_folded(typed)))
        return tuple(sorted(found))

    def _codes_in(self, text: str) -> Iterable[str]:
        for code in _PAPER_CODE.findall(text):
            yield "paper:known" if _code(*code) in self._codes else "elsewhere:paper"
        for number in self._paper.findall(text):
            yield "paper:known" if number in self._numbers else "elsewhere:paper"
        for year in _YEAR.findall(text):
            if self._last_year is not None and int(year) > self._last_year:
                yield "elsewhere:year"


def _plan_names(plan: Plan) -> Iterable[tuple[str, str]]:
    for award in plan.dossiers.awards:
        for words in (award.name, *award.words):
            yield f"award:{award.id}", words
    for code, subject in plan.subjects.subjects.items():
        for words in (subject.label, *subject.also):
            yield f"subject:{code}", words
    for code, occasion in plan.subjects.occasions.items():
        for words in (occasion.label, *occasion.also):
            if " " in words:  # "năm" alone means many things
                yield f"occasion:{code}", words


def _pairs(words: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    return ((value, phrase) for value, phrases in words.items() for phrase in phrases)


def _phrase(name: str, words: str) -> _Phrase:
    syllables = tokenize(words)
    marked = f" {' '.join(syllables)} "
    return _Phrase(name, marked, strip_marks(marked) if len(syllables) > 1 else "")


def _folded(text: str) -> str:
    return to_nfc(text).lower()


def _code(number: str, kind: str) -> str:
    return strip_marks(f"{number}/{kind}")
