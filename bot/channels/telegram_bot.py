"""The bot as python-telegram-bot has it, made from the settings, with its secrets kept in."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings

MAX_SENDS_AT_ONCE = 32
UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY)  # edited messages are left unanswered
_POLL_SECONDS = 30
_TOKEN = re.compile(r"\d+:[\w-]{5,}")
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)


class TelegramBot(Bot):
    """A bot whose repr does not show its token, and that hands out updates as they came."""

    def __repr__(self) -> str:
        return "Bot[token=***]"

    async def raw_updates(self, offset: int | None) -> list[Any]:
        """The updates from `offset` on, unparsed, waiting for one if there is none.

        Raises TelegramError, NetworkError too for what is no list of updates.
        Parsed one by one later: one that the library cannot read must not keep back the others.
        """
        fields = {"timeout": _POLL_SECONDS, "offset": offset, "allowed_updates": UPDATES}
        wait = _POLL_SECONDS + 5.0
        result = await self._post("getUpdates", fields, read_timeout=wait)
        if not isinstance(result, list):
            raise NetworkError("getUpdates: not a list")
        return result


def open_bot(settings: Settings) -> TelegramBot:
    """The bot, not yet connected. Raises SettingsError when the token cannot be one."""
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "TELEGRAM_TOKEN: not a bot token (digits, a colon, letters); copy it from @BotFather"
        )
    base = str(settings.telegram_base_url).rstrip("/")
    return TelegramBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=2 * MAX_SENDS_AT_ONCE, read_timeout=15, pool_timeout=30
        ),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )


def webhook_path(settings: Settings) -> str:
    """The path of TELEGRAM_WEBHOOK_URL on this server."""
    return urlsplit(str(settings.telegram_webhook_url)).path.rstrip("/") or "/"


def webhook_secret(settings: Settings) -> str:
    """What Telegram has to show with each update: as set, else derived from the token.

    Raises SettingsError when Telegram would not take it.
    """
    if settings.telegram_webhook_secret:
        secret = settings.telegram_webhook_secret.get_secret_value().strip()
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "TELEGRAM_WEBHOOK_SECRET: 1 to 256 of A-Z a-z 0-9 _ - are allowed; "
                "choose another, or leave it out"
            )
        return secret
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    return hmac.new(token.encode(), b"telegram webhook", hashlib.sha256).hexdigest()
