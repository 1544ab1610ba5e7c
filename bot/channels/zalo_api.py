"""The Zalo Bot API over HTTP: a method and its fields go out, the result or an error comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx

from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings

NOTHING_NEW = 408  # error_code of an empty poll
TOO_MANY = 429
POLL_SECONDS = 30
_UNKNOWN_TOKEN = (401, 404)
_TOKEN = re.compile(r"[\w:.-]{8,}")


class ZaloError(Exception):
    """Zalo refused a call; `code` is its error_code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Zalo refused the call (error_code {code})")
        self.code = code


class ZaloUnreachableError(Exception):
    """No answer came, or none that the API would give; it is unknown whether the call counted."""


class ZaloTokenError(Exception):
    """Zalo does not know the token."""


class ZaloApi:
    """Calls the API. Its errors, and its repr, never show the token."""

    def __init__(self, base_url: str, token: str) -> None:
        self._root = f"{base_url.rstrip('/')}/bot{token}"
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(20), trust_env=True)

    async def call(self, method: str, wait_seconds: float = 0, **fields: str) -> Any:
        """The call's `result`. `wait_seconds`: how long Zalo may hold the call on purpose.

        Raises ZaloTokenError, ZaloError or ZaloUnreachableError.
        """
        timeout = httpx.Timeout(20 + wait_seconds, connect=10)
        try:
            response = await self._http.post(f"{self._root}/{method}", json=fields, timeout=timeout)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ZaloUnreachableError(type(error).__name__) from None
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        code = answer.get("error_code") if isinstance(answer, dict) else None
        if not isinstance(code, int):
            raise ZaloUnreachableError(f"HTTP {response.status_code}")
        if code in _UNKNOWN_TOKEN:
            raise ZaloTokenError from None
        raise ZaloError(code)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def open_api(settings: Settings) -> ZaloApi:
    """The API for these settings. Raises SettingsError when the token cannot be one."""
    token = zalo_token(settings)
    if not _TOKEN.fullmatch(token):
        raise SettingsError("ZALO_BOT_TOKEN: not a bot token; copy it from Zalo Bot Platform")
    return ZaloApi(str(settings.zalo_base_url), token)


def zalo_token(settings: Settings) -> str:
    """The token, "" where none is set."""
    token = settings.zalo_bot_token
    return token.get_secret_value().strip() if token else ""
