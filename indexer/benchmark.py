"""What the text index costs as it grows: build, keep, load and search generated passages."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.encoder import Vectors
from indexer.generated import SyllableEncoder, generate, question_of, tokeniser
from indexer.lexical import Scores
from indexer.passages import Passage
from indexer.syllables import SyllableModel
from indexer.text_index import TextIndex

QUESTIONS = 200
RANKS = 10
_BATCH = 8_192
_SECONDS = "build_seconds.txt"


@dataclass(frozen=True, slots=True)
class Cost:
    """What an index of `passages` passages costs; times of a search leave the encoder out.

    Recalls are the share of the first ten of an exact search that are among the first ten found:
    of words and vectors together, and of the vectors of whole passages alone. `megabytes` is what
    the opened index adds to the process's memory once it has answered, None where unknown; the
    part that is only mapped from files can be given back at any time.
    """

    passages: int
    build_seconds: float
    bytes_a_passage: float
    megabytes: float | None
    p50_ms: float
    p95_ms: float
    recall: float
    dense_recall: float


class _KnownVectors:
    """An encoder of generated passages that makes each passage's vector once."""

    name = SyllableEncoder.name

    def __init__(self, encoder: SyllableEncoder, vectors: Vectors) -> None:
        self._encoder, self._vectors = encoder, vectors
        self.dimension = encoder.dimension
        self._next = 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length."""
        return self._encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """The next vectors, in the passages' order, twice: whole passages, then their parts."""
        start, self._next = self._next, (self._next + len(texts)) % len(self._vectors)
        return self._vectors[start : start + len(texts)]


def measure_cost(
    model: SyllableModel, words: Sequence[str], count: int, kept: Path | None = None
) -> Cost:
    """Build an index of generated passages, keep it, load it and search it.

    With `kept` an index that was built there before is measured again, not built again. Searches
    are timed one after the other; comparing them with an exact search, which reads every vector
    and leaves the processor's caches to the next one cold, comes after them.
    """
    encoder, tokenise = SyllableEncoder(model), tokeniser(words)
    passages = generate(model, count)
    vectors = np.vstack(
        [
            encoder.encode_document([p.search_text for p in passages[start : start + _BATCH]])
            for start in range(0, count, _BATCH)
        ]
    )
    place = nullcontext(str(kept / str(count))) if kept else tempfile.TemporaryDirectory()
    with place as name:
        folder = Path(name)
        if not (folder / _SECONDS).exists():
            known = _KnownVectors(encoder, vectors)
            _build(folder, passages, known, tokenise)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        before = _resident()
        index = TextIndex.load(folder, count, has_vectors=True)
        asked = []
        chance = np.random.default_rng(1)
        for number in chance.choice(count, QUESTIONS):
            question = question_of(passages[number].search_text, chance)
            asked.append((tokenise(question), encoder.encode_query([question])[0]))
        _read_once(folder)
        times, found = [], []
        for tokens, vector in asked:
            start = time.perf_counter()
            found.append(set(index.scores(tokens, vector).first(RANKS)))
            times.append(1000 * (time.perf_counter() - start))
        recalls, dense_recalls = [], []
        for (tokens, vector), first in zip(asked, found, strict=True):
            cosines = np.vecdot(vectors, vector)
            exact = exact_first(index.word_scores(tokens), cosines)
            recalls.append(len(first & exact) / RANKS)
            near = set(index.nearest(vector, RANKS))
            dense_recalls.append(len(near & _first(cosines)) / RANKS)
        after = _resident()
        seconds = float((folder / _SECONDS).read_text())
    return Cost(
        count,
        seconds,
        size / count,
        None if before is None or after is None else after - before,
        float(np.percentile(times, 50)),
        float(np.percentile(times, 95)),
        float(np.mean(recalls)),
        float(np.mean(dense_recalls)),
    )


def _build(
    folder: Path,
    passages: Sequence[Passage],
    encoder: _KnownVectors,
    tokenise: Callable[[str], list[str]],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    TextIndex.build(passages, encoder, tokenise=tokenise).save(folder)
    (folder / _SECONDS).write_text(str(time.perf_counter() - start))


def exact_first(words: Scores, cosines: Scores) -> set[int]:
    """The first ten of an exact search: of passages of one part both cosines are the same."""
    spread = max(float(words.std()), 1e-9)
    return _first(words / spread + 2 * cosines / max(float(cosines.std()), 1e-9))


def _read_once(folder: Path) -> None:
    """Have the machine hold the files in its memory, as those of an index that is served."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 24):
                    pass


def _first(scores: Scores) -> set[int]:
    best = np.argpartition(-scores, RANKS - 1)[:RANKS]
    return set(best.tolist())


def _resident() -> float | None:
    """Megabytes of memory that the process holds."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else None
