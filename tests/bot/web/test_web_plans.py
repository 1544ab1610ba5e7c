"""Several plans in one page: each is read and searched alone, a citation opens its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from playwright.sync_api import Browser, expect
from web_process import NO_LIMIT, serving

from indexer.parse import parse_clauses
from knowledge.clauses import dump_clauses
from knowledge.new_plan import new_plan

NAMES = {"mai_am": "Mái ấm", "ben_xanh": "Bến xanh"}
TEXT = """\
KẾ HOẠCH
Tổ chức phong trào thi đua “{name}”

I. MỤC ĐÍCH
Phong trào nhằm sửa nhà cho hộ nghèo ven sông trước mùa mưa.

II. TIÊU CHUẨN
Xã sửa được từ {houses} căn nhà trở lên.

III. HỒ SƠ
Hồ sơ gồm tờ trình và danh sách kèm theo. Số lượng: {sets} bộ.
"""


@pytest.fixture(scope="module")
def two_plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page with two small plans is."""
    folder = tmp_path_factory.mktemp("two")
    write_plan(folder / "plans", "mai_am", TEXT.format(name="Mái ấm", houses=20, sets="02"))
    write_plan(folder / "plans", "ben_xanh", TEXT.format(name="Bến xanh", houses=35, sets="05"))
    places = {"PLANS_DIR": str(folder / "plans"), "INDEX_DIR": str(folder / "index")}
    with serving({**places, **NO_LIMIT}) as address:
        yield address


def write_plan(plans: Path, plan_id: str, text: str) -> None:
    folder = new_plan(plan_id, plans)
    (folder / "plan.txt").write_bytes(text.encode())
    (folder / "clauses.jsonl").write_text(dump_clauses(parse_clauses(text)), "utf-8")
    (folder / "plan.yaml").write_text(
        f"id: {plan_id}\ntitle: {NAMES[plan_id]}\nshort_title: {NAMES[plan_id]}\nissuer: Tỉnh\n"
        "period: {first: 2024-01-01, last: 2026-12-31}\ncontact: Phòng Nội vụ\ntext: "
        f"{{file: plan.txt, sha256: {hashlib.sha256(text.encode()).hexdigest()}}}\n",
        encoding="utf-8",
    )


def test_the_plan_to_read_and_search_is_chosen_by_its_name(
    browser: Browser, two_plans: str
) -> None:
    visitor = Visitor(browser, two_plans, "phone").open()
    page = visitor.page
    page.click("#open-plan")
    chooser = page.locator("#chooser")
    expect(chooser.locator("option")).to_have_count(2)
    page.locator("[data-view=text]").click()
    for name, sets, houses in (("Mái ấm", "02 bộ", "20 căn"), ("Bến xanh", "05 bộ", "35 căn")):
        chooser.select_option(name)
        expect(page.locator(".plan-text")).to_contain_text(sets)
        page.fill("#search", "can nha")
        expect(page.locator(".hit")).to_contain_text([houses])
        page.locator(".hit").click()
        expect(page.locator(".plan-text mark")).to_have_text(["căn nhà"])
    page.click("#panel-close")
    visitor.close()


def test_a_citation_opens_the_plan_that_is_cited(browser: Browser, two_plans: str) -> None:
    visitor = Visitor(browser, two_plans, "phone").open()
    page = visitor.page
    visitor.say("/kehoach")
    visitor.chip("Bến xanh")
    answer = visitor.say("Hồ sơ gồm tờ trình và danh sách kèm theo, số lượng mấy bộ?")
    expect(answer.locator("blockquote").first).to_contain_text("05 bộ")
    answer.locator(".open").first.click()
    expect(page.locator("#chooser")).to_have_value("ben_xanh")
    expect(page.locator("#panel mark").first).to_contain_text("05 bộ")
    visitor.close()
