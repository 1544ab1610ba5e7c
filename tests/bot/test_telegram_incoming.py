"""Which updates the bot takes up at all, and that secrets stay in."""

from __future__ import annotations

import logging
import time
from typing import Any

from pydantic import SecretStr
from telegram import Update, User
from telegram_peer import BOT_ID, BOT_NAME, TOKEN

from bot.channels.logs import RedactingFormatter
from bot.channels.telegram_bot import open_bot, webhook_secret
from bot.channels.telegram_incoming import LATE_SECONDS, is_for_bot, is_late
from bot.settings import Settings

SETTINGS = Settings(_env_file=None, telegram_token=SecretStr(TOKEN))
BOT = open_bot(SETTINGS)
ME = User(BOT_ID, "Bot", is_bot=True, username=BOT_NAME)


def _update(kind: str, age: float = 0, chat: int = 5, **content: Any) -> Update:
    message = {
        "message_id": 1,
        "date": int(time.time() - age),
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
        "from": {"id": 5, "is_bot": False, "first_name": "An"},
        **content,
    }
    return Update.de_json({"update_id": 1, kind: message}, BOT)


def test_messages_are_taken_up() -> None:
    assert is_for_bot(_update("message", text="hồ sơ"), ME)
    assert is_for_bot(_update("message", text="/start"), ME)
    assert is_for_bot(_update("message", location={"latitude": 1.0, "longitude": 1.0}), ME)


def test_edited_messages_and_channel_posts_are_not() -> None:
    for kind in ("edited_message", "channel_post", "edited_channel_post"):
        assert not is_for_bot(_update(kind, text="hồ sơ", edit_date=2), ME)


def test_news_about_the_chat_is_not() -> None:
    assert not is_for_bot(_update("message", new_chat_title="Tổ dân phố"), ME)
    assert not is_for_bot(_update("message", chat=-5, migrate_to_chat_id=-1005), ME)


def test_being_taken_into_a_group_is() -> None:
    me = {"id": BOT_ID, "is_bot": True, "first_name": "Bot"}
    assert is_for_bot(_update("message", chat=-5, new_chat_members=[me]), ME)
    assert not is_for_bot(_update("message", chat=-5, new_chat_members=[me | {"id": 8}]), ME)


def test_only_messages_from_before_a_long_break_are_late() -> None:
    assert not is_late(_update("message", age=LATE_SECONDS - 60, text="x"))
    assert is_late(_update("message", age=LATE_SECONDS + 60, text="x"))


def test_no_repr_shows_the_token() -> None:
    assert TOKEN.partition(":")[2] not in repr(BOT)
    assert TOKEN.partition(":")[2] not in repr(SETTINGS)


def test_webhook_secret_does_not_show_the_token_and_can_be_set() -> None:
    derived = webhook_secret(SETTINGS)
    assert TOKEN.partition(":")[2] not in derived
    assert derived == webhook_secret(SETTINGS)
    own = SETTINGS.model_copy(update={"telegram_webhook_secret": SecretStr("abc-1")})
    assert webhook_secret(own) == "abc-1"


def test_log_never_shows_the_token() -> None:
    formatter = RedactingFormatter((TOKEN, TOKEN.partition(":")[2]))
    try:
        raise RuntimeError(f"POST https://api.telegram.org/bot{TOKEN}/getMe")
    except RuntimeError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "%r", (TOKEN,), (type(error), error, error.__traceback__)
        )
    shown = formatter.format(record)
    assert "RuntimeError" in shown
    assert TOKEN.partition(":")[2] not in shown
