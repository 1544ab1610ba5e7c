"""Example questions made ready to learn from: read and counted while the encoder works."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from indexer.encoder import Encoder, Vectors
from indexer.features import Counts, hashed_counts
from indexer.lexical import lexical_tokens
from indexer.progress import Advance
from indexer.query import Query, QueryReader
from indexer.text_index import BATCH


@dataclass(frozen=True, slots=True)
class StudiedQuestion:
    """A question as it is read, and what BM25 and the classifier count in it."""

    query: Query
    tokens: list[str]
    grams: Counts


def study(
    questions: Sequence[str], reader: QueryReader, encoder: Encoder | None, advance: Advance
) -> tuple[list[StudiedQuestion], Vectors | None]:
    """The questions and their (n, dim) vectors, None without an encoder.

    The encoder lets other threads work, so the next batch is read meanwhile.
    """

    def read(batch: Sequence[str]) -> list[StudiedQuestion]:
        return [_studied(reader.read(question)) for question in batch]

    batches = [questions[start : start + BATCH] for start in range(0, len(questions), BATCH)]
    studied: list[StudiedQuestion] = []
    vectors: list[Vectors] = []
    with ThreadPoolExecutor(1) as aside:
        coming = aside.submit(read, batches[0] if batches else ())
        for following in (*batches[1:], ()):
            ready, coming = coming.result(), aside.submit(read, following)
            studied += ready
            if encoder is not None:
                vectors.append(encoder.encode_query([q.query.full_text for q in ready]))
                advance(len(ready))
    return studied, np.vstack(vectors) if vectors else None


def _studied(query: Query) -> StudiedQuestion:
    return StudiedQuestion(query, lexical_tokens(query.full_text), hashed_counts(query))
