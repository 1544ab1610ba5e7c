"""A question as numbers for the clause classifier: hashed character and word n-grams, and names."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.normalize import strip_marks
from indexer.query import Query

BUCKETS = 1 << 16  # hashed n-grams share buckets; at this size collisions cost nothing measurable
NAMED_WEIGHT = 2.0  # of a name beside a word that occurs once
SHORTEST, LONGEST = 2, 5  # characters of an n-gram, marks stripped


Counts = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]  # buckets, what each counts


def hashed_counts(query: Query) -> Counts:
    """Buckets and damped counts of the question's character and word n-grams and its names."""
    words = [*query.tokens, *query.added]
    grams = Counter(_grams(f" {strip_marks(' '.join(words))} "))
    terms = Counter([f"w:{word}".encode() for word in words])
    terms.update(f"p:{left} {right}".encode() for left, right in pairwise(words))
    counts: dict[int, float] = {}
    for group in (grams, terms):
        for gram, count in group.items():
            bucket = zlib.crc32(gram) % BUCKETS
            damped = 1 + math.log(count) if count > 1 else 1.0
            counts[bucket] = counts.get(bucket, 0.0) + damped
    for name in query.named:
        bucket = zlib.crc32(f"n:{name}".encode()) % BUCKETS
        counts[bucket] = counts.get(bucket, 0.0) + NAMED_WEIGHT
    return np.fromiter(counts, np.int32), np.fromiter(counts.values(), np.float32)


def _grams(bare: str) -> list[bytes]:
    """The character n-grams in order, encoded; at once where a character is a byte."""
    sizes, length = range(SHORTEST, LONGEST + 1), len(bare)
    if bare.isascii():
        line = bare.encode()
        return [line[n : n + size] for size in sizes for n in range(length - size + 1)]
    return [bare[n : n + size].encode() for size in sizes for n in range(length - size + 1)]
