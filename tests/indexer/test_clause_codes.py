"""Clauses that a question names by their numbers."""

from pathlib import Path

import pytest

from indexer.clause_codes import CodeReader, NamedClause
from indexer.normalize import tokenize
from indexer.parse import parse_clauses
from indexer.search import Searcher
from knowledge.clauses import ClauseTree
from knowledge.plan import Plan

ARTICLES = """\
QUY CHẾ

Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy chế này áp dụng cho các ấp.
2. Quy chế này không áp dụng cho phường.
Điều 2. Đối tượng
Hộ gia đình.
Chương II
TỔ CHỨC THỰC HIỆN
Điều 3. Hiệu lực
Quy chế có hiệu lực từ ngày ký.
"""


@pytest.fixture(scope="module")
def codes(whole_plan: Plan) -> CodeReader:
    return CodeReader(whole_plan.clauses)


def read(codes: CodeReader, question: str) -> NamedClause | None:
    return codes.read(question, tokenize(question))


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("mục III.3 nói gì", ["III.3"]),
        ("MỤC V.2", ["V.2"]),
        ("muc iv.2.b ghi gi", ["IV.2.b"]),
        ("3.2.a là gì", ["IV.3.2.a"]),
        ("điểm đ khoản 3.2 mục IV quy định gì", ["IV.3.2.đ"]),
        ("diem d khoan 3.2 muc iv", ["IV.3.2.d"]),
        ("mục IV khoản 2 điểm b", ["IV.2.b"]),
        ("cho em xem phần V", ["V"]),
        ("2.a nói gì vậy", ["IV.2.a"]),
        ("nội dung thi đua thứ ba là gì", ["III.3"]),
        ("nội dung thi đua số 5", ["III.5"]),
        ("khoản 3.2 nói gì", ["IV.3.2", "V.3.2"]),
        ("Điều 5 nói gì", []),
        ("mục IX", []),
        ("nội dung thi đua thứ 9", []),
    ],
)
def test_a_question_for_a_number_is_one_for_that_clause(
    codes: CodeReader, question: str, clauses: list[str]
) -> None:
    assert read(codes, question) == NamedClause(tuple(clauses), is_alone=True)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("theo mục V.2 thì bằng khen tỉnh nộp mấy bộ", "V.2"),
        ("nội dung thi đua thứ 2 có nhắc di dời dân không", "III.2"),
    ],
)
def test_a_question_may_ask_for_more_than_the_clause_it_names(
    codes: CodeReader, question: str, clause: str
) -> None:
    assert read(codes, question) == NamedClause((clause,), is_alone=False)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "giảm 0.2% mỗi năm",
        "ngày 2.9 nộp hồ sơ được không",
        "hồ sơ gồm tờ trình v.v",
        "tháng cao điểm vì người nghèo",
        "thang cao diem vi nguoi ngheo",
        "nội dung thi đua năm 2023",
        "điều 5 luật thi đua khen thưởng nói gì",
        "mục tiêu 2025 là gì",
        "giảm 1.234 hộ",
        "a.b",
    ],
)
def test_other_figures_and_letters_name_no_clause(codes: CodeReader, question: str) -> None:
    assert read(codes, question) is None


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("điều 2 nói gì", ["Đ2"]),
        ("khoản 2 điều 1", ["Đ1.2"]),
        ("chương II gồm những gì", ["CII"]),
        ("điều 9", []),
    ],
)
def test_articles_and_chapters_are_named_likewise(question: str, clauses: list[str]) -> None:
    codes = CodeReader(ClauseTree(parse_clauses(ARTICLES, {})))
    assert read(codes, question) == NamedClause(tuple(clauses), is_alone=True)


def test_the_named_clause_comes_first(searcher: Searcher) -> None:
    for question in ("theo mục V.2 thì sao", "nd thi dua thu 2 co ns di doi dan k"):
        result = searcher.search(question)
        assert result.query.code is not None
        assert result.hits[0].clause == result.query.code.clauses[0]
        assert result.outcome == "answer"


def test_a_number_that_the_plan_lacks_is_refused(searcher: Searcher) -> None:
    assert searcher.search("Điều 5 nói gì").outcome == "refuse"


def test_numbers_are_found_without_examples(tiny_plan: Plan, tmp_path: Path) -> None:
    (tiny_plan.folder / "example_questions.tsv").unlink()
    searcher = Searcher.open(tiny_plan, None, tmp_path / "index")
    assert searcher.search("muc II.2 ghi gi").hits[0].clause == "II.2"
