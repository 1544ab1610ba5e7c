"""Rate limits: for one chat and for all; told once; nobody else is held up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import MAX_CHATS, Admission, Limits

ADMITTED, FIRST, REFUSED = Admission.ADMITTED, Admission.REFUSED_FIRST, Admission.REFUSED


class Minute:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_too_many_messages_are_told_once_and_then_left_alone() -> None:
    limits = Limits(3, 100, Minute())
    said = [limits.admit("web", "a") for _ in range(6)]
    assert said == [ADMITTED, ADMITTED, ADMITTED, FIRST, REFUSED, REFUSED]


def test_one_chat_does_not_use_up_anothers_messages() -> None:
    limits = Limits(1, 100, Minute())
    assert limits.admit("web", "a") is ADMITTED
    assert limits.admit("web", "a") is FIRST
    assert limits.admit("web", "b") is ADMITTED
    assert limits.admit("telegram", "a") is ADMITTED


def test_messages_come_back_with_time_and_the_next_excess_is_told_again() -> None:
    clock = Minute()
    limits = Limits(6, 100, clock)
    assert [limits.admit("web", "a") for _ in range(7)][-1] is FIRST
    clock.now = 9.9
    assert limits.admit("web", "a") is REFUSED
    clock.now = 10.1
    assert limits.admit("web", "a") is ADMITTED
    assert limits.admit("web", "a") is FIRST


def test_all_chats_together_have_a_limit() -> None:
    limits = Limits(10, 3, Minute())
    assert [limits.admit("web", str(chat)) for chat in range(5)] == [ADMITTED] * 3 + [FIRST] * 2


def test_chats_without_number_do_not_fill_the_memory() -> None:
    limits = Limits(10, 10**9, Minute())
    for chat in range(MAX_CHATS + 50):
        limits.admit("web", str(chat))
    assert len(limits._chats) == MAX_CHATS


@given(steps=st.lists(st.floats(0, 5), max_size=200), per_minute=st.integers(1, 30))
def test_no_pace_gets_more_than_the_limit(steps: list[float], per_minute: int) -> None:
    clock = Minute()
    limits = Limits(per_minute, 10**6, clock)
    n_admitted = 0
    for step in steps:
        clock.now += step
        n_admitted += limits.admit("web", "a") is ADMITTED
    assert n_admitted <= per_minute + clock.now * per_minute / 60 + 1e-6
