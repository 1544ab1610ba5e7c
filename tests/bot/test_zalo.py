"""The Zalo channel against a strict peer, started by its own command."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_fakes import run, running
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from zalo_bot import Bot
from zalo_peer import TOKEN, ZaloPeer, open_zalo

from bot.channels.choices import chosen_action
from bot.channels.zalo_incoming import read_event
from bot.channels.zalo_text import LIMIT, cut
from bot.channels.zalo_webhook import MAX_BODY_BYTES, zalo_routes

SECRET = "a-secret-of-tests"


@pytest.fixture(scope="module")
def peer(index_dir: Path) -> Iterator[ZaloPeer]:
    with open_zalo() as peer:
        environment = {**peer.environment, "INDEX_DIR": str(index_dir)}
        with running("zalo", fake=False, environment=environment) as bot:
            peer.deliver(peer.event("first", "chào"))
            peer.answers("first", 1, seconds=60)
            yield peer
            bot.send_signal(signal.SIGTERM)
            output, log = bot.communicate(timeout=30)
            assert bot.returncode == 0
            assert "Traceback" not in log
            for hidden in (TOKEN, TOKEN.partition(":")[2], "Huân chương"):
                assert hidden not in output + log


def test_zalo_question_is_answered_with_the_clause(peer: ZaloPeer) -> None:
    text = peer.say("ask", "hồ sơ Huân chương mấy bộ")
    assert "03 bộ" in text
    assert "V.2" in text
    assert "*" not in text


def test_zalo_says_what_the_plan_does_not(peer: ZaloPeer) -> None:
    assert "không ghi" in peer.say("refuse", "cho xin số điện thoại nộp hồ sơ")


def test_zalo_dossier_is_chosen_by_number(peer: ZaloPeer) -> None:
    assert "1) " in peer.say("dossier", "/hoso")
    assert "Tờ trình" in peer.say("dossier", "1")


def test_zalo_award_conversation_goes_by_numbers_back_and_cancel(peer: ZaloPeer) -> None:
    text = peer.say("award", "/dieukien")
    chosen = []
    for _ in range(30):
        if "#1)" in text or not re.search(r"^1\) ", text, re.M):
            break
        chosen.append(text)
        text = peer.say("award", "1")
    assert len(chosen) >= 2
    asked = text
    after = peer.say("award", "2")  # a figure, not the second entry
    assert after != asked
    assert asked.splitlines()[-1] in peer.say("award", "quay lại")
    cancelled = peer.say("award", "huỷ")
    assert cancelled == peer.say("award", "huy")


def test_zalo_other_kinds_get_one_line_and_no_message_gets_none(peer: ZaloPeer) -> None:
    for kind in ("image", "sticker", "voice", "link", "new"):
        peer.deliver(peer.event(kind, None, kind=kind))
        assert peer.answers(kind, 1) == ["Trợ lý chỉ đọc được chữ. Anh/chị gõ câu hỏi giúp nhé."]
    peer.deliver({"event_name": "message.unsupported.received"})
    assert peer.say("after", "chào")


def test_zalo_fast_messages_in_order_and_twice_delivered_once_answered(peer: ZaloPeer) -> None:
    for text, name in (("/hoso", "a"), ("1", "b"), ("/hoso", "a")):
        peer.deliver(peer.event("fast", text, name))
    first, second = peer.answers("fast", 2)[:2]
    assert "1) " in first
    assert "Tờ trình" in second
    peer.say("later", "chào")
    assert peer.answers("fast").count(first) == 1


def test_zalo_busy_answer_is_sent_again(peer: ZaloPeer) -> None:
    peer.refusals += [429]
    assert peer.say("busy", "chào")


def test_zalo_menu_numbers_survive_a_restart(index_dir: Path, tmp_path: Path) -> None:
    with open_zalo() as peer:
        environment = {
            **peer.environment,
            "INDEX_DIR": str(index_dir),
            "DATA_DIR": str(tmp_path),
        }
        with running("zalo", fake=False, environment=environment):
            peer.deliver(peer.event("chat", "/hoso"))
            peer.answers("chat", 1, seconds=60)
        polls = peer.polls
        with running("zalo", fake=False, environment=environment):
            while peer.polls == polls:  # what comes while nobody polls is lost
                time.sleep(0.05)
            peer.deliver(peer.event("chat", "1"))
            # The process was killed: its last message may come again.
            while not any("Tờ trình" in text for text in peer.answers("chat", 2)[1:]):
                peer.answers("chat", len(peer.answers("chat")) + 1)


def test_wrong_zalo_token_is_one_line_without_it() -> None:
    with open_zalo() as peer:
        wrong = {"ZALO_BOT_TOKEN": "999999:Wrong-Token-Value", "ZALO_BASE_URL": peer.url}
        done = run("zalo", environment=wrong)
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "ZALO_BOT_TOKEN" in line
    assert "Wrong-Token" not in line


def test_independent_client_agrees_with_the_zalo_peer() -> None:
    async def talk(peer: ZaloPeer) -> str:
        peer.deliver(peer.event("chat", "xin chào"))
        async with Bot(TOKEN, base_url=peer.url) as bot:
            update = await bot.get_update(timeout=1)
            await bot.send_message(update.message.chat.id, "chào")
            return str(update.message.text)

    with open_zalo() as peer:
        assert asyncio.run(talk(peer)) == "xin chào"
        assert peer.sent == [("chat", "chào")]


def test_zalo_webhook_lets_in_only_what_carries_the_secret() -> None:
    kept: list[object] = []

    async def accept(event: object) -> None:
        kept.append(event)

    client = TestClient(Starlette(routes=zalo_routes(SECRET, accept)))
    header = {"X-Bot-Api-Secret-Token": SECRET}
    assert client.post("/zalo", json={}).status_code == 403
    wrong = {"X-Bot-Api-Secret-Token": SECRET + "x"}
    assert client.post("/zalo", json={}, headers=wrong).status_code == 403
    assert client.post("/zalo", content=b"{", headers=header).status_code == 400
    large = b" " * (MAX_BODY_BYTES + 1)
    assert client.post("/zalo", content=large, headers=header).status_code == 413
    assert kept == []
    assert client.post("/zalo", json={"a": 1}, headers=header).status_code == 200
    assert kept == [{"a": 1}]


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["result", "message", "chat", "id", "message_id", "text", "from"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_zalo_body_breaks_the_reader(body: object) -> None:
    assert read_event({"ok": True, "result": body}) == read_event({"result": body})


@given(st.text(st.sampled_from("ab \n"), max_size=400), st.integers(5, 60))
def test_cut_zalo_messages_lose_no_word_and_keep_the_limit(text: str, limit: int) -> None:
    parts = cut(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert LIMIT < 2000


@pytest.mark.parametrize(
    ("line", "needs_mark", "action"),
    [("2", False, "b"), ("2", True, ""), ("#2", True, "b"), ("3", False, ""), ("hai", False, "")],
)
def test_number_chooses_only_what_it_may(line: str, needs_mark: bool, action: str) -> None:
    assert chosen_action(("a", "b"), line, needs_mark=needs_mark) == action
