"""What a question names."""

import pytest

from indexer.named import NameReader
from indexer.normalize import tokenize
from indexer.search import Searcher
from knowledge.plan import Plan


@pytest.fixture(scope="module")
def names(whole_plan: Plan) -> NameReader:
    return NameReader(whole_plan)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("bằng khen của Thủ tướng dịp tổng kết", {"award:bang_khen_thu_tuong", "occasion:final"}),
        ("sơ kết giữa kỳ cho xã", {"occasion:midterm", "subject:commune"}),
        ("giấy khen được bao nhiêu tiền", {"award:giay_khen", "asks:money"}),
        ("cho xin số điện thoại", {"asks:contact"}),
        ("huân chương hạng nhất", {"award:huan_chuong_lao_dong_hang_ba", "elsewhere:award"}),
        ("bên Cà Mau thế nào", {"elsewhere:place"}),
        ("Quyết định số 666/QĐ-TTg nói gì", {"paper:known"}),
        ("Nghị định 98/2023/NĐ-CP nói gì", {"elsewhere:paper"}),
        ("kế hoạch năm 2027", {"elsewhere:year"}),
        ("kế hoạch năm 2025", set()),
        ("ở Kiên Giang", set()),  # the plan's own place is not elsewhere
        ("", set()),
    ],
)
def test_names_are_found_by_their_words(names: NameReader, question: str, found: set[str]) -> None:
    assert set(names.read(question, tokenize(question))) == found


def test_words_without_marks_name_the_same(names: NameReader) -> None:
    assert names.read("bang khen thu tuong", tokenize("bang khen thu tuong")) == (
        "award:bang_khen_thu_tuong",
    )


def test_longer_name_hides_the_shorter_one_in_it(names: NameReader) -> None:
    found = names.read("xã dtts", ("xã", "vùng", "đồng", "bào", "dân", "tộc", "thiểu", "số"))
    assert "subject:ethnic_commune" in found
    assert "subject:commune" not in found


def test_reader_of_the_index_names_what_was_restored(searcher: Searcher) -> None:
    assert "award:bang_khen_thu_tuong" in searcher.read("bk ttg").named
