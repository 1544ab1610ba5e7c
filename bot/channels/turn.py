"""One turn on any channel: the assistant's reply, one line in the log, a reference on failure."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.records import Turn
    from bot.sessions import Session
    from bot.turns import Message, Reply

T = TypeVar("T")

_log = logging.getLogger(__name__)


class TurnFailedError(Exception):
    """A turn broke; `reference` finds its traceback in the log."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"turn {reference} failed")
        self.reference = reference


def take_turn(assistant: Assistant, message: Message) -> Reply:
    """The assistant's reply, with one line in the log that holds none of the person's words.

    What is to be remembered is kept. Blocks while the assistant thinks. Raises TurnFailedError,
    already logged, if it breaks.
    """
    return _watched(assistant, message, assistant.respond, lambda reply: reply)


def think(assistant: Assistant, session: Session, message: Message) -> Turn:
    """A turn that is not saved yet: that is for the store's `finish`. Else as `take_turn`."""
    return _watched(
        assistant, message, lambda said: assistant.turn(session, said), lambda turn: turn.reply
    )


def _watched(
    assistant: Assistant,
    message: Message,
    answer: Callable[[Message], T],
    reply_of: Callable[[T], Reply],
) -> T:
    reference = new_reference()
    started = perf_counter()
    outcome, score = "failed", "-"
    try:
        result = answer(message)
        reply = reply_of(result)
        outcome = reply.status
        score = "-" if reply.confidence is None else f"{reply.confidence:.2f}"
    except Exception as error:
        log_failure(reference, error)
        raise TurnFailedError(reference) from None
    finally:
        seconds = perf_counter() - started
        assistant.observe(message.channel, outcome, seconds)
        _log.info(
            "turn=%s channel=%s outcome=%s score=%s ms=%d",
            reference,
            message.channel,
            outcome,
            score,
            round(seconds * 1000),
        )
    return result


def new_reference() -> str:
    """A short random name for a turn, easy to read out over the telephone."""
    return secrets.token_hex(3)


def log_failure(reference: str, error: BaseException) -> None:
    """Put where `error` came from in the log, but not its text: that may quote a person's words."""
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None:
        frames = "".join(traceback.format_tb(current.__traceback__))
        chain.append(f"{frames}{type(current).__qualname__}")
        current = current.__cause__ or current.__context__
    _log.error("turn=%s failed\n%s", reference, "\ncaused by\n".join(chain))


def clean_text(text: str) -> str:
    """The text as valid Unicode: what no encoding can carry (half a character) is replaced.

    Such halves come from broken JSON escapes and from command lines in another encoding.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
