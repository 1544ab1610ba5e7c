"""Each thing that people do in the web chat, in a real browser, on a phone and on a desktop."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from browsing import Visitor
from openpyxl import load_workbook
from playwright.sync_api import expect

from bot.channels.web import MAX_FILE_BYTES
from knowledge.plan import Plan

Visit = Callable[..., Visitor]
QUOTE = "Bằng khen của Thủ tướng Chính phủ: 02 bộ."


def test_citation_opens_the_clause_with_the_sentence_marked(visitor: Visitor) -> None:
    answer = visitor.say("bk ttg nop may bo hs")
    expect(answer.locator("blockquote").first).to_have_text(QUOTE)
    visitor.shot("question")
    answer.locator(".open").first.click()
    panel = visitor.page.locator("#panel")
    expect(panel.locator("mark")).to_have_text([QUOTE])
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.locator(".cited")).to_contain_text("2. Số lượng hồ sơ")
    assert panel.evaluate("(panel) => panel.matches(':modal')") is visitor.is_phone
    visitor.shot("citation")
    assert visitor.overflow() == []


def test_whole_card_opens_the_clause_too(phone: Visitor) -> None:
    phone.say("bk ttg nop may bo hs").locator("blockquote").first.click()
    expect(phone.page.locator("#panel mark")).to_have_text([QUOTE])


def test_refusal_cites_nothing(visitor: Visitor) -> None:
    answer = visitor.say("cho xin so dien thoai nop ho so")
    expect(answer).to_contain_text("Kế hoạch không ghi địa chỉ")
    expect(answer.locator("figure")).to_have_count(0)
    visitor.shot("refusal")


def test_award_is_asked_with_progress_and_shown_as_a_picture(visitor: Visitor) -> None:
    page = visitor.page
    visitor.say("/dieukien")
    visitor.chip("Xã, phường")
    visitor.chip("Tổng kết")
    expect(page.locator(".progress p")).to_contain_text("Đã trả lời 2")
    visitor.chip("Có")
    expect(page.locator(".progress p")).to_contain_text("Đã trả lời 3")
    visitor.shot("keypad")
    page.locator("#keypad").get_by_label("Câu trước").click()
    visitor.answered()
    expect(page.locator(".progress p")).to_contain_text("Đã trả lời 2")
    visitor.chip("Có")
    _enter(visitor, "98")
    answer = visitor.chip("Xem kết quả")
    card = answer.locator(".verdict", has_text="Bằng khen của Thủ tướng")
    expect(card.locator(".badge")).to_have_text("Chưa kết luận được")
    expect(card.get_by_role("img").first).to_have_accessible_name("Mức của đơn vị 98%, ngưỡng 100%")
    expect(card).to_contain_text("còn thiếu hơn 2 điểm phần trăm")
    expect(card.locator(".missing")).to_contain_text("Còn thiếu")
    level, mark = card.locator(".level").first, card.locator("line.mark").first
    reached = level.bounding_box()
    threshold = mark.bounding_box()
    assert reached
    assert threshold
    assert 0 < threshold["x"] - (reached["x"] + reached["width"]) < 20  # 98 just short of 100
    visitor.shot("award")
    assert visitor.overflow() == []
    card.locator(".place").first.click()
    expect(page.locator("#panel mark").first).to_contain_text("thực hiện vượt các chỉ tiêu")


def _enter(visitor: Visitor, figure: str) -> None:
    """With the page's own keys where it shows them, else typed."""
    if not visitor.is_phone:
        expect(visitor.page.locator(".keys")).to_be_hidden()
        visitor.say(figure)
        return
    for digit in figure:
        visitor.page.locator(".key", has_text=digit).click()
    visitor.page.locator(".key.done").click()
    visitor.answered()


