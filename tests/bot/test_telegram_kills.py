"""The bot killed at any point: what it was doing is taken up, nothing is lost or comes twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

from telegram_stage import echoed, open_stage, serving

from bot.channels.telegram_sending import MAX_CANDIDATES


def test_message_sent_again_after_a_kill_is_looked_for_where_it_was_sent_again(
    tmp_path: Path,
) -> None:
    data = {"DATA_DIR": str(tmp_path)}
    with open_stage() as stage:
        stage.api.next_faults[21] = ["hang", "drop_after"]
        with serving(stage, environment=data) as bot:
            stage.say(21, "/c0")
            stage.until(lambda: stage.api.calls["sendMessage"])
            bot.kill()
        others = range(200, 200 + MAX_CANDIDATES + 5)
        for chat in others:  # so many ids lie between the first sending and the second
            stage.say(chat, "/c0")
        with serving(stage, environment=data) as bot:
            for chat in (21, *others):
                stage.wait(chat, 1)
            stage.until_quiet()
            bot.stop()
        assert echoed(stage.api.texts(21)) == ["/c0"]
        assert all(len(stage.api.texts(chat)) == 1 for chat in others)


def test_message_in_doubt_does_not_write_over_one_to_another_member(tmp_path: Path) -> None:
    data, group = {"DATA_DIR": str(tmp_path)}, -61
    with open_stage() as stage:
        stage.api.next_faults[group] = ["hang"]
        with serving(stage, environment=data) as bot:
            stage.say(group, "/a", **{"from": {"id": 1, "is_bot": False, "first_name": "A"}})
            stage.until(lambda: stage.api.calls["sendMessage"])
            stage.say(group, "/b", **{"from": {"id": 2, "is_bot": False, "first_name": "B"}})
            stage.say(62, "sau")
            stage.wait(62, 1)
            bot.kill()
        with serving(stage, environment=data) as bot:
            stage.wait(group, 2)
            stage.until_quiet()
            bot.stop()
        assert echoed(stage.api.texts(group)) == ["/a", "/b"]


def test_kill_at_any_point_loses_and_repeats_nothing(tmp_path: Path) -> None:
    dice = random.Random()
    data, chats = {"DATA_DIR": str(tmp_path)}, range(21, 27)
    with open_stage({"drop_after": 0.3}) as stage:
        for run in range(3):
            with serving(stage, environment=data) as bot:
                for number in range(5):
                    for chat in chats:
                        stage.say(chat, f"c{run}{number}")
                stage.wait(21, 2 * run + 1)
                time.sleep(dice.random() * 0.3)
                bot.kill()
        with serving(stage, environment=data) as bot:
            expected = [f"c{run}{number}" for run in range(3) for number in range(5)]
            for chat in chats:
                assert echoed(stage.wait(chat, 15, 40)) == expected
            stage.until_quiet()
            bot.stop()
        assert all(len(stage.api.texts(chat)) == 15 for chat in chats)
