"""The page for everybody: screen readers, keyboard alone, large letters, narrow screens, dark."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from playwright.sync_api import expect

Visit = Callable[..., Visitor]


_BOXES = ("body", "talk", "panel-body")  # they hold the words of all that is in them


def _violations(visitor: Visitor, name: str) -> list[str]:
    """What axe-core finds, a line a rule; the counts go to TEST_ARTEFACTS_DIR."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(visitor.page, options={"resultTypes": ["violations"]}).response
    folder = os.environ.get("TEST_ARTEFACTS_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        counts = {kind: len(found[kind]) for kind in ("violations", "incomplete", "passes")}
        line = json.dumps({"page": f"{visitor.name}-{name}", **counts})
        with (Path(folder) / "axe.jsonl").open("a", encoding="utf-8") as report:
            report.write(f"{line}\n")
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_axe_finds_nothing(visit: Visit, size: str, scheme: str) -> None:
    visitor = visit(size, scheme)
    page = visitor.page
    visitor.say("bk ttg nop may bo hs")
    visitor.shot("question")
    visitor.say("cho xin so dien thoai nop ho so")
    visitor.shot("refusal")
    visitor.say("/hoso")
    visitor.chip("Thủ tướng").get_by_role("checkbox").first.check()
    visitor.shot("dossier")
    visitor.say("/dieukien")
    visitor.chip("Xã, phường")
    visitor.chip("Tổng kết")
    visitor.chip("Có")
    assert _violations(visitor, "keypad") == []
    visitor.say("98")
    visitor.chip("Xem kết quả")
    visitor.shot("award")
    if scheme == "light":
        _check_panel(visitor)
    for details in page.locator("summary").all():
        details.click()
    page.click("#more")
    assert _violations(visitor, "conversation") == []
    page.click("#tool-plan")
    page.fill("#search", "ho ngheo")
    page.locator(".hit").first.click()
    expect(page.locator("#panel mark").first).to_be_visible()
    assert _violations(visitor, "clause") == []


def _check_panel(visitor: Visitor) -> None:
    page = visitor.page
    page.click("#open-plan")
    for view in ("contents", "dates"):
        page.locator(f"[data-view={view}]").click()
        assert _violations(visitor, view) == []
    page.click("#panel-close")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_everything_is_done_with_the_keyboard_alone(visit: Visit, size: str) -> None:
    visitor = visit(size)
    keyboard = visitor.page.keyboard
    _tab_to(visitor, "words")
    keyboard.type("bk ttg nop may bo hs")
    keyboard.press("Enter")
    expect(visitor.answered()).to_contain_text("02 bộ")
    _tab_to(visitor, "Xem trong kế hoạch", "Shift+Tab")
    keyboard.press("Enter")
    expect(visitor.page.locator("#panel mark").first).to_be_visible()
    _tab_to(visitor, "search")
    keyboard.type("so ket")
    _tab_to(visitor, "Mục IV.4")
    keyboard.press("Enter")
    expect(visitor.page.locator("#panel mark")).to_have_text(["sơ kết"])
    keyboard.press("Escape")
    expect(visitor.page.locator("#panel")).to_be_hidden()
    _tab_to(visitor, "Xem nguyên văn")
    keyboard.press("Enter")
    expect(visitor.answered()).to_contain_text("03 bộ")
    _tab_to(visitor, "more")
    keyboard.press("Enter")
    keyboard.press("Enter")  # the first tool has the focus
    expect(visitor.answered()).to_contain_text("đối tượng nào")
    _tab_to(visitor, "Xã, phường", "Tab" if visitor.is_phone else "Shift+Tab")
    keyboard.press("Space")
    expect(visitor.answered()).to_contain_text("dịp nào")


def _tab_to(visitor: Visitor, name: str, key: str = "Tab") -> None:
    """Move the focus to the part with the id or the words; it must be seen to have it."""
    for _ in range(60):
        focused = visitor.page.evaluate(
            """() => {
              const part = document.activeElement;
              const id = part === document.body ? "body" : part.id;
              return [id, part.textContent, getComputedStyle(part).outlineStyle];
            }"""
        )
        if name == focused[0] or (name in focused[1] and focused[0] not in _BOXES):
            assert focused[2] != "none"
            return
        visitor.page.keyboard.press(key)
    raise AssertionError(f"{name!r} cannot be reached with {key}")


def _every_state(visitor: Visitor) -> None:
    """Go through the page's states; nothing may reach beyond its width in any."""
    page = visitor.page
    for text in ("bk ttg nop may bo hs", "/hoso", "/dieukien"):
        visitor.say(text)
        assert visitor.overflow() == []
    visitor.chip("Xã, phường")
    visitor.chip("Tổng kết")
    visitor.chip("Có")
    assert visitor.overflow() == []
    visitor.say("98")
    visitor.chip("Xem kết quả")
    assert visitor.overflow() == []
    page.click("#open-plan")
    for view in ("contents", "text", "dates"):
        page.locator(f"[data-view={view}]").click()
        assert visitor.overflow() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_cut_off_on_a_screen_of_320_pixels(visit: Visit) -> None:
    visitor = visit()
    visitor.page.set_viewport_size({"width": 320, "height": 568})
    visitor.name = "narrow"
    _every_state(visitor)
    visitor.shot("dates")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_nothing_is_cut_off_with_letters_of_twice_the_size(visit: Visit, size: str) -> None:
    visitor = visit(size)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    visitor.name = f"large-{size}"
    _every_state(visitor)
    visitor.shot("dates")


def test_nothing_is_cut_off_at_200_percent_zoom(visit: Visit) -> None:
    visitor = visit("desktop")
    visitor.page.set_viewport_size({"width": 640, "height": 400})  # what zooming leaves of 1280
    visitor.name = "zoomed"
    _every_state(visitor)
    visitor.page.locator("#panel-close").click()
    visitor.shot("award")


def test_dark_mode_follows_the_device(visit: Visit) -> None:
    colours = [
        visit(scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours[0] != colours[1]
    assert max(int(part) for part in colours[1][4:-1].split(",")) < 60
