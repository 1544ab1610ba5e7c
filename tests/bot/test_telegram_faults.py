"""What Telegram and the network do to a bot that polls: nothing is lost, nothing comes twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

import pytest
from strict_bot_api import TOKEN, StrictBotApi
from telegram_stage import Served, Stage, echoed, open_stage, serving

from bot.channels.telegram_sending import GLOBAL_LIMIT

BASE = -1_000_000_000_000
FAULTS = ("5xx", "5xx_after", "drop_before", "drop_after", "html", "html_after", "429")
BLOCKED = "Forbidden: bot was blocked by the user"
KICKED = "Forbidden: bot was kicked from the supergroup chat"
_chats = count(1_000)


@pytest.fixture(scope="module")
def bot() -> Iterator[Served]:
    """One bot for the tests that leave it as it was; each talks in chats of its own.

    At its most talkative: what the libraries log may not hold the token either.
    """
    with open_stage() as stage, serving(stage, environment={"LOG_LEVEL": "DEBUG"}) as bot:
        yield bot
        bot.stop()


@pytest.fixture
def stage(bot: Served) -> Stage:
    return bot.stage


@pytest.fixture
def api(stage: Stage) -> StrictBotApi:
    return stage.api


@pytest.fixture
def chat() -> int:
    return next(_chats)


def test_a_send_that_fails_arrives_once_and_in_order(stage: Stage, api: StrictBotApi) -> None:
    places = {
        (fault, kind): place
        for number, fault in enumerate(FAULTS)
        for kind, place in (
            ("person", 11 + number),
            ("small", -41 - number),
            ("super", BASE - number),
        )
    }
    for (fault, _), place in places.items():
        api.next_faults[place] = [fault, fault, "", fault, ""]
    for number in range(4):
        for place in places.values():
            stage.say(place, f"/c{number}")
    for place in places.values():
        stage.wait(place, 4, 40)
    stage.until_quiet()
    expected = [f"/c{number}" for number in range(4)]
    assert {key: echoed(api.texts(place)) for key, place in places.items()} == dict.fromkeys(
        places, expected
    )


def test_a_message_that_arrived_late_is_found_behind_those_of_many_others(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    api.next_faults[chat] = ["late_drop_after"]
    sends = api.calls["sendMessage"]
    stage.say(chat, "/c0")
    stage.until(lambda: api.calls["sendMessage"] > sends)
    others = [next(_chats) for _ in range(70)]  # so many ids twice lie before the late one
    for other in others:
        stage.say(other, "/c0")
    for other in others:
        stage.wait(other, 1)
    stage.do(api.release.set)
    stage.until_quiet()
    assert echoed(api.texts(chat)) == ["/c0"]


def test_a_chat_told_to_wait_holds_up_no_other_and_keeps_its_order(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    api.blocked_until[chat] = time.time() + 2.5
    stage.say(chat, "/c0")
    stage.say(chat, "/c1")
    for number in range(3):
        other = next(_chats)
        stage.say(other, "khác")
        stage.wait(other, 1, 1.5)
        assert not api.texts(chat), f"the chat was not to be written to yet ({number})"
    assert echoed(stage.wait(chat, 2)) == ["/c0", "/c1"]


def test_many_chats_told_to_wait_stop_all_sending_for_that_long(
    bot: Served, stage: Stage, api: StrictBotApi
) -> None:
    said = bot.count("nothing is sent for")
    chats = [next(_chats) for _ in range(GLOBAL_LIMIT)]
    until = time.time() + 2
    for chat in chats:
        api.blocked_until[chat] = until
        stage.say(chat, "/c0")
    stage.until(lambda: bot.count("nothing is sent for") > said)
    other = next(_chats)
    stage.say(other, "khác")
    stage.wait(other, 1)
    assert api.sent_at[other, api.sent[other][0][0]] >= until - 0.5
    assert [echoed(stage.wait(chat, 1)) for chat in chats] == [["/c0"]] * len(chats)


def test_repeated_update_is_answered_once(stage: Stage, api: StrictBotApi, chat: int) -> None:
    first = stage.say(chat, "một")
    stage.wait(chat, 1)
    stage.do(api.repeat, first)
    stage.say(chat, "hai")
    assert echoed(stage.wait(chat, 2)) == ["một", "hai"]
    stage.say(chat, "ba")
    assert echoed(stage.wait(chat, 3)) == ["một", "hai", "ba"]


def test_two_fast_messages_are_two_steps(stage: Stage, chat: int) -> None:
    for number in range(5):
        stage.say(chat, f"bước {number}")
    assert stage.wait(chat, 5) == [f"thứ {number}" for number in range(1, 6)]


def test_old_messages_get_one_sentence_a_chat(stage: Stage, chat: int) -> None:
    for number in range(5):
        stage.say(chat, f"cũ{number}", age=86_000)
    stage.say(chat, "mới")
    texts = stage.wait(chat, 2)
    assert texts[0] == "[telegram.late]"
    assert echoed(texts[1:]) == ["mới"]


def test_edited_and_unreadable_updates_hold_up_nothing(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    said = stage.say(chat, "bước một")
    stage.wait(chat, 1)
    edited = {**said["message"], "text": "bước hai", "edit_date": int(time.time())}
    stage.do(api.put, {"edited_message": edited})
    stage.do(api.put, {"message": {"message_id": "?", "chat": []}})
    stage.do(api.put, {"message": None, "callback_query": {"id": 5}})
    stage.say(chat, "bước ba")
    assert stage.wait(chat, 2) == ["thứ 1", "thứ 2"]


@pytest.mark.parametrize("words", [BLOCKED, KICKED])
def test_a_chat_that_is_closed_to_the_bot_holds_up_nobody(
    bot: Served, stage: Stage, api: StrictBotApi, chat: int, words: str
) -> None:
    said = bot.count("does not let the bot write")
    api.blocked[chat] = words
    stage.say(chat, "một")
    stage.until(lambda: bot.count("does not let the bot write") > said)
    del api.blocked[chat]
    stage.say(chat, "hai")
    assert echoed(stage.wait(chat, 1)) == ["hai"]  # what could not be told is not told later


def test_being_removed_from_a_group_is_taken_quietly(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    me = {"id": 7, "is_bot": True, "first_name": "Bot"}
    stage.say(BASE - chat, "", left_chat_member=me)
    group = {"id": BASE - chat, "type": "supergroup"}
    change = {"user": me, "status": "kicked", "until_date": 0}
    stage.do(
        api.put,
        {
            "my_chat_member": {
                "chat": group,
                "from": {"id": 5, "is_bot": False, "first_name": "An"},
                "date": int(time.time()),
                "old_chat_member": {"user": me, "status": "member"},
                "new_chat_member": change,
            }
        },
    )
    stage.say(chat, "sau")
    assert echoed(stage.wait(chat, 1)) == ["sau"]
    assert api.texts(BASE - chat) == []


def test_a_group_that_moved_is_answered_where_it_moved_to(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    old, new = -chat, BASE - chat
    api.moved[old] = new
    stage.say(old, "/chuyen")
    assert echoed(stage.wait(new, 1)) == ["/chuyen"]
    assert api.texts(old) == []


def test_in_a_group_members_are_told_what_the_bot_hears_and_get_no_keyboard(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    group = BASE - chat
    me = {"id": 7, "is_bot": True, "first_name": "Bot"}
    stage.say(group, "", new_chat_members=[me])
    assert stage.wait(group, 1)[0].startswith("[telegram.in_group bot=@")
    stage.say(group, "/start@tro_ly_thu_bot")
    stage.wait(group, 2)
    for number, _ in api.sent[group]:
        content = api.contents[group, number]
        assert content is not None
        assert set(content.keyboard) <= {"inline_keyboard"}


def test_a_button_in_a_group_speaks_for_the_member_who_pressed_it(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    group = BASE - chat
    stage.say(group, "/start")
    stage.wait(group, 1)
    number = api.sent[group][0][0]
    stage.do(api.press, group, number, "ask", person=5)
    assert f"chat={group}:5" in stage.wait(group, 2)[1]


def test_a_press_too_old_to_acknowledge_is_answered_all_the_same(
    bot: Served, stage: Stage, api: StrictBotApi, chat: int
) -> None:
    acknowledged = api.calls["answerCallbackQuery"]
    stage.do(api.press, chat, 5, "show:V.3", seconds=-1)
    assert "action=show:V.3" in stage.wait(chat, 1)[0]
    stage.until(lambda: api.calls["answerCallbackQuery"] > acknowledged)
    stage.say(chat, "sau")
    stage.wait(chat, 2)
    assert bot.count("never retrieved") == 0


def test_a_button_that_telegram_would_not_take_is_left_out_and_the_message_arrives(
    stage: Stage, api: StrictBotApi, chat: int
) -> None:
    stage.say(chat, "nút")
    assert stage.wait(chat, 1) == ["chọn"]
    content = api.contents[chat, api.sent[chat][0][0]]
    assert content is not None
    assert [button["callback_data"] for button in content.buttons] == ["a" * 64]


def test_markup_from_people_is_only_text(stage: Stage, api: StrictBotApi, chat: int) -> None:
    stage.say(chat, "<b>1<2&3</i>&lt;")
    stage.wait(chat, 1)
    content = api.contents[chat, api.sent[chat][0][0]]
    assert content is not None
    assert content.text.startswith("text=<b>1<2&3</i>&lt; ")
    assert content.sent_as.startswith("text=&lt;b&gt;"), "it was to go out as HTML"


def test_second_poller_is_named_once(bot: Served, stage: Stage, api: StrictBotApi) -> None:
    api.has_other_poller = True
    stage.do(api.wake)
    polls = api.calls["getUpdates"]
    stage.until(lambda: api.calls["getUpdates"] >= polls + 2)
    assert api.calls["getUpdates"] <= polls + 3  # a pause between attempts
    api.has_other_poller = False
    stage.say(71, "rồi")
    stage.wait(71, 1)
    assert bot.count("another process answers for this bot") == 1


def test_lost_network_is_named_once_and_polling_goes_on(
    bot: Served, stage: Stage, api: StrictBotApi, chat: int
) -> None:
    before = bot.count("updates come in again")
    api.is_down = True
    stage.do(api.wake)
    stage.until(lambda: bot.count("channel=telegram Telegram cannot be reached"))
    time.sleep(1.5)  # it has tried again meanwhile
    stage.say(chat, "rồi")
    api.is_down = False
    assert echoed(stage.wait(chat, 1)) == ["rồi"]
    assert bot.count("channel=telegram Telegram cannot be reached") == 1
    assert bot.count("updates come in again") == before + 1


def test_start_without_network_waits_and_says_so_once() -> None:
    with open_stage() as stage:
        stage.api.is_down = True
        with serving(stage) as bot:
            stage.until(lambda: bot.count("cannot be reached"))
            time.sleep(1.5)  # it has tried again meanwhile
            stage.say(61, "rồi")
            stage.api.is_down = False
            assert echoed(stage.wait(61, 1)) == ["rồi"]
            bot.stop()
            assert bot.count("cannot be reached") == 1


def test_messages_beyond_the_rate_are_told_once_and_then_left_alone() -> None:
    with open_stage() as stage, serving(stage, environment={"RATE_PER_MINUTE": "2"}) as bot:
        for number in range(5):
            stage.say(5, f"c{number}")
        stage.say(6, "khác")
        stage.wait(6, 1)
        texts = stage.wait(5, 3)
        bot.stop()
        assert echoed(texts) == ["c0", "c1", "[limit.person]"]
        assert len(stage.api.texts(5)) == 3


def test_token_revoked_while_polling_ends_in_one_line() -> None:
    with open_stage() as stage, serving(stage) as bot:
        stage.say(81, "x")
        stage.wait(81, 1)
        stage.api.is_revoked = True
        stage.do(stage.api.wake)
        assert bot.process.wait(timeout=20) == 2
        time.sleep(0.1)
        assert bot.count("TELEGRAM_TOKEN") == 1
        assert TOKEN.partition(":")[2] not in "".join(bot.log)


def test_in_flight_answer_is_finished_on_stop() -> None:
    with open_stage() as stage, serving(stage) as bot:
        stage.say(91, "nhanh")
        stage.wait(91, 1)
        stage.say(91, "chậm")
        stage.until(lambda: stage.api.calls["sendChatAction"])
        bot.stop()
        assert echoed(stage.api.texts(91)) == ["nhanh", "chậm"]
