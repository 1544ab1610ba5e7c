"""Which updates the bot takes up at all."""

from __future__ import annotations

import logging
from typing import Any

from channel_fakes import FakeAssistant
from pydantic import SecretStr
from telegram import Update
from telegram_peer import TOKEN

from bot.channels.logs import RedactingFormatter
from bot.channels.telegram import build_application
from bot.settings import Settings

APPLICATION = build_application(
    Settings(_env_file=None, telegram_token=SecretStr(TOKEN)), FakeAssistant()
)


def _is_taken_up(kind: str, **content: Any) -> bool:
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "An"},
        **content,
    }
    update = Update.de_json({"update_id": 1, kind: message}, APPLICATION.bot)
    return any(handler.check_update(update) for handler in APPLICATION.handlers[0])


def test_messages_are_taken_up() -> None:
    assert _is_taken_up("message", text="hồ sơ")
    assert _is_taken_up("message", text="/start")
    assert _is_taken_up("message", location={"latitude": 1.0, "longitude": 1.0})


def test_edited_messages_and_channel_posts_are_not() -> None:
    for kind in ("edited_message", "channel_post", "edited_channel_post"):
        assert not _is_taken_up(kind, text="hồ sơ", edit_date=2)


def test_news_about_the_chat_is_not() -> None:
    assert not _is_taken_up("message", new_chat_title="Tổ dân phố")


def test_no_repr_shows_the_token() -> None:
    for thing in (APPLICATION, APPLICATION.bot, APPLICATION.updater):
        assert TOKEN.partition(":")[2] not in repr(thing)


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
