"""Vectors that were computed once: kept by text, kind and encoder, taken up by later builds.

SQLite rather than a file format of our own: it appends, survives a kill at any moment, and several
processes may write at once. It holds hashes and vectors, no text, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from indexer.encoder import Encoder, Vectors
from indexer.errors import IndexFolderError

FILE_NAME = "embeddings.sqlite3"
WAIT_SECONDS = 60.0  # for another process that is writing; a batch takes milliseconds
_ASKED_AT_ONCE = 500  # keys a statement
_TABLE = """
CREATE TABLE IF NOT EXISTS embedding (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL
)
"""


class EmbeddingCache:
    """Vectors by key in one SQLite file, which begins anew where it is damaged. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = _opened(path)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def find(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, Vectors]:
        """The vectors (dimension,) that are there and sound, by key."""
        found = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            for key, vector, checksum in self._rows(keys[start : start + _ASKED_AT_ONCE]):
                if len(vector) == 4 * dimension and _checksum(key, vector) == checksum:
                    found[key] = np.frombuffer(vector, "<f4")
        return found

    def keep(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Add or replace vectors; all of them are on disk when this returns, or none."""
        rows = []
        for key, vector in zip(keys, vectors, strict=True):
            content = vector.astype("<f4").tobytes()
            rows.append((key, content, _checksum(key, content)))
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            self._insert(rows)

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, int]]:
        places = ",".join("?" * len(keys))
        asked = f"SELECT key, vector, checksum FROM embedding WHERE key IN ({places})"
        try:
            return self._connection.execute(asked, keys).fetchall()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return []

    def _insert(self, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?, ?)", rows)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Put a damaged file away; raises the error again where a new file cannot mend it."""
        if isinstance(error, sqlite3.OperationalError):
            raise error
        self._connection.close()
        _delete(self._path)
        self._connection = _connect(self._path)


class RememberingEncoder:
    """An encoder that asks the one beneath it only for texts that are not in the cache."""

    def __init__(self, encoder: Encoder, cache: EmbeddingCache) -> None:
        self._encoder = encoder
        self._cache = cache
        self.name, self.dimension = encoder.name, encoder.dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for questions."""
        return self._encode("query", self._encoder.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for passages."""
        return self._encode("document", self._encoder.encode_document, texts)

    def _encode(
        self, kind: str, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
    ) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        keys = [self._key(kind, text) for text in texts]
        known = self._cache.find(keys, self.dimension)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            vectors = encode(list(missing.values()))
            self._cache.keep(list(missing), vectors)
            known |= dict(zip(missing, vectors, strict=True))
        return np.vstack([known[key] for key in keys])

    def _key(self, kind: str, text: str) -> bytes:
        named = "\0".join((self.name, str(self.dimension), kind, text))
        return hashlib.blake2b(named.encode(errors="surrogatepass"), digest_size=16).digest()


@contextmanager
def remembering(encoder: Encoder, index_dir: Path) -> Iterator[Encoder]:
    """The encoder with what earlier builds under this folder computed.

    Raises IndexFolderError when the cache can be neither read nor begun anew, or not written.
    """
    path = index_dir / FILE_NAME
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        cache = EmbeddingCache(path)
    except (OSError, sqlite3.Error) as error:
        raise IndexFolderError(_unusable(path, error)) from error
    try:
        yield RememberingEncoder(encoder, cache)
    except sqlite3.Error as error:
        raise IndexFolderError(_unusable(path, error)) from error
    finally:
        cache.close()


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:  # not to be opened or written, which no new file mends
        raise
    except sqlite3.DatabaseError:
        _delete(path)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS)
    try:
        connection.execute("PRAGMA page_size=16384")  # ten vectors a page; for a new file only
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost the last batches
        with connection:
            connection.execute(_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _delete(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _checksum(key: bytes, vector: bytes) -> int:
    return zlib.crc32(vector, zlib.crc32(key))


def _unusable(path: Path, error: Exception) -> str:
    return (
        f"INDEX_DIR: {path} cannot be read or written ({error}); "
        "delete that file or set INDEX_DIR to a folder that can be written"
    )
