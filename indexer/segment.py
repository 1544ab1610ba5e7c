"""underthesea behind three functions: words, tone placement, word list. Nothing else imports it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Where these are installed, underthesea imports them for features that are not used here,
# which would cost seconds and hundreds of megabytes.
_UNUSED_BY_US = ("torch", "transformers")
_WORD_LIST = Path("corpus", "data", "Viet39K.txt")


@contextmanager
def _without(*names: str) -> Iterator[None]:
    blocked = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]


@cache
def _module(name: str) -> Any:
    with _without(*_UNUSED_BY_US):
        return importlib.import_module(f"underthesea.{name}")


def segmenter_version() -> str:
    """Name and version of the segmenter, for the index's manifest."""
    return f"underthesea {version('underthesea')}"


def words(text: str) -> list[str]:
    """The words of a text in order; the syllables of one word are joined by spaces."""
    found: list[str] = _module("pipeline.word_tokenize").word_tokenize(text)
    return found


@cache
def _token_map() -> tuple[Any, Any]:
    module = _module("pipeline.text_normalize.token_normalize")
    return module.token_normalize, module.token_map


def place_tone(syllable: str) -> str:
    """The syllable with its tone mark where this project expects it ("uỷ" -> "ủy")."""
    normalise, _ = _token_map()
    placed: str = normalise(syllable)
    return placed


@cache
def word_list() -> tuple[str, ...]:
    """Vietnamese words in general use, lower case, syllables joined by spaces; () if none."""
    with _without(*_UNUSED_BY_US):
        import underthesea

    path = Path(underthesea.__file__).parent / _WORD_LIST
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    return tuple(" ".join(row.lower().split()) for row in rows if row.strip())
