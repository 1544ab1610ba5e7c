"""Sends a reply to a Telegram chat: messages, buttons under the last one, files."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application

from bot.channels.telegram_html import Part, render
from bot.channels.telegram_incoming import Address
from bot.turns import Block, Button, Reply

_TYPING_SECONDS = 4.0  # Telegram shows "typing" for five seconds at a time
_log = logging.getLogger(__name__)


async def send_reply(bot: Bot, address: Address, reply: Reply) -> None:
    """Send the whole reply, in order."""
    parts = render(reply.blocks)
    for number, part in enumerate(parts, start=1):
        keyboard = _keyboard(reply.buttons) if number == len(parts) else None
        await _send_part(bot, address, part, keyboard)
    for attachment in reply.attachments:
        document = InputFile(attachment.content, filename=attachment.name)
        await bot.send_document(address.chat_id, document, **_placing(address))


async def send_sentence(bot: Bot, address: Address, sentence: str) -> None:
    """Send one sentence of our own."""
    for part in render((Block(kind="text", text=sentence),)):
        await _send_part(bot, address, part, None)


@contextlib.asynccontextmanager
async def typing_shown(
    application: Application[Any, Any, Any, Any, Any, Any], address: Address
) -> AsyncIterator[None]:
    """Telegram says "typing…" in the chat for as long as the block runs.

    A request under way is left to finish by itself: cancelling it would cost the connection
    that the reply is about to use.
    """
    done = asyncio.Event()
    application.create_task(_keep_typing(application.bot, address, done))
    try:
        yield
    finally:
        done.set()


async def _keep_typing(bot: Bot, address: Address, done: asyncio.Event) -> None:
    while not done.is_set():
        with contextlib.suppress(TelegramError):  # a courtesy, never worth failing for
            await bot.send_chat_action(
                address.chat_id, ChatAction.TYPING, message_thread_id=address.thread_id
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _TYPING_SECONDS)


async def _send_part(
    bot: Bot, address: Address, part: Part, keyboard: InlineKeyboardMarkup | None
) -> None:
    placing = _placing(address)
    try:
        await bot.send_message(
            address.chat_id, part.html, ParseMode.HTML, reply_markup=keyboard, **placing
        )
    except BadRequest as error:
        if "parse entities" not in str(error).lower():
            raise
        _log.warning("channel=telegram could not parse our HTML; sent as plain text")
        await bot.send_message(address.chat_id, part.plain, reply_markup=keyboard, **placing)


def _placing(address: Address) -> dict[str, Any]:
    replied = address.reply_to
    return {
        "message_thread_id": address.thread_id,
        "reply_parameters": replied and ReplyParameters(replied, allow_sending_without_reply=True),
    }


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    keyboard = [
        [InlineKeyboardButton(button.label, callback_data=button.action) for button in row]
        for row in rows
        if row
    ]
    return InlineKeyboardMarkup(keyboard) if keyboard else None
