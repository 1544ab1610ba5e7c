"""The whole way: `python -m bot telegram` with the real plan, asked over HTTP, answered."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_fakes import clean_environment, running
from telegram_peer import TOKEN, Peer, open_peer

from bot.channels.telegram_html import utf16_units

START_SECONDS = 60
QUESTION = "hồ sơ Huân chương mấy bộ"


@pytest.fixture(scope="module")
def peer(index_dir: Path) -> Iterator[Peer]:
    with (
        open_peer() as peer,
        running(
            "telegram",
            fake=False,
            environment={**peer.environment, "INDEX_DIR": str(index_dir)},
        ) as bot,
    ):
        peer.api.wait_for(lambda call: call.method == "setMyCommands", seconds=START_SECONDS)
        yield peer
        bot.send_signal(signal.SIGTERM)
        output, log = bot.communicate(timeout=30)
        assert bot.returncode == 0
        assert TOKEN not in output + log
        assert TOKEN.partition(":")[2] not in output + log
        assert QUESTION not in output + log
        assert "Traceback" not in log


def test_question_is_answered_in_the_words_of_the_plan(peer: Peer) -> None:
    peer.send(1, QUESTION)
    [answer] = peer.answers(1)
    assert "<blockquote>" in answer.text
    assert "03 bộ" in answer.text
    assert "V.2" in answer.text
    assert utf16_units(answer.text) <= 4096


def test_every_button_under_an_answer_leads_on(peer: Peer) -> None:
    peer.send(2, QUESTION)
    [answer] = peer.answers(2)
    assert answer.buttons
    for number, button in enumerate(answer.buttons, start=2):
        peer.press(2, button["callback_data"])
        assert peer.answers(2, count=number)[-1].text
    acknowledged = peer.api.wait_for(lambda call: call.method == "answerCallbackQuery")
    assert acknowledged


@pytest.mark.parametrize("said", ["/start", "/help", "/hoi", "/hoso", "/HOSO", "/khongco"])
def test_commands_are_answered(peer: Peer, said: str) -> None:
    chat = 10 + len(said) + sum(map(ord, said))
    peer.send(chat, said)
    [answer] = peer.answers(chat)
    assert answer.text.strip()


def test_dossier_menu_leads_to_a_checklist(peer: Peer) -> None:
    peer.send(3, "/hoso")
    [menu] = peer.answers(3)
    peer.press(3, menu.buttons[0]["callback_data"])
    checklist = peer.answers(3, count=2)[-1]
    assert "Tờ trình" in checklist.text
    assert "*" not in checklist.text


def test_commands_in_the_menu_are_vietnamese(peer: Peer) -> None:
    [call] = peer.api.wait_for(lambda call: call.method == "setMyCommands")
    commands = {
        entry["command"]: entry["description"] for entry in json.loads(call.fields["commands"])
    }
    assert {"start", "help", "hoi", "hoso"} <= set(commands)
    assert "Hỏi về kế hoạch" in commands.values()


@pytest.mark.parametrize(
    "words", ["😀😀😀", "a" * 4096, "https://example.com/?q=<script>", "ho\u0302\u0300 so\u031b"]
)
def test_odd_messages_get_an_answer(peer: Peer, words: str) -> None:
    chat = 1_000 + sum(map(ord, words[:40]))
    peer.send(chat, words)
    [answer] = peer.answers(chat)
    assert "<script>" not in answer.text


def test_asking_once_loads_no_channel_library_and_no_model_library(index_dir: Path) -> None:
    heavy = ["telegram", "starlette", "uvicorn", "torch", "transformers", "sklearn"]
    program = (
        "import sys, runpy\n"
        f"sys.argv = ['bot', 'ask', {QUESTION!r}, '--json']\n"
        "try:\n    runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean_environment({"INDEX_DIR": str(index_dir)}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    answer, loaded = done.stdout.splitlines()
    assert json.loads(answer)["status"] in {"answered", "dossier"}
    assert loaded == "[]"
