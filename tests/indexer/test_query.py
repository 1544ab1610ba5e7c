"""Typed questions -> what is searched for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.normalize import strip_marks, tokenize
from indexer.query import LONGEST_TOKEN, MAX_TOKENS, QueryReader, chat_words
from indexer.restore import Restorer
from indexer.syllables import SyllableModel, count_syllables
from knowledge.plan import Vocabulary

SHORT_FORMS = [
    ("UBND", "ủy ban nhân dân"),
    ("TTg", "thủ tướng"),
    ("DTTS", "dân tộc thiểu số"),
    ("ĐBKK", "đặc biệt khó khăn"),
    ("LĐTBXH", "lao động thương binh và xã hội"),
    ("LĐ-TBXH", "lao động thương binh xã hội"),
    ("LĐTB&XH", "lao động thương binh và xã hội"),
    ("HĐTĐKT", "hội đồng thi đua khen thưởng"),
    ("MTTQ", "mặt trận tổ quốc"),
    ("NHCSXH", "ngân hàng chính sách xã hội"),
    ("bk", "bằng khen"),
    ("hs", "hồ sơ"),
]


@pytest.mark.parametrize(("short", "long"), SHORT_FORMS)
@pytest.mark.parametrize("typed_as", [str, str.upper, str.lower, strip_marks])
def test_short_form_is_written_out_however_it_is_typed(
    reader: QueryReader, short: str, long: str, typed_as: type[str]
) -> None:
    assert long in reader.read(f"{typed_as(short)} xã").text
    assert long in reader.read(unicodedata.normalize("NFD", f"hỏi {typed_as(short)}")).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hs gồm j", "hồ sơ gồm gì"),
        ("nộp ở đâu z", "nộp ở đâu vậy"),
        ("hộ nghèo có đc khen ko", "hộ nghèo có được khen không"),
        ("HS CẦN NHỮNG J", "hồ sơ cần những gì"),
        ("ad ơi hồ sơ mấy bộ", "ơi hồ sơ mấy bộ"),
        ("kh của tỉnh", "kế hoạch của tỉnh"),  # the plan's own short form goes first
    ],
)
def test_chat_spelling_is_read_as_it_is_meant(reader: QueryReader, typed: str, meant: str) -> None:
    assert reader.read(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ho so gom nhung gi", "hồ sơ gồm những gì"),
        ("so lao dong thuong binh va xa hoi", "sở lao động thương binh và xã hội"),
        ("xa dac biet kho khan", "xã đặc biệt khó khăn"),
        ("ho ngheo, ho can ngheo", "hộ nghèo hộ cận nghèo"),
        ("Bằng khen cua Thu tuong Chinh phu", "bằng khen của thủ tướng chính phủ"),
    ],
)
def test_missing_marks_are_put_back(reader: QueryReader, typed: str, meant: str) -> None:
    assert reader.read(typed).text == meant


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("sơ kết giữa kỳ", "sơ kết"),
        ("nha bang co duoc khen khong", "ngân hàng"),
        ("mạnh thường quân ủng hộ tiền", "đóng góp kinh phí"),
        ("giảm phân nửa hộ nghèo", "50%"),
    ],
)
def test_plans_own_words_are_added_to_the_question(
    reader: QueryReader, typed: str, added: str
) -> None:
    query = reader.read(typed)
    assert set(tokenize(added)) <= set(query.added)
    assert query.full_text == f"{query.text} {' '.join(query.added)}"


def test_added_words_stand_once_and_only_where_they_are_called_for(reader: QueryReader) -> None:
    query = reader.read("công ty, xí nghiệp")
    assert len(query.added) == len(set(query.added))
    assert reader.read("hồ sơ gồm gì").added == ()


def test_long_question_keeps_its_start_and_its_end(reader: QueryReader) -> None:
    middle = "thưa anh chị tôi xin kể " * 500
    query = reader.read(f"hồ sơ bằng khen {middle} gửi về đâu")
    assert len(query.tokens) <= MAX_TOKENS + 10
    assert query.text.startswith("hồ sơ bằng khen")
    assert query.text.endswith("gửi về đâu")


def test_endless_word_is_cut(reader: QueryReader) -> None:
    query = reader.read(f"hồ sơ {'ăâ' * 5_000} mấy bộ")
    assert [len(token) for token in query.tokens] == [2, 2, LONGEST_TOKEN, 3, 2]
    lengths = [len(token) for token in tokenize("hồ sơ Huân chương Lao động hạng Ba 666/QĐ-TTg")]
    assert max(lengths) < LONGEST_TOKEN


@pytest.mark.parametrize("typed", ["", "   ", "?!…", "😀😀", "\u200b", "\x00", "***", "“”"])
def test_text_without_letters_or_figures_is_an_empty_question(
    reader: QueryReader, typed: str
) -> None:
    assert reader.read(typed).tokens == ()


def test_passages_are_written_out_by_the_plans_words_not_by_chat_words() -> None:
    vocabulary = Vocabulary(abbreviations={"ubnd": "ủy ban nhân dân"}, also_called={})
    reader = QueryReader(vocabulary, Restorer(SyllableModel({}, {})))
    assert reader.expand("UBND tỉnh, khoản k") == "ủy ban nhân dân tỉnh khoản k"


def test_marked_short_form_wins_over_one_that_reads_the_same_without_marks() -> None:
    vocabulary = Vocabulary(abbreviations={"đk": "điều kiện", "dk": "đăng ký"}, also_called={})
    reader = QueryReader(vocabulary, Restorer(count_syllables(["điều kiện đăng ký"])))
    assert reader.read("đk").text == "điều kiện"
    assert reader.read("dk").text == "đăng ký"


def test_chat_words_lead_to_words_or_stand_for_themselves() -> None:
    known = chat_words()
    shortened = {form for form, meant in known.items() if meant != form}
    for form, meant in known.items():
        assert form == form.lower()
        assert meant == form or not set(meant.split()) & shortened, form


@given(st.text(max_size=300))
def test_any_text_is_read(reader: QueryReader, text: str) -> None:
    query = reader.read(text)
    assert all(token.strip() == token and token for token in query.tokens)
    assert query == reader.read(text)
