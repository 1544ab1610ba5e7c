"""A follow-up such as "còn cấp huyện thì sao?" -> the whole question it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.requests import has_phrase, request_words
from indexer.query import Query, QueryReader
from knowledge.plan import Plan

LONGEST_FOLLOW_UP = 12  # words


class FollowUpReader:
    """Completes follow-ups under one plan's awards, occasions and subjects."""

    def __init__(self, plan: Plan, reader: QueryReader) -> None:
        rules = plan.rules
        named = rules.subjects
        self._slots = [
            [word for award in plan.dossiers.awards for word in award.words],
            [w for o in named.occasions.values() for w in (o.label, *o.also)],
            [w for s in named.subjects.values() for w in (s.label, *s.also)],
        ]
        self._slots = [
            sorted({" ".join(reader.read(word).tokens) for word in words}, key=len, reverse=True)
            for words in self._slots
        ]

    def complete(self, query: Query, last: Sequence[str]) -> Query:
        """The query with what it leaves out taken from the last one; unchanged if it is whole.

        What the follow-up names (an award, an occasion, a subject) takes the place of what the
        last question named of the same sort.
        """
        if not last or not is_follow_up(query.tokens):
            return query
        line, kept = query.text, f" {' '.join(last)} "
        for slot in self._slots:
            if has_phrase(line, slot):
                for phrase in slot:
                    kept = kept.replace(f" {phrase} ", " ")
        return Query((*kept.split(), *query.tokens), query.added)


def is_follow_up(tokens: Sequence[str]) -> bool:
    """Whether a message goes on from the question before it."""
    words = request_words().follow_up
    line = " ".join(tokens)
    return (
        len(tokens) <= LONGEST_FOLLOW_UP
        and any(line.startswith(f"{opening} ") for opening in words.openings)
        and any(line.endswith(f" {ending}") for ending in words.endings)
    )
