"""Sends what is in the outbox: a chat's messages in order, once each.

See docs/decisions/003-one-answer-for-one-message.md for what happens to a message in doubt.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram_outgoing import Post, is_there, send_post
from bot.channels.working import held, store_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot

    from bot.store import Outgoing, Store

MAX_CANDIDATES = 60  # message ids that are looked at for a message in doubt
GLOBAL_LIMIT = 3  # so many chats in a row told to wait: all wait
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 30.0
_log = logging.getLogger(__name__)


class Sender:
    """Sends one message of the outbox at a time a chat; other chats are not held up."""

    def __init__(
        self, bot: Bot, store: Store, pause: Callable[[float], None], fail: Callable[[], None]
    ) -> None:
        self._bot = bot
        self._store = store
        self._pause = pause  # all sending
        self._fail = fail  # the token is revoked
        self._limited_in_a_row = 0
        self._is_outage_said = False

    async def send(self, message: Outgoing) -> None:
        """Send it and record that; or put it back for later."""
        async with held(self._store, message):
            post = Post.model_validate_json(message.payload)
            try:
                message_id = await self._deliver(message, post)
            except _LaterError as later:
                seconds = later.seconds
                await store_call(lambda: self._store.postpone(message, seconds))
                return
            of_account = post.is_of_account
            await store_call(lambda: self._store.sent(message, message_id, of_account=of_account))

    async def _deliver(self, message: Outgoing, post: Post) -> int:
        """The id of the message that arrived; 0 when it never can. Raises _LaterError."""
        is_in_doubt, wait = message.in_doubt, _FIRST_WAIT_SECONDS
        while True:
            try:
                if is_in_doubt:
                    found = await self._find(message, post)
                    if found:
                        return found
                    is_in_doubt = False
                sent_id = await self._send(post)
                self._works()
                return sent_id
            except RetryAfter as error:
                seconds = float(error._retry_after.total_seconds())
                self._limited(seconds)
                if not is_in_doubt:
                    raise _LaterError(seconds) from None
                await asyncio.sleep(seconds)
            except InvalidToken:
                self._fail()
                raise _LaterError(_LONGEST_WAIT_SECONDS) from None
            except ChatMigrated as error:
                post = post.model_copy(
                    update={"chat_id": error.new_chat_id, "reply_to": None, "after": 0}
                )
            except NetworkError as error:
                if isinstance(error, BadRequest):
                    raise
                is_in_doubt = True
                self._say_outage(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)

    async def _send(self, post: Post) -> int:
        try:
            return (await send_post(self._bot, post)).message_id
        except Forbidden:
            _log.info("channel=telegram a chat does not let the bot write to it any more")
            return 0
        except BadRequest as error:
            if "parse entities" in str(error).lower():
                _log.warning("channel=telegram could not parse our HTML; sent as plain text")
                return (await send_post(self._bot, post, is_plain=True)).message_id
            _log.warning("channel=telegram refused a message (%s); dropped", _reason(error))
            return 0

    async def _find(self, message: Outgoing, post: Post) -> int:
        """The id of a message in doubt if it arrived, else 0.

        All earlier messages of the bot in this chat have lower ids than the first candidate, so
        one of its own at or above it is the one in doubt.
        """
        known = [message.last_id, post.after]
        if post.is_of_account:
            known.append(message.after_id)
        first = max(known) + 1
        for message_id in range(first, first + MAX_CANDIDATES):
            try:
                if await is_there(self._bot, post, message_id):
                    return message_id
            except Forbidden:
                return 0
        return 0

    def _limited(self, seconds: float) -> None:
        self._limited_in_a_row += 1
        if self._limited_in_a_row >= GLOBAL_LIMIT:
            _log.warning("channel=telegram sends too much; nothing is sent for %g s", seconds)
            self._pause(seconds)

    def _works(self) -> None:
        self._limited_in_a_row = 0
        if self._is_outage_said:
            _log.warning("channel=telegram messages can be sent again")
        self._is_outage_said = False

    def _say_outage(self, error: TelegramError) -> None:
        if not self._is_outage_said:
            _log.warning(
                "channel=telegram a message could not be sent (%s); trying again",
                type(error).__name__,
            )
        self._is_outage_said = True


class _LaterError(Exception):
    """The message is known not to have arrived; try again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def _reason(error: TelegramError) -> str:
    """Telegram's own reason, without anything that could come from a message."""
    return str(error).partition(":")[0][:60]
