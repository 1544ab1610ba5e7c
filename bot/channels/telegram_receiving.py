"""Puts updates into the inbox; only what is kept there is acknowledged to Telegram.

What is not for the bot (edited messages, talk in a group, what cannot be read) is not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram_incoming import account_id, chat_key, is_for_bot, is_late
from bot.channels.working import store_call
from bot.limits import Admission
from bot.store import Arrival

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.assistant import Assistant
    from bot.channels.telegram_bot import TelegramBot
    from bot.store import Store

CHANNEL = "telegram"
_HIGHEST_ID = 2**62  # Telegram's have 52 bits at most, a database's column 63
MAX_UPDATE_BYTES = 1024 * 1024
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _News:
    """An update that is for the bot; `message_id` as `account_id` tells it."""

    raw: object
    update: Update
    chat: str
    is_late: bool
    message_id: int

    @property
    def ids(self) -> tuple[int, int]:
        """The numbers that the store keeps."""
        return self.update.update_id, self.message_id


class Reception:
    """Keeps what is to be answered, an update once."""

    def __init__(
        self, bot: TelegramBot, store: Store, assistant: Assistant, when_kept: Callable[[], None]
    ) -> None:
        self._bot = bot
        self._store = store
        self._assistant = assistant
        self._when_kept = when_kept
        self._courtesies: set[asyncio.Task[None]] = set()

    async def receive(self, raws: Sequence[object]) -> None:
        """Keep what is for the bot; whatever the updates hold, nothing is raised for it."""
        news = [read for raw in raws if (read := self._read(raw)) is not None]
        # Known before the first is answered: that answer gets an id above all of these.
        ids = [each.message_id for each in news if each.message_id]
        arrivals = [arrival for each in news if (arrival := self._admitted(each)) is not None]
        if arrivals:
            await store_call(lambda: self._store.receive_many(CHANNEL, arrivals, ids))
            self._when_kept()

    def _read(self, raw: object) -> _News | None:
        """The update if it can be read and is for the bot."""
        try:
            update = Update.de_json(raw, self._bot) if isinstance(raw, dict) else None
            if update is None or not is_for_bot(update, self._bot.bot):
                return None
            news = _News(raw, update, chat_key(update), is_late(update), account_id(update))
            if not all(-_HIGHEST_ID < each < _HIGHEST_ID for each in news.ids):
                raise ValueError
            return news
        except Exception as error:  # what Telegram may send next year, or somebody makes up
            _log.warning("channel=telegram an update could not be read (%s)", type(error).__name__)
            return None

    def _admitted(self, news: _News) -> Arrival | None:
        """What is to be kept of the update; None when its chat sends too much."""
        self._stop_spinner(news.update)
        content = {"update": news.raw}
        if not news.is_late:
            admission = self._assistant.admit(CHANNEL, news.chat)
            if admission is Admission.REFUSED:
                return None
            if admission is Admission.REFUSED_FIRST:
                content["is_too_fast"] = True
        position = news.update.update_id
        return Arrival(f"{self._bot.id}:{position}", news.chat, json.dumps(content), position)

    def _stop_spinner(self, update: Update) -> None:
        query = update.callback_query
        if query is None:
            return

        async def answer() -> None:
            with contextlib.suppress(TelegramError):  # too old to acknowledge, good to answer
                await query.answer()

        task = asyncio.create_task(answer())
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


def next_offset(offset: int | None, raws: Sequence[object]) -> int:
    """Where polling goes on once these updates are kept: that acknowledges them."""
    numbers = (raw.get("update_id") for raw in raws if isinstance(raw, dict))
    return max([offset or 0, *(number + 1 for number in numbers if isinstance(number, int))])


class Polling:
    """Asks Telegram for updates, one call after the other. `problem` says what is wrong."""

    def __init__(self, bot: TelegramBot, reception: Reception) -> None:
        self._bot = bot
        self._reception = reception
        self.problem = ""

    async def run(self) -> None:
        """Poll until cancelled. Raises InvalidToken when the token is revoked."""
        offset: int | None = None
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                updates = await self._bot.raw_updates(offset)
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(float(error._retry_after.total_seconds()))
                continue
            except TelegramError as error:
                self._say(error)
                await asyncio.sleep(wait)
                wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)
                continue
            if self.problem:
                _log.warning("channel=telegram updates come in again")
            self.problem, wait = "", _FIRST_WAIT_SECONDS
            await self._reception.receive(updates)
            offset = next_offset(offset, updates)

    def _say(self, error: TelegramError) -> None:
        """One line for a problem, not one at every attempt."""
        if isinstance(error, Conflict):
            problem = (
                "another process answers for this bot; stop it, or use another token "
                "(with a webhook: set TELEGRAM_WEBHOOK_URL here too, or stop that process)"
            )
        else:
            kind = "network" if isinstance(error, NetworkError) else type(error).__name__
            problem = f"Telegram cannot be reached ({kind}); trying again"
        if problem != self.problem:
            level = logging.ERROR if isinstance(error, Conflict) else logging.WARNING
            _log.log(level, "channel=telegram %s", problem)
        self.problem = problem


class Webhook:
    """Takes updates that Telegram brings. 200 only once an update is kept."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(secret.encode()).digest()
        self.reception: Reception | None = None

    async def __call__(self, request: Request) -> Response:
        """403 without the secret, 413 for too much, 400 for no JSON, 503 while starting."""
        shown = request.headers.get("x-telegram-bot-api-secret-token", "")
        digest = hashlib.sha256(shown.encode("utf-8", "replace")).digest()
        if not hmac.compare_digest(digest, self._secret):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_UPDATE_BYTES:
                return Response(status_code=413)
        if self.reception is None:
            return Response(status_code=503)
        try:
            raw: Any = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        await self.reception.receive([raw])
        return Response(status_code=200)
