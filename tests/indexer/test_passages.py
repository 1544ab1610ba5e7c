"""Clauses -> passages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import HIDDEN_CLAUSES, Passage, cut, passages_of, split_sentences
from knowledge.plan import Plan

SENTENCES = [
    ("Một câu.", ["Một câu."]),
    ("Một câu. Hai câu.", ["Một câu.", "Hai câu."]),
    ("Hỏi gì? “Vâng”, họ đáp!", ["Hỏi gì?", "“Vâng”, họ đáp!"]),
    ("Đáp “Vâng.” Hết.", ["Đáp “Vâng.” Hết."]),
    (
        "Xong. Đến năm 2025. Ủy ban họp. Ấp nghe.",
        ["Xong.", "Đến năm 2025.", "Ủy ban họp.", "Ấp nghe."],
    ),
    ("Theo TT. số 3, tr. đầu.", ["Theo TT. số 3, tr. đầu."]),
    ("Ngày 02/6/2022 tăng 0.2% so với 1.000 hộ.", ["Ngày 02/6/2022 tăng 0.2% so với 1.000 hộ."]),
    ("Số lượng: 03 bộ. (Bản chính)", ["Số lượng: 03 bộ.", "(Bản chính)"]),
    ("Một câu.\nÝ khác.", ["Một câu.", "Ý khác."]),
    ("", []),
    ("   ", []),
]


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_sentences_end_where_another_begins(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_parts_end_at_semicolons() -> None:
    assert cut("xã; ấp;phường") == ["xã;", "ấp;phường"]
    passage = Passage("I", 1, "Xã; ấp. Huyện; tỉnh.", "Xã; ấp. Huyện; tỉnh.", "")
    assert passage.parts == ["Xã;", "ấp.", "Huyện;", "tỉnh."]


@given(st.text(st.sampled_from("ab AĐ.;!?\n“”")))
def test_cutting_loses_nothing_but_white_space(text: str) -> None:
    parts = [part for sentence in split_sentences(text) for part in cut(sentence)]
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_every_bullet_of_every_clause_is_a_passage(
    whole_plan: Plan, passages: list[Passage]
) -> None:
    found = {(passage.clause, passage.bullet) for passage in passages}
    for clause in whole_plan.clauses:
        for bullet in clause.bullets:
            assert ((clause.id, bullet.number) in found) == (clause.id not in HIDDEN_CLAUSES)


def test_passages_are_verbatim_and_in_the_order_of_the_text(
    whole_plan: Plan, passages: list[Passage]
) -> None:
    for passage in passages:
        assert passage.text in whole_plan.clauses[passage.clause].text
        assert passage.parts
    order = [clause.id for clause in whole_plan.clauses]
    places = [order.index(passage.clause) for passage in passages]
    assert places == sorted(places)


def test_printing_errors_are_mended_for_search_alone(
    whole_plan: Plan, passages: list[Passage]
) -> None:
    for correction in whole_plan.corrections.corrections:
        hit = [passage for passage in passages if correction.printed in passage.text]
        assert hit
        assert all(correction.meant in passage.search_text for passage in hit)
        assert not any(correction.printed in passage.search_text for passage in passages)


def test_context_tells_where_a_bullet_stands(tiny_plan: Plan) -> None:
    by_place = {(p.clause, p.bullet): p for p in passages_of(tiny_plan)}
    assert by_place["II.1", 2].context == "II. TIÊU CHUẨN. 1. Giấy khen"
    assert by_place["II.1", 2].text == "Cá nhân góp từ 30 ngày công."
    assert not any(clause in HIDDEN_CLAUSES for clause, _ in by_place)
    assert ("II", None) not in by_place


def test_heading_or_lead_in_that_says_something_is_a_passage_of_its_own(
    whole_plan: Plan, passages: list[Passage]
) -> None:
    openings = [passage for passage in passages if passage.bullet is None]
    assert openings
    for passage in openings:
        clause = whole_plan.clauses[passage.clause]
        assert passage.text in (clause.heading, clause.lead_in)
        assert passage.text not in passage.context
