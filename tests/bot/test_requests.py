"""What kind of thing a message asks for."""

from __future__ import annotations

import pytest

from bot.requests import DossierRequest, award_word, dossier_request, is_go_on, small_talk
from indexer.search import Searcher
from knowledge.plan import Plan


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chào em", "greeting"),
        ("Xin chào ạ!", "greeting"),
        ("alo", "greeting"),
        ("cảm ơn em nhiều nha", "thanks"),
        ("cam on anh", "thanks"),
        ("bye", "goodbye"),
        ("chào em, hồ sơ nộp mấy bộ", None),
        ("lời chào của Chủ tịch tỉnh ghi ở đâu", None),
        ("cảm ơn, cho hỏi thêm tổng kết tháng mấy", None),
    ],
)
def test_only_a_message_that_is_nothing_else_is_small_talk(
    searcher: Searcher, text: str, kind: str | None
) -> None:
    assert small_talk(searcher.read(text).tokens) == kind


@pytest.mark.parametrize(
    ("text", "award", "route"),
    [
        ("hồ sơ Huân chương gồm gì, mấy bộ, gửi đâu", "huan_chuong_lao_dong_hang_ba", None),
        ("ho so bk ttg gom nhung gi, nop o dau", "bang_khen_thu_tuong", None),
        ("hồ sơ bằng khen chủ tịch tỉnh", "bang_khen_tinh", None),
        ("hồ sơ giấy khen", "giay_khen", None),
        ("hồ sơ đóng góp gồm những gì, gửi cho ai", None, "contribution"),
        ("hồ sơ", None, None),
    ],
)
def test_a_dossier_is_asked_for_by_several_things_at_once_or_by_its_name(
    searcher: Searcher, whole_plan: Plan, text: str, award: str | None, route: str | None
) -> None:
    request = dossier_request(searcher.read(text).tokens, whole_plan.dossiers)
    assert request == DossierRequest(award, route)


@pytest.mark.parametrize(
    "text",
    [
        "bk ttg nop may bo hs",
        "tờ trình có phải kèm danh sách không",
        "huân chương dành cho ai",
        "tổng kết tháng mấy",
        "hồ sơ hộ nghèo để vay vốn ngân hàng năm nay làm ở xã nào vậy anh chị",
    ],
)
def test_a_question_for_one_fact_is_no_request_for_a_checklist(
    searcher: Searcher, whole_plan: Plan, text: str
) -> None:
    assert dossier_request(searcher.read(text).tokens, whole_plan.dossiers) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("không biết", "unknown"),
        ("Ko biet.", "unknown"),
        ("quay lai", "back"),
        ("Làm lại", "restart"),
        ("huỷ", "cancel"),
        ("hủy", "cancel"),
        ("kết quả", "result"),
        ("sửa", "change"),
        ("55%", None),
        ("không", None),
    ],
)
def test_words_that_steer_the_award_questions_are_known(text: str, word: str | None) -> None:
    assert award_word(text) == word


@pytest.mark.parametrize(("text", "agrees"), [("đúng rồi ạ", True), ("ok", True), ("sai", False)])
def test_agreement_is_told_from_other_answers(text: str, agrees: bool) -> None:
    assert is_go_on(text) is agrees
