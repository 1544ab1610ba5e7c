"""Files by link: found by their secret alone, gone after an hour and with the chat."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from test_store_privacy import found

from bot.records import TurnRecord
from bot.sessions import Session
from bot.settings import Settings
from bot.store import DOWNLOAD_SECONDS, Download, Store
from bot.store.downloads import KEPT_A_CHAT

if TYPE_CHECKING:
    from tests.bot.store.conftest import Clock

NAME = "ket-qua.docx"
CONTENT = "số liệu riêng".encode()
_names = itertools.count()


def hand_out(store: Store, chat: str, *files: Download) -> None:
    store.receive("zalo", str(next(_names)), chat, "{}")
    update = store.claim("zalo")
    assert update is not None
    assert store.finish(update, Session(), [], files=files)


def test_a_file_is_found_by_its_secret_for_an_hour(store: Store, clock: Clock) -> None:
    file = Download(NAME, CONTENT)
    hand_out(store, "a", file)
    clock.wait(DOWNLOAD_SECONDS - 1)
    assert store.download(file.token) == file
    assert store.download(file.token[:-1]) is None
    assert store.download("") is None
    clock.wait(1)
    assert store.download(file.token) is None


def test_the_newest_files_of_a_chat_are_kept_and_other_chats_keep_theirs(store: Store) -> None:
    other = Download(NAME, CONTENT)
    hand_out(store, "b", other)
    files = [Download(NAME, CONTENT) for _ in range(KEPT_A_CHAT + 2)]
    for file in files:
        hand_out(store, "a", file)
    is_there = [store.download(file.token) is not None for file in files]
    assert is_there == [False] * 2 + [True] * KEPT_A_CHAT
    assert store.download(other.token) == other


def test_nothing_is_left_of_a_file_when_its_hour_is_over(
    store: Store, store_settings: Settings, clock: Clock
) -> None:
    file = Download("ten-rieng.docx", CONTENT)
    hand_out(store, "a", file)
    assert found(store_settings, "ten-rieng")
    assert not found(store_settings, file.token)
    clock.wait(DOWNLOAD_SECONDS)
    store.tidy()
    assert not found(store_settings, "ten-rieng")


def test_a_chat_that_is_forgotten_loses_its_files(store: Store) -> None:
    file, other = Download(NAME, CONTENT), Download(NAME, CONTENT)
    hand_out(store, "a", file)
    hand_out(store, "b", other)
    store.receive("zalo", "last", "a", "{}")
    update = store.claim("zalo")
    assert update is not None
    record = TurnRecord(outcome="menu", milliseconds=1, forgets=True)
    store.finish(update, Session(), [], record)
    assert store.download(file.token) is None
    assert store.download(other.token) == other
    store.forget("zalo", "b")
    assert store.download(other.token) is None


def test_a_turn_that_lost_its_lease_hands_out_no_file(store: Store) -> None:
    store.receive("zalo", "1", "a", "{}")
    update = store.claim("zalo")
    assert update is not None
    store.release(update)
    file = Download(NAME, CONTENT)
    assert not store.finish(update, Session(), [], files=[file])
    assert store.download(file.token) is None