def test_dossier_is_ticked_kept_and_printed_alone(visitor: Visitor) -> None:
    page = visitor.page
    visitor.say("/hoso")
    answer = visitor.chip("Thủ tướng")
    answer.get_by_role("checkbox").first.check()
    expect(answer.locator(".ticked")).to_contain_text("Đã có 1/")
    visitor.shot("dossier")
    page.reload()
    expect(visitor.bubble.get_by_role("checkbox").first).to_be_checked()
    expect(visitor.bubble.get_by_role("checkbox").nth(1)).not_to_be_checked()
    page.evaluate("print = () => {}")
    visitor.bubble.locator("button", has_text="In danh mục").click()
    page.emulate_media(media="print")
    expect(visitor.bubble).to_be_visible()
    assert page.locator(".bubble:visible").count() == 1
    for hidden in (".bar", ".composer", ".chips", "#panel"):
        expect(page.locator(hidden).first).to_be_hidden()
    visitor.shot("print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".bubble:visible").count() > 1


def test_plan_is_read_by_its_headings_and_searched_without_marks(
    visitor: Visitor, whole_plan: Plan
) -> None:
    page = visitor.page
    page.click("#open-plan")
    headings = page.locator(".heading")
    expect(headings).to_have_count(len(whole_plan.clauses))
    headings.filter(has_text="Số lượng hồ sơ").click()
    expect(page.locator(".cited")).to_be_in_viewport()
    shown = page.locator(".plan-text").inner_text().replace("\n", " ")
    for clause in whole_plan.clauses:
        for bullet in clause.bullets:
            assert " ".join(bullet.text.replace("*", "").split()) in " ".join(shown.split())
    page.fill("#search", "so ket")
    expect(page.locator("#found")).to_have_text("Tìm thấy 3 đoạn")
    expect(page.locator(".hit mark").first).to_have_text("sơ kết")
    visitor.shot("search")
    page.locator(".hit").nth(1).click()
    expect(page.locator(".plan-text mark")).to_have_text(["sơ kết"])
    page.fill("#search", "zzzz")
    expect(page.locator("#found")).to_have_text("Kế hoạch không có những chữ này.")


def test_dates_are_drawn_and_listed_with_their_clause(visitor: Visitor, whole_plan: Plan) -> None:
    page = visitor.page
    page.click("#more")
    page.click("#tool-dates")
    picture = page.locator(".axis")
    dates = whole_plan.calendar.dates
    said = picture.locator("title").text_content() or ""
    assert all(date.when in said.lower() and date.label in said for date in dates)
    expect(picture.locator(".dot")).to_have_count(len(dates))
    visitor.shot("dates")
    page.locator(".timeline li", has_text="Tháng 7/2023").locator(".place").click()
    expect(page.locator(".plan-text mark")).to_contain_text(["vào tháng 7/2023"])


def test_template_is_downloaded_filled_sent_and_results_come_back(
    phone: Visitor, tmp_path: Path
) -> None:
    page = phone.page
    with page.expect_download() as download:
        phone.say("/mau").locator("a.file").click()
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    for column, value in ((1, "=1+1"), (2, "Xã, phường, thị trấn"), (3, "Tổng kết")):
        sheet.cell(2, column).value = value
        sheet.cell(2, column).data_type = "s"
    book.save(tmp_path / "xã tôi.xlsx")
    page.set_input_files("#file", tmp_path / "xã tôi.xlsx")
    expect(page.locator(".mine").last).to_contain_text("xã tôi.xlsx")
    answer = phone.answered()
    expect(answer).to_contain_text("Đã xét 1 đơn vị")
    with page.expect_download() as download:
        answer.locator("a.file").click()
    assert download.value.suggested_filename == "xã tôi-ket-qua.xlsx"
    content = io.BytesIO(Path(download.value.path()).read_bytes())
    first = load_workbook(content).worksheets[0].cell(2, 1)
    assert (first.value, first.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("bom.xlsx", lambda: zip_of("xl/worksheets/sheet1.xml", b" " * 160_000_000), "quá lớn"),
        ("hong.xlsx", lambda: b"PK\x03\x04 and no more", "Chưa mở được tệp"),
        ("anh.png", lambda: b"\x89PNG", ".xlsx hoặc .csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    phone: Visitor, tmp_path: Path, name: str, make: Callable[[], bytes], said: str
) -> None:
    (tmp_path / name).write_bytes(make())
    phone.page.set_input_files("#file", tmp_path / name)
    expect(phone.page.locator(".mine").last).to_contain_text(name)
    expect(phone.answered()).to_contain_text(said)


def zip_of(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_a_file_over_the_limit_is_not_even_sent(phone: Visitor, tmp_path: Path) -> None:
    (tmp_path / "to.csv").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    phone.page.set_input_files("#file", tmp_path / "to.csv")
    expect(phone.page.locator(".alert").last).to_contain_text("5 MB")
    assert not any("/api/file?name=to.csv" in url for url in phone.requests)


def test_words_are_never_markup(phone: Visitor) -> None:
    phone.say("<img src=x onerror=alert(1)> <b>đậm</b>")
    expect(phone.page.locator(".mine").last).to_contain_text("<img src=x onerror=alert(1)>")
    assert phone.page.locator(".talk img, .talk b").count() == 0


def test_conversation_stays_when_the_page_is_loaded_again(visit: Visit) -> None:
    visitor = visit()
    visitor.say("bk ttg nop may bo hs")
    before = visitor.page.locator(".bubble").all_inner_texts()
    visitor.page.reload()
    expect(visitor.page.locator(".bubble")).to_have_text(before, use_inner_text=True)
    expect(visitor.page.locator(".day")).to_have_text(["Hôm nay"])


def test_scripts_cannot_see_the_session(phone: Visitor) -> None:
    assert phone.page.evaluate("document.cookie") == ""
