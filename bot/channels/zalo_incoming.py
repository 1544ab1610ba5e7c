"""Reads what Zalo delivers, by webhook or by polling; whatever is not as agreed reads as None.

A group's messages reach the bot only where they mention it or reply to it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from bot.channels.choices import chosen_action
from bot.channels.turn import clean_text
from bot.sessions import Session
from bot.turns import Message

CHANNEL = "zalo"
_TEXT_EVENT = "message.text.received"
_GROUP = "GROUP"
_CANCEL = "huy"  # with or without marks
_UNKNOWN_NAME = re.compile(r"@\S+\s*")


class Incoming(NamedTuple):
    """A message: `text` is None for a picture, a sticker, a voice, a link, …

    `chat` is where the answer goes; in a group each member has a conversation of their own.
    """

    message_id: str
    chat: str
    conversation: str
    text: str | None
    sent_at: int  # milliseconds since 1970, 0 where Zalo does not say

    def payload(self) -> str:
        """The message as the inbox keeps it."""
        return json.dumps({"chat": self.chat, "text": self.text}, ensure_ascii=False)


def read_event(body: object, names: Iterable[str] = ()) -> Incoming | None:
    """The message of an event, wrapped in {"ok", "result"} or bare.

    In a group it is read without the bot's name; `names` are all that the bot is known by.
    """
    event = body.get("result") if isinstance(body, dict) and "result" in body else body
    if not isinstance(event, dict) or not isinstance(event.get("message"), dict):
        return None
    message = event["message"]
    chat, name = message.get("chat"), message.get("message_id")
    chat_id = chat.get("id") if isinstance(chat, dict) else None
    if not (isinstance(chat_id, str) and chat_id and isinstance(name, str) and name):
        return None
    sender = message.get("from")
    if _is_from_bot(sender):
        return None
    text = message.get("text")
    is_text = event.get("event_name") == _TEXT_EVENT and isinstance(text, str)
    words = clean_text(text) if is_text else None
    conversation = chat_id
    if chat.get("chat_type") == _GROUP:
        words = words and without_mention(words, names)
        member = sender.get("id") if isinstance(sender, dict) else None
        conversation = f"{chat_id}:{member}" if isinstance(member, str) else chat_id
    date = message.get("date")
    return Incoming(
        clean_text(name),
        clean_text(chat_id),
        clean_text(conversation),
        words,
        date if isinstance(date, int) and 0 < date < 1 << 53 else 0,
    )


def without_mention(text: str, names: Iterable[str]) -> str:
    """What is said to the bot, without "@" and its name; of an unknown name the first word goes."""
    said = text.strip()
    for name in sorted(filter(None, names), key=len, reverse=True):
        said = re.sub(rf"\s*(?<!\w)@{re.escape(name)}(?!\w)[,:]?\s*", " ", said, flags=re.I).strip()
    return _UNKNOWN_NAME.sub("", said, count=1) if said.startswith("@") else said


def as_message(chat: str, text: str, session: Session) -> Message:
    """What the person means: a number of the last menu is its button, "huỷ" the command."""
    text = text.strip()
    action = chosen_action(session.choices, text, needs_mark=session.choices_marked)
    if action:
        return Message(channel=CHANNEL, chat=chat, action=action)
    if _without_marks(text.lower()) == _CANCEL:
        text = "/huy"
    return Message(channel=CHANNEL, chat=chat, text=text)


def _is_from_bot(sender: Any) -> bool:
    return isinstance(sender, dict) and sender.get("is_bot") is True


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
