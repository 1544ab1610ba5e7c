"""Answers to a choice as people type them -> the code chosen."""

from __future__ import annotations

from bot.number_words import are_words, is_figure, number_words, phrase_words, split
from bot.padding import without_polite_words
from knowledge.facts import Fact, Kind
from knowledge.values import BadValueError, allowed, choice_label

_LONGEST = 8  # words; a longer answer says more than a choice


def chosen_code(fact: Fact, text: str) -> str:
    """The code of the fact that a typed answer chooses.

    An answer is one of the known short answers, an option's number in the order of `fact.codes`,
    its label or the beginning of it, or words that only its label has. Raises BadValueError
    saying what can be chosen, above all where two options could be meant.
    """
    tokens = tuple(split(text.rstrip(" .!,;")))
    if 0 < len(tokens) <= _LONGEST:
        for words in dict.fromkeys((tokens, tuple(without_polite_words(tokens)))):
            code = _known_answer(fact, words) or _numbered(fact, words) or _labelled(fact, words)
            if code is not None:
                return code
    raise BadValueError(allowed(fact))


def _known_answer(fact: Fact, tokens: tuple[str, ...]) -> str | None:
    answers = number_words().answers
    found = [
        code
        for code in fact.codes
        if any(are_words(tokens, phrase_words(answer)) for answer in answers.get(code, ()))
    ]
    return found[0] if len(found) == 1 else None


def _numbered(fact: Fact, tokens: tuple[str, ...]) -> str | None:
    """The option at a number; yes and no have their own meaning of 1 and 0."""
    if len(tokens) != 1 or not is_figure(tokens[0]) or not tokens[0].isdecimal():
        return None
    place = int(tokens[0]) if len(tokens[0]) == 1 else 0
    return fact.codes[place - 1] if 1 <= place <= len(fact.codes) else None


def _labelled(fact: Fact, tokens: tuple[str, ...]) -> str | None:
    """The option with this label; else the only one that begins with it, or has it inside."""
    if not tokens:
        return None
    labels = {code: phrase_words(choice_label(fact, code)) for code in fact.codes}
    same = [code for code, label in labels.items() if are_words(tokens, label)]
    if same:
        return same[0]
    if _is_a_short_answer(tokens):
        return None  # a bare "không" does not begin "Không áp dụng"
    count = len(tokens)
    begins = [code for code, label in labels.items() if are_words(tokens, label[:count])]
    if fact.kind is not Kind.CHOICE or begins:
        return begins[0] if len(begins) == 1 else None
    # Inside a label that says yes, no or "not so" the same words would mean its opposite.
    holds = [
        code
        for code, label in labels.items()
        if code not in number_words().answers
        and any(are_words(tokens, label[i : i + count]) for i in range(len(label)))
    ]
    return holds[0] if len(holds) == 1 else None


def _is_a_short_answer(tokens: tuple[str, ...]) -> bool:
    answers = number_words().answers.values()
    return any(are_words(tokens, phrase_words(text)) for group in answers for text in group)
