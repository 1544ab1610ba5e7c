"""A reply as messages for the outbox, and one such message on its way to Telegram."""

from __future__ import annotations

import base64
from typing import Any

from pydantic import BaseModel
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReplyParameters,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram_html import render
from bot.channels.telegram_incoming import Address, is_of_account
from bot.turns import Block, Button, Reply

_MAX_ACTION_BYTES = 64


class Post(BaseModel):
    """One message as it waits in the outbox: a text with buttons, or a file."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    after: int = 0
    html: str = ""
    plain: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    file_name: str = ""
    file: str = ""  # base64

    @property
    def is_of_account(self) -> bool:
        """Whether its id counts over all chats of the bot, not within its (super)group."""
        return is_of_account(self.chat_id)

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram takes them; none whose action is too long for it."""
        rows = [
            [
                InlineKeyboardButton(button.label, callback_data=button.action)
                for button in row
                if 0 < len(button.action.encode()) <= _MAX_ACTION_BYTES
            ]
            for row in self.buttons
        ]
        rows = [row for row in rows if row]
        return InlineKeyboardMarkup(rows) if rows else None


def as_payloads(address: Address, reply: Reply) -> list[str]:
    """The whole reply, in order: texts, the buttons under the last one, then files."""
    place = {
        "chat_id": address.chat_id,
        "thread_id": address.thread_id,
        "reply_to": address.reply_to,
        "after": address.after,
    }
    parts = render(reply.blocks)
    posts = [Post(**place, html=part.html, plain=part.plain) for part in parts]
    if posts:
        posts[-1] = posts[-1].model_copy(update={"buttons": reply.buttons})
    for attachment in reply.attachments:
        content = base64.b64encode(attachment.content).decode()
        posts.append(Post(**place, file_name=attachment.name, file=content))
    return [post.model_dump_json(exclude_defaults=True) for post in posts]


def sentence_payloads(address: Address, sentence: str) -> list[str]:
    """One sentence of our own."""
    blocks = (Block(kind="text", text=sentence),)
    return as_payloads(address, Reply(status="menu", blocks=blocks))


async def send_post(bot: Bot, post: Post, *, is_plain: bool = False) -> TelegramMessage:
    """Send it. Raises TelegramError."""
    placing: dict[str, Any] = {
        "message_thread_id": post.thread_id,
        "reply_parameters": post.reply_to
        and ReplyParameters(post.reply_to, allow_sending_without_reply=True),
    }
    if post.file_name:
        document = InputFile(base64.b64decode(post.file), filename=post.file_name)
        return await bot.send_document(post.chat_id, document, **placing)
    return await bot.send_message(
        post.chat_id,
        post.plain if is_plain else post.html,
        None if is_plain else ParseMode.HTML,
        reply_markup=post.keyboard,
        **placing,
    )


async def is_there(bot: Bot, post: Post, message_id: int) -> bool:
    """Whether the message with this id in the post's chat is one of the bot's.

    Asked by editing it to the very words of the post, which changes nothing when it is the post.
    Raises TelegramError when Telegram does not say.
    """
    forms = [(post.html, ParseMode.HTML), (post.plain, None)] if post.html else [(".", None)]
    for text, mode in forms:
        try:
            await bot.edit_message_text(
                text,
                post.chat_id,
                message_id,
                parse_mode=mode,
                reply_markup=post.keyboard,
            )
        except BadRequest as error:
            said = str(error).lower()
            if "parse entities" in said:  # found out before Telegram looks for the message
                continue
            return "not modified" in said or "no text in the message" in said
        return True
    return False
