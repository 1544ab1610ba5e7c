"""An index -> its tables: the words and vectors of passages and of their parts.

Numbers and scores of words are kept as the files keep them, little-endian int32 and float32 one
after the other, so that scores stay the same to the last bit and a question reads few rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg

from indexer.candidates import Sample
from indexer.dense import EXACT_UP_TO, SEEN_IN_BUILDING, DenseIndex
from indexer.encoder import Vectors
from indexer.lexical import LexicalIndex
from indexer.text_index import Contents

TOKENS, PASSAGES, PARTS = TABLES = (
    "search_index_{}_token",
    "search_index_{}_passage",
    "search_index_{}_part",
)
OWNERS = "sentence_owners.npy"
WHOLE_SAMPLE, PARTS_SAMPLE = "sample.npz", "sample_sentences.npz"
NEIGHBOURS = 32  # of a text in the graph
_AT_ONCE = 4_096  # texts
_BYTES_A_TEXT = 6_000  # of memory while a graph is made
_MOST_MEMORY = 2_000_000  # kB


@dataclass(frozen=True, slots=True)
class VectorKind:
    """How a table keeps vectors: pgvector's type, and NumPy's for one dimension as it is sent."""

    name: str
    dtype: str


def kind_of(size: int) -> VectorKind:
    """As the files do: exact and unabridged while texts are few, then a graph of halves."""
    return VectorKind("vector", ">f4") if size <= EXACT_UP_TO else VectorKind("halfvec", ">f2")


def save_sample(contents: Contents, folder: Path) -> None:
    """Write what a process holds of the index by itself: the sample's words, the parts' owners."""
    sample = Sample.take(contents.lexical, contents.own_words, contents.owners)
    sample.whole.save_alone(folder / WHOLE_SAMPLE)
    sample.parts.save_alone(folder / PARTS_SAMPLE)
    np.save(folder / OWNERS, contents.owners)


def fill(connection: psycopg.Connection, number: int, contents: Contents) -> None:
    """Create and fill the tables of a new index, within the caller's transaction."""
    tokens, passages, parts = (table.format(number) for table in TABLES)
    connection.execute(_tokens_table(tokens))
    for table, size in ((passages, contents.lexical.size), (parts, contents.own_words.size)):
        dimension = contents.whole.dimension if contents.whole else 1
        connection.execute(_texts_table(table, f"{kind_of(size).name}({dimension})"))
    _copy_tokens(connection, tokens, contents.lexical, is_part=False)
    _copy_tokens(connection, tokens, contents.own_words, is_part=True)
    _copy_texts(connection, passages, contents.lexical, contents.whole)
    _copy_texts(connection, parts, contents.own_words, contents.sentences)
    for table, size in ((passages, contents.lexical.size), (parts, contents.own_words.size)):
        if contents.whole and size > EXACT_UP_TO:
            memory = min(size * _BYTES_A_TEXT // 1_000, _MOST_MEMORY)
            connection.execute(f"SET LOCAL maintenance_work_mem = '{memory}kB'")
            connection.execute(
                f"CREATE INDEX ON {table} USING hnsw (vector halfvec_ip_ops)"
                f" WITH (m = {NEIGHBOURS}, ef_construction = {SEEN_IN_BUILDING})"
            )
    connection.execute(f"ANALYZE {tokens}, {passages}, {parts}")


def _tokens_table(table: str) -> str:
    """`held` texts hold the token; parts have no postings: they are found by their passages."""
    return f"""
        CREATE TABLE {table} (
            is_part bool NOT NULL, token text NOT NULL, number int NOT NULL, held int NOT NULL,
            passages bytea, scores bytea, PRIMARY KEY (token, is_part)
        );
        ALTER TABLE {table}
            ALTER passages SET STORAGE EXTERNAL, ALTER scores SET STORAGE EXTERNAL
    """


def _texts_table(table: str, kind: str) -> str:
    """The vector is null in an index without vectors."""
    return f"""
        CREATE TABLE {table} (
            number int PRIMARY KEY, tokens bytea NOT NULL, scores bytea NOT NULL,
            vector {kind}
        );
        ALTER TABLE {table} ALTER tokens SET STORAGE EXTERNAL, ALTER scores SET STORAGE EXTERNAL
    """


def _copy_tokens(
    connection: psycopg.Connection, table: str, index: LexicalIndex, *, is_part: bool
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["bool", "text", "int4", "int4", "bytea", "bytea"])
        for token, number, (texts, scores) in index.postings():
            postings = (None, None) if is_part else (_int32(texts), _float32(scores))
            copy.write_row((is_part, token, number, len(texts), *postings))


def _copy_texts(
    connection: psycopg.Connection, table: str, index: LexicalIndex, dense: DenseIndex | None
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int4", "bytea", "bytea", "bytea"])  # a vector's bytes go as they are
        vectors = _vectors(dense, index.size)
        for row, (tokens, scores) in enumerate(index.by_text()):
            copy.write_row((row, _int32(tokens), _float32(scores), next(vectors)))


def _vectors(dense: DenseIndex | None, size: int) -> Iterator[bytes | None]:
    """The vectors as pgvector takes them: dimension, nothing, then the numbers."""
    dtype = kind_of(size).dtype
    for start in range(0, size, _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, size))
        if dense is None:
            yield from [None] * len(rows)
        else:
            kept: Vectors = dense.vectors_of(rows)
            header = struct.pack(">HH", kept.shape[1], 0)
            yield from (header + row.tobytes() for row in kept.astype(dtype))


def _int32(numbers: object) -> bytes:
    return np.asarray(numbers, "<i4").tobytes()


def _float32(scores: object) -> bytes:
    return np.asarray(scores, "<f4").tobytes()
