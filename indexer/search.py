"""A typed question -> ranked clauses with quotes, and whether the first one answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from indexer.build import build_index, fingerprint_of, index_folder, load_syllables
from indexer.bullet_scores import BulletScores
from indexer.calibrate import Calibration, untrained
from indexer.candidates import TextSearch
from indexer.classifier import ClauseClassifier
from indexer.clause_codes import CodeReader
from indexer.encoder import Encoder
from indexer.lexical import lexical_tokens
from indexer.named import NameReader
from indexer.normalize import strip_marks, tokenize
from indexer.passages import Passage, passages_of
from indexer.query import Query, QueryReader
from indexer.quote import Quote, QuotePicker, asks_for_list
from indexer.ranking import ClauseRanker
from indexer.restore import Restorer
from indexer.store import discard
from indexer.text_index import TextIndex
from knowledge.plan import Plan

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase

Outcome = Literal["answer", "offer", "refuse"]
LEAST_CONFIDENCE = 0.25  # of an answer; what is wrong three times in four is offered as headings


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause with its score, its best quotes, and the question's words that it holds."""

    clause: str
    score: float
    quotes: tuple[Quote, ...]
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and two chances of 0 to 1.

    `confidence` is the chance that the first hit answers, `answerable` that the plan does at all;
    the outcome follows from both. `topic` is what the question is about if the plan does
    not answer it ("" if unknown).
    """

    query: Query
    hits: tuple[Hit, ...]
    confidence: float
    answerable: float
    outcome: Outcome
    topic: str = ""


class Searcher:
    """Searches one plan through its index. Safe to call from several threads."""

    def __init__(
        self,
        plan: Plan,
        encoder: Encoder | None,
        reader: QueryReader,
        index: TextSearch,
        classifier: ClauseClassifier | None,
        calibration: Calibration,
    ) -> None:
        self._plan = plan
        self._encoder = encoder
        self.reader = reader
        self._index = index
        self._classifier = classifier
        self._calibration = calibration
        self._passages: Sequence[Passage] = passages_of(plan)
        self._quotes = QuotePicker(self._passages)
        self._bullets = BulletScores(self._passages, classifier.labels if classifier else ())
        self._ranker = ClauseRanker(self._passages, classifier.labels if classifier else ())
        self._words: dict[str, frozenset[str]] = {}

    @classmethod
    def open(
        cls,
        plan: Plan,
        encoder: Encoder | None,
        index_dir: Path,
        database: PassageDatabase | None = None,
    ) -> Searcher:
        """The searcher over a current index, which is built first where there is none.

        Raises IndexFolderError or PassageDatabaseError when it can be neither read nor written.
        """
        build_index(plan, encoder, index_dir, database=database)
        if database is not None:
            with database.opened(fingerprint_of(plan, encoder)) as (folder, index):
                return cls._load(plan, encoder, folder, index)
        folder = index_folder(index_dir, plan)
        try:
            return cls._load(plan, encoder, folder)
        except Exception:
            # Sound checksums but content that bm25s, FAISS or NumPy cannot read, each with errors
            # of its own: written by something else, or replaced just now. Start over.
            discard(folder)
            build_index(plan, encoder, index_dir)
            return cls._load(plan, encoder, folder)

    @classmethod
    def _load(
        cls,
        plan: Plan,
        encoder: Encoder | None,
        folder: Path,
        kept_elsewhere: TextSearch | None = None,
    ) -> Searcher:
        restorer = Restorer(load_syllables(folder / "syllables.json"))
        codes = CodeReader(plan.clauses)
        reader = QueryReader(plan.vocabulary, restorer, NameReader(plan), codes)
        index = kept_elsewhere or TextIndex.load(
            folder, len(passages_of(plan)), has_vectors=encoder is not None
        )
        learned = folder / "classifier.npz"
        if not learned.exists():
            return cls(plan, encoder, reader, index, None, untrained(encoder is not None))
        calibration = Calibration.from_json((folder / "calibration.json").read_text("utf-8"))
        return cls(plan, encoder, reader, index, ClauseClassifier.load(learned), calibration)

    def read(self, question: str) -> Query:
        """The question as search takes it: marks restored, short forms written out."""
        return self.reader.read(question)

    def search(self, question: str | Query, count: int = 3) -> SearchResult:
        """The best clauses for a question, as typed or as read; none for one without words."""
        query = self.reader.read(question) if isinstance(question, str) else question
        if not query.tokens:
            return SearchResult(query, (), 0.0, 0.0, "refuse")
        vector = self._encoder.encode_query([query.full_text])[0] if self._encoder else None
        text = self._index.scores(lexical_tokens(query.full_text), vector)
        learned = self._classifier.scores(query, vector) if self._classifier else None
        coverage = self._index.coverage(query.tokens)
        ranking = self._ranker.rank(text, learned, coverage, query.code)
        confidence = self._calibration.right.of(ranking.evidence)
        answerable = self._calibration.answerable.of(ranking.evidence)
        parts, wants_list = text.parts, asks_for_list(query.tokens)
        if learned is not None:
            parts = self._bullets.add(parts, learned)
            first = ranking.best(1)[0][0]
            wants_list = wants_list or self._bullets.is_about_whole(first, learned)
        hits = tuple(
            Hit(
                clause,
                score,
                tuple(self._quotes.pick(clause, parts, wants_list and place == 0)),
                self._matched(query, clause),
            )
            for place, (clause, score) in enumerate(ranking.best(count))
        )
        outcome = self._outcome(query, answerable, confidence)
        return SearchResult(query, hits, confidence, answerable, outcome, ranking.topic)

    def _outcome(self, query: Query, answerable: float, confidence: float) -> Outcome:
        if query.code and query.code.is_alone and not query.code.clauses:
            return "refuse"
        if answerable >= self._calibration.answer_from and confidence >= LEAST_CONFIDENCE:
            return "answer"
        return "offer" if answerable >= self._calibration.offer_from else "refuse"

    def _matched(self, query: Query, clause: str) -> tuple[str, ...]:
        held = self._words.get(clause)
        if held is None:  # read when a clause is first found: a large plan has thousands
            text = self._plan.clauses[clause].text
            held = self._words[clause] = frozenset(strip_marks(t) for t in tokenize(text))
        words = dict.fromkeys((*query.tokens, *query.added))
        return tuple(word for word in words if strip_marks(word) in held)
