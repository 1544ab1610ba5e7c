"""What is kept of a person, for how long, and that nothing is left when it is deleted."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select, text

from bot.assistant import Assistant
from bot.channels.turn import think
from bot.dialogue import Dialogue
from bot.housekeeping import Housekeeping
from bot.sessions import Session
from bot.settings import Settings
from bot.store import Store
from bot.store.opening import DATABASE_FILE
from bot.store.schema import turns
from bot.turns import Message
from bot.wording import Wording

if TYPE_CHECKING:
    from tests.bot.store.conftest import Clock

CHAT, FIGURE, WORD = "5550198273", "73.25", "zymurgi"
PRIVATE = (CHAT, FIGURE, WORD, "0912345678")


@pytest.fixture
def assistant(
    store: Store, dialogue: Dialogue, wording: Wording, store_settings: Settings
) -> Assistant:
    housekeeping = Housekeeping(wording, store_settings, store)
    return Assistant(dialogue, store, wording, housekeeping, asks_for_votes=True)


@pytest.fixture
def say(assistant: Assistant, store: Store) -> Callable[[str], None]:
    """Takes a message all the way: received, answered, sent."""
    numbers = iter(range(1, 1000))

    def take(words: str, action: str = "") -> None:
        number = next(numbers)
        store.receive("telegram", str(number), CHAT, f'{{"chat": {CHAT}, "text": "{words}"}}')
        update = store.claim("telegram")
        assert update is not None
        message = Message(channel="telegram", chat=CHAT, text=words, action=action)
        turn = think(assistant, update.session, message)
        replies = [f'{{"chat": {CHAT}, "text": "{turn.reply.text}"}}']
        assert store.finish(update, turn.session, replies, turn.record)
        outgoing = store.next_outgoing("telegram")
        assert outgoing is not None
        store.sent(outgoing)

    return take


def test_after_xoa_nothing_of_the_chat_is_anywhere_in_the_database(
    say: Callable[..., None], store: Store, store_settings: Settings
) -> None:
    say("/dieukien xã, sơ kết")
    say(f"xã giảm {FIGURE}% hộ nghèo, dịp sơ kết, được khen gì")
    say(f"{WORD} là gì vậy, gọi 0912345678")
    say(f"{WORD} thì sao")
    store.save("telegram", "6", Session(last=("khác",)))
    assert found(store_settings, WORD)
    say("/XOA@tro_ly_bot")
    assert [private for private in PRIVATE if found(store_settings, private)] == []
    assert store.load("telegram", CHAT) == Session()
    assert store.load("telegram", "6").last == ("khác",)
    assert store.unanswered() == []
    assert not store.receive("telegram", "1", CHAT, "again"), "handled ids must stay known"


def test_a_phone_number_and_the_chat_id_are_never_kept_with_a_question(
    say: Callable[..., None], store: Store, store_settings: Settings
) -> None:
    say(f"{WORD} là gì vậy, gọi 0912345678")
    assert [asked.question for asked in store.unanswered()] == [f"{WORD} là gì vậy, gọi ***"]
    store.tidy()
    assert not found(store_settings, CHAT)
    assert not found(store_settings, "0912345678")


def test_nobody_can_tell_who_asked_once_the_session_is_over(
    say: Callable[..., None], store: Store, store_settings: Settings, clock: Clock
) -> None:
    say(f"{WORD} là gì vậy")
    say("huân chương nộp mấy bộ hồ sơ")
    say("", f"feedback:{_last_answer(store)}:good")
    assert store.statistics().good_votes == 1
    key = store._hash("telegram", CHAT)
    assert found(store_settings, key)
    clock.wait(24.1 * 3600)
    store.tidy()
    assert not found(store_settings, key)
    assert len(store.unanswered()) == 1
    assert store.statistics().good_votes == 1
    clock.wait(30 * 24 * 3600)
    store.tidy()
    assert store.unanswered() == []
    assert not found(store_settings, WORD)


def test_a_session_is_forgotten_after_a_day_of_silence(store: Store, clock: Clock) -> None:
    store.save("web", "a", Session(last=("hồ",)))
    clock.wait(23.9 * 3600)
    assert store.load("web", "a").last == ("hồ",)
    clock.wait(0.2 * 3600)
    assert store.load("web", "a") == Session()


def test_forget_deletes_what_waits_to_be_handled_and_sent(
    store: Store, store_settings: Settings
) -> None:
    store.receive("telegram", "1", CHAT, f"{CHAT} {WORD}")
    update = store.claim("telegram")
    assert update is not None
    store.finish(update, Session(last=(WORD,)), [f"{CHAT} {WORD}"])
    store.receive("telegram", "2", CHAT, f"{CHAT} {WORD}")
    assert found(store_settings, WORD)
    assert found(store_settings, CHAT)
    store.forget("telegram", CHAT)
    assert not found(store_settings, WORD)
    assert not found(store_settings, CHAT)
    assert store.claim("telegram") is None
    assert store.next_outgoing("telegram") is None


def test_riengtu_names_the_periods_that_are_set(
    dialogue: Dialogue, wording: Wording, store: Store, store_settings: Settings
) -> None:
    changed = store_settings.model_copy(update={"session_hours": 7.0, "learning_days": 11.0})
    assistant = Assistant(dialogue, store, wording, Housekeeping(wording, changed, store))
    words = assistant.respond(Message(channel="web", chat="a", text="/riengtu")).text
    assert "7 giờ" in words
    assert "11 ngày" in words
    assert "/xoa" in words


def test_no_words_figures_or_chat_ids_reach_the_log(
    say: Callable[..., None], store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        say(f"xã giảm {FIGURE}% hộ nghèo, dịp sơ kết, được khen gì")
        say(f"{WORD} là gì vậy, gọi 0912345678")
        store.tidy()
    assert "channel=telegram outcome=" in caplog.text
    assert "score=0." in caplog.text
    assert [private for private in PRIVATE if private in caplog.text] == []


def test_only_the_owner_can_read_the_files(store: Store, store_settings: Settings) -> None:
    store.save("web", "a", Session(last=("hồ",)))
    for file in store_settings.data_dir.iterdir():
        if not stat.S_ISREG(file.stat().st_mode):
            continue
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_a_key_in_a_repr_is_not_shown(store: Store, store_settings: Settings) -> None:
    key = (store_settings.data_dir / "store.key").read_text(encoding="ascii")
    assert key not in repr(vars(store))
    url = "postgresql://u:geheim@h/d"
    secret = Settings(store_key="bí mật", database_url=url, passages_url=url)  # type: ignore[arg-type]
    assert "bí mật" not in repr(secret)
    assert "geheim" not in repr(secret)


def _last_answer(store: Store) -> str:
    query = select(turns.c.answer).where(turns.c.answer.is_not(None)).order_by(turns.c.id.desc())
    return store._database.run(lambda c: c.scalars(query).first()) or ""


def found(settings: Settings, words: str) -> bool:
    """Whether the words stand anywhere in the database: in any byte of its files, or any row."""
    if settings.database_url is None:
        files = settings.data_dir.glob(f"{DATABASE_FILE}*")
        return any(form in file.read_bytes() for file in files for form in _encoded(words))
    url = settings.database_url.get_secret_value()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with engine.connect() as connection:
        names = connection.scalars(text(tables)).all()
        assert len(names) > 6
        rows = [connection.scalars(text(f'SELECT t::text FROM "{n}" t')).all() for n in names]
    engine.dispose()
    return any(words in row for table in rows for row in table)


def _encoded(words: str) -> tuple[bytes, ...]:
    return words.encode(), words.encode("utf-16-le"), words.encode("ascii", "backslashreplace")


def test_the_search_of_this_file_finds_what_is_there(
    store: Store, store_settings: Settings
) -> None:
    store.save("web", "a", Session(last=(WORD,)))
    assert found(store_settings, WORD)
    assert not found(store_settings, "chưa ai nói")
