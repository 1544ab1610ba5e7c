"""An encoder that does not encode again what was asked a moment ago."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence

from indexer.encoder import Encoder, Vectors

KEPT = 128  # questions


class RecentQueries:
    """Keeps the vectors of the last questions asked one at a time, and passes on the rest.

    A question is searched in every plan, and people press the same examples. The questions
    themselves are not kept: a vector is found by a hash whose key ends with the process.
    """

    def __init__(self, encoder: Encoder, kept: int = KEPT) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self._kept = kept
        self._vectors: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, as the encoder beneath gives them."""
        if len(texts) != 1:
            return self._encoder.encode_query(texts)
        name = hashlib.blake2b(texts[0].encode(errors="replace"), key=self._key).digest()
        with self._lock:
            if name in self._vectors:
                self._vectors.move_to_end(name)
                return self._vectors[name].copy()
        found = self._encoder.encode_query(texts)
        with self._lock:
            self._vectors[name] = found.copy()
            while len(self._vectors) > self._kept:
                self._vectors.popitem(last=False)
        return found

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, as the encoder beneath gives them."""
        return self._encoder.encode_document(texts)
