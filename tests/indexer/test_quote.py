"""Which words of a clause are quoted."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import Passage, passages_of
from indexer.quote import CLEAR_LEAD, LONG_PASSAGE, LONGEST_LIST, NEAR_TIE, QuotePicker
from indexer.quote import asks_for_list as wants_list
from indexer.search import Searcher
from knowledge.plan import Plan, load_plan

HEADING = "Trường hợp nào được đề nghị tặng Giấy khen của xã"
LONG = "Câu đầu nói về nhà. " + "Câu giữa kể lể rất dài dòng. " * 20 + "Câu cuối nói về tiền."


def passage(bullet: int | None, text: str, clause: str = "I") -> Passage:
    return Passage(clause, bullet, text, text, "")


LIST = [passage(None, HEADING), passage(1, "Xã đạt."), passage(2, "Ấp đạt; ấp vượt.")]


def quoted(passages: list[Passage], scores: list[float], whole: bool = False) -> list[str]:
    picker = QuotePicker(passages)
    return [q.text for q in picker.pick("I", np.array(scores, np.float32), whole)]


def test_best_bullet_is_quoted() -> None:
    assert quoted(LIST, [0, 3, 0, 0]) == ["Xã đạt."]
    assert quoted(LIST, [0, 0, 0, 3]) == ["Ấp đạt; ấp vượt."]


def test_near_tie_quotes_both() -> None:
    assert quoted(LIST, [0, 3, 3 - NEAR_TIE / 2, 0]) == ["Xã đạt.", "Ấp đạt; ấp vượt."]


def test_two_parts_of_one_sentence_are_one_quote() -> None:
    assert quoted(LIST, [0, 0, 3, 3]) == ["Ấp đạt; ấp vượt."]


def test_heading_that_answers_brings_its_list_along() -> None:
    assert quoted(LIST, [9, 0, 0, 0]) == [HEADING, "Xã đạt.", "Ấp đạt; ấp vượt."]


def test_heading_wins_by_a_clear_margin_only() -> None:
    assert quoted(LIST, [1, 0.9, -3, -3]) == ["Xã đạt."]


def test_question_for_all_gets_the_whole_list_unless_one_bullet_is_far_ahead() -> None:
    assert quoted(LIST, [0, 3, 1, 1], whole=True) == ["Xã đạt.", "Ấp đạt; ấp vượt."]
    assert quoted(LIST, [0, CLEAR_LEAD + 1, 0, 0], whole=True) == ["Xã đạt."]


def test_list_too_long_to_quote_gives_its_best_bullet() -> None:
    many = [passage(n, f"Việc số {n}.") for n in range(1, LONGEST_LIST + 2)]
    assert quoted(many, [3.0, *[0.0] * LONGEST_LIST], whole=True) == ["Việc số 1."]


def test_long_paragraph_gives_its_best_sentence() -> None:
    assert len(LONG) > LONG_PASSAGE
    scores = [0.0] * 21 + [3.0]
    assert quoted([passage(1, LONG)], scores) == ["Câu cuối nói về tiền."]


def test_clause_of_one_sentence_quotes_it() -> None:
    assert quoted([passage(1, "Một câu.")], [0.0]) == ["Một câu."]


@given(st.lists(st.floats(-5, 5, width=32), min_size=4, max_size=4), st.booleans())
def test_quotes_are_distinct_and_verbatim(scores: list[float], whole: bool) -> None:
    found = quoted(LIST, scores, whole)
    assert found
    assert len(set(found)) == len(found)
    assert set(found) <= {p.text for p in LIST}


def test_every_part_that_search_scores_leads_to_a_quote(passages: list[Passage]) -> None:
    picker = QuotePicker(passages)
    assert sum(len(p.parts) for p in passages) == len(picker._parts)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("kèm theo. Số lượng", "kèm theo; số lượng"),
        ("kèm theo. Số lượng", "kèm theo, số lượng"),
        ("tờ trình và danh sách", "tờ trình. Và danh sách"),
        ("chống lũ. Báo", "chống lũ: báo"),
    ],
)
def test_mended_sentence_ends_leave_quotes_verbatim(
    tiny_plans: Path, tmp_path: Path, printed: str, meant: str
) -> None:
    (tiny_plans / "mai_am" / "corrections.yaml").write_text(
        f"corrections:\n- {{printed: {printed!r}, meant: {meant!r}}}\n", encoding="utf-8"
    )
    plan = load_plan("mai_am", tiny_plans)
    searcher = Searcher.open(plan, None, tmp_path / "index")
    for question in ("hồ sơ mấy bộ", "báo tỉnh đưa tin khi nào", "mẫu nhà chống lũ"):
        for hit in searcher.search(question, 5).hits:
            for quote in hit.quotes:
                assert quote.text in plan.clauses[quote.clause].text


def test_quotes_belong_to_their_clause(tiny_plan: Plan) -> None:
    passages = passages_of(tiny_plan)
    picker = QuotePicker(passages)
    scores = np.zeros(sum(len(p.parts) for p in passages), np.float32)
    for clause in {p.clause for p in passages}:
        assert {quote.clause for quote in picker.pick(clause, scores, True)} == {clause}


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("hồ sơ gồm những gì", True),
        ("kể hết các tiêu chuẩn", True),
        ("những ai được khen", True),
        ("hồ sơ mấy bộ", False),
        ("ai ký quyết định", False),
        ("", False),
    ],
)
def test_questions_for_a_whole_list_are_told_from_others(question: str, whole: bool) -> None:
    assert wants_list(question.split()) is whole
