"""Text -> comparable tokens."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.normalize import has_marks, strip_marks, to_nfc, tokenize

# Letters, marks and signs that Vietnamese texts are made of, composed and decomposed.
VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệỗộờợửữựỳỷỹỵAĂÂĐÊÔƠƯ0123456789 .,;%/-&"
    "\u0300\u0301\u0309\u0323"
)

TOKENS = [
    ("Hồ sơ gồm gì?", ["hồ", "sơ", "gồm", "gì"]),
    ("Quyết định số 666/QĐ-TTg", ["quyết", "định", "số", "666", "qđ", "ttg"]),
    ("ngày 30/12/2021,", ["ngày", "30/12/2021"]),
    ("tăng 0,2%.", ["tăng", "0,2%"]),
    ("từ 1.000.000 đồng", ["từ", "1.000.000", "đồng"]),
    ("mục 3.2.a", ["mục", "3.2", "a"]),
    ("LĐTB&XH", ["lđtb&xh"]),
    ("“Mái ấm” (2021-2025)", ["mái", "ấm", "2021", "2025"]),
    ("covid19", ["covid19"]),
    ("?!… 😀 --", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_figures_and_codes_stay_whole_and_signs_vanish(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ("uỷ", "ủy"),
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("hoè", "hòe"),
        ("ủy", "ủy"),
        ("quỹ", "quỹ"),
        ("huyện", "huyện"),
        ("HOÁ", "hóa"),
    ],
)
def test_old_and_new_tone_placement_read_alike(typed: str, settled: str) -> None:
    assert tokenize(typed) == [settled]
    assert tokenize(unicodedata.normalize("NFD", typed)) == [settled]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("hồ\u200b sơ", "hồ sơ"),
        ("h\u200dồ\ufeff sơ", "hồ sơ"),
        ("hồ\xa0sơ", "hồ sơ"),
        ("hồ\x00sơ", "hồ sơ"),
        ("  hồ \r\n\t sơ ", "hồ sơ"),
        ("ho\u0302\u0300 so\u031b", "hồ sơ"),
    ],
)
def test_invisible_characters_vanish_and_white_space_folds(typed: str, read: str) -> None:
    assert to_nfc(typed) == read


@pytest.mark.parametrize(
    ("marked", "bare"),
    [("đường", "duong"), ("ĐBKK", "DBKK"), ("nghĩa", "nghia"), ("plan", "plan"), ("0,2%", "0,2%")],
)
def test_stripping_leaves_the_letters(marked: str, bare: str) -> None:
    assert strip_marks(marked) == bare
    assert has_marks(marked) == (marked != bare)


@given(st.text() | VIETNAMESE)
def test_composed_and_decomposed_text_read_alike(text: str) -> None:
    composed = tokenize(unicodedata.normalize("NFC", text))
    assert tokenize(unicodedata.normalize("NFD", text)) == composed


@given(VIETNAMESE)
@example("ủy ban 0,2% 666/QĐ-TTg")
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens
    assert to_nfc(to_nfc(text)) == to_nfc(text)
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@given(st.text(st.characters()))
@example("\ud800 hồ sơ")
@example("İ ẞ ﬁ ² ½ Ⅷ")
def test_any_text_gives_tokens_without_white_space(text: str) -> None:
    for token in tokenize(text):
        assert token
        assert not any(char.isspace() for char in token)
        token.encode()


@given(VIETNAMESE)
def test_stripped_text_has_no_marks_left(text: str) -> None:
    assert not has_marks(strip_marks(text))
