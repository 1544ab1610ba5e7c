"""The Zalo channel against a strict peer, started by its own command."""

from __future__ import annotations

import asyncio
import io
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from channel_fakes import run, running
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from zalo_bot import Bot
from zalo_peer import TOKEN, ZaloPeer, open_zalo

from bot.channels.choices import chosen_action
from bot.channels.zalo_incoming import read_event, without_mention
from bot.channels.zalo_text import LIMIT, cut
from bot.channels.zalo_webhook import MAX_BODY_BYTES, zalo_routes

SECRET = "a-secret-of-tests"


@pytest.fixture(scope="module")
def peer(index_dir: Path) -> Iterator[ZaloPeer]:
    with open_zalo() as peer:
        port = free_port()
        environment = {
            **peer.environment,
            "INDEX_DIR": str(index_dir),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "WEB_PORT": str(port),
            "ZALO_BOT_NAME": "Bot Thi đua",
        }
        with running(fake=False, environment=environment) as bot:  # beside the web page
            peer.deliver(peer.event("first", "chào"))
            peer.answers("first", 1, seconds=60)
            yield peer
            bot.send_signal(signal.SIGTERM)
            output, log = bot.communicate(timeout=30)
            assert bot.returncode == 0
            assert "Traceback" not in log
            for hidden in (TOKEN, TOKEN.partition(":")[2], "Huân chương"):
                assert hidden not in output + log


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def number_of(menu: str, label: str) -> str:
    """What to type for the entry with this label."""
    found = re.search(rf"^(#?\d+)\) .*{label}", menu, re.M)
    assert found, f"{label!r} is not in {menu!r}"
    return found[1]


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


def test_zalo_award_conversation_goes_by_numbers_to_the_verdict_and_its_paper(
    peer: ZaloPeer,
) -> None:
    text = peer.reply("award", "/dieukien", r"^\d+\) .*Xã, phường")
    text = peer.reply("award", number_of(text, "Xã, phường"), r"^\d+\) .*Tổng kết")
    text = peer.reply("award", number_of(text, "Tổng kết"), r"^1\) .*Có")
    asked = peer.reply("award", number_of(text, "Có"), r"^#1\) ")
    assert "phần trăm" in asked
    text = peer.reply("award", "2", r"^\d+\) |^#\d+\) ")  # a figure, not the second entry
    assert text != asked
    back = peer.reply("award", "quay lai", r"^#1\) ")
    assert asked.splitlines()[0] in back
    text = peer.reply("award", "98,5", r"\) .*Xem kết quả")
    text = peer.reply("award", number_of(text, "Xem kết quả"), r"\) 📄 Kết quả")
    assert "Tỷ lệ hoàn thành chỉ tiêu theo Kế hoạch của UBND tỉnh: 98,5%" in text
    assert "Bằng khen của Thủ tướng Chính phủ: Chưa kết luận được" in text
    assert "cần vượt chỉ tiêu, tức trên 100%" in text
    assert "*" not in text
    link = link_in(peer.reply("award", number_of(text, "📄 Kết quả"), "60 phút"))
    got = httpx.get(link, trust_env=False)
    assert got.headers["content-disposition"].endswith("ket-qua-xet-khen-thuong.docx")
    assert got.headers["cache-control"] == "no-store"
    assert any("98,5%" in line.text for line in Document(io.BytesIO(got.content)).paragraphs)


def test_zalo_cancels_with_and_without_marks(peer: ZaloPeer) -> None:
    peer.say("cancel", "/dieukien")
    assert peer.say("cancel", "huỷ") == peer.say("cancel", "huy")


def link_in(text: str) -> str:
    found = re.search(r"http://\S+", text)
    assert found, text
    return found[0]


