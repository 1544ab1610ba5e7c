"""Two plans in one conversation: each answer names its plan; what fits both says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.dialogue import Dialogue
from bot.plan_labels import plan_key
from bot.plan_router import PlanRouter
from bot.sessions import Session
from bot.turns import Message, Reply
from bot.wording import Wording
from indexer.build import build_index
from indexer.encoder import Encoder
from indexer.parse import parse_clauses
from indexer.search import Searcher
from knowledge.clauses import dump_clauses
from knowledge.new_plan import new_plan
from knowledge.plan import Plan, load_plan
from knowledge.plan_info import Period, Replacement, Standing

if TYPE_CHECKING:
    from tests.bot.conftest import Talk

OTHER = "mai_am"
TODAY = date(2026, 3, 1)
LONGEST_ACTION = 64  # bytes; Telegram takes no longer one
TINY_TEXT = """\
KẾ HOẠCH
Tổ chức phong trào thi đua “Mái ấm ven sông”

I. MỤC ĐÍCH
Phong trào nhằm sửa nhà cho hộ nghèo ven sông trước mùa mưa.

II. TIÊU CHUẨN
1. Giấy khen
- Xã sửa được từ 20 căn nhà trở lên.
- Cá nhân góp từ 30 ngày công.
2. Bằng khen
- Huyện sửa được từ 200 căn nhà trở lên.

III. HỒ SƠ
Hồ sơ gồm tờ trình và danh sách kèm theo. Số lượng: 02 bộ.

IV. TỔ CHỨC THỰC HIỆN
Sở Xây dựng hướng dẫn mẫu nhà chống lũ. Báo tỉnh đưa tin hằng tuần.
"""


@pytest.fixture(scope="session")
def other_plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A small invented plan, from the skeleton and a text of its own."""
    plans = tmp_path_factory.mktemp("plans")
    folder = new_plan(OTHER, plans)
    (folder / "plan.txt").write_text(TINY_TEXT, encoding="utf-8")
    (folder / "clauses.jsonl").write_text(dump_clauses(parse_clauses(TINY_TEXT)), "utf-8")
    (folder / "plan.yaml").write_text(
        f"id: {OTHER}\ntitle: Mái ấm ven sông\nshort_title: Mái ấm ven sông\nissuer: Tỉnh\n"
        "period: {first: 2024-01-01, last: 2026-12-31}\ncontact: Phòng Nội vụ\n"
        "called: [mái ấm, ven sông]\ntext: {file: plan.txt, sha256: "
        f"{hashlib.sha256(TINY_TEXT.encode()).hexdigest()}}}\n",
        encoding="utf-8",
    )
    return load_plan(OTHER, plans)


@pytest.fixture(scope="session")
def open_dialogue(
    whole_plan: Plan,
    other_plan: Plan,
    dialogue: Dialogue,
    encoder: Encoder,
    wording: Wording,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Plan], Dialogue]:
    index = tmp_path_factory.mktemp("index")
    build_index(other_plan, encoder, index)
    other = Dialogue(
        other_plan, Searcher.open(other_plan, encoder, index), wording, today=lambda: TODAY
    )
    return lambda plan: {whole_plan.id: dialogue, OTHER: other}[plan.id]


@pytest.fixture
def both(
    whole_plan: Plan,
    other_plan: Plan,
    open_dialogue: Callable[[Plan], Dialogue],
    wording: Wording,
    talk: Talk,
) -> Talk:
    router = PlanRouter([whole_plan, other_plan], open_dialogue, wording, today=lambda: TODAY)
    return type(talk)(router)  # type: ignore[arg-type]


def headings(reply: Reply) -> list[str]:
    return [block.text for block in reply.blocks if block.kind == "heading"]


def notices(reply: Reply) -> str:
    return " ".join(block.text for block in reply.blocks if block.kind == "notice")


@pytest.mark.parametrize(
    ("question", "name", "words"),
    [
        ("ai hướng dẫn mẫu nhà chống lũ", "Mái ấm ven sông (2024-2026)", "mẫu nhà chống lũ"),
        ("so ket phong trao vao thang may", "2021-2025", "tháng 7/2023"),
    ],
)
def test_an_answer_names_its_plan_and_period(
    both: Talk, question: str, name: str, words: str
) -> None:
    reply = both.say(question)
    assert reply.status == "answered"
    assert len(headings(reply)) == 1
    assert name in headings(reply)[0]
    assert words in reply.text
    assert all(citation.path[0] in headings(reply)[0] for citation in reply.citations)


def test_a_question_that_fits_two_plans_says_so_and_shows_both(both: Talk) -> None:
    reply = both.say("Hồ sơ gồm những giấy tờ nào?")
    assert reply.blocks[0].text.startswith("Có 2 kế hoạch")
    assert len(headings(reply)) == 2
    labels = [button.label for row in reply.buttons for button in row]
    assert any("Mái ấm" in label for label in labels)
    assert any("người nghèo" in label for label in labels)
    reply = both.press("Mái ấm")
    assert "Mái ấm ven sông (2024-2026)" in reply.text


