"""Several plans in one page: each is read and searched alone, a citation opens its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from playwright.sync_api import Browser, expect
from web_process import NO_LIMIT, serving


@pytest.fixture(scope="module")
def two_plans(two_tiny_plans: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page with two small plans is."""
    index_dir = str(tmp_path_factory.mktemp("two_indexes"))
    with serving({"PLANS_DIR": str(two_tiny_plans), "INDEX_DIR": index_dir, **NO_LIMIT}) as address:
        yield address


def test_the_plan_to_read_and_search_is_chosen_by_its_name(
    browser: Browser, two_plans: str
) -> None:
    visitor = Visitor(browser, two_plans, "phone").open()
    page = visitor.page
    page.click("#open-plan")
    chooser = page.locator("#chooser")
    expect(chooser.locator("option")).to_have_text(["Mái ấm", "Bến xanh"])
    page.locator("[data-view=text]").click()
    expect(page.locator(".plan-text")).to_contain_text("02 bộ")
    chooser.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".plan-text")).to_contain_text("05 bộ")
    page.fill("#search", "can nha")
    expect(page.locator(".hit").first).to_contain_text("35 căn nhà")
    page.click("#panel-close")
    visitor.close()


def test_a_citation_opens_the_plan_that_is_cited(browser: Browser, two_plans: str) -> None:
    visitor = Visitor(browser, two_plans, "phone").open()
    page = visitor.page
    visitor.say("/kehoach")
    visitor.chip("Bến xanh")
    answer = visitor.say("nộp mấy bộ hồ sơ vậy")
    expect(answer.locator("blockquote").first).to_contain_text("05 bộ")
    answer.locator(".open").first.click()
    expect(page.locator("#chooser")).to_have_value("zz_ben_xanh")
    expect(page.locator("#panel mark").first).to_contain_text("05 bộ")
    visitor.close()
