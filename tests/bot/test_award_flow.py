"""The award conversation: only questions that matter, nothing guessed, everything changeable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.award.state import AwardState, state_of
from bot.turns import Reply
from knowledge.assessment import Verdict, assess
from knowledge.questions import open_facts

if TYPE_CHECKING:
    from tests.bot.conftest import Talk


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def state(talk: Talk) -> AwardState:
    found = state_of(talk.session)
    assert found is not None
    return found


def begin(talk: Talk, subject: str, occasion: str) -> Reply:
    talk.say("/dieukien")
    talk.say(subject)
    return talk.say(occasion)


def test_subject_and_occasion_come_first_then_only_facts_that_can_change_a_verdict(
    talk: Talk,
) -> None:
    begin(talk, "xã dtts", "tổng kết")
    rules = talk.dialogue._plan.rules
    answers = {"yes_no": "có", "yes_no_pending": "đang chờ", "choice": "không biết"}
    for _ in range(40):
        now = state(talk)
        if now.asking == "done":
            break
        wanted = open_facts(rules, now.unit(rules.facts), now.declined)
        assert now.asking in wanted
        fact = rules.facts[now.asking]
        talk.say(answers.get(fact.kind.value, fact.example.split(" ")[0]))
    assert state(talk).asking == "done"


def test_everything_unknown_ends_in_undecided_and_never_in_a_grant(talk: Talk) -> None:
    begin(talk, "xã, phường, thị trấn", "sơ kết")
    for _ in range(40):
        if state(talk).asking == "done":
            break
        reply = talk.say("không biết")
    rules = talk.dialogue._plan.rules
    verdicts = {a.verdict for a in assess(rules, state(talk).unit(rules.facts))}
    assert Verdict.MET not in verdicts
    assert state(talk).facts == {}
    assert "Chưa kết luận được" in reply.text


@pytest.mark.parametrize("nonsense", ["abc", "😀", "khoảng năm mươi", "hơn 50", "-", "NaN", "1e9"])
def test_nonsense_is_asked_again_with_an_example_and_never_becomes_a_figure(
    talk: Talk, nonsense: str
) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    asked = state(talk).asking
    reply = talk.say(nonsense)
    assert state(talk).asking == asked
    assert asked not in state(talk).facts
    assert "ví dụ" in reply.text.lower()
    assert reply.expects_figure


def test_a_figure_that_cannot_be_is_asked_again_with_what_is_allowed(talk: Talk) -> None:
    begin(talk, "xã, phường, thị trấn", "sơ kết")
    talk.say("có")
    while state(talk).asking != "household_fall_pct":
        talk.say("không biết")
    reply = talk.say("101")
    assert state(talk).asking == "household_fall_pct"
    assert "household_fall_pct" not in state(talk).facts
    assert reply.blocks[0].text.startswith("“101” nằm ngoài mức")
    assert "không quá 100" in reply.blocks[0].text
    assert "không rõ" not in reply.text


def test_an_earlier_answer_can_be_taken_back_and_changed(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    asked = state(talk).asking
    talk.say("105")
    talk.say("quay lại")
    assert state(talk).asking == asked
    assert asked not in state(talk).facts
    talk.say("112")
    assert state(talk).facts[asked] == "112"
    talk.say("kết quả")
    talk.say("sửa")
    talk.press("112")
    talk.say("99")
    assert state(talk).facts[asked] == "99"


def test_the_result_names_the_highest_award_first_and_who_decides(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    talk.say("112")
    reply = talk.say("kết quả")
    headings = [block.text for block in reply.blocks if block.kind == "heading"]
    assert "Bằng khen của Chủ tịch UBND tỉnh: Đủ căn cứ để đề nghị xét tặng" in headings[1]
    assert "Giấy khen: Đủ căn cứ để đề nghị xét tặng" in headings[2]
    assert "Một thành tích không khen hai lần" in reply.text
    assert "Hội đồng Thi đua - Khen thưởng tỉnh quyết định" in reply.text
    assert "đã kết thúc" in reply.text
    assert not re.search(r"\bsẽ được (khen|tặng)", reply.text)


def test_quotes_routes_and_the_dossier_stand_behind_buttons(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    talk.say("104")
    reply = talk.say("kết quả")
    plan = talk.dialogue._plan
    grounds = talk.press("Căn cứ: Bằng khen của Chủ tịch")
    quotes = [block.text for block in grounds.blocks if block.kind == "quote"]
    assert any("vượt từ 10%" in quote for quote in quotes)
    assert all(" ".join(q.split()) in plan.flat_text for q in quotes)
    ways = talk.act(next(b.action for r in reply.buttons for b in r if "Cần đạt gì" in b.label))
    assert "110%" in ways.text
    talk.press("Xem kết quả")
    assert talk.press("Hồ sơ").status == "dossier"


def test_a_button_of_an_earlier_question_writes_nothing(talk: Talk) -> None:
    old = begin(talk, "huyện", "tổng kết")
    yes = old.buttons[0][0].action
    talk.act(yes)
    before = state(talk)
    reply = talk.act(yes)
    assert state(talk).facts == before.facts
    assert state(talk).asking == before.asking
    assert "câu hỏi trước" in reply.text


def test_a_button_of_an_earlier_conversation_writes_nothing(talk: Talk) -> None:
    old = begin(talk, "huyện", "tổng kết")
    yes = old.buttons[0][0].action
    talk.say("/dieukien")
    before = talk.session
    reply = talk.act(yes)
    assert talk.session == before
    assert reply.status == "menu"


def test_a_question_amid_the_figures_is_answered_and_the_figure_asked_again(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    asked = state(talk).asking
    reply = talk.say("hồ sơ huân chương nộp mấy bộ vậy em")
    assert "03 bộ" in reply.text
    assert state(talk).asking == asked
    assert talk.dialogue._plan.rules.facts[asked].question in reply.text


def test_stopping_forgets_the_figures(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("/huy")
    assert state_of(talk.session) is None
    assert talk.session.data == {}


def test_a_sentence_with_figures_fills_them_in_and_asks_for_confirmation(talk: Talk) -> None:
    reply = talk.say(
        "xã em là xã DTTS, tổng kết, 5 ấp ĐBKK đầu kỳ, 3 ấp được công nhận thoát, được gì?"
    )
    assert "Trợ lý hiểu như sau" in reply.text
    now = state(talk)
    assert (now.subject, now.occasion, now.asking) == ("ethnic_commune", "final", "confirm")
    assert now.facts["extreme_hamlets_start"] == "5"
    assert now.facts["extreme_hamlets_exited"] == "3"
    talk.say("đúng rồi")
    assert state(talk).asking not in ("subject", "occasion", "extreme_hamlets_start")


def test_a_household_gets_its_checklist_in_plain_words(talk: Talk) -> None:
    begin(talk, "hộ nghèo", "hằng năm")
    reply = talk.say("kết quả")
    assert "sổ vay vốn" in reply.text
    assert "đơn đăng ký thoát nghèo" in reply.text
    assert "Hội đồng" in reply.text


def test_without_subject_or_occasion_there_is_no_verdict(talk: Talk) -> None:
    talk.say("/dieukien")
    reply = talk.say("không biết")
    assert "Mỗi đối tượng, mỗi dịp" in reply.text
    assert "Tập thể" in labels(reply)


def test_a_figure_that_was_heard_but_is_not_sure_is_offered_as_a_button(talk: Talk) -> None:
    talk.say("xã em tổng kết giảm 55% hộ nghèo so với đầu kỳ thì được khen gì")
    assert state(talk).facts == {}
    reply = talk.say("đúng")
    assert state(talk).asking == "household_fall_pct"
    assert "55%" in labels(reply)
    talk.press("55%")
    assert state(talk).facts["household_fall_pct"] == "55"


def test_a_made_up_button_value_is_never_taken_for_a_figure(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    now = state(talk)
    for value in ("999", "abc", "", "1e9"):
        talk.act(f"dk:{now.id}:{now.asking}:{value}")
        assert state(talk).facts == now.facts


def test_common_standards_are_asked_in_the_plans_words(talk: Talk) -> None:
    reply = begin(talk, "tập thể", "hằng năm")
    assert state(talk).asking == "common_standards"
    bullets = [bullet.text for bullet in talk.dialogue._plan.clauses["IV.3.1"].bullets]
    shown = [block.text for block in reply.blocks if block.kind == "item"]
    assert len(shown) == len(bullets)
    assert all(bullet.startswith(text) for text, bullet in zip(shown, bullets, strict=True))


def test_a_household_is_asked_about_itself_and_not_about_an_office(talk: Talk) -> None:
    begin(talk, "hộ nghèo", "hằng năm")
    asked = talk.say("có")
    assert state(talk).asking == "unit_target_pct"
    assert "Hộ đã làm được bao nhiêu phần trăm" in asked.text
    assert "Đơn vị" not in asked.text
    talk.say("hộ đã làm được 100%")
    assert state(talk).facts["unit_target_pct"] == "100"


def test_a_commune_is_told_in_one_sentence_that_the_order_is_not_for_it(talk: Talk) -> None:
    begin(talk, "xã", "tổng kết")
    reply = talk.say("kết quả")
    order = reply.text.partition("Huân chương Lao động hạng Ba")[2].partition("Bằng khen")[0]
    assert "chỉ được xét hình thức này theo ý về đóng góp" in order
    assert "Giá trị đóng góp" not in order


def test_what_was_not_asked_but_would_change_the_verdict_can_be_added(talk: Talk) -> None:
    begin(talk, "xã", "hằng năm")
    talk.say("có")
    talk.say("110")
    assert state(talk).asking == "done"
    assert "Đủ căn cứ" in talk.last.text
    assert "Chưa nhập, nếu có thì kết luận có thể khác" in talk.last.text
    talk.press("Nhập thêm")
    talk.press("thoát nghèo bền vững")
    assert state(talk).asking == "sustainable_exit_pct"
    reply = talk.say("99")
    assert state(talk).asking == "done"
    assert "Đủ căn cứ" not in reply.text
    assert "Tỷ lệ hoàn thành kế hoạch hộ thoát nghèo bền vững: 99%, chưa đạt" in reply.text


def test_what_waits_for_a_decision_is_not_called_missing(talk: Talk) -> None:
    begin(talk, "ấp dtts", "hằng năm")
    talk.say("có")
    for _ in range(10):
        fact = state(talk).asking
        if fact == "done":
            break
        talk.say("đang chờ" if fact == "left_extreme_difficulty" else "10")
    assert "Còn chờ quyết định, xác nhận: Được công nhận thoát khỏi địa bàn" in talk.last.text
    assert "Còn thiếu để kết luận" not in talk.last.text
    (drawn,) = (v for v in talk.last.verdicts if v.verdict is Verdict.UNDECIDED)
    assert drawn.awaiting == ("Được công nhận thoát khỏi địa bàn đặc biệt khó khăn",)
    assert drawn.missing == ()


def test_each_dossier_button_names_its_award(talk: Talk) -> None:
    begin(talk, "tập thể", "hằng năm")
    talk.say("có")
    reply = talk.say("112")
    dossiers = [label for label in labels(reply) if "Hồ sơ" in label]
    assert dossiers == ["📁 Hồ sơ: Bằng khen của Chủ tịch UBND tỉnh", "📁 Hồ sơ: Giấy khen"]


def test_more_recognised_than_there_were_is_asked_again_whichever_comes_first(talk: Talk) -> None:
    begin(talk, "xã dtts", "tổng kết")
    start, exited = "extreme_hamlets_start", "extreme_hamlets_exited"
    talk.act(f"dk:{state(talk).id}:edit:{start}")
    talk.say("5")
    talk.act(f"dk:{state(talk).id}:edit:{exited}")
    reply = talk.say("101")
    assert "“101”" in reply.blocks[0].text
    assert "nhiều nhất 5" in reply.blocks[0].text
    assert state(talk).asking == exited
    assert exited not in state(talk).facts
    talk.say("3")
    assert state(talk).facts[exited] == "3"
    talk.act(f"dk:{state(talk).id}:edit:{start}")
    assert "ít nhất 3" in talk.say("2").blocks[0].text
    assert state(talk).facts[start] == "5"


def test_figures_heard_but_not_sure_are_shown_before_they_are_asked(talk: Talk) -> None:
    reply = talk.say(
        "xã em là xã DTTS, tổng kết, giảm được 55% hộ nghèo so với đầu kỳ, 3/5 ấp thoát ĐBKK, "
        "thì được gì?"
    )
    notice = next(b.text for b in reply.blocks if b.kind == "notice" and "hỏi lại" in b.text)
    assert "55%" in notice
    assert "3 ấp" in notice
