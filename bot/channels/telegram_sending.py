"""Sends what is in the outbox: a chat's messages in order, once each.

See docs/decisions/004-one-answer-for-one-message.md for what happens to a message in doubt.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram_outgoing import Post, is_there, send_post
from bot.channels.working import held, store_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot

    from bot.store import Outgoing, Store

MAX_CANDIDATES = 60  # message ids that are looked at for a message in doubt
_AT_ONCE = 6  # of them are looked at before it is asked again which ids are known by now
_LATEST = 100
GLOBAL_LIMIT = 3  # so many chats in a row told to wait: all wait
_ARRIVAL_SECONDS = 1.0  # what a process sent just before its end has arrived by then
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 30.0
_SILENCE_SECONDS = 5.0  # a request that got no answer at all may yet be carried out
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
        # When sending began and the id it led to, of the latest messages with the account's ids.
        self._sent: deque[tuple[float, int]] = deque(maxlen=_LATEST)
        self._loop_time = asyncio.get_running_loop().time

    async def send(self, message: Outgoing) -> None:
        """Send it and record that; or put it back for later."""
        async with held(self._store, message):
            post = Post.model_validate_json(message.payload)
            try:
                message_id = await self._deliver(message, post)
            except _StillInDoubtError:
                return
            except _LaterError as later:
                seconds = later.seconds
                await store_call(lambda: self._store.postpone(message, seconds))
                return
            of_account = post.is_of_account
            await store_call(lambda: self._store.sent(message, message_id, of_account=of_account))

    async def _deliver(self, message: Outgoing, post: Post) -> int:
        """The id of the message that arrived; 0 when it never can.

        Raises _LaterError when it did not arrive, _StillInDoubtError when nobody can say.
        """
        if message.in_doubt:
            await asyncio.sleep(_ARRIVAL_SECONDS)
            return await self._found(message, post)
        begun = self._loop_time()
        try:
            sent_id = await self._send(post)
        except RetryAfter as error:
            seconds = _seconds(error)
            self._limited(seconds)
            raise _LaterError(seconds) from None
        except InvalidToken:
            self._fail()
            raise _LaterError(_LONGEST_WAIT_SECONDS) from None
        except ChatMigrated as error:
            moved = {"chat_id": error.new_chat_id, "reply_to": None, "after": 0}
            return await self._deliver(message, post.model_copy(update=moved))
        except TelegramError as error:  # the network, or an answer that is none of Telegram's
            self._say_outage(error)
            first = _SILENCE_SECONDS if isinstance(error, TimedOut) else _FIRST_WAIT_SECONDS
            wait = first * 2 ** min(message.attempts - 1, 10)
            await asyncio.sleep(min(wait, _LONGEST_WAIT_SECONDS))
            return await self._found(message, post)
        self._works()
        if sent_id and post.is_of_account:
            self._sent.append((begun, sent_id))
        return sent_id

    async def _send(self, post: Post) -> int:
        for is_plain in (False, True):
            try:
                return (await send_post(self._bot, post, is_plain=is_plain)).message_id
            except Forbidden:
                _log.info("channel=telegram a chat does not let the bot write to it any more")
                break
            except BadRequest as error:
                if is_plain or "parse entities" not in str(error).lower():
                    _log.warning("channel=telegram refused a message (%s); dropped", _reason(error))
                    break
                _log.warning("channel=telegram could not parse our HTML; sent as plain text")
        return 0

    async def _found(self, message: Outgoing, post: Post) -> int:
        """The id of a message in doubt that arrived. Raises as `_deliver` does.

        All earlier messages of the bot in this chat have lower ids than the first candidate, so
        one of its own at or above it is the one in doubt. One that did not arrive is put back
        before it is sent again: its next sending needs the ids known by then as its candidates.
        """
        now_over = self._loop_time()
        above, n_left = post.after, MAX_CANDIDATES
        while n_left:
            find = partial(self._store.possible_ids, message, above, min(n_left, _AT_ONCE))
            for message_id in await store_call(partial(find, of_account=post.is_of_account)):
                if post.is_of_account and message_id > self._fence(now_over):
                    raise _LaterError(0)
                if await self._is_there(post, message_id):
                    return message_id
                above, n_left = message_id, n_left - 1
        raise _LaterError(0)

    def _fence(self, since: float) -> float:
        """An id that was given out after `since`: what arrived before has a lower one."""
        return min((number for begun, number in self._sent if begun >= since), default=math.inf)

    async def _is_there(self, post: Post, message_id: int) -> bool:
        """Whether the bot's message has this id, asked until Telegram says."""
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                return await is_there(self._bot, post, message_id)
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except InvalidToken:
                self._fail()
                raise _StillInDoubtError from None
            except (Forbidden, ChatMigrated):
                raise _LaterError(0) from None
            except TelegramError as error:
                self._say_outage(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)

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


class _StillInDoubtError(Exception):
    """Whether the message arrived cannot be found out now: the next process has to."""


class _LaterError(Exception):
    """The message is known not to have arrived; try again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def _seconds(error: RetryAfter) -> float:
    return float(error._retry_after.total_seconds())


def _reason(error: TelegramError) -> str:
    """Telegram's own reason, without anything that could come from a message."""
    return str(error).partition(":")[0][:60]
