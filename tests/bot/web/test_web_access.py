"""The page for everybody: screen readers, keyboard alone, large letters, narrow screens, dark."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from playwright.sync_api import Locator, expect

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


def _in_both_schemes(visitor: Visitor, name: str) -> list[str]:
    """What axe-core finds in light and in dark, each with its picture."""
    found = []
    for scheme in ("dark", "light"):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.name = f"{visitor.size}-{scheme}"
        visitor.shot(name)
        found += _violations(visitor, name)
    return found


def test_axe_finds_nothing_in_light_and_dark(visitor: Visitor) -> None:
    page = visitor.page
    visitor.say("bk ttg nop may bo hs")
    assert _in_both_schemes(visitor, "question") == []
    visitor.say("cho xin so dien thoai nop ho so")
    assert _in_both_schemes(visitor, "refusal") == []
    visitor.say("/hoso")
    visitor.chip("Thủ tướng").get_by_role("checkbox").first.check()
    assert _in_both_schemes(visitor, "dossier") == []
    visitor.say("/dieukien")
    visitor.chip("Xã, phường")
    visitor.chip("Tổng kết")
    visitor.chip("Có")
    assert _in_both_schemes(visitor, "keypad") == []
    visitor.say("98")
    visitor.chip("Xem kết quả")
    assert _in_both_schemes(visitor, "award") == []
    page.click("#more")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert _violations(visitor, "reasons") == []
    page.click("#tool-plan")
    for view in ("contents", "dates"):
        page.locator(f"[data-view={view}]").click()
        assert _in_both_schemes(visitor, view) == []
    page.fill("#search", "ho ngheo")
    assert _in_both_schemes(visitor, "search") == []
    page.locator(".hit").first.click()
    expect(page.locator("#panel mark").first).to_be_visible()
    assert _in_both_schemes(visitor, "clause") == []


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_plan_is_asked_read_and_searched_with_the_keyboard_alone(visit: Visit, size: str) -> None:
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
    _tab_to(visitor, "Mục lục")
    keyboard.press("Enter")
    _tab_to(visitor, "Số lượng hồ sơ")
    keyboard.press("Enter")
    expect(visitor.page.locator(".cited")).to_contain_text("02 bộ")
    _tab_to(visitor, "Mốc thời gian", "Shift+Tab")
    keyboard.press("Space")
    _tab_to(visitor, "mục IV.4")
    keyboard.press("Enter")
    expect(visitor.page.locator(".cited")).to_contain_text("tháng 7/2023")
    keyboard.press("Escape")
    expect(visitor.page.locator("#panel")).to_be_hidden()
    _tab_to(visitor, "Xem nguyên văn")
    keyboard.press("Enter")
    expect(visitor.answered()).to_contain_text("03 bộ")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_award_dossier_and_files_are_done_with_the_keyboard_alone(
    visit: Visit, size: str, tmp_path: Path
) -> None:
    visitor = visit(size)
    page, keyboard = visitor.page, visitor.page.keyboard
    backward = "Tab" if visitor.is_phone else "Shift+Tab"  # where the focus is
    # Only now asked for, the browser might open its own window before it hands choosers over
    page.on("filechooser", lambda _chooser: None)
    _tab_to(visitor, "more")
    keyboard.press("Enter")
    keyboard.press("Enter")  # the first tool has the focus
    expect(visitor.answered()).to_contain_text("đối tượng nào")
    for label, said in (
        ("Xã, phường", "dịp nào"),
        ("Tổng kết", "năm tiêu chuẩn"),
        ("Có", "phần trăm"),
    ):
        _tab_to(visitor, label, backward)
        keyboard.press("Space")
        expect(visitor.answered()).to_contain_text(said)
    if visitor.is_phone:
        for key in ("9", "8", "Xong (%)"):
            _tab_to(visitor, key)
            keyboard.press("Enter")
    else:
        keyboard.type("98\n")
    visitor.answered()
    _tab_to(visitor, "Xem kết quả", backward)
    keyboard.press("Enter")
    expect(visitor.answered().locator(".verdict")).to_have_count(3)
    _tab_to(visitor, "📄 Kết quả", backward)
    keyboard.press("Enter")
    expect(visitor.answered()).to_contain_text("bản Word")
    _tab_to(visitor, "Tải ket-qua", backward)
    with page.expect_download() as download:
        keyboard.press("Enter")
    assert download.value.suggested_filename == "ket-qua-xet-khen-thuong.docx"
    _tab_to(visitor, "words")
    keyboard.type("/hoso\n")
    expect(visitor.answered()).to_contain_text("hình thức")
    _tab_to(visitor, "Bằng khen của Thủ tướng", backward)
    keyboard.press("Enter")
    _tab_to_part(visitor, visitor.answered().get_by_role("checkbox").first, backward)
    keyboard.press("Space")
    expect(visitor.bubble.locator(".ticked")).to_contain_text("Đã có 1/")
    page.evaluate("print = () => { document.title = 'printed'; }")
    _tab_to(visitor, "In danh mục")
    keyboard.press("Enter")
    expect(page).to_have_title("printed")
    _tab_to(visitor, "more")
    keyboard.press("Enter")
    _tab_to(visitor, "tool-file")
    with page.expect_file_chooser() as chooser:
        keyboard.press("Enter")
    (tmp_path / "a.csv").write_text("id\n", encoding="utf-8")
    chooser.value.set_files(tmp_path / "a.csv")
    expect(visitor.answered()).to_contain_text("dòng tiêu đề")


def _tab_to_part(visitor: Visitor, part: Locator, key: str) -> None:
    for _ in range(80):
        if part.evaluate("(part) => part === document.activeElement"):
            return
        visitor.page.keyboard.press(key)
    raise AssertionError(f"it cannot be reached with {key}")


def _tab_to(visitor: Visitor, name: str, key: str = "Tab") -> None:
    """Move the focus to the part with the id or the words; it must be seen to have it."""
    for _ in range(80):
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
    """Go through the states of the page; in none may a part reach beyond its width."""
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
    visitor.shot("award")
    assert visitor.overflow() == []
    assert _violations(visitor, "award") == []
    page.click("#open-plan")
    for view in ("contents", "text", "dates"):
        page.locator(f"[data-view={view}]").click()
        assert visitor.overflow() == []
    visitor.shot("dates")
    assert _violations(visitor, "dates") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_cut_off_on_a_screen_of_320_pixels(phone: Visitor) -> None:
    phone.page.set_viewport_size({"width": 320, "height": 568})
    phone.name = "narrow"
    _every_state(phone)


def test_nothing_is_cut_off_with_letters_of_twice_the_size(visitor: Visitor) -> None:
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    visitor.name = f"large-{visitor.size}"
    _every_state(visitor)


def test_nothing_is_cut_off_at_200_percent_zoom(desktop: Visitor) -> None:
    desktop.page.set_viewport_size({"width": 640, "height": 400})  # what zooming leaves of 1280
    desktop.name = "zoomed"
    _every_state(desktop)


def test_dark_mode_follows_the_device(phone: Visitor) -> None:
    colours = []
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)
        colours.append(phone.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]
    assert max(int(part) for part in colours[1][4:-1].split(",")) < 60
