"""The Zalo channel: messages come by webhook where one is set, else by long polling."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.downloads import download_route
from bot.channels.zalo_api import (
    NOTHING_NEW,
    POLL_SECONDS,
    ZaloApi,
    ZaloError,
    ZaloTokenError,
    ZaloUnreachableError,
    open_api,
)
from bot.channels.zalo_desk import ZaloDesk
from bot.channels.zalo_incoming import CHANNEL
from bot.channels.zalo_webhook import zalo_routes
from bot.errors import SettingsError

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.assistant import Assistant
    from bot.settings import Settings
    from bot.store import Store
    from bot.wording import Wording

_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0

_log = logging.getLogger(__name__)


class ZaloChannel:
    """Zalo beside the other channels of one process; raises SettingsError for half a webhook."""

    name = CHANNEL

    def __init__(
        self, settings: Settings, store: Store, wording: Wording, *, has_page: bool = False
    ) -> None:
        self._settings = settings
        self._store = store
        self._wording = wording
        self._has_page = has_page
        self._public_url = str(settings.public_url or "")
        self._webhook = _webhook(settings)
        self._api = open_api(settings)
        self._desk: ZaloDesk | None = None
        self._problem = "Zalo has not been reached yet"

    def routes(self) -> list[Route]:
        """The webhook, where one is set, and files by link, where people reach this process."""
        routes = [download_route(self._store, self._wording)] if self._public_url else []
        if self._webhook is not None:
            url, secret = self._webhook
            routes += zalo_routes(secret, self._accept, urlsplit(url).path or "/")
        return routes

    def problem(self) -> str:
        """Empty when it can answer, else one line."""
        return self._problem

    async def serve(self, assistant: Assistant, stop: asyncio.Event) -> None:
        """Answer until told to stop; turns under way are in the store.

        Raises SettingsError in one line, without the token, when Zalo does not accept it.
        """
        self._store.take_over(CHANNEL)
        serving = asyncio.create_task(self._serve(assistant))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        except (ZaloTokenError, BaseExceptionGroup) as error:
            first = _first(error)
            if not isinstance(first, ZaloTokenError):
                raise first from None
            raise SettingsError(
                f"ZALO_BOT_TOKEN: {self._settings.zalo_base_url} does not know this bot; "
                "copy the token anew from Zalo Bot Platform"
            ) from None
        finally:
            self._desk = None
            for task in (serving, stopping):
                task.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)
            await self._api.close()

    async def _serve(self, assistant: Assistant) -> None:
        bot = await _persist(self._api, "getMe")
        self._problem = ""
        desk = ZaloDesk(
            assistant,
            self._store,
            self._api,
            _names(bot, self._settings.zalo_bot_name),
            self._public_url,
            has_page=self._has_page,
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(desk.work())
            if self._webhook is None:
                await _persist(self._api, "deleteWebhook")
                tasks.create_task(_poll(self._api, desk))
            else:
                self._desk = desk
                url, secret = self._webhook
                await _persist(self._api, "setWebhook", url=url, secret_token=secret)
            by = "polling" if self._webhook is None else "webhook"
            _log.info("channel=zalo ready by=%s", by)

    async def _accept(self, event: object) -> None:
        """Keep what was delivered. Raises ConnectionError before the channel answers."""
        if self._desk is None:
            raise ConnectionError("not answering yet")
        await self._desk.accept(event)


def _first(error: BaseException) -> BaseException:
    """The first error of a group of tasks; an error alone is itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _webhook(settings: Settings) -> tuple[str, str] | None:
    """Address and secret of the webhook; None for polling. Raises SettingsError."""
    if settings.zalo_webhook_url is None:
        return None
    if settings.zalo_webhook_secret is None:
        raise SettingsError("ZALO_WEBHOOK_SECRET: is missing; set 8 to 256 characters")
    return str(settings.zalo_webhook_url), settings.zalo_webhook_secret.get_secret_value()


def _names(bot: object, set_name: str) -> list[str]:
    """What people may write after "@": the name set, and those that Zalo tells."""
    told = bot if isinstance(bot, dict) else {}
    names = [set_name.strip().removeprefix("@"), told.get("display_name"), told.get("account_name")]
    return [name for name in names if isinstance(name, str) and name]


async def _persist(api: ZaloApi, method: str, **fields: str) -> object:
    """A call's result, however long it takes to reach Zalo; a refusal is one line in the log."""
    wait = _FIRST_WAIT_SECONDS
    while True:
        try:
            return await api.call(method, 0, **fields)
        except ZaloError as error:
            _log.warning("channel=zalo %s was refused (error_code %d)", method, error.code)
            return None
        except ZaloUnreachableError as error:
            if wait == _FIRST_WAIT_SECONDS:
                _log.warning("channel=zalo cannot be reached (%s); trying until it answers", error)
        await asyncio.sleep(wait)
        wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)


async def _poll(api: ZaloApi, desk: ZaloDesk) -> None:
    """Take in one message after the other; there is no offset to ask for one again."""
    wait = _FIRST_WAIT_SECONDS
    while True:
        try:
            event = await api.call("getUpdates", POLL_SECONDS, timeout=str(POLL_SECONDS))
        except ZaloTokenError:
            raise
        except (ZaloError, ZaloUnreachableError) as error:
            if isinstance(error, ZaloError) and error.code == NOTHING_NEW:
                wait = _FIRST_WAIT_SECONDS
                continue
            if wait == _FIRST_WAIT_SECONDS:
                _log.warning("channel=zalo polling failed (%s); trying again", error)
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)
            continue
        wait = _FIRST_WAIT_SECONDS
        await _keep(desk, event)


async def _keep(desk: ZaloDesk, event: object) -> None:
    """Zalo will not give it out again: hold on to it until the store takes it."""
    while True:
        try:
            await desk.accept(event)
            return
        except ConnectionError:
            await asyncio.sleep(_FIRST_WAIT_SECONDS)
