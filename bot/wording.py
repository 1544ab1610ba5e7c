"""The assistant's own sentences, by key."""

from __future__ import annotations

import string
from pathlib import Path

from bot.errors import MissingWordingError
from knowledge.yaml_reader import DataModel, read_yaml

MESSAGES = Path(__file__).with_name("messages") / "vi.yaml"


class Sentences(DataModel):
    """vi.yaml: key -> template."""

    sentences: dict[str, str]


class Wording:
    """Fills the sentence of a key with figures and names."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self.sentences = sentences

    @classmethod
    def load(cls, path: Path = MESSAGES) -> Wording:
        """The sentences of a file; raises PlanDataError in one line when it is wrong."""
        return cls(read_yaml(path, Sentences).sentences)

    def __call__(self, key: str, **fields: object) -> str:
        """The sentence, filled in. Raises MissingWordingError for an unknown key or field."""
        try:
            return self.sentences[key].format(**fields)
        except KeyError as error:
            raise MissingWordingError(
                f"{MESSAGES.name}: {key}: {error.args[0]!r} is missing; "
                "add the sentence or the field"
            ) from error

    def fields(self, key: str) -> set[str]:
        """The names that the sentence of a key wants filled in."""
        return {name for _, name, _, _ in string.Formatter().parse(self.sentences[key]) if name}
