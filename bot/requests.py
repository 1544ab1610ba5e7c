"""What kind of thing a message asks for, by words kept in requests.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from knowledge.dossiers import DossierBook
from knowledge.values import folded
from knowledge.yaml_reader import DataModel, read_yaml

DocumentPart = Literal["title", "signer", "number", "recipients", "validity"]
_PARTS_BY_WORDS: tuple[DocumentPart, ...] = ("signer", "number", "recipients", "validity")
_FILE = Path(__file__).with_name("messages") / "requests.yaml"
LONGEST_ABOUT_DOCUMENT = 12  # words
LONGEST_SMALL_TALK = 8  # words; a longer message holds a question besides its greeting


class DossierWords(DataModel):
    """Words that a dossier is asked for with, and each thing asked of it."""

    subject: list[str]
    papers: list[str]
    sets: list[str]
    route: list[str]


class DocumentWords(DataModel):
    """Words that a plan is called by as a document, and each thing asked of it."""

    subject: list[str]
    signer: list[str]
    number: list[str]
    issued: list[str]
    when: list[str]
    recipients: list[str]
    validity: list[str]


class WholeQuestion(DataModel):
    """A question that holds nothing else: a phrase of `asks`, and around it only small words."""

    asks: list[str]
    around: list[str]

    def is_asked(self, tokens: Sequence[str]) -> bool:
        """Whether the tokens are such a question."""
        return _holds_only(tokens, self.asks, self.around)


class FollowUpWords(DataModel):
    """How a message starts and ends that goes on from the question before it."""

    openings: list[str]
    empty_endings: list[str]
    endings: list[str]
    around: list[str]  # small words beside a name


class PrivateWords(DataModel):
    """Words that the number or the name of a person stands behind."""

    numbers: list[str]
    people: list[str]


class RequestWords(DataModel):
    """requests.yaml."""

    greeting: list[str]
    thanks: list[str]
    goodbye: list[str]
    fillers: list[str]
    dossier: DossierWords
    document: DocumentWords
    title: WholeQuestion
    award_forms: WholeQuestion
    award: dict[str, list[str]]
    go_on: list[str]
    follow_up: FollowUpWords
    private: PrivateWords


@dataclass(frozen=True, slots=True)
class DossierRequest:
    """A request for a dossier checklist; None where the message does not say which."""

    award: str | None
    route: str | None


@cache
def request_words() -> RequestWords:
    """The words, read once."""
    return read_yaml(_FILE, RequestWords)


def small_talk(tokens: Sequence[str]) -> str | None:
    """ "greeting", "thanks" or "goodbye" for a message that is nothing else; else None."""
    if len(tokens) > LONGEST_SMALL_TALK:
        return None
    words = request_words()
    for kind in ("goodbye", "thanks", "greeting"):
        if _holds_only(tokens, getattr(words, kind), words.fillers):
            return kind
    return None


def dossier_request(tokens: Sequence[str], book: DossierBook) -> DossierRequest | None:
    """The dossier asked for, or None where the message asks for one fact or something else.

    A checklist is the answer to two of papers, sets and route at once, or to a dossier named
    with its award and no single thing about it.
    """
    words = request_words().dossier
    line = " ".join(tokens)
    if not has_phrase(line, words.subject):
        return None
    asked = sum(has_phrase(line, group) for group in (words.papers, words.sets, words.route))
    award = named_award(line, book)
    is_bare = line in words.subject
    if not (asked >= 2 or is_bare or (award and asked == 0 and len(tokens) <= LONGEST_SMALL_TALK)):
        return None
    return DossierRequest(award, named_route(line, book))


def document_request(tokens: Sequence[str]) -> DocumentPart | None:
    """What a short message asks of the plan as a document, or None where it asks something else.

    A message that holds a number may mean another document, which the plan cites.
    """
    line = " ".join(tokens)
    if len(tokens) > LONGEST_ABOUT_DOCUMENT or any(c.isdigit() for c in line):
        return None
    if request_words().title.is_asked(tokens):
        return "title"
    words = request_words().document
    if not has_phrase(line, words.subject):
        return None
    if has_phrase(line, words.issued) and has_phrase(line, words.when):
        return "number"
    return next((p for p in _PARTS_BY_WORDS if has_phrase(line, getattr(words, p))), None)


def award_word(text: str) -> str | None:
    """What a typed word does in the award conversation ("back", "unknown", …), or None."""
    typed = folded(text).rstrip(" .!?")
    return next((name for name, words in request_words().award.items() if typed in words), None)


def is_go_on(text: str) -> bool:
    """Whether a message agrees to what was just shown."""
    return folded(text).rstrip(" .!?") in request_words().go_on


def named_award(line: str, book: DossierBook) -> str | None:
    """The id of the award that the line names first by its longest words, or None."""
    named = [(p, a.id) for a in book.awards for p in a.words if has_phrase(line, [p])]
    return max(named, key=lambda item: len(item[0]))[1] if named else None


def named_route(line: str, book: DossierBook) -> str | None:
    """The id of the route whose words the line holds, or None."""
    return next((r.id for r in book.routes if has_phrase(line, r.words)), None)


def has_phrase(line: str, phrases: Iterable[str]) -> bool:
    """Whether any phrase stands in the line as whole words."""
    padded = f" {line} "
    return any(f" {phrase} " in padded for phrase in phrases)


def _holds_only(tokens: Sequence[str], phrases: Iterable[str], around: Sequence[str]) -> bool:
    """Whether the tokens are one of the phrases, with nothing around it but these words."""
    line = f" {' '.join(tokens)} "
    rests = (line.replace(f" {phrase} ", " ", 1) for phrase in phrases if f" {phrase} " in line)
    return any(all(word in around for word in rest.split()) for rest in rests)
