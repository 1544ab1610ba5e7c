"""Which Telegram messages are meant for the bot, and what they say to it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from telegram import Chat, Update, User
from telegram import Message as TelegramMessage
from telegram.ext import filters

from bot.channels.turn import clean_text

LATE_SECONDS = 3600  # older messages get one sentence a chat instead of an answer each
_NEWS = filters.StatusUpdate.ALL
_COMMAND = re.compile(r"(/\w+)@(\w+)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a reply goes: chat, topic of a forum, and in groups the message it replies to.

    `after` is the id of the message that is answered: every message of the reply has a higher one.
    """

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    after: int = 0


def address_of(message: TelegramMessage) -> Address:
    """Where the reply to this message goes."""
    return Address(
        message.chat_id,
        message.message_thread_id if message.is_topic_message else None,
        None if message.chat.type == Chat.PRIVATE else message.message_id,
        message.message_id,
    )


def button_address(update: Update) -> Address | None:
    """Where the reply to a pressed button goes; None when its chat is unknown.

    The message that holds the button may be too old for Telegram to show; its chat never is.
    """
    query = update.callback_query
    if query is None or query.message is None:
        return None
    holder, thread_id = query.message, None
    if isinstance(holder, TelegramMessage) and holder.is_topic_message:
        thread_id = holder.message_thread_id
    return Address(holder.chat.id, thread_id, after=holder.message_id)


def chat_key(update: Update) -> str:
    """The conversation that the update belongs to; in a group each member has one of their own."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return ""
    if chat.type == Chat.PRIVATE or user is None:
        return str(chat.id)
    return f"{chat.id}:{user.id}"


def is_of_account(chat_id: int) -> bool:
    """Whether the chat's message ids count over all chats of the bot, not within a supergroup."""
    return chat_id > -1_000_000_000_000


def account_id(update: Update) -> int:
    """The id of a message that was just written, if ids of its chat count over all; else 0."""
    message = update.message
    return message.message_id if message and is_of_account(message.chat_id) else 0


def is_for_bot(update: Update, bot: User) -> bool:
    """Whether the update is one that the bot answers."""
    if update.callback_query is not None:
        data = update.callback_query.data
        return isinstance(data, str) and data != "" and button_address(update) is not None
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return False
    if is_welcome(message, bot):
        return True
    return not _NEWS.check_update(update) and words_for_bot(message, bot) is not None


def is_welcome(message: TelegramMessage, bot: User) -> bool:
    """Whether the bot has just been taken into a group."""
    return any(member.id == bot.id for member in message.new_chat_members)


def is_late(update: Update) -> bool:
    """Whether a message was written so long ago that an answer would come as a surprise.

    That is so after the bot was down. Buttons do not say when they were pressed: never late.
    """
    message = update.message
    return message is not None and time.time() - message.date.timestamp() > LATE_SECONDS


def words_for_bot(message: TelegramMessage, bot: User) -> str | None:
    """What the message (or the caption of its file) says to the bot, without the bot's name.

    None when it is not for the bot: talk in a group, or another bot's command. In groups the
    bot hears commands, mentions of its name, and replies to its own messages.
    """
    text = clean_text(message.text or message.caption or "").strip()
    name = (bot.username or "").lower()
    command = _COMMAND.match(text)
    if command:
        if command[2].lower() != name:
            return None
        return command[1] + text[command.end() :]
    mention = _mention_of(name) if name else None
    is_mentioned = mention is not None and mention.search(text) is not None
    if message.chat.type == Chat.PRIVATE:
        return text
    if not (text.startswith("/") or is_mentioned or _is_reply_to(message, bot)):
        return None
    if mention is not None:
        text = mention.sub(" ", text).strip()
    return text


def _mention_of(name: str) -> re.Pattern[str]:
    """Finds "@name" with the space around it; part of a longer name or an address is none."""
    return re.compile(rf"\s*(?<!\w)@{re.escape(name)}(?!\w|\.\w)[,:]?\s*", re.IGNORECASE)


def _is_reply_to(message: TelegramMessage, bot: User) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
