"""A typed question -> what is searched for: chat spelling, abbreviations, marks, synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.clause_codes import CodeReader, NamedClause
from indexer.named import NameReader
from indexer.normalize import strip_marks, tokenize
from indexer.restore import Restorer
from knowledge.plan import Vocabulary
from knowledge.yaml_reader import DataModel, read_yaml

MAX_TOKENS = 120  # a longer question is cut: what counts stands near its start or its end
LONGEST_TOKEN = 40  # characters; no word is longer
_CHAT_WORDS = Path(__file__).with_name("chat_words.yaml")


class ChatWords(DataModel):
    """chat_words.yaml."""

    words: dict[str, str]


@cache
def chat_words() -> dict[str, str]:
    """Typed chat form -> standard form; "" drops the word."""
    return read_yaml(_CHAT_WORDS, ChatWords).words


def chat_forms() -> list[str]:
    """The standard forms behind the chat words: words in general use."""
    return [meaning for value in chat_words().values() for meaning in value.split("|") if meaning]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as search takes it.

    `tokens` are its syllables with marks restored and short forms written out; `added` are the
    plan's words for what it calls otherwise; `named` is what it names, as "kind:value"; `code`
    is the clause it names by number.
    """

    tokens: tuple[str, ...]
    added: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    code: NamedClause | None = None

    @property
    def text(self) -> str:
        """The question written out, without the added words."""
        return " ".join(self.tokens)

    @property
    def full_text(self) -> str:
        """The question written out, with the added words behind it."""
        return " ".join((*self.tokens, *self.added))


class QueryReader:
    """Reads questions under one plan's vocabulary and one corpus's syllables."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        restorer: Restorer,
        names: NameReader | None = None,
        codes: CodeReader | None = None,
    ) -> None:
        self._restorer = restorer
        self._names = names
        self._codes = codes
        short_forms = {key: _meanings(value) for key, value in vocabulary.abbreviations.items()}
        for key, known in list(short_forms.items()):
            short_forms.setdefault(strip_marks(key), known)
        spoken = {key: _meanings(value) for key, value in chat_words().items()} | short_forms
        self._written_out = {k: known[0] for k, known in short_forms.items() if len(known) == 1}
        self._spoken = {key: known[0] for key, known in spoken.items() if len(known) == 1}
        self._ambiguous = {key: known for key, known in spoken.items() if len(known) > 1}
        self._also_called = [
            (f" {' '.join(tokenize(key))} ", tuple(tokenize(value)))
            for key, value in vocabulary.also_called.items()
        ]

    def read(self, typed: str) -> Query:
        """The question as search takes it; empty for a text without letters or figures."""
        restored = self.written_out(typed)
        line = f" {' '.join(restored)} "
        added = [word for phrase, words in self._also_called if phrase in line for word in words]
        named = self._names.read(typed, restored) if self._names else ()
        code = self._codes.read(typed, restored) if self._codes else None
        return Query(restored, tuple(dict.fromkeys(added)), named, code)

    def written_out(self, typed: str) -> tuple[str, ...]:
        """The tokens of a text alone: marks restored, short forms written out."""
        tokens = [token[:LONGEST_TOKEN] for token in tokenize(typed)]
        if len(tokens) > MAX_TOKENS:
            tokens = tokens[: MAX_TOKENS // 2] + tokens[-MAX_TOKENS // 2 :]
        spelled = [part for token in tokens for part in self._spoken.get(token, (token,))]
        return tuple(self._restorer.restore(spelled, self._ambiguous))

    def expand(self, text: str) -> str:
        """A passage's text with the plan's own abbreviations written out, for the index."""
        words = (self._written_out.get(token, (token,)) for token in tokenize(text))
        return " ".join(part for parts in words for part in parts)


def _meanings(value: str) -> list[tuple[str, ...]]:
    """The meanings of a short form, which "|" divides; one of none drops the word."""
    return [tuple(tokenize(meaning)) for meaning in value.split("|")]
