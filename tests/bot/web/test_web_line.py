"""The page on a bad line: nothing is lost, nothing counts twice, and the page says what is up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from playwright.sync_api import Browser, Route, expect
from web_process import serving

Visit = Callable[..., Visitor]
SLOW_3G = {  # ms a request, bytes a second
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}


def test_messages_without_a_connection_wait_and_are_sent_in_order_when_it_is_back(
    visitor: Visitor,
) -> None:
    page = visitor.page
    visitor.context.set_offline(True)
    for text in ("bk ttg nop may bo hs", "hồ sơ Huân chương mấy bộ"):
        page.fill("#words", text)
        page.press("#words", "Enter")
    expect(page.locator("#connection")).to_contain_text("Mất kết nối")
    expect(page.locator(".mine .queued")).to_have_text(["🕓 Chờ mạng…"] * 2)
    visitor.shot("offline")
    visitor.context.set_offline(False)
    expect(page.locator(".mine .queued")).to_have_count(0)
    expect(visitor.answered()).to_contain_text("03 bộ")
    expect(page.locator(".bubble:not(.mine)").nth(-2)).to_contain_text("02 bộ")
    expect(page.locator("#connection")).to_be_empty()


def test_file_without_a_connection_is_not_kept_and_the_page_says_so(
    phone: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("id\n", encoding="utf-8")
    phone.context.set_offline(True)
    phone.page.set_input_files("#file", tmp_path / "a.csv")
    expect(phone.page.locator(".alert").last).to_contain_text("chưa gửi được tệp")


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


def test_answer_lost_on_its_way_is_fetched_again_and_the_turn_counts_once(phone: Visitor) -> None:
    page = phone.page
    phone.say("/dieukien")
    phone.chip("Xã, phường")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())  # the server has taken the turn
        route.abort()

    page.route("**/api/turn", lose_first)
    phone.chip("Tổng kết")
    assert len(lost) == 1
    expect(page.locator(".progress p")).to_contain_text("Đã trả lời 2")
    expect(phone.bubble).not_to_contain_text("Nút này thuộc câu hỏi trước")
    phone.say("/huy")


def test_page_whose_session_has_gone_goes_on(phone: Visitor) -> None:
    phone.context.clear_cookies()
    expect(phone.say("bk ttg nop may bo hs")).to_contain_text("02 bộ")


def test_plan_that_cannot_be_fetched_says_so(phone: Visitor) -> None:
    phone.page.reload()  # the plan is no longer at hand
    phone.page.route("**/api/plan*", lambda route: route.abort())
    phone.page.click("#open-plan")
    expect(phone.page.locator("#panel .alert")).to_contain_text("Mất kết nối")


def test_everything_works_on_slow_3g(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "phone")
    page = visitor.page
    line = visitor.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(address)
    page.fill("#words", "bk ttg nop may bo hs")  # before the greeting is there
    page.press("#words", "Enter")
    expect(page.locator(".dots")).to_be_visible()
    expect(visitor.bubble).to_contain_text("02 bộ")
    expect(page.locator(".bubble:not(.mine, .dots)")).to_have_count(2)
    expect(page.locator("#connection")).to_be_empty()
    visitor.bubble.locator(".open").click()
    expect(page.locator("#panel-body")).to_contain_text("đang chuẩn bị", ignore_case=True)
    expect(page.locator("#panel mark")).to_be_in_viewport()
    visitor.close()


def test_page_is_there_before_the_assistant_and_says_that_it_is_preparing(
    browser: Browser, tmp_path: Path
) -> None:
    is_ready = tmp_path / "ready"
    with serving({"FAKE_OPENING": str(is_ready)}, fake=True) as address:
        visitor = Visitor(browser, address, "phone")
        visitor.page.goto(address)
        expect(visitor.page.locator(".dots")).to_contain_text("web.preparing")
        visitor.shot("preparing")
        is_ready.touch()
        expect(visitor.bubble).to_contain_text("Kính chào")
        visitor.close()


def test_too_many_messages_are_answered_with_the_limit_s_sentence(browser: Browser) -> None:
    with serving({"FAKE_LIMIT": "1"}, fake=True) as address:
        visitor = Visitor(browser, address, "phone").open()
        expect(visitor.say("hồ sơ")).to_contain_text("[limit.person]")
        visitor.close()
