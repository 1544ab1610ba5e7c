"""The Telegram channel: long polling through python-telegram-bot, updates in, replies out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    ExtBot,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.channels.order import ChatLocks
from bot.channels.stopping import on_stop_signal
from bot.channels.telegram_handlers import Handlers
from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.settings import Settings

    App = Application[Any, Any, Any, Any, Any, Any]

MAX_CHATS_AT_ONCE = 64
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
_TOKEN = re.compile(r"\d+:[\w-]{5,}")
_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY)  # edited messages are left unanswered

_log = logging.getLogger(__name__)


async def serve_telegram(settings: Settings, assistant: Assistant) -> None:
    """Answer on Telegram until the process is told to stop; turns under way are finished.

    Raises SettingsError in one line, without the token, when Telegram does not accept it.
    """
    application = build_application(settings, assistant)
    stop = asyncio.Event()
    on_stop_signal(stop.set)
    try:
        await _connect(application, stop)
        if not stop.is_set():
            await _start(application, assistant)
            await stop.wait()
    except InvalidToken:
        raise SettingsError(
            f"TELEGRAM_TOKEN: {settings.telegram_base_url} does not know this bot; "
            "copy the token anew from @BotFather"
        ) from None
    finally:
        await _stop(application)


def build_application(settings: Settings, assistant: Assistant) -> App:
    """The application with its handlers, not yet connected.

    Raises SettingsError when the token cannot be one.
    """
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "TELEGRAM_TOKEN: not a bot token (digits, a colon, letters); copy it from @BotFather"
        )
    base = str(settings.telegram_base_url).rstrip("/")
    bot = _Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=2 * MAX_CHATS_AT_ONCE),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )
    application = (
        Application.builder().bot(bot).concurrent_updates(_InOrder(MAX_CHATS_AT_ONCE)).build()
    )
    handlers = Handlers(assistant)
    wanted = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(wanted, handlers.on_message))
    application.add_handler(CallbackQueryHandler(handlers.on_button))
    application.add_error_handler(handlers.on_error)
    return application


class _Bot(ExtBot[None]):
    """A bot whose repr does not show its token."""

    def __repr__(self) -> str:
        return "Bot[token=***]"


class _InOrder(BaseUpdateProcessor):
    """Handles the updates of one chat in order, those of different chats side by side."""

    def __init__(self, max_concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates)
        self._locks = ChatLocks()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        async with self._locks.of(str(chat.id if chat else "")):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


async def _connect(application: App, stop: asyncio.Event) -> None:
    """Reach Telegram, however long that takes; one line says that it cannot be reached."""
    wait = _FIRST_WAIT_SECONDS
    is_first_try = True
    while not stop.is_set():
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise
        except TelegramError as error:
            if is_first_try:
                _log.warning(
                    "channel=telegram cannot be reached (%s); trying again until it answers",
                    type(error).__name__,
                )
            is_first_try = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
        wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)


async def _start(application: App, assistant: Assistant) -> None:
    try:
        await application.bot.set_my_commands(assistant.commands())
    except InvalidToken:
        raise
    except TelegramError as error:
        _log.warning("channel=telegram did not take the list of commands (%s)", error)
    if application.updater is None:
        raise RuntimeError("the application was built without an updater")
    await application.updater.start_polling(
        bootstrap_retries=-1, allowed_updates=_UPDATES, error_callback=_PollingLog()
    )
    await application.start()
    _log.info("channel=telegram ready bot=@%s", application.bot.bot.username)


async def _stop(application: App) -> None:
    """Take no more updates, finish the turns under way, close the connections."""
    if application.updater is not None and application.updater.running:
        await application.updater.stop()
    if application.running:
        await application.stop()
    await application.shutdown()


class _PollingLog:
    """Says once what keeps updates from coming in, not at every attempt."""

    def __init__(self) -> None:
        self._last: type[TelegramError] | None = None

    def __call__(self, error: TelegramError) -> None:
        if type(error) is self._last:
            return
        self._last = type(error)
        if isinstance(error, Conflict):
            _log.error(
                "channel=telegram another process answers for this bot; stop it, or use another "
                "token"
            )
        else:
            _log.warning(
                "channel=telegram cannot be reached (%s); trying again", type(error).__name__
            )
