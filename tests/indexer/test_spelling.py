"""Chat spelling, slips and run-together words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.normalize import strip_marks, tokenize
from indexer.query import QueryReader
from indexer.restore import Restorer
from indexer.spelling import Speller, keyed_syllable
from indexer.syllables import count_syllables
from knowledge.plan import Vocabulary

TEXTS = [
    "hồ sơ bằng khen gồm những gì", "phải phát động phong trào thi đua", "mục đích của kế hoạch",
    "tổng kết trong năm", "huân chương lao động", "kinh phí khen thưởng", "khu phố và ấp",
    "ở khu phố", "nuôi dê", "dễ lắm", "quá hay", "mục tiêu",
]  # fmt: skip
MODEL = count_syllables(TEXTS)
RESTORER = Restorer(MODEL)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hoof sow", "hồ sơ"),  # telex
        ("ho62 so7 ba8ng2", "hồ sơ bằng"),  # VNI
        ("fai fat dog", "phải phát động"),
        ("trog nam", "trong năm"),
        ("wa hay", "quá hay"),
        ("phongtrào thi đua", "phong trào thi đua"),
        ("chươnglao động", "chương lao động"),
        ("ptrao thi dua", "phong trào thi đua"),
        ("mdich cua ke hoach", "mục đích của kế hoạch"),
        ("tôgn kết", "tổng kết"),
        ("bằnggg khen", "bằng khen"),
        ("nuôi dê", "nuôi dê"),  # a known word is left alone
    ],
)
def test_tokens_that_are_no_word_are_read_as_meant(typed: str, meant: str) -> None:
    assert " ".join(RESTORER.restore(tokenize(typed))) == meant


@pytest.mark.parametrize("typed", ["facebook", "word", "vneid", "zxqw"])
def test_a_foreign_word_stays_as_typed(typed: str) -> None:
    assert RESTORER.restore([typed, "hay"])[0] == typed


@pytest.mark.parametrize(
    ("token", "syllable"),
    [
        ("hoof", "hồ"), ("dduowngf", "đường"), ("nghefo", ""), ("thuwowngr", "thưởng"),
        ("ho62", "hồ"), ("duong72", "dường"), ("d9o6ng5", "động"), ("2025", ""), ("a", ""),
    ],
)  # fmt: skip
def test_keys_of_telex_and_vni_make_a_syllable(token: str, syllable: str) -> None:
    assert keyed_syllable(token) == syllable


@given(st.text(alphabet="abcdđeghiơklmnoưpqrstuvxyzfjw0123456789ạộ", min_size=1, max_size=12))
def test_every_reading_is_known_and_priced(token: str) -> None:
    for syllables, price in Speller(MODEL).readings(token):
        assert syllables
        assert price < 0
        assert all(syllable in MODEL.unigrams for syllable in syllables)


def test_neighbours_choose_between_meanings_of_a_short_form() -> None:
    vocabulary = Vocabulary(abbreviations={"kp": "khu phố | kinh phí"}, also_called={})
    reader = QueryReader(vocabulary, RESTORER)
    assert reader.read("ở kp").text == "ở khu phố"
    assert reader.read("kp khen thưởng").text == "kinh phí khen thưởng"


def test_a_known_word_is_never_respelled() -> None:
    for text in TEXTS:
        for token in tokenize(text):
            assert strip_marks(RESTORER.restore([token])[0]) == strip_marks(token)
