"""The Telegram channel by its real start command, against a Bot API server on loopback."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from channel_fakes import LONG_WORDS, run, running
from lo_bot_api_emulator import ApiRefusal
from telegram_peer import BOT_ID, BOT_NAME, TOKEN, Peer, open_peer

from bot.channels.telegram_html import utf16_units

_chats = count(1_000)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """A Bot API server with our bot running against it; at the end the bot is stopped kindly."""
    with open_peer() as peer, running("telegram", environment=peer.environment) as process:
        yield peer
        process.send_signal(signal.SIGTERM)
        output, log = process.communicate(timeout=20)
        assert process.returncode == 0
        assert TOKEN not in output + log
        assert TOKEN.partition(":")[2] not in output + log
        assert "hồ sơ mấy bộ" not in log
        assert "channel=telegram outcome=answered" in log


@pytest.fixture
def chat() -> int:
    return next(_chats)


def test_question_gets_the_quote_and_its_source(peer: Peer, chat: int) -> None:
    peer.send(chat, "hồ sơ mấy bộ")
    [answer] = peer.answers(chat)
    assert answer.fields["parse_mode"] == "HTML"
    assert answer.text == (
        "Kế hoạch nêu:\n\n<blockquote>Tờ trình đề nghị khen thưởng "
        "(<i>kèm theo danh sách</i>).</blockquote>\n<i>Kế hoạch, phần V, mục 3</i>"
    )
    assert answer.buttons == [{"text": "Xem nguyên văn", "callback_data": "show:V.3"}]


def test_typing_is_shown_while_answering(peer: Peer, chat: int) -> None:
    peer.send(chat, "chậm một chút")
    peer.api.wait_for(
        lambda call: call.method == "sendChatAction" and call.fields["chat_id"] == str(chat)
    )
    assert not any(
        call.method == "sendMessage" and call.fields["chat_id"] == str(chat)
        for call in peer.api.calls
    )
    peer.answers(chat)


def test_pressed_button_is_acknowledged_and_answered(peer: Peer, chat: int) -> None:
    peer.press(chat, "show:V.3")
    peer.api.wait_for(lambda call: call.method == "answerCallbackQuery")
    [answer] = peer.answers(chat)
    assert answer.text == f"text= action=show:V.3 chat={chat}"


def test_commands_are_announced_in_vietnamese(peer: Peer) -> None:
    [call] = peer.api.wait_for(lambda call: call.method == "setMyCommands")
    commands = json.loads(call.fields["commands"])
    assert {"command": "hoi", "description": "Hỏi về kế hoạch"} in commands


def test_command_reaches_the_assistant_as_typed(peer: Peer, chat: int) -> None:
    peer.send(chat, "/hoi mấy bộ?")
    [answer] = peer.answers(chat)
    assert answer.text == f"text=/hoi mấy bộ? action= chat={chat}"


def test_markup_in_a_message_is_only_text(peer: Peer, chat: int) -> None:
    peer.send(chat, "<b>1 < 2 & 3")
    [answer] = peer.answers(chat)
    assert "text=&lt;b&gt;1 &lt; 2 &amp; 3" in answer.text


def test_half_a_character_is_no_failure(peer: Peer, chat: int) -> None:
    peer.send(chat, "a\ud83d")
    [answer] = peer.answers(chat)
    assert "text=a\ufffd" in answer.text


def test_long_reply_is_split_with_the_buttons_on_the_last_part(peer: Peer, chat: int) -> None:
    peer.send(chat, "dài")
    parts = peer.answers(chat, count=4)
    assert all(utf16_units(part.text) <= 4096 for part in parts)
    assert [bool(part.buttons) for part in parts] == [False, False, False, True]
    bare = " ".join(part.text for part in parts).replace("<blockquote>", "")
    assert bare.replace("</blockquote>", "").split() == [*LONG_WORDS.split(), "hết"]


def test_text_that_telegram_cannot_parse_goes_out_plain(peer: Peer, chat: int) -> None:
    def refuse(_: str, fields: dict[str, str]) -> ApiRefusal | None:
        if fields.get("chat_id") == str(chat) and "parse_mode" in fields:
            return ApiRefusal("Bad Request: can't parse entities: unsupported start tag")
        return None

    peer.api.refusals.append(refuse)
    peer.send(chat, "hồ sơ")
    [answer] = peer.answers(chat)
    assert "Tờ trình đề nghị khen thưởng (kèm theo danh sách)." in answer.text
    assert "<" not in answer.text
    assert answer.buttons


def test_file_of_a_reply_is_sent_as_document(peer: Peer, chat: int) -> None:
    peer.send(chat, "tệp")
    [call] = peer.api.wait_for(lambda call: call.method == "sendDocument")
    [upload] = call.files.values()
    assert upload["data"] == b"xong"


def test_document_reaches_the_assistant(peer: Peer, chat: int) -> None:
    peer.api.assets["bang"] = {"data": b"12345", "size": 5}
    file = {"file_id": "bang", "file_unique_id": "1", "file_name": "../bảng.xlsx", "file_size": 5}
    peer.send(chat, document=file, caption="xét giúp")
    [answer] = peer.answers(chat)
    assert answer.text == f"text=xét giúp action= chat={chat} file=bảng.xlsx:5"


def test_document_over_the_limit_is_not_fetched(peer: Peer, chat: int) -> None:
    file = {"file_id": "to", "file_unique_id": "2", "file_size": 5 * 1024 * 1024 + 1}
    peer.send(chat, document=file)
    [answer] = peer.answers(chat)
    assert answer.text == "[telegram.file_too_big]"


@pytest.mark.parametrize("kind", ["sticker", "voice", "location", "photo"])
def test_what_the_bot_cannot_read_gets_one_helpful_line(peer: Peer, chat: int, kind: str) -> None:
    file = {"file_id": "x", "file_unique_id": "x"}
    content: dict[str, Any] = {
        "sticker": file
        | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False},
        "voice": file | {"duration": 1},
        "location": {"latitude": 10.0, "longitude": 105.0},
        "photo": [file | {"width": 1, "height": 1}],
    }
    peer.send(chat, **{kind: content[kind]})
    [answer] = peer.answers(chat)
    assert answer.text == "[telegram.unsupported]"


def test_failed_turn_gives_a_reference_and_the_next_one_works(peer: Peer, chat: int) -> None:
    peer.send(chat, "hỏng")
    peer.send(chat, "hồ sơ")
    failed, answered = peer.answers(chat, count=2)
    assert failed.text.startswith("[telegram.failed reference=")
    assert "Kế hoạch nêu" in answered.text


def test_slow_answer_holds_up_no_other_chat(peer: Peer, chat: int) -> None:
    other = next(_chats)
    peer.send(chat, "chậm")
    peer.send(other, "nhanh")
    peer.answers(other)
    assert not any(
        call.method == "sendMessage" and call.fields["chat_id"] == str(chat)
        for call in peer.api.calls
    )
    peer.answers(chat)


def test_messages_of_one_chat_are_answered_in_order(peer: Peer, chat: int) -> None:
    peer.send(chat, "chậm")
    for number in range(3):
        peer.send(chat, f"câu{number}")
    said = [answer.text.split()[0] for answer in peer.answers(chat, count=4)]
    assert said == ["text=chậm", "text=câu0", "text=câu1", "text=câu2"]


class TestGroups:
    def test_talk_and_commands_for_others_are_left_alone(self, peer: Peer, chat: int) -> None:
        peer.send(-chat, "chào cả nhà")
        peer.send(-chat, "/hoi@other_bot mấy bộ")
        peer.send(-chat, "gửi a@tro_ly_thu_bot.vn")
        peer.send(-chat, new_chat_title="Tổ 2")
        peer.send(-chat, "/cuoi")
        [answer] = peer.answers(-chat)
        assert "text=/cuoi" in answer.text

    def test_command_with_our_name_is_answered_as_a_reply(self, peer: Peer, chat: int) -> None:
        peer.send(-chat, f"/hoi@{BOT_NAME.upper()} mấy bộ")
        [answer] = peer.answers(-chat)
        assert answer.text == f"text=/hoi mấy bộ action= chat={-chat}:{chat}"
        assert json.loads(answer.fields["reply_parameters"])["message_id"] > 0

    def test_mention_is_answered_without_the_name(self, peer: Peer, chat: int) -> None:
        peer.send(-chat, f"nhờ @{BOT_NAME} xem mấy bộ")
        [answer] = peer.answers(-chat)
        assert answer.text.startswith("text=nhờ xem mấy bộ action=")

    def test_reply_to_the_bot_is_answered(self, peer: Peer, chat: int) -> None:
        ours = {
            "message_id": 1,
            "date": 1,
            "chat": {"id": -chat, "type": "supergroup"},
            "from": {"id": BOT_ID, "is_bot": True, "first_name": "Bot"},
        }
        peer.send(-chat, "còn gì nữa", reply_to_message=ours)
        [answer] = peer.answers(-chat)
        assert "text=còn gì nữa" in answer.text


def test_refused_token_is_one_line_without_the_token() -> None:
    with open_peer() as peer:
        peer.api.refusals.append(
            lambda method, _: ApiRefusal("Unauthorized", 401) if method == "getMe" else None
        )
        done = run("telegram", environment=peer.environment)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "TELEGRAM_TOKEN" in done.stderr
    assert TOKEN.partition(":")[2] not in done.stdout + done.stderr


@pytest.mark.parametrize("token", ["", "không phải", "123456", "1:../../x"])
def test_what_cannot_be_a_token_is_one_line(token: str) -> None:
    done = run("telegram", environment={"TELEGRAM_TOKEN": token})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "TELEGRAM_TOKEN" in done.stderr
    assert not token or token not in done.stderr
