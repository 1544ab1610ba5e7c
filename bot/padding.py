"""Words around a number that leave it as it is: polite ones, its unit, the question's own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.number_words import (
    Tokens,
    are_words,
    is_one_of,
    is_word,
    number_words,
    phrase_end,
    phrase_words,
)
from knowledge.facts import Fact

_SHORTEST_REPEAT = 2  # words; a single one may be any question's


def is_padding(fact: Fact, before: Tokens, after: Tokens) -> bool:
    """Whether the words before and after a number may stand there in an answer for the fact.

    A person often repeats the question: its words are taken in the order in which it has them,
    so that "hộ nghèo" is no answer about "hộ cận nghèo". A word of direction ("giảm", "còn") is
    taken only where the question asks with it: "giảm 5%" does not say what was reached.
    """
    worded = (fact.question, *fact.questions.values())
    questions = [phrase_words(question.partition("?")[0]) for question in worded]
    units = number_words().units.get(fact.unit, ())
    runs = _runs(after)
    if (
        runs
        and phrase_end(after, 0, units) == len(runs[0])
        and tuple(after[: len(runs[0])]) == runs[0]
    ):
        runs = runs[1:]
    said = (*_runs(before), *runs)
    return any(all(_is_repeated(run, question) for run in said) for question in questions)


def without_polite_words(tokens: Tokens) -> Tokens:
    """The tokens without the polite words before and after them."""
    polite = number_words().polite
    start, end = 0, len(tokens)
    while (after := phrase_end(tokens[:end], start, polite)) > start:
        start = after
    while end > start and is_one_of(tokens[end - 1], polite):
        end -= 1
    return tokens[start:end]


def _runs(tokens: Tokens) -> list[tuple[str, ...]]:
    """What the fillers leave of the tokens, in unbroken runs."""
    fillers = (*number_words().polite, *number_words().fillers)
    runs: list[list[str]] = [[]]
    start = 0
    while start < len(tokens):
        end = phrase_end(tokens, start, fillers)
        if end > start:
            runs.append([])
        else:
            end = start + 1
            runs[-1].append(tokens[start])
        start = end
    return [tuple(run) for run in runs if run]


def _is_repeated(run: Sequence[str], question: Sequence[str]) -> bool:
    """Whether the run is made of stretches of the question, none of which changes the number."""
    if any(_changes(token, question) for token in run):
        return False
    return _is_made_of(run, question)


def _is_made_of(run: Sequence[str], question: Sequence[str]) -> bool:
    if _stands_in(run, question):
        return True
    if len(run) > 1 and is_one_of(run[-1], number_words().directions):
        return _is_made_of(run[:-1], question) and _is_whole_phrase(run[:-1], question)
    cuts = range(_SHORTEST_REPEAT, len(run) - _SHORTEST_REPEAT + 1)
    return any(_stands_in(run[:cut], question) and _is_made_of(run[cut:], question) for cut in cuts)


def _stands_in(run: Sequence[str], question: Sequence[str]) -> bool:
    size = len(run)
    return any(are_words(run, question[i : i + size]) for i in range(len(question) - size + 1))


def _is_whole_phrase(run: Sequence[str], question: Sequence[str]) -> bool:
    """Whether the question does not go on with "và": who falls is then only half of those asked."""
    joins, size = number_words().separators, len(run)
    places = [i for i in range(len(question) - size + 1) if are_words(run, question[i : i + size])]
    return all(
        not is_one_of(neighbour, joins)
        for i in places
        for neighbour in (*question[max(0, i - 1) : i], *question[i + size : i + size + 1])
    )


def _changes(token: str, question: Sequence[str]) -> bool:
    """Whether the word would make another number of it: one more number, a bound, a direction."""
    words = number_words()
    if is_one_of(token, words.directions):
        asks = phrase_words(words.asks_with)
        places = range(1, len(question))
        return not any(
            are_words(question[i : i + len(asks)], asks) and is_word(token, question[i - 1])
            for i in places
        )
    return is_one_of(token, (*words.digits, *words.inexact))