def test_a_question_that_names_its_plan_goes_there_alone(both: Talk) -> None:
    reply = both.say("hồ sơ của phong trào mái ấm gồm những gì")
    assert headings(reply) == ["Mái ấm ven sông (2024-2026)"]


def test_what_no_plan_says_is_refused_in_the_name_of_all(both: Talk) -> None:
    reply = both.say("giá vàng hôm nay bao nhiêu vậy")
    assert reply.status == "not_in_plan"
    assert reply.citations == ()
    assert "Không kế hoạch nào" in reply.text


def test_a_chosen_plan_is_asked_alone_until_all_are_chosen_again(both: Talk) -> None:
    both.say("/kehoach")
    both.press("Mái ấm")
    refused = both.say("so ket phong trao vao thang may")
    assert refused.status != "answered"
    assert any(button.action.startswith("plan:") for row in refused.buttons for button in row)
    both.say("/huy")
    assert both.session.chosen_plan == OTHER
    both.say("/kehoach")
    both.press("Tất cả")
    assert both.session.chosen_plan == ""
    assert both.say("so ket phong trao vao thang may").status == "answered"


def test_the_award_conversation_stays_with_its_plan(both: Talk, whole_plan: Plan) -> None:
    reply = both.say("/dieukien")  # the other plan has no awards
    assert whole_plan.info.short_title in reply.text
    reply = both.press("Cá nhân")
    assert reply.status == "award"
    assert both.session.last_plan == whole_plan.id
    assert both.session.flow


def test_a_button_leads_to_its_own_plan_whatever_was_chosen_since(
    both: Talk, whole_plan: Plan
) -> None:
    first = both.say("so ket phong trao vao thang may")
    full = next(b for row in first.buttons for b in row if "nguyên văn" in b.label)
    both.act(f"plan:{plan_key(OTHER)}")
    reply = both.act(full.action)
    assert whole_plan.info.short_title in headings(reply)[0]
    assert reply.citations[0].clause in whole_plan.clauses


def test_every_button_fits_into_the_smallest_channel(whole_plan: Plan) -> None:
    head = f"@{plan_key(whole_plan.id)}:"
    longest = max(len(fact.encode()) for fact in whole_plan.rules.facts)
    assert len(head) + len("dk:0000:routes:") + longest <= LONGEST_ACTION
    clauses = max(len(clause.id.encode()) for clause in whole_plan.clauses)
    assert len(head) + len("clause:") + clauses <= LONGEST_ACTION


@pytest.mark.parametrize("action", ["plan:zzzzzz", "@zzzzzz:hoi", "@", "plan::dieukien", "x"])
def test_a_button_of_a_plan_that_is_gone_is_told_so(both: Talk, action: str) -> None:
    assert both.act(action).blocks


def test_a_session_of_a_plan_that_is_gone_asks_all_again(both: Talk) -> None:
    both.session = Session(chosen_plan="gone", last_plan="gone", last=("a",), flow="award")
    assert both.say("so ket phong trao vao thang may").status == "answered"


def test_a_plan_that_is_over_says_so_in_every_answer_and_one_in_force_does_not(
    both: Talk,
) -> None:
    assert "đã kết thúc" in notices(both.say("so ket phong trao vao thang may"))
    assert "đã kết thúc" in notices(both.say("mục đích của phong trào vì người nghèo là gì"))
    assert notices(both.say("ai hướng dẫn mẫu nhà chống lũ")) == ""


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (date(2023, 12, 31), Standing.NOT_BEGUN),
        (date(2024, 1, 1), Standing.IN_FORCE),
        (date(2026, 12, 31), Standing.IN_FORCE),
        (date(2027, 1, 1), Standing.OVER),
    ],
)
def test_the_period_counts_from_its_first_to_its_last_day(
    other_plan: Plan, today: date, standing: Standing
) -> None:
    assert other_plan.info.standing(today) is standing


def test_a_replaced_plan_is_replaced_from_that_day_on(other_plan: Plan) -> None:
    new = Replacement(title="Kế hoạch số 9/KH-UBND", holds_from=date(2026, 2, 1))
    info = other_plan.info.model_copy(update={"replaced_by": new})
    assert info.standing(date(2026, 1, 31)) is Standing.IN_FORCE
    assert info.standing(date(2026, 2, 1)) is Standing.REPLACED
    with pytest.raises(ValueError, match="before first"):
        Period(first=date(2026, 1, 1), last=date(2025, 1, 1))


def test_one_plan_alone_is_served_as_ever(dialogue: Dialogue) -> None:
    _, reply = dialogue.reply(Session(), Message(channel="t", chat="1", text="so ket thang may"))
    assert headings(reply) == []
    assert not any(b.action.startswith("@") for row in reply.buttons for b in row)
