"""The assistant with a store: votes, statistics for admins, what is noted of each turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.assistant import Assistant
from bot.channels.turn import take_turn
from bot.dialogue import Dialogue
from bot.housekeeping import Housekeeping
from bot.limits import Admission, Limits
from bot.metrics import Metrics
from bot.sessions import MemorySessions, Session
from bot.settings import load_settings
from bot.store import Store, open_memory_store
from bot.turns import Attachment, Message, Reply
from bot.wording import Wording

QUESTION, MISSING = "huân chương nộp mấy bộ hồ sơ", "thưởng bao nhiêu tiền"


@pytest.fixture
def store() -> Iterator[Store]:
    with open_memory_store() as store:
        yield store


@pytest.fixture
def assistant(store: Store, dialogue: Dialogue, wording: Wording, tmp_path: Path) -> Assistant:
    settings = load_settings(data_dir=tmp_path, admin_ids="telegram:1, zalo:2")
    return Assistant(
        dialogue,
        store,
        wording,
        Housekeeping(wording, settings, store),
        Limits(5, 1000),
        Metrics(store),
        asks_for_votes=True,
    )


def say(assistant: Assistant, text: str, chat: str = "9", channel: str = "telegram") -> Reply:
    return take_turn(assistant, Message(channel=channel, chat=chat, text=text))


def press(assistant: Assistant, action: str, chat: str = "9") -> Reply:
    return take_turn(assistant, Message(channel="telegram", chat=chat, action=action))


def votes_under(reply: Reply) -> list[str]:
    actions = [button.action for row in reply.buttons for button in row]
    return [action for action in actions if action.startswith("feedback:")]


def test_answers_ask_for_a_vote_and_nothing_else_does(assistant: Assistant) -> None:
    for text in (QUESTION, "hồ sơ Huân chương gồm gì, mấy bộ, gửi đâu"):
        good, bad = votes_under(say(assistant, text))
        assert len(good.encode()) <= 64
        assert len(bad.encode()) <= 64
        assert (good.endswith(":good"), bad.endswith(":bad")) == (True, True)
    for text in ("/start", "/riengtu", "/dieukien", MISSING, "chào em", "/hoi"):
        assert votes_under(say(assistant, text)) == []


def test_amid_the_award_questions_no_button_gets_in_between(assistant: Assistant) -> None:
    say(assistant, "/dieukien")
    assert votes_under(say(assistant, "tổng kết phong trào vào tháng mấy")) == []


def test_pressing_twice_changes_the_vote_and_never_counts_twice(
    assistant: Assistant, store: Store
) -> None:
    good, bad = votes_under(say(assistant, QUESTION))
    for action, counted in ((good, (1, 0)), (good, (1, 0)), (bad, (0, 1)), (bad, (0, 1))):
        reply = press(assistant, action)
        assert len(reply.blocks) == 1
        found = store.statistics()
        assert (found.good_votes, found.bad_votes) == counted
    assert store.statistics().bad_clauses == (("V.2", 1),)
    press(assistant, good, chat="10")
    assert (store.statistics().good_votes, store.statistics().bad_votes) == (1, 1)


@pytest.mark.parametrize("action", ["feedback:nosuch:good", "feedback::good", "feedback:x:other"])
def test_made_up_votes_are_answered_kindly_and_not_counted(
    assistant: Assistant, store: Store, action: str
) -> None:
    assert len(press(assistant, action).blocks) == 1
    assert (store.statistics().good_votes, store.statistics().bad_votes) == (0, 0)


def test_a_vote_on_an_answer_of_long_ago_does_not_count(assistant: Assistant, store: Store) -> None:
    good, _ = votes_under(say(assistant, QUESTION))
    clock = store._clock
    store._clock = lambda: clock() + 25 * 3600
    assert "lâu" in press(assistant, good).text
    assert store.statistics().good_votes == 0


def test_a_vote_leaves_the_conversation_as_it_was(assistant: Assistant, store: Store) -> None:
    good, _ = votes_under(say(assistant, QUESTION))
    say(assistant, "/dieukien")
    before = store.load("telegram", "9")
    press(assistant, good)
    assert store.load("telegram", "9") == before != Session()


def test_statistics_are_for_admins_alone(assistant: Assistant, wording: Wording) -> None:
    unknown = wording("command.unknown")
    assert say(assistant, "/thongke").text == unknown
    assert say(assistant, "/thongke", chat="1", channel="web").text == unknown
    assert say(assistant, "/thongke", chat="1:9").text == unknown
    assert say(assistant, "/THONGKE@tro_ly_bot", chat="1").text != unknown
    assert say(assistant, "/thongke", chat="2", channel="zalo").text != unknown


def test_the_statistics_add_up(assistant: Assistant, store: Store) -> None:
    for text in (QUESTION, QUESTION, QUESTION, MISSING):
        say(assistant, text)
    say(assistant, MISSING.upper() + " ??", chat="10")
    found = store.statistics()
    assert found.outcomes == {"answered": 3, "not_in_plan": 2}
    assert found.channels == {"telegram": 5}
    assert found.median_ms is not None
    assert found.p95_ms is not None
    assert 0 <= found.median_ms <= found.p95_ms
    assert [(asked.question, asked.times) for asked in found.top_unanswered] == [
        (MISSING.upper() + " ??", 2)
    ]
    words = say(assistant, "/thongke", chat="1").text
    for shown in ("60%", "40%", "Số lượt: 5", MISSING.upper()):
        assert shown in words


def test_latencies_are_the_ranks_they_claim_to_be(store: Store) -> None:
    from bot.records import TurnRecord

    for milliseconds in range(100, 0, -1):
        store.save("web", "a", Session(), TurnRecord("answered", milliseconds))
    found = store.statistics()
    assert (found.median_ms, found.p95_ms) == (50, 95)


def test_only_questions_without_an_answer_are_kept(assistant: Assistant, store: Store) -> None:
    for text in (QUESTION, "/start", "/khongco", "chào em", "", "😀", "/dieukien 45%", "x" * 3000):
        say(assistant, text)
    press(assistant, "clause:no.such")
    file = Attachment(name="a.bin", content=b"0")
    take_turn(assistant, Message(channel="web", chat="9", text=MISSING, attachment=file))
    assert store.unanswered() == []
    say(assistant, "/hoi xin sdt 0912345678 " + MISSING, chat="10")
    assert [asked.question for asked in store.unanswered()] == [f"xin sdt *** {MISSING}"]


def test_a_turn_noted_by_one_that_is_taken_again_counts_once(
    assistant: Assistant, store: Store
) -> None:
    store.receive("telegram", "1", "9", QUESTION)
    update = store.claim("telegram")
    assert update is not None
    message = Message(channel="telegram", chat="9", text=QUESTION)
    assistant.turn(update.session, message)  # and the process is killed here
    turn = assistant.turn(update.session, message)
    assert store.finish(update, turn.session, ["…"], turn.record)
    assert not store.finish(update, turn.session, ["…"], turn.record)
    assert store.statistics().outcomes == {"answered": 1}


def test_without_a_store_nothing_is_asked_for_and_the_privacy_words_say_so(
    dialogue: Dialogue, wording: Wording, tmp_path: Path
) -> None:
    housekeeping = Housekeeping(wording, load_settings(data_dir=tmp_path), None)
    assistant = Assistant(dialogue, MemorySessions(), wording, housekeeping)
    assert votes_under(say(assistant, QUESTION)) == []
    assert say(assistant, "/riengtu").text == wording("privacy.memory")
    assert say(assistant, "/xoa").text == wording("privacy.deleted")
    assert assistant.admit("terminal", "terminal") is Admission.ADMITTED


def test_the_metrics_count_turns_refusals_and_queues(assistant: Assistant, store: Store) -> None:
    say(assistant, QUESTION)
    say(assistant, MISSING)
    store.receive("telegram", "1", "9", "waiting")
    for _ in range(7):
        assistant.admit("telegram", "9")
    assert assistant.metrics is not None
    body, kind = assistant.metrics.render()
    assert kind.startswith("text/plain")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }
    assert samples["bot_turns_total", "telegram", "answered"] == 1
    assert samples["bot_turns_total", "telegram", "not_in_plan"] == 1
    assert samples["bot_turn_seconds_count", "telegram"] == 2
    assert samples["bot_refused_messages_total", "telegram"] == 2
    assert samples["bot_waiting_updates", "telegram"] == 1
    assert samples["bot_store_ok",] == 0  # in memory alone: nothing is kept
    assert QUESTION not in body.decode()
