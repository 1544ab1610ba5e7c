"""What is said to the person who adds documents, kept in messages_vi.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from indexer.errors import DocumentError
from knowledge.yaml_reader import DataModel, read_yaml

_FILE = Path(__file__).with_name("messages_vi.yaml")


class Sentences(DataModel):
    """messages_vi.yaml: key -> template."""

    sentences: dict[str, str]


@cache
def _sentences() -> dict[str, str]:
    return read_yaml(_FILE, Sentences).sentences


def sentence(key: str, **fields: object) -> str:
    """The sentence of a key, filled in; KeyError for an unknown key or field."""
    return _sentences()[key].format(**fields)


def refusal(key: str, **fields: object) -> DocumentError:
    """The error that says the sentence of a key."""
    return DocumentError(sentence(key, **fields))