def test_zalo_workbook_comes_by_a_link_that_nobody_can_guess_and_ends_with_xoa(
    peer: ZaloPeer,
) -> None:
    text = peer.reply("files", "/mau", "60 phút")
    link = link_in(text)
    assert httpx.get(link, trust_env=False).content[:2] == b"PK"
    page = text.rsplit(maxsplit=1)[-1]  # where to send it when it is filled
    assert "Trợ lý thi đua" in httpx.get(page, trust_env=False).text
    root, token, name = link.rsplit("/", 2)
    assert len(token) >= 43
    other = httpx.get(f"{root}/{token[::-1]}/{name}", trust_env=False)
    assert other.status_code == 404
    assert "không còn dùng được" in other.text
    peer.reply("files", "/xoa", "[Đđ]ã xóa")
    assert httpx.get(link, trust_env=False).status_code == 404


def test_zalo_members_of_a_group_mention_the_bot_and_have_a_conversation_each(
    peer: ZaloPeer,
) -> None:
    said = peer.reply("group", "@Bot Thi đua /hoso", r"^1\) ", member="lan")
    peer.reply("group", "@bot.tro_ly hồ sơ Huân chương mấy bộ", "03 bộ", member="minh")
    one = number_of(said, "Thủ tướng")
    assert "Thủ tướng" in peer.reply("group", f"@Bot Thi đua {one}", "Tờ trình", member="lan")


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


def test_zalo_menu_numbers_survive_a_restart_and_a_move_to_the_webhook(
    index_dir: Path, tmp_path: Path
) -> None:
    with open_zalo() as peer:
        environment = {
            **peer.environment,
            "INDEX_DIR": str(index_dir),
            "DATA_DIR": str(tmp_path),
        }
        with running("zalo", fake=False, environment=environment):
            peer.deliver(peer.event("chat", "/hoso"))
            peer.answers("chat", 1, seconds=60)
        port = free_port()
        webhook = {
            "ZALO_WEBHOOK_URL": "https://bot.example/zalo/updates",
            "ZALO_WEBHOOK_SECRET": SECRET,
            "WEB_PORT": str(port),
        }
        with running("zalo", fake=False, environment={**environment, **webhook}):
            until_set(peer)
            assert peer.webhook == {"url": webhook["ZALO_WEBHOOK_URL"], "secret_token": SECRET}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as zalo:
                chosen = peer.event("chat", "1", "twice")
                for _ in range(2):
                    assert delivered(zalo, chosen, SECRET) == 200
                assert delivered(zalo, peer.event("chat", "2"), "another-secret") == 403
                # The process was killed: its last message may come again.
                while not any("Tờ trình" in text for text in peer.answers("chat", 2)[1:]):
                    peer.answers("chat", len(peer.answers("chat")) + 1)
                assert delivered(zalo, peer.event("after", "chào"), SECRET) == 200
                peer.answers("after", 1)
        answers = [text for text in peer.answers("chat") if "Tờ trình" in text]
        assert len(answers) == 1


def until_set(peer: ZaloPeer, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not peer.webhook:
        assert time.monotonic() < end, "the webhook was not set"
        time.sleep(0.05)


def delivered(zalo: httpx.Client, event: object, secret: str) -> int:
    """Deliver as Zalo does; the status."""
    header = {"X-Bot-Api-Secret-Token": secret}
    body = {"ok": True, "result": event}
    return zalo.post("/zalo/updates", json=body, headers=header).status_code


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Bot Thi đua hồ sơ mấy bộ", "hồ sơ mấy bộ"),
        ("hồ sơ mấy bộ @bot thi đua", "hồ sơ mấy bộ"),
        ("@Bot Thi đua: 1", "1"),
        ("@Bot Thi đua", ""),
        ("@bot.tro_ly /hoso", "/hoso"),
        ("@Ai 2", "2"),
        ("thư a@bot.tro_ly.vn", "thư a@bot.tro_ly.vn"),
        ("gọi @Bot Thi đuaX nhé", "gọi @Bot Thi đuaX nhé"),
        ("hồ sơ", "hồ sơ"),
    ],
)
def test_zalo_mention_is_taken_out(text: str, said: str) -> None:
    assert without_mention(text, ["Bot Thi đua", "bot.tro_ly"]) == said


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
