"""Zalo's messages on their way: kept in the inbox, answered in order, sent from the outbox."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.channels.choices import buttons_of
from bot.channels.downloads import as_downloads, link_of
from bot.channels.turn import TurnFailedError, log_failure, new_reference, think
from bot.channels.zalo_api import TOO_MANY, ZaloApi, ZaloError, ZaloTokenError, ZaloUnreachableError
from bot.channels.zalo_incoming import CHANNEL, as_message, read_event
from bot.channels.zalo_text import zalo_texts
from bot.limits import Admission
from bot.store import (
    DOWNLOAD_SECONDS,
    Download,
    Outgoing,
    Store,
    StoreUnavailableError,
    Update,
)

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.turns import Reply

N_WORKERS = 4
WORKBOOK = ".xlsx"  # what people fill in and send back
MAX_ATTEMPTS = 3  # workers that died of one message before it is given up
_IDLE_SECONDS = 1.0
_RETRY_SECONDS, _LONGEST_RETRY_SECONDS = 1, 60

_log = logging.getLogger(__name__)


class ZaloDesk:
    """Takes events in, answers them, sends the answers; the store keeps what is under way.

    `names` are those that the bot is mentioned by in groups; `public_url` is where people reach
    this process, "" where they cannot, and with `has_page` the web chat is there too.
    """

    def __init__(
        self,
        assistant: Assistant,
        store: Store,
        api: ZaloApi,
        names: Sequence[str] = (),
        public_url: str = "",
        *,
        has_page: bool = False,
    ) -> None:
        self._assistant = assistant
        self._store = store
        self._api = api
        self._names = names
        self._public_url = public_url
        self._has_page = has_page
        self._received = asyncio.Event()
        self._answered = asyncio.Event()

    async def accept(self, body: object) -> None:
        """Keep an event to be answered; one that is known already is dropped.

        Raises ConnectionError when it could not be kept.
        """
        message = read_event(body, self._names)
        if message is None:
            _log.info("channel=zalo left an event without a message alone")
            return
        admission = self._assistant.admit(CHANNEL, message.conversation)
        if admission is Admission.REFUSED:
            return
        payload = message.payload()
        if admission is Admission.REFUSED_FIRST:
            payload = json.dumps({"chat": message.chat, "too_fast": True})
        try:
            await asyncio.to_thread(
                self._store.receive,
                CHANNEL,
                message.message_id,
                message.conversation,
                payload,
                message.sent_at,
            )
        except StoreUnavailableError as error:
            raise ConnectionError("the store does not answer") from error
        self._received.set()

    async def work(self) -> None:
        """Answer and send until cancelled. Raises ZaloTokenError when the token is refused."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(N_WORKERS):
                tasks.create_task(_repeat(self._answer_next, self._received))
                tasks.create_task(_repeat(self._send_next, self._answered))

    async def _answer_next(self) -> bool:
        update = await asyncio.to_thread(self._store.claim, CHANNEL)
        if update is None:
            return False
        await asyncio.to_thread(self._answer, update)
        self._answered.set()
        return True

    def _answer(self, update: Update) -> None:
        asked = json.loads(update.payload)
        chat, text = asked["chat"], asked.get("text")
        wording = self._assistant.wording
        if update.attempts > MAX_ATTEMPTS:
            _log.error("channel=zalo gave up a message after %d attempts", MAX_ATTEMPTS)
            self._say(update, chat, [wording("zalo.failed", reference=new_reference())])
        elif asked.get("too_fast"):
            self._say(update, chat, zalo_texts(self._assistant.too_fast()))
        elif text is None or not text.strip():
            self._say(update, chat, [wording("zalo.unsupported")])
        else:
            self._take_turn(update, chat, text)

    def _take_turn(self, update: Update, chat: str, text: str) -> None:
        try:
            turn = think(self._assistant, update.session, as_message(chat, text, update.session))
        except TurnFailedError as error:
            sorry = self._assistant.wording("zalo.failed", reference=error.reference)
            self._say(update, chat, [sorry])
            return
        # What each number means is remembered with the chat: it outlives this process.
        session = turn.session.model_copy(
            update={
                "choices": tuple(button.action for button in buttons_of(turn.reply)),
                "choices_marked": turn.reply.expects_figure and bool(turn.reply.buttons),
            }
        )
        files = as_downloads(turn.reply.attachments) if self._public_url else []
        texts = zalo_texts(turn.reply, self._about_files(turn.reply, files))
        payloads = _payloads(chat, texts)
        self._store.finish(update, session, payloads, turn.record, place=chat, files=files)

    def _say(self, update: Update, chat: str, texts: list[str]) -> None:
        self._store.finish(update, None, _payloads(chat, texts), place=chat)

    def _about_files(self, reply: Reply, files: Sequence[Download]) -> str:
        """The links to a reply's files, or where else to get them; "" without files."""
        wording = self._assistant.wording
        if not reply.attachments:
            return ""
        if not files:
            return wording("zalo.no_files")
        lines = [
            wording("zalo.link", name=file.name, link=link_of(file, self._public_url))
            for file in files
        ]
        lines.append(wording("zalo.link_ends", minutes=DOWNLOAD_SECONDS // 60))
        if self._has_page and any(file.name.endswith(WORKBOOK) for file in files):
            lines.append(wording("zalo.send_filled", page=self._public_url))
        return "\n".join(lines)

    async def _send_next(self) -> bool:
        message = await asyncio.to_thread(self._store.next_outgoing, CHANNEL)
        if message is None:
            return False
        await self._send(message)
        return True

    async def _send(self, message: Outgoing) -> None:
        """Send it, also when in doubt: Zalo cannot be asked, and twice is better than never."""
        said = json.loads(message.payload)
        wait = min(_RETRY_SECONDS * 2 ** min(message.attempts, 6), _LONGEST_RETRY_SECONDS)
        try:
            await self._api.call("sendMessage", chat_id=said["chat"], text=said["text"])
        except ZaloUnreachableError as error:
            _log.warning("channel=zalo a message waits (%s)", error)
            await asyncio.to_thread(self._store.postpone, message, wait)
        except ZaloError as error:
            if error.code == TOO_MANY or error.code >= 500:
                await asyncio.to_thread(self._store.postpone, message, wait)
                return
            _log.warning("channel=zalo a message was refused (error_code %d)", error.code)
            await asyncio.to_thread(self._store.sent, message)
        except BaseException:  # the token is refused, or the process stops
            await asyncio.to_thread(self._store.postpone, message, 0)
            raise
        else:
            await asyncio.to_thread(self._store.sent, message)


async def _repeat(step: Callable[[], Awaitable[bool]], wake: asyncio.Event) -> None:
    """Take steps for ever: at once while there is work, else when woken or after a while."""
    while True:
        try:
            has_worked = await step()
        except ZaloTokenError:
            raise
        except StoreUnavailableError:
            has_worked = False
        except Exception as error:
            log_failure(new_reference(), error)
            has_worked = False
        if not has_worked:
            wake.clear()
            try:
                await asyncio.wait_for(wake.wait(), _IDLE_SECONDS)
            except TimeoutError:
                continue


def _payloads(chat: str, texts: list[str]) -> list[str]:
    return [json.dumps({"chat": chat, "text": text}, ensure_ascii=False) for text in texts]
