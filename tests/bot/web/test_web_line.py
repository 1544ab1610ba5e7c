"""The page on a bad line: nothing is lost, nothing counts twice, and the page says what is up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from conftest import serving
from playwright.sync_api import Route, expect

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_message_without_a_connection_waits_and_is_sent_when_it_is_back(
    visit: Visit, size: str
) -> None:
    visitor = visit(size)
    page = visitor.page
    visitor.context.set_offline(True)
    page.fill("#words", "bk ttg nop may bo hs")
    page.press("#words", "Enter")
    expect(page.locator("#connection")).to_contain_text("Mất kết nối")
    expect(page.locator(".mine .queued")).to_contain_text("Chờ mạng")
    visitor.shot("offline")
    visitor.context.set_offline(False)
    expect(page.locator(".mine .queued")).to_have_count(0)
    expect(visitor.answered()).to_contain_text("02 bộ")
    expect(page.locator("#connection")).to_be_empty()


def test_waiting_message_outlives_a_reload(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/api/turn", lambda route: route.abort())
    page.fill("#words", "bk ttg nop may bo hs")
    page.press("#words", "Enter")
    expect(page.locator(".mine .queued")).to_have_count(1)
    page.unroute("**/api/turn")
    page.reload()
    expect(visitor.bubble).to_contain_text("02 bộ")
    expect(page.locator(".mine")).to_have_count(1)


def test_answer_lost_on_its_way_is_fetched_again_and_the_turn_counts_once(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.say("/dieukien")
    visitor.chip("Xã, phường")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())  # the server has taken the turn
        route.abort()

    page.route("**/api/turn", lose_first)
    visitor.chip("Tổng kết")
    assert len(lost) == 1
    expect(page.locator(".progress p")).to_contain_text("Đã trả lời 2")
    expect(visitor.bubble).not_to_contain_text("Nút này thuộc câu hỏi trước")


def test_page_whose_session_has_gone_goes_on(visit: Visit) -> None:
    visitor = visit()
    visitor.context.clear_cookies()
    expect(visitor.say("bk ttg nop may bo hs")).to_contain_text("02 bộ")


def test_plan_that_cannot_be_fetched_says_so(visit: Visit) -> None:
    visitor = visit()
    visitor.page.route("**/api/plan*", lambda route: route.abort())
    visitor.page.click("#open-plan")
    expect(visitor.page.locator("#panel .alert")).to_contain_text("Mất kết nối")


def test_page_is_there_before_the_assistant_and_says_that_it_is_preparing(browser: object) -> None:
    with serving({"FAKE_OPENING": "3"}, fake=True) as address:
        visitor = Visitor(browser, address, "phone")  # type: ignore[arg-type]
        visitor.page.goto(address)
        expect(visitor.page.locator(".dots")).to_contain_text("web.preparing")
        visitor.shot("preparing")
        expect(visitor.bubble).to_contain_text("Kính chào")
        visitor.close()


def test_too_many_messages_are_answered_with_the_limit_s_sentence(browser: object) -> None:
    with serving({"FAKE_LIMIT": "1"}, fake=True) as address:
        visitor = Visitor(browser, address, "phone").open()  # type: ignore[arg-type]
        expect(visitor.say("hồ sơ")).to_contain_text("[limit.person]")
        visitor.close()
