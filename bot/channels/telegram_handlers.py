"""What happens with each kind of Telegram update."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from telegram import Document, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import CallbackContext

from bot.channels.telegram_incoming import (
    Address,
    address_of,
    button_address,
    chat_key,
    words_for_bot,
)
from bot.channels.telegram_outgoing import send_reply, send_sentence, typing_shown
from bot.channels.turn import TurnFailedError, clean_text, log_failure, new_reference, take_turn
from bot.turns import Attachment, Message

if TYPE_CHECKING:
    from bot.assistant import Assistant

    Context = CallbackContext[Any, Any, Any, Any]

MAX_FILE_BYTES = 5 * 1024 * 1024

_log = logging.getLogger(__name__)


class Handlers:
    """Answers messages and pressed buttons; says one sentence when that breaks."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def on_message(self, update: Update, context: Context) -> None:
        """Answer what is meant for the bot; say what it cannot read."""
        message = update.message
        words = words_for_bot(message, context.bot.bot) if message else None
        if message is None or words is None:
            return
        address = address_of(message)
        attachment: Attachment | None = None
        if message.document is not None:
            if (message.document.file_size or 0) > MAX_FILE_BYTES:
                await self._say(context, address, "telegram.file_too_big")
                return
            attachment = await _download(message.document)
        elif not message.text:
            await self._say(context, address, "telegram.unsupported")
            return
        await self._answer(
            context,
            address,
            Message(channel="telegram", chat=chat_key(update), text=words, attachment=attachment),
        )

    async def on_button(self, update: Update, context: Context) -> None:
        """Stop the button's spinner at once, then answer in a new message."""
        query = update.callback_query
        if query is None:
            return
        with contextlib.suppress(TelegramError):  # too old to acknowledge, yet good to answer
            await query.answer()
        address = button_address(update)
        if address is None or not query.data:
            return
        action = clean_text(query.data)
        message = Message(channel="telegram", chat=chat_key(update), action=action)
        await self._answer(context, address, message)

    async def on_error(self, update: object, context: Context) -> None:
        """One polite sentence with a reference out; where it broke, to the log."""
        error = context.error
        if isinstance(error, Forbidden):
            _log.info("channel=telegram a chat does not let the bot write to it any more")
            return
        if isinstance(error, TurnFailedError):
            reference = error.reference
        else:
            reference = new_reference()
            log_failure(reference, error or RuntimeError())
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is not None:
            with contextlib.suppress(TelegramError):
                await self._say(context, Address(chat.id), "telegram.failed", reference=reference)

    async def _answer(self, context: Context, address: Address, message: Message) -> None:
        async with typing_shown(context.application, address):
            reply = await asyncio.to_thread(take_turn, self._assistant, message)
        await send_reply(context.bot, address, reply)

    async def _say(self, context: Context, address: Address, key: str, **fields: str) -> None:
        await send_sentence(context.bot, address, self._assistant.wording(key, **fields))


async def _download(document: Document) -> Attachment:
    file = await document.get_file()
    content = await file.download_as_bytearray()
    name = PurePosixPath(clean_text(document.file_name or "")).name or "file"
    return Attachment(name=name, content=bytes(content))
