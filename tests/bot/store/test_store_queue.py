"""Inbox and outbox: handled once, in order, taken over from the dead, sent in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sessions import Session
from bot.store import LEASE_SECONDS, Backlog, Store

if TYPE_CHECKING:
    from tests.bot.store.conftest import Clock

FIGURES = Session(flow="award", data={"state": "{}"}, last=("hồ", "sơ"))


def test_an_update_is_taken_in_once(store: Store) -> None:
    assert store.receive("telegram", "1", "5", "a")
    assert not store.receive("telegram", "1", "5", "a")
    assert store.receive("zalo", "1", "5", "a")
    update = store.claim("telegram")
    assert update is not None
    assert store.finish(update, None)
    assert not store.receive("telegram", "1", "5", "a")
    assert store.claim("telegram") is None


def test_a_chats_updates_are_handled_one_at_a_time_in_order(store: Store) -> None:
    for number in (2, 1, 3):
        store.receive("telegram", str(number), "5", f"u{number}", position=number)
    store.receive("telegram", "4", "6", "other", position=4)
    first, other = store.claim("telegram"), store.claim("telegram")
    assert first is not None
    assert other is not None
    assert (first.payload, other.payload) == ("u1", "other")
    assert store.claim("telegram") is None
    assert store.finish(first, FIGURES, ["reply 1", "reply 2"])
    second = store.claim("telegram")
    assert second is not None
    assert (second.payload, second.session) == ("u2", FIGURES)


def test_the_work_of_a_dead_process_is_taken_over_and_its_late_result_dropped(
    opened: Callable[[], Store], clock: Clock
) -> None:
    slow, quick = opened(), opened()
    slow.receive("telegram", "1", "5", "a")
    lost = slow.claim("telegram")
    assert lost is not None
    assert quick.claim("telegram") is None
    clock.wait(LEASE_SECONDS + 1)
    taken = quick.claim("telegram")
    assert taken is not None
    assert (taken.payload, taken.attempts) == ("a", 2)
    assert not slow.renew(lost)
    assert not slow.finish(lost, FIGURES, ["too late"])
    assert quick.finish(taken, Session(last=("mới",)), ["in time"])
    assert quick.load("telegram", "5").last == ("mới",)
    message = quick.next_outgoing("telegram")
    assert message is not None
    assert message.payload == "in time"


def test_long_work_keeps_its_lease_by_renewing_it(store: Store, clock: Clock) -> None:
    store.receive("telegram", "1", "5", "a")
    update = store.claim("telegram")
    assert update is not None
    for _ in range(3):
        clock.wait(LEASE_SECONDS - 1)
        assert store.renew(update)
    assert store.claim("telegram") is None
    assert store.finish(update, None)


def test_what_is_put_back_is_there_for_others(store: Store) -> None:
    store.receive("telegram", "1", "5", "a")
    update = store.claim("telegram")
    assert update is not None
    store.release(update)
    assert store.claim("telegram") is not None


def test_messages_go_out_in_order_one_a_chat(store: Store) -> None:
    _finish_with(store, "1", "5", ["a", "b"])
    _finish_with(store, "2", "6", ["c"])
    first, other = store.next_outgoing("telegram"), store.next_outgoing("telegram")
    assert first is not None
    assert other is not None
    assert (first.payload, other.payload, first.in_doubt) == ("a", "c", False)
    assert store.next_outgoing("telegram") is None
    store.sent(first)
    second = store.next_outgoing("telegram")
    assert second is not None
    assert second.payload == "b"
    assert store.backlogs() == {"telegram": Backlog(waiting=0, outgoing=2)}


def test_a_postponed_message_holds_up_its_own_chat_alone(store: Store, clock: Clock) -> None:
    _finish_with(store, "1", "5", ["a", "b"])
    _finish_with(store, "2", "6", ["c"])
    first = store.next_outgoing("telegram")
    assert first is not None
    store.postpone(first, 20)
    other = store.next_outgoing("telegram")
    assert other is not None
    assert other.payload == "c"
    assert store.next_outgoing("telegram") is None
    clock.wait(21)
    again = store.next_outgoing("telegram")
    assert again is not None
    assert (again.payload, again.in_doubt, again.attempts) == ("a", False, 2)


def test_after_a_kill_amid_sending_that_one_message_is_in_doubt(
    opened: Callable[[], Store], clock: Clock
) -> None:
    store = opened()
    _finish_with(store, "1", "5", ["a", "b"])
    assert store.next_outgoing("telegram") is not None
    clock.wait(LEASE_SECONDS + 1)
    survivor = opened()
    doubtful = survivor.next_outgoing("telegram")
    assert doubtful is not None
    assert (doubtful.payload, doubtful.in_doubt) == ("a", True)
    survivor.sent(doubtful)
    following = survivor.next_outgoing("telegram")
    assert following is not None
    assert (following.payload, following.in_doubt) == ("b", False)


def _finish_with(store: Store, number: str, chat: str, replies: list[str]) -> None:
    store.receive("telegram", number, chat, "…")
    update = store.claim("telegram")
    assert update is not None
    assert store.finish(update, None, replies)
