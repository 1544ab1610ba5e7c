"""Copies of an engine lent to threads, and vectors kept of the last questions."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.encoder import Vectors
from indexer.engine_pool import EnginePool
from indexer.recent_queries import RecentQueries


class Engine:
    """Notices when two threads have it."""

    def __init__(self) -> None:
        self._is_lent = threading.Lock()
        self.uses = 0

    def use(self) -> None:
        assert self._is_lent.acquire(blocking=False)
        self.uses += 1
        self._is_lent.release()


def test_one_engine_is_enough_for_one_thread() -> None:
    opened: list[Engine] = []
    pool = EnginePool(lambda: opened.append(Engine()) or opened[-1], at_most=4)
    for _ in range(10):
        with pool.lent() as engine:
            engine.use()
    assert [engine.uses for engine in opened] == [10]


def test_no_engine_is_lent_twice_at_a_time_and_no_more_are_opened_than_allowed() -> None:
    opened: list[Engine] = []
    pool = EnginePool(lambda: opened.append(Engine()) or opened[-1], at_most=3)
    all_three = threading.Barrier(3)

    def work(number: int) -> None:
        with pool.lent() as engine:
            if number < 3:
                all_three.wait(timeout=10)  # passes only when three have one at the same time
            engine.use()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(200)))
    assert len(opened) == 3
    assert sum(engine.uses for engine in opened) == 200


def test_pool_knows_how_many_engines_are_in_use() -> None:
    pool = EnginePool(Engine, at_most=2)
    assert pool.n_lent == 0
    with pool.lent():
        assert pool.n_lent == 1
        with pool.lent():
            assert pool.n_lent == 2
        assert pool.n_lent == 1
    assert pool.n_lent == 0


def test_engine_comes_back_from_a_block_that_fails() -> None:
    pool = EnginePool(Engine, at_most=1)
    with pytest.raises(ValueError, match="broken"), pool.lent():
        raise ValueError("broken")
    assert pool.n_lent == 0
    with pool.lent() as engine:
        engine.use()


def test_a_second_engine_that_cannot_be_opened_is_done_without() -> None:
    opened: list[Engine] = []

    def open_one() -> Engine:
        if opened:
            raise MemoryError
        opened.append(Engine())
        return opened[0]

    pool, has_it = EnginePool(open_one, at_most=2), threading.Event()

    def work(_: int) -> None:
        with pool.lent() as engine:
            has_it.set()
            engine.use()

    with ThreadPoolExecutor(4) as threads, pool.lent():
        waiting = [threads.submit(work, number) for number in range(8)]
        assert not has_it.wait(0.1)
    for one in waiting:
        one.result()
    assert opened[0].uses == 8


def test_a_first_engine_that_cannot_be_opened_is_an_error() -> None:
    def broken() -> Engine:
        raise OSError("no engine here")

    with pytest.raises(OSError, match="no engine here"):
        EnginePool(broken)


class CountingEncoder:
    """Gives each text a vector of its own and counts the calls."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), hash(text) % 97] for text in texts], np.float32)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self.encode_query(texts)


def test_question_asked_a_moment_ago_is_not_encoded_again() -> None:
    beneath = CountingEncoder()
    recent = RecentQueries(beneath, kept=2)
    first = recent.encode_query(["một"])
    first[:] = 0  # what the caller does with it is the caller's
    recent.encode_query(["hai"])
    np.testing.assert_array_equal(recent.encode_query(["một"]), beneath.encode_query(["một"]))
    assert beneath.asked == ["một", "hai", "một"]


def test_only_the_last_questions_are_kept() -> None:
    beneath = CountingEncoder()
    recent = RecentQueries(beneath, kept=2)
    for text in ("một", "hai", "một", "ba", "một", "hai"):
        recent.encode_query([text])
    assert beneath.asked == ["một", "hai", "ba", "hai"]


def test_nothing_kept_of_a_question_can_be_read() -> None:
    recent = RecentQueries(CountingEncoder())
    recent.encode_query(["hộ bà Danh Thị Sương có được khen không"])
    assert "Sương" not in repr(vars(recent))


def test_passages_and_many_questions_at_once_are_passed_on() -> None:
    beneath = CountingEncoder()
    recent = RecentQueries(beneath)
    for _ in range(2):
        assert recent.encode_query(["một", "hai"]).shape == (2, 2)
        assert recent.encode_document(["ba"]).shape == (1, 2)
    assert beneath.asked == ["một", "hai", "ba"] * 2
