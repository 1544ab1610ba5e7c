"""Papers as .docx: what they hold, what stays blank, and how they print."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.award.state import AwardState, dump_value
from bot.dialogue import Dialogue
from bot.numbers import typed_value
from bot.papers.desk import CHECKLIST, RESULT, PaperDesk, paper_action
from bot.papers.page import Page
from bot.papers.template import FILES
from bot.turns import Attachment
from knowledge.plan import Plan
from knowledge.values import BadValueError

if TYPE_CHECKING:
    from tests.bot.conftest import Talk

TODAY = date(2026, 3, 1)

MET = AwardState(
    subject="ethnic_commune",
    occasion="final",
    asking="done",
    facts={
        "common_standards": "yes",
        "provincial_target_pct": "120|105",
        "reduction_vs_plan_pct": "140",
    },
)
AWARDS = ("giay_khen", "bang_khen_tinh", "bang_khen_thu_tuong", "huan_chuong_lao_dong_hang_ba")
ACTIONS = [
    paper_action(RESULT),
    *(
        paper_action(kind, award, route)
        for kind in (CHECKLIST, *FILES)
        for award in AWARDS
        for route in ("", "results", "contribution")
    ),
]


@pytest.fixture(scope="session")
def desk(dialogue: Dialogue) -> PaperDesk:
    return dialogue._papers


def paper(desk: PaperDesk, action: str, state: AwardState | None = MET) -> Attachment:
    request = desk.request_of(action)
    assert request is not None
    made = desk.paper(request, state, TODAY)
    assert made is not None
    return made


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    lines += [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join(lines)


def test_a_checklist_holds_papers_sets_routes_and_derived_confirmations_with_their_clauses(
    desk: PaperDesk, whole_plan: Plan
) -> None:
    text = words_of(paper(desk, "giay:hs:huan_chuong_lao_dong_hang_ba").content)
    book = whole_plan.dossiers
    assert all(each.name in text for each in book.papers)
    assert "03 bộ" in text
    assert all(route.name in text for route in book.routes)
    assert "Suy ra từ tiêu chuẩn" in text
    assert "mục V.2: “Huân chương: 03 bộ.”" in text
    assert "Quyết định công nhận không còn xã đặc biệt khó khăn" in text
    wanted = book.confirmations_for("huan_chuong_lao_dong_hang_ba", None)
    assert text.count("☐") == len(book.papers) + len(wanted)


def test_a_checklist_of_one_route_leaves_the_other_out(desk: PaperDesk) -> None:
    text = words_of(paper(desk, "giay:hs:bang_khen_tinh:contribution").content)
    assert "Mặt trận Tổ quốc Việt Nam tỉnh" in text
    assert "Thành tích thực hiện mục tiêu giảm nghèo" not in text


def test_an_award_without_sets_and_route_says_that_the_plan_gives_none(desk: PaperDesk) -> None:
    text = words_of(paper(desk, "giay:hs:giay_khen:results").content)
    assert "không quy định số bộ" in text
    assert "không quy định nơi gửi" in text


def test_notices_stand_at_the_end_of_every_paper(desk: PaperDesk) -> None:
    for action in ACTIONS[:1] + ACTIONS[1::7]:
        text = words_of(paper(desk, action).content)
        assert "giai đoạn này đã kết thúc" in text or "đã hết" in text, action
    text = words_of(paper(desk, "giay:tt:bang_khen_tinh").content)
    assert "tỉnh An Giang" in text
    assert "06/2022/QH15" in text


def test_a_skeleton_is_filled_with_what_is_known_and_marked_as_a_sample(desk: PaperDesk) -> None:
    text = words_of(paper(desk, "giay:tt:bang_khen_thu_tuong:results").content)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Kính gửi: Sở Lao động - Thương binh và Xã hội tỉnh" in text
    assert "Về việc đề nghị tặng Bằng khen của Thủ tướng Chính phủ" in text
    assert "120% | 105%" in text
    assert "“Các xã, ấp vùng đồng bào dân tộc thiểu số" in text
    assert "Nơi nhận:" in text
    assert "MẪU THAM KHẢO" in text
    head = Document(io.BytesIO(paper(desk, "giay:tt:bang_khen_tinh").content)).sections[0]
    assert head.first_page_header.paragraphs[0].text == "MẪU THAM KHẢO"


@pytest.mark.parametrize(
    "action", ["giay:kq", *(f"giay:{kind}:bang_khen_thu_tuong" for kind in FILES)]
)
def test_no_sentence_is_printed_twice_and_every_ground_has_its_quote(
    desk: PaperDesk, action: str
) -> None:
    lines = words_of(paper(desk, action).content).splitlines()
    said = [
        line for line in lines if len(line) > 60 and not line.startswith(("“", "Nguồn:", "Đạt mức"))
    ]
    assert sorted(said) == sorted(set(said))
    quoted = [n for n, line in enumerate(lines) if line.startswith("Đạt mức của ý này")]
    assert all(lines[n + 1].startswith("“") for n in quoted)
    assert bool(quoted) == (not action.startswith("giay:ds"))


def test_what_nobody_told_stays_blank(desk: PaperDesk) -> None:
    text = words_of(paper(desk, "giay:tt:bang_khen_thu_tuong", None).content)
    assert "Kính gửi: ……" in text
    assert "Đối tượng: ……. Dịp khen: ……." in text
    assert "Tiêu chuẩn đạt được, mục của kế hoạch: ……" in text


def test_criteria_that_are_not_met_are_never_claimed(desk: PaperDesk) -> None:
    low = MET.model_copy(update={"facts": {**MET.facts, "common_standards": "no"}})
    text = words_of(paper(desk, "giay:bc:bang_khen_thu_tuong", low).content)
    assert "Tiêu chuẩn đạt được, mục của kế hoạch: ……" in text


def test_the_result_holds_figures_every_verdict_quotes_and_who_decides(
    desk: PaperDesk, whole_plan: Plan
) -> None:
    text = words_of(paper(desk, "giay:kq").content)
    assert "140%" in text
    assert "Đủ căn cứ" in text
    assert "Chưa đủ căn cứ" in text
    assert "Số liệu do người dùng nhập" in text
    assert whole_plan.rules.readings.decided_by in text
    assert "“Tập thể, cá nhân thực hiện vượt các chỉ tiêu" in text


def test_typed_text_is_only_text_and_control_characters_are_dropped() -> None:
    page = Page("a\x00b", "<&>\x0b")
    page.text("Xã <An> & \x01\ufffe\ud800 =HYPERLINK(1)")
    page.item("\x1f{ PAGE }")
    page.table(["A\x08"], [100], [["=1+1\x02"]])
    document = Document(io.BytesIO(page.content()))
    assert document.paragraphs[0].text == "Xã <An> &  =HYPERLINK(1)"
    assert document.paragraphs[1].text == "- { PAGE }"
    assert document.tables[0].rows[1].cells[0].text == "=1+1"
    xml = document.element.xml
    assert "fldSimple" not in xml
    assert "instrText" not in xml


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_and_file_names_are_short_and_plain(desk: PaperDesk, action: str) -> None:
    made = desk.request_of(action)
    assert made is not None
    assert len(action.encode()) <= 50  # the head that names one of several plans goes before
    if action in ACTIONS[::5]:
        name = paper(desk, action).name
        assert name.isascii()
        assert name.endswith(".docx")


@pytest.mark.parametrize("action", ["giay:", "giay:kh:giay_khen", "giay:tt", "giay:tt:x", "giay::"])
def test_an_action_that_names_no_paper_is_refused(talk: Talk, action: str) -> None:
    reply = talk.act(action)
    assert reply.attachments == ()
    assert reply.blocks


def test_a_result_is_not_made_up_without_a_conversation(talk: Talk) -> None:
    reply = talk.act("giay:kq")
    assert reply.attachments == ()
    assert "/dieukien" in reply.text


def test_the_conversation_offers_papers_after_verdicts_and_in_checklists(talk: Talk) -> None:
    talk.say("/dieukien")
    talk.say("xã dtts")
    talk.say("tổng kết")
    talk.press("kết quả")
    made = talk.press("📄 Kết quả")
    assert [file.name for file in made.attachments] == ["ket-qua-xet-khen-thuong.docx"]
    talk.act("hoso:bang_khen_tinh:results")
    assert talk.press("📄 Danh mục").attachments
    talk.act("hoso:bang_khen_tinh:results")
    talk.press("📄 Mẫu giấy tờ")
    made = talk.press("Mẫu tờ trình")
    text = words_of(made.attachments[0].content)
    assert "Kính gửi: Sở Lao động" in text
    assert "Xã vùng DTTS" in text


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_state_that_can_be_reached_makes_every_paper(
    data: st.DataObject, desk: PaperDesk, whole_plan: Plan
) -> None:
    rules = whole_plan.rules
    numbers = st.integers(0, 3000).map(str)
    facts = {}
    for name in data.draw(st.sets(st.sampled_from(sorted(rules.facts)), max_size=8)):
        fact = rules.facts[name]
        if fact.codes:
            facts[name] = data.draw(st.sampled_from(fact.codes))
        else:
            with contextlib.suppress(BadValueError):  # as the conversation refuses it
                facts[name] = dump_value(typed_value(fact, data.draw(numbers)))
    state = AwardState(
        subject=data.draw(st.sampled_from(["", *rules.subjects.subjects])),
        occasion=data.draw(st.sampled_from(["", *rules.subjects.occasions])),
        facts=facts,
        declined=tuple(data.draw(st.sets(st.sampled_from(sorted(rules.facts)), max_size=3))),
    )
    award, route = data.draw(st.sampled_from(AWARDS)), data.draw(st.sampled_from(["", "results"]))
    for kind in (RESULT, CHECKLIST, *FILES):
        request = desk.request_of(paper_action(kind, award, route))
        assert request is not None
        made = desk.paper(request, state, TODAY)
        if kind == RESULT and not (state.subject and state.occasion):
            assert made is None
        else:
            assert made is not None
            assert words_of(made.content)


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice or poppler is not installed",
)
def test_papers_print_on_few_pages_with_vietnamese_intact(desk: PaperDesk, tmp_path: Path) -> None:
    kinds = ["hs", *FILES]
    actions = ["giay:kq", *(f"giay:{kind}:bang_khen_thu_tuong:results" for kind in kinds)]
    papers = [paper(desk, action) for action in actions]
    for made in papers:
        (tmp_path / made.name).write_bytes(made.content)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={profile}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            *(str(tmp_path / made.name) for made in papers),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    for made in papers:
        printed = tmp_path / made.name.replace(".docx", ".pdf")
        done = subprocess.run(
            ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
        )
        assert 1 <= done.stdout.count("\f") <= 4, made.name
        text = " ".join(done.stdout.split())
        lines = Document(io.BytesIO(made.content)).paragraphs
        for words in (line.text.split()[:5] for line in lines if line.text.strip()):
            assert " ".join(words) in text, (made.name, words)
        if made.name.startswith("mau-"):
            # in one line each: neither runs over its cell
            assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
            assert "Độc lập - Tự do - Hạnh phúc" in text
    tall = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "ket-qua-xet-khen-thuong.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    right_edges = [float(part.split('"')[0]) for part in tall.split('xMax="')[1:]]
    assert max(right_edges) <= 595.3 - 50  # points: the right margin is 20 mm, nearly 57
