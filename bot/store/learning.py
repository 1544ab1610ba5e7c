"""What the assistant can learn from: figures of turns, votes, questions without an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import ceil
from typing import TypeVar

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from bot.records import TurnRecord
from bot.store.schema import LONGEST_CLAUSE, askers, turns, unanswered, votes
from bot.store.statements import upsert
from knowledge.values import folded

TOP_QUESTIONS = 10
_NOTE_TURN = insert(turns)
_VOTE = upsert(
    votes,
    lambda new: new.on_conflict_do_update(
        index_elements=[votes.c.answer, votes.c.voter],
        set_={"is_good": new.excluded.is_good, "voted_at": new.excluded.voted_at},
    ),
)
_VOTABLE = select(turns.c.id).where(
    turns.c.answer == bindparam("of_answer"), turns.c.taken_at >= bindparam("oldest")
)
K = TypeVar("K", str, int)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A masked question that found no answer, and how often it was asked."""

    question: str = field(repr=False)
    times: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the turns since a time; latencies in milliseconds, None without turns."""

    outcomes: dict[str, int]
    channels: dict[str, int]
    median_ms: int | None
    p95_ms: int | None
    good_votes: int
    bad_votes: int
    bad_clauses: tuple[tuple[str, int], ...]
    top_unanswered: tuple[Unanswered, ...]


def note(
    connection: Connection, channel: str, chat: str, record: TurnRecord, now: float, oldest: float
) -> None:
    """Keep what a turn leaves behind; votes on answers from before `oldest` count no more."""
    if record.vote is not None and is_votable(connection, record.vote.answer, oldest):
        vote = {"answer": record.vote.answer, "is_good": int(record.vote.is_good)}
        connection.execute(_VOTE(connection), {**vote, "voter": chat, "voted_at": now})
    turn = {
        "channel": channel,
        "outcome": record.outcome,
        "score": record.score,
        "milliseconds": record.milliseconds,
        "clause": record.clause[:LONGEST_CLAUSE],
        "answer": record.answer or None,
        "taken_at": now,
    }
    connection.execute(_NOTE_TURN, turn)
    if record.unanswered:
        row = {"channel": channel, "outcome": record.outcome, "question": record.unanswered}
        added = connection.execute(insert(unanswered).values(**row, asked_at=now))
        assert added.inserted_primary_key is not None
        question = added.inserted_primary_key[0]
        connection.execute(insert(askers).values(question=question, chat=chat, asked_at=now))


def is_votable(connection: Connection, answer: str, oldest: float) -> bool:
    """Whether there is such an answer, not older than `oldest`."""
    values = {"of_answer": answer, "oldest": oldest}
    return connection.execute(_VOTABLE, values).first() is not None


def forget(connection: Connection, chat: str) -> None:
    """Delete the chat's votes and the questions that are still known to be its own."""
    own = select(askers.c.question).where(askers.c.chat == chat)
    connection.execute(delete(unanswered).where(unanswered.c.id.in_(own)))
    connection.execute(delete(askers).where(askers.c.chat == chat))
    connection.execute(delete(votes).where(votes.c.voter == chat))


def expire(connection: Connection, anonymous_before: float, gone_before: float) -> None:
    """Cut what leads to a chat as old as a session may be; delete what is older than all."""
    connection.execute(delete(askers).where(askers.c.asked_at < anonymous_before))
    connection.execute(update(votes).where(votes.c.voted_at < anonymous_before).values(voter=None))
    connection.execute(delete(turns).where(turns.c.taken_at < gone_before))
    connection.execute(delete(votes).where(votes.c.voted_at < gone_before))
    connection.execute(delete(unanswered).where(unanswered.c.asked_at < gone_before))


def statistics(connection: Connection, since: float) -> Statistics:
    """The figures since a time."""
    recent = turns.c.taken_at >= since
    outcomes = select(turns.c.outcome, func.count()).where(recent).group_by(turns.c.outcome)
    channels = select(turns.c.channel, func.count()).where(recent).group_by(turns.c.channel)
    by_outcome = _counts(connection, outcomes)
    n_turns = sum(by_outcome.values())
    voted = select(votes.c.is_good, func.count()).where(votes.c.voted_at >= since)
    by_vote = _counts(connection, voted.group_by(votes.c.is_good))
    bad = (
        select(turns.c.clause, func.count().label("times"))
        .join(votes, votes.c.answer == turns.c.answer)
        .where(votes.c.is_good == 0, votes.c.voted_at >= since, turns.c.clause != "")
        .group_by(turns.c.clause)
        .order_by(func.count().desc(), turns.c.clause)
        .limit(TOP_QUESTIONS)
    )
    return Statistics(
        outcomes=by_outcome,
        channels=_counts(connection, channels),
        median_ms=_latency(connection, since, n_turns, 0.5),
        p95_ms=_latency(connection, since, n_turns, 0.95),
        good_votes=by_vote.get(1, 0),
        bad_votes=by_vote.get(0, 0),
        bad_clauses=tuple((row.clause, row.times) for row in connection.execute(bad)),
        top_unanswered=tuple(questions(connection, since)[:TOP_QUESTIONS]),
    )


def questions(connection: Connection, since: float) -> list[Unanswered]:
    """The questions without an answer, the most asked first; spelled as last asked."""
    query = select(unanswered.c.question).where(unanswered.c.asked_at >= since)
    times: Counter[str] = Counter()
    spelled: dict[str, str] = defaultdict(str)
    for question in connection.scalars(query.order_by(unanswered.c.id)):
        key = folded(question).rstrip(" ?.!")
        times[key] += 1
        spelled[key] = question
    return [Unanswered(spelled[key], count) for key, count in times.most_common()]


def _latency(connection: Connection, since: float, n_turns: int, share: float) -> int | None:
    """The latency that so large a share of the turns does not exceed."""
    if not n_turns:
        return None
    rank = ceil(share * n_turns) - 1
    query = select(turns.c.milliseconds).where(turns.c.taken_at >= since)
    return connection.scalar(query.order_by(turns.c.milliseconds).offset(rank).limit(1))


def _counts(connection: Connection, query: Select[K, int]) -> dict[K, int]:
    return {row[0]: row[1] for row in connection.execute(query)}
