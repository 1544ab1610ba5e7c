"""What Telegram and the network do to a bot: nothing is lost, nothing comes twice."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from channel_fakes import running
from strict_bot_api import TOKEN, Stage, open_stage

from bot.channels.telegram_bot import webhook_secret
from bot.channels.telegram_sending import MAX_CANDIDATES
from bot.settings import Settings

BASE = -1_000_000_000_000


def _numbers(texts: list[str]) -> list[str]:
    return [text.split()[0].removeprefix("text=") for text in texts]


def _log_of(process: Any) -> str:
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=30)
    assert TOKEN.partition(":")[2] not in log
    assert "Traceback" not in log
    return str(log)


@pytest.mark.parametrize("fault", ["5xx", "5xx_after", "drop_before", "drop_after", "429"])
def test_a_send_that_fails_arrives_once_and_in_order(fault: str) -> None:
    with (
        open_stage({fault: 0.3}) as stage,
        running("telegram", environment=stage.environment) as process,
    ):
        chats = (11, 12, BASE - 13)
        for number in range(4):
            for chat in chats:
                stage.say(chat, f"/c{number}")
        for chat in chats:
            assert _numbers(stage.wait(chat, 4, 40)) == [f"/c{number}" for number in range(4)]
        _log_of(process)
        assert all(len(stage.api.texts(chat)) == 4 for chat in chats)


@pytest.fixture
def stage() -> Any:
    with open_stage() as stage:
        yield stage


def test_message_sent_again_after_a_kill_is_looked_for_where_it_was_sent_again(
    stage: Stage, tmp_path: Path
) -> None:
    environment = {**stage.environment, "DATA_DIR": str(tmp_path)}
    stage.api.faults = {"hang": 1.0}
    with running("telegram", environment=environment) as process:
        stage.say(21, "/c0")
        _wait_for_sends(stage, 1)
        process.kill()
    chats = [21, *range(200, 200 + MAX_CANDIDATES + 5)]
    for chat in chats[1:]:  # so many ids lie between the first sending and the second
        stage.say(chat, "/c0")
    stage.api.faults = {"drop_after": 1.0}
    with running("telegram", environment=environment) as process:
        for chat in chats:
            stage.wait(chat, 1)
        _wait_until_quiet(stage)
        _log_of(process)
    assert [_numbers(stage.api.texts(chat)) for chat in chats] == [["/c0"]] * len(chats)


def test_message_in_doubt_does_not_write_over_one_to_another_member(
    stage: Stage, tmp_path: Path
) -> None:
    environment = {**stage.environment, "DATA_DIR": str(tmp_path)}
    group = -61
    stage.api.faults = {"hang": 1.0}
    with running("telegram", environment=environment) as process:
        stage.say(group, "/a", **{"from": {"id": 1, "is_bot": False, "first_name": "A"}})
        _wait_for_sends(stage, 1)
        stage.api.faults = {}
        stage.say(group, "/b", **{"from": {"id": 2, "is_bot": False, "first_name": "B"}})
        stage.say(62, "sau")
        stage.wait(62, 1)
        process.kill()
    with running("telegram", environment=environment) as process:
        stage.wait(group, 2)
        _wait_until_quiet(stage)
        _log_of(process)
    assert _numbers(stage.api.texts(group)) == ["/a", "/b"]


def test_kill_at_any_point_loses_and_repeats_nothing(tmp_path: Path) -> None:
    dice = random.Random()
    chats = range(21, 27)
    with open_stage({"drop_after": 0.3}) as stage:
        environment = {**stage.environment, "DATA_DIR": str(tmp_path)}
        for run in range(3):
            with running("telegram", environment=environment) as process:
                for number in range(5):
                    for chat in chats:
                        stage.say(chat, f"c{run}{number}")
                stage.wait(21, 2 * run + 1)
                time.sleep(dice.random() * 0.5)
                process.kill()
        with running("telegram", environment=environment) as process:
            expected = [f"c{run}{number}" for run in range(3) for number in range(5)]
            for chat in chats:
                assert _numbers(stage.wait(chat, 15, 40)) == expected
            _wait_until_quiet(stage)
            _log_of(process)
        assert all(len(stage.api.texts(chat)) == 15 for chat in chats)


def _wait_for_sends(stage: Stage, count: int) -> None:
    deadline = time.monotonic() + 20
    while stage.api.calls["sendMessage"] < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _wait_until_quiet(stage: Stage) -> None:
    """Until nothing was sent or looked for over a second: what would come twice has come."""
    before = -1
    while (now := stage.api.calls["sendMessage"] + stage.api.calls["editMessageText"]) != before:
        before = now
        time.sleep(1.1)


def test_repeated_update_is_answered_once(stage: Stage) -> None:
    with running("telegram", environment=stage.environment) as process:
        first = stage.say(31, "một")
        stage.wait(31, 1)
        stage.do(stage.api.repeat, first)
        stage.say(31, "hai")
        assert _numbers(stage.wait(31, 2)) == ["một", "hai"]
        _log_of(process)
    assert len(stage.api.texts(31)) == 2


def test_old_messages_get_one_sentence_a_chat(stage: Stage) -> None:
    for number in range(5):
        stage.say(41, f"cũ{number}", age=86_000)
    stage.say(41, "mới")
    with running("telegram", environment=stage.environment) as process:
        texts = stage.wait(41, 2)
        _log_of(process)
    assert texts[0] == "[telegram.late]"
    assert _numbers(texts[1:]) == ["mới"]


def test_edited_and_unreadable_updates_hold_up_nothing(stage: Stage) -> None:
    edited = {"message_id": 1, "date": 1, "chat": {"id": 51, "type": "private"}, "text": "x"}
    with running("telegram", environment=stage.environment) as process:
        stage.do(stage.api.put, {"edited_message": edited})
        stage.do(stage.api.put, {"message": {"message_id": "?", "chat": []}})
        stage.do(stage.api.put, {"message": None, "callback_query": {"id": 5}})
        stage.say(51, "sau")
        assert _numbers(stage.wait(51, 1)) == ["sau"]
        _log_of(process)
    assert len(stage.api.texts(51)) == 1


def test_blocked_and_moved_chats(stage: Stage) -> None:
    old, new = -61, BASE - 61
    stage.api.blocked.add(62)
    stage.api.moved[old] = new
    with running("telegram", environment=stage.environment) as process:
        stage.say(62, "bị chặn")
        stage.say(old, "/chuyen")
        assert "/chuyen" in stage.wait(new, 1)[0]
        log = _log_of(process)
    assert "does not let the bot write" in log


def test_second_poller_is_named_once(stage: Stage) -> None:
    stage.api.has_other_poller = True
    with running("telegram", environment=stage.environment) as process:
        while stage.api.calls["getUpdates"] < 3:
            time.sleep(0.05)
        stage.api.has_other_poller = False
        stage.say(71, "rồi")
        stage.wait(71, 1)
        log = _log_of(process)
    assert log.count("another process answers for this bot") == 1


def test_token_revoked_while_polling_ends_in_one_line(stage: Stage) -> None:
    with running("telegram", environment=stage.environment) as process:
        stage.say(81, "x")
        stage.wait(81, 1)
        stage.api.is_revoked = True
        _, log = process.communicate(timeout=20)
    assert process.returncode == 2
    assert log.count("TELEGRAM_TOKEN") == 1
    assert TOKEN.partition(":")[2] not in log


def test_in_flight_answer_is_finished_on_stop(stage: Stage) -> None:
    with running("telegram", environment=stage.environment) as process:
        stage.say(91, "nhanh")
        stage.wait(91, 1)
        stage.say(91, "chậm")
        time.sleep(0.7)
        _log_of(process)
    assert _numbers(stage.api.texts(91)) == ["nhanh", "chậm"]


def test_webhook_takes_only_what_telegram_brings(stage: Stage) -> None:
    environment = {
        **stage.environment,
        "TELEGRAM_WEBHOOK_URL": "https://bot.example/telegram/updates",
        "WEB_PORT": "0",
    }
    secret = webhook_secret(Settings(_env_file=None, telegram_token=TOKEN))
    good = {"x-telegram-bot-api-secret-token": secret}
    with running(environment=environment) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split("address=")[1].strip(" ]\n")
        with httpx.Client(base_url=address, trust_env=False) as client:
            while client.get("/readyz").status_code != 200:
                time.sleep(0.05)
            assert stage.api.webhook["secret_token"] == secret
            update = stage.say(101, "qua webhook")
            path = "/telegram/updates"
            assert client.post(path, json=update).status_code == 403
            forged = {"x-telegram-bot-api-secret-token": "x" * len(secret)}
            assert client.post(path, json=update, headers=forged).status_code == 403
            assert client.post(path, content=b"x" * 2_000_000, headers=good).status_code == 413
            assert client.post(path, content=b"{", headers=good).status_code == 400
            for _ in range(2):  # the second time it is known
                assert client.post(path, json=update, headers=good).status_code == 200
            assert _numbers(stage.wait(101, 1)) == ["qua"]
            assert client.get("/").status_code == 200
            assert client.get("/healthz").json()["status"] == "ok"
        _log_of(process)
    assert len(stage.api.texts(101)) == 1
    assert stage.api.calls["getUpdates"] == 0
