"""Handles what is in the inbox: an update becomes a turn, committed with its messages at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telegram import Bot, Document
from telegram import Message as TelegramMessage
from telegram import Update as TelegramUpdate
from telegram.constants import ChatAction
from telegram.error import NetworkError, TelegramError

from bot.channels.telegram_incoming import (
    Address,
    address_of,
    button_address,
    chat_key,
    is_late,
    is_welcome,
    words_for_bot,
)
from bot.channels.telegram_outgoing import as_payloads, sentence_payloads
from bot.channels.turn import TurnFailedError, clean_text, log_failure, new_reference, think
from bot.channels.working import held, store_call
from bot.turns import Attachment, Message

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.store import Store, Update

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_TURNS_AT_ONCE = 4
MAX_ATTEMPTS = 3  # processes that may die over one update before it is given up
_MAX_TOLD = 10_000
_TYPING_AFTER, _TYPING_SECONDS = 0.3, 4.0  # Telegram shows "typing" for five seconds at a time
_log = logging.getLogger(__name__)


class Handler:
    """Answers messages and pressed buttons; says one sentence when that breaks."""

    def __init__(self, bot: Bot, store: Store, assistant: Assistant) -> None:
        self._bot = bot
        self._store = store
        self._assistant = assistant
        self._threads = ThreadPoolExecutor(MAX_TURNS_AT_ONCE, "telegram-turn")
        self._told: OrderedDict[str, None] = OrderedDict()  # chats that had their late sentence

    async def handle(self, update: Update) -> None:
        """Handle one update of the inbox; whatever breaks ends in one polite sentence."""
        async with held(self._store, update):
            address: Address | None = None
            try:
                kept = json.loads(update.payload)
                told = TelegramUpdate.de_json(kept["update"], self._bot)
                message = told.message
                address = address_of(message) if message else button_address(told)
                if address is None:
                    await self._finish(update)
                elif update.attempts > MAX_ATTEMPTS:
                    await self._apologize(update, address, new_reference())
                else:
                    await self._answer(update, told, address, is_too_fast="is_too_fast" in kept)
            except TurnFailedError as error:
                await self._apologize(update, address, error.reference)
            except Exception as error:
                reference = new_reference()
                log_failure(reference, error)
                await self._apologize(update, address, reference)

    async def _answer(
        self, update: Update, told: TelegramUpdate, address: Address, *, is_too_fast: bool
    ) -> None:
        key = self._sentence_for(told)
        if is_too_fast:
            await self._finish(update, address, as_payloads(address, self._assistant.too_fast()))
        elif key is not None:
            fields = {"bot": f"@{self._bot.username}"} if key == "telegram.in_group" else {}
            await self._say(update, address, key, **fields)
        elif is_late(told):
            await self._be_late(update, address, chat_key(told))
        else:
            await self._turn(update, await self._message(told), address)

    def _sentence_for(self, told: TelegramUpdate) -> str | None:
        """The sentence that is all there is to say; None for what the assistant answers."""
        message = told.message
        if message is None or is_late(told):
            return None
        if is_welcome(message, self._bot.bot):
            return "telegram.in_group"
        if message.document is not None:
            is_big = (message.document.file_size or 0) > MAX_FILE_BYTES
            return "telegram.file_too_big" if is_big else None
        return None if message.text else "telegram.unsupported"

    async def _message(self, told: TelegramUpdate) -> Message:
        chat = chat_key(told)
        if told.message is None:
            action = clean_text((told.callback_query and told.callback_query.data) or "")
            return Message(channel="telegram", chat=chat, action=action)
        words = words_for_bot(told.message, self._bot.bot) or ""
        attachment = await _attachment(told.message)
        return Message(channel="telegram", chat=chat, text=words, attachment=attachment)

    async def _turn(self, update: Update, message: Message, address: Address) -> None:
        loop = asyncio.get_running_loop()
        async with self._typing_shown(address):
            turn = await loop.run_in_executor(
                self._threads, think, self._assistant, update.session, message
            )
        payloads = as_payloads(address, turn.reply)
        place = str(address.chat_id)
        await store_call(
            lambda: self._store.finish(update, turn.session, payloads, turn.record, place)
        )

    async def _be_late(self, update: Update, address: Address, chat: str) -> None:
        if chat in self._told:
            await self._finish(update)
            return
        self._told[chat] = None
        while len(self._told) > _MAX_TOLD:
            self._told.popitem(last=False)
        await self._say(update, address, "telegram.late")

    async def _apologize(self, update: Update, address: Address | None, reference: str) -> None:
        if address is None:
            await self._finish(update)
        else:
            await self._say(update, address, "telegram.failed", reference=reference)

    async def _say(self, update: Update, address: Address, key: str, **fields: str) -> None:
        sentence = self._assistant.wording(key, **fields)
        await self._finish(update, address, sentence_payloads(address, sentence))

    async def _finish(
        self, update: Update, address: Address | None = None, payloads: Sequence[str] = ()
    ) -> None:
        place = str(address.chat_id) if address else None
        await store_call(lambda: self._store.finish(update, None, payloads, place=place))

    @contextlib.asynccontextmanager
    async def _typing_shown(self, address: Address) -> AsyncIterator[None]:
        """Telegram says "typing…" in the chat while an answer takes its time."""
        typing = asyncio.create_task(self._keep_typing(address))
        try:
            yield
        finally:
            typing.cancel()

    async def _keep_typing(self, address: Address) -> None:
        await asyncio.sleep(_TYPING_AFTER)
        while True:
            with contextlib.suppress(TelegramError):  # a courtesy, never worth failing for
                await self._bot.send_chat_action(
                    address.chat_id, ChatAction.TYPING, message_thread_id=address.thread_id
                )
            await asyncio.sleep(_TYPING_SECONDS)


async def _attachment(message: TelegramMessage) -> Attachment | None:
    return await _download(message.document) if message.document else None


async def _download(document: Document) -> Attachment:
    """The file. Raises TelegramError when Telegram does not hand it out, tried three times."""
    for wait in (0.5, 2.0, None):
        try:
            file = await document.get_file()
            content = await file.download_as_bytearray()
            break
        except NetworkError:
            if wait is None:
                raise
            await asyncio.sleep(wait)
    name = PurePosixPath(clean_text(document.file_name or "")).name or "file"
    return Attachment(name=name, content=bytes(content))
