"""Search measured on a file of questions: right clause, right sentence, honest refusals."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import QuestionFileError
from indexer.examples import NONE
from indexer.metrics import reciprocal_rank, success_at_k
from indexer.search import Hit, Searcher, SearchResult

COLUMNS = ("id", "asker", "style", "question", "clause", "also_accepted", "quote")
RANKS_COUNTED = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A judged question: the clauses that answer it (none for NONE) and the words that do."""

    id: str
    asker: str
    style: str
    text: str
    accepted: frozenset[str]
    expected: str
    quote: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what search made of it."""

    question: Question
    result: SearchResult

    @property
    def ranked(self) -> list[str]:
        """The clauses found, best first."""
        return [hit.clause for hit in self.result.hits]

    @property
    def is_refused(self) -> bool:
        """Whether the question was not answered, be it refused or met with an offer of headings."""
        return self.result.outcome != "answer"

    @property
    def is_quoted(self) -> bool:
        """Whether the first answer's quotes hold the judged words."""
        if not self.result.hits or self.ranked[0] not in self.question.accepted:
            return False
        wanted = _folded(self.question.quote)
        return any(wanted in _folded(quote.text) for quote in self.result.hits[0].quotes)


def load_questions(path: Path) -> list[Question]:
    """The judged questions of a tab-separated file with the columns of COLUMNS.

    Raises QuestionFileError naming file, line and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise QuestionFileError(
                    f"{path}: line 1: column {missing[0]!r} is missing; "
                    f"needed: {', '.join(COLUMNS)}"
                )
            return [_question(path, reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QuestionFileError(f"{path}: cannot be read ({error}); give a UTF-8 file") from error


def _question(path: Path, line: int, row: dict[str, Any]) -> Question:
    empty = [name for name in ("question", "clause") if not (row[name] or "").strip()]
    if empty:
        raise QuestionFileError(f"{path}: line {line}: {empty[0]} is empty; fill it in")
    expected = row["clause"].strip()
    also = [part.strip() for part in (row["also_accepted"] or "").split("|") if part.strip()]
    accepted = frozenset() if expected == NONE else frozenset((expected, *also))
    return Question(
        row["id"],
        row["asker"],
        row["style"],
        row["question"],
        accepted,
        expected,
        row["quote"] or "",
    )


def run(searcher: Searcher, questions: Iterable[Question]) -> list[Outcome]:
    """Every question with its result."""
    return [Outcome(q, searcher.search(q.text, RANKS_COUNTED)) for q in questions]


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The measures over all questions; shares are 0 to 1, None where there is nothing to share."""
    answerable = [o for o in outcomes if o.question.accepted]
    unanswerable = [o for o in outcomes if not o.question.accepted]
    return {
        "answerable": len(answerable),
        "unanswerable": len(unanswerable),
        "recall_at_1": _share(answerable, lambda o: _found(o, 1)),
        "recall_at_3": _share(answerable, lambda o: _found(o, 3)),
        "mrr": _share(answerable, lambda o: reciprocal_rank(o.ranked, o.question.accepted)),
        "quote_at_1": _share(answerable, lambda o: float(o.is_quoted)),
        "refused_unanswerable": _share(unanswerable, lambda o: float(o.is_refused)),
        "refused_answerable": _share(answerable, lambda o: float(o.is_refused)),
        "by_style": _by(answerable, lambda o: o.question.style),
        "by_asker": _by(answerable, lambda o: o.question.asker),
    }


def confusions(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Questions with a wrong first clause, answered in vain or turned away, and why, in order."""
    return [
        {
            "id": outcome.question.id,
            "question": outcome.question.text,
            "read_as": outcome.result.query.full_text,
            "expected": outcome.question.expected,
            "got": outcome.ranked[:3],
            "confidence": round(outcome.result.confidence, 3),
            "why": why,
        }
        for outcome in outcomes
        if (why := _why_wrong(outcome))
    ]


def _why_wrong(outcome: Outcome) -> str:
    """What stood in the way of the right outcome; "" where it was reached."""
    result, accepted = outcome.result, outcome.question.accepted
    if not result.hits:
        return "no words to search for" if accepted else ""
    first = result.hits[0]
    if not accepted:
        if outcome.is_refused:
            return ""
        return f"answerable {result.answerable:.2f}; {first.clause} has: {_words(first)}"
    if _found(outcome, 1):
        turned_away = f"turned away: answerable {result.answerable:.2f}, right clause first"
        return turned_away if outcome.is_refused else ""
    for rank, hit in enumerate(result.hits, start=1):
        if hit.clause in accepted:
            return (
                f"rank {rank}, {first.score - hit.score:.2f} behind; {first.clause} has: "
                f"{_words(first)}; {hit.clause} has: {_words(hit)}"
            )
    return f"not among the first {len(result.hits)}; {first.clause} has: {_words(first)}"


def _words(hit: Hit) -> str:
    return ", ".join(hit.matched) or "none of its words"


def _found(outcome: Outcome, k: int) -> float:
    return success_at_k(outcome.ranked, outcome.question.accepted, k)


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Any]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {
        name: {"n": len(group), "recall_at_1": _share(group, lambda o: _found(o, 1))}
        for name, group in sorted(groups.items())
    }


def _share(outcomes: Sequence[Outcome], measure: Callable[[Outcome], float]) -> float | None:
    if not outcomes:
        return None
    return round(sum(map(measure, outcomes)) / len(outcomes), 4)


def _folded(text: str) -> str:
    return " ".join(text.split())
