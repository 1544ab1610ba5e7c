"""One turn on any channel: the assistant's reply, one line in the log, a reference on failure."""

from __future__ import annotations

import logging
import secrets
import traceback
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.turns import Message, Reply

_log = logging.getLogger(__name__)


class TurnFailedError(Exception):
    """A turn broke; `reference` finds its traceback in the log."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"turn {reference} failed")
        self.reference = reference


def take_turn(assistant: Assistant, message: Message) -> Reply:
    """The assistant's reply, with one line in the log that holds none of the person's words.

    Blocks while the assistant thinks. Raises TurnFailedError, already logged, if it breaks.
    """
    reference = new_reference()
    started = perf_counter()
    outcome = "failed"
    try:
        reply = assistant.respond(message)
        outcome = reply.status
    except Exception as error:
        log_failure(reference, error)
        raise TurnFailedError(reference) from None
    finally:
        spent = round((perf_counter() - started) * 1000)
        _log.info("turn=%s channel=%s outcome=%s ms=%d", reference, message.channel, outcome, spent)
    return reply


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
