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
        self._reader = reader
        named = plan.rules.subjects
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
        if not last or not self.is_follow_up(query.tokens):
            return query
        line, _ = _without_frame(query.tokens)
        kept = f" {' '.join(last)} "
        for slot in self._slots:
            if has_phrase(line, slot):
                for phrase in slot:
                    kept = kept.replace(f" {phrase} ", " ")
        return self._reader.read(f"{kept} {line}")  # anew, for what the two name together

    def is_follow_up(self, tokens: Sequence[str]) -> bool:
        """Whether a message goes on from the question before it.

        It opens as one ("còn …") and ends as one ("… thì sao"), or names one thing and no more.
        """
        if len(tokens) > LONGEST_FOLLOW_UP:
            return False
        rest, is_framed = _without_frame(tokens)
        if rest == " ".join(tokens):
            return False
        return is_framed or self._is_name(rest)

    def _is_name(self, rest: str) -> bool:
        names = [phrase for slot in self._slots for phrase in slot if has_phrase(rest, [phrase])]
        around = f" {rest} "
        for phrase in (*sorted(names, key=len, reverse=True), *request_words().follow_up.around):
            around = around.replace(f" {phrase} ", " ")
        return bool(names) and not around.strip()


def _without_frame(tokens: Sequence[str]) -> tuple[str, bool]:
    """A follow-up without its opening and an ending that says nothing; whether it has both ends."""
    words = request_words().follow_up
    line = " ".join(tokens)
    opening = max((o for o in words.openings if line.startswith(f"{o} ")), key=len, default="")
    if not opening:
        return line, False
    rest = line.removeprefix(f"{opening} ")
    ending = max((e for e in words.empty_endings if rest.endswith(f" {e}")), key=len, default="")
    is_framed = bool(ending) or any(rest.endswith(f" {ending}") for ending in words.endings)
    return rest.removesuffix(f" {ending}") if ending else rest, is_framed
