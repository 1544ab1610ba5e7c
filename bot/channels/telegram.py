"""The Telegram channel: updates into the inbox, turns, the outbox to Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from starlette.routing import Route
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram_bot import (
    MAX_SENDS_AT_ONCE,
    UPDATES,
    open_bot,
    webhook_path,
    webhook_secret,
)
from bot.channels.telegram_handlers import MAX_TURNS_AT_ONCE, Handler
from bot.channels.telegram_receiving import CHANNEL, Polling, Reception, Webhook
from bot.channels.telegram_sending import Sender
from bot.channels.working import Workers, store_call
from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.settings import Settings
    from bot.store import Outgoing, Store, Update

FINISH_SECONDS = 20.0
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
_log = logging.getLogger(__name__)


class TelegramChannel:
    """Answers on Telegram, by polling or by webhook. Raises SettingsError for a bad setting."""

    name = CHANNEL

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._bot = open_bot(settings)
        self._problem = "not connected yet"
        self._polling: Polling | None = None
        self._webhook: Webhook | None = None
        if settings.telegram_webhook_url is not None:
            self._webhook = Webhook(webhook_secret(settings))

    def routes(self) -> list[Route]:
        """The address that Telegram brings updates to, with a webhook."""
        if self._webhook is None:
            return []
        return [Route(webhook_path(self._settings), self._webhook.__call__, methods=["POST"])]

    def problem(self) -> str:
        """Empty when updates can come in, else one line."""
        return self._problem or (self._polling.problem if self._polling else "")

    async def serve(self, assistant: Assistant, stop: asyncio.Event) -> None:
        """Answer until told to stop; turns and messages under way are finished.

        Raises SettingsError in one line, without the token, when Telegram does not accept it.
        """
        revoked = asyncio.Event()
        try:
            if await self._connect(assistant, stop):
                await self._work(assistant, stop, revoked)
        except InvalidToken:
            revoked.set()
        finally:
            with contextlib.suppress(TelegramError):
                await self._bot.shutdown()
        if revoked.is_set():
            raise SettingsError(
                f"TELEGRAM_TOKEN: {self._settings.telegram_base_url} does not know this bot; "
                "copy the token anew from @BotFather"
            )

    async def _work(
        self, assistant: Assistant, stop: asyncio.Event, revoked: asyncio.Event
    ) -> None:
        store = self._store
        await store_call(lambda: store.take_over(CHANNEL))
        handler = Handler(self._bot, store, assistant)
        sending: Workers[Outgoing] = Workers(
            lambda at_most: store.next_outgoing_many(CHANNEL, at_most),
            lambda taken: sender.send(taken),
            MAX_SENDS_AT_ONCE,
        )
        sender = Sender(self._bot, store, sending.pause, revoked.set)

        async def handle(update: Update) -> None:
            await handler.handle(update)
            sending.wake()

        handling: Workers[Update] = Workers(
            lambda at_most: store.claim_many(CHANNEL, at_most), handle, MAX_TURNS_AT_ONCE
        )
        reception = Reception(self._bot, store, assistant, handling.wake)
        receiving = asyncio.create_task(self._receive(reception))
        tasks = [asyncio.create_task(work) for work in (handling.run(), sending.run())]
        waits = [asyncio.create_task(event.wait()) for event in (stop, revoked)]
        _log.info("channel=telegram ready bot=@%s", self._bot.username)
        await asyncio.wait([receiving, *tasks, *waits], return_when=asyncio.FIRST_COMPLETED)
        for task in (receiving, *waits):
            if not task.done():
                task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        if self._webhook:
            self._webhook.reception = None
        handling.stop()
        sending.stop()
        await handling.finish(FINISH_SECONDS)
        if not revoked.is_set():
            await sending.drain(FINISH_SECONDS)
        for ended in await asyncio.gather(receiving, *tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    async def _receive(self, reception: Reception) -> None:
        """Take updates in until cancelled."""
        if self._webhook is not None:
            self._webhook.reception = reception
            await asyncio.Event().wait()
        self._polling = Polling(self._bot, reception)
        await self._polling.run()

    async def _connect(self, assistant: Assistant, stop: asyncio.Event) -> bool:
        """Reach Telegram, however long that takes; one line says that it cannot be reached."""
        wait = _FIRST_WAIT_SECONDS
        while not stop.is_set():
            try:
                await self._bot.initialize()
                await self._set_delivery()
            except InvalidToken:
                raise
            except TelegramError as error:
                if wait == _FIRST_WAIT_SECONDS:
                    _log.warning(
                        "channel=telegram cannot be reached (%s); trying again until it answers",
                        type(error).__name__,
                    )
                self._problem = f"Telegram cannot be reached ({type(error).__name__})"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait)
                wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)
                continue
            self._problem = ""
            await self._announce_commands(assistant)
            return True
        return False

    async def _set_delivery(self) -> None:
        """Tell Telegram where updates go. Raises SettingsError for an address it does not take."""
        if self._webhook is None:
            await self._bot.delete_webhook()
            return
        try:
            await self._bot.set_webhook(
                str(self._settings.telegram_webhook_url),
                allowed_updates=UPDATES,
                secret_token=webhook_secret(self._settings),
            )
        except BadRequest as error:
            raise SettingsError(
                f"TELEGRAM_WEBHOOK_URL: {self._settings.telegram_webhook_url} — Telegram says: "
                f"{error}; correct the address, or leave it out to poll"
            ) from None

    async def _announce_commands(self, assistant: Assistant) -> None:
        try:
            await self._bot.set_my_commands(assistant.commands())
        except InvalidToken:
            raise
        except TelegramError as error:
            _log.warning(
                "channel=telegram did not take the list of commands (%s)", type(error).__name__
            )
