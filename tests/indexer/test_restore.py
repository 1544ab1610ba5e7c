"""Diacritics put back."""

import csv
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.normalize import strip_marks, tokenize
from indexer.passages import Passage
from indexer.restore import Restorer
from indexer.syllables import LEXICON_WEIGHT, SyllableModel, count_syllables
from knowledge.plan import Plan

TEXTS = ["hộ nghèo nộp hồ sơ", "hồ sơ của hộ nghèo", "họ hàng ở xa", "bằng khen của tỉnh"]
SMALL = Restorer(count_syllables(TEXTS))

SYLLABLES = st.sampled_from(
    ["ho", "hộ", "hồ", "so", "sơ", "ngheo", "nghèo", "cua", "xyz", "0,2%", "666", "b\u0323", "^"]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ho so", "hồ sơ"),
        ("ho ngheo", "hộ nghèo"),
        ("ho hang", "họ hàng"),
        ("bang khen cua tinh", "bằng khen của tỉnh"),
        ("hồ so cua ho ngheo", "hồ sơ của hộ nghèo"),
        ("hổ sơ", "hồ sơ"),  # a mark that no known word has
        ("ho so 0,2% xyz", "hồ sơ 0,2% xyz"),
        ("", ""),
    ],
)
def test_neighbours_decide_which_marks_are_meant(typed: str, meant: str) -> None:
    assert " ".join(SMALL.restore(tokenize(typed))) == meant


def test_bare_word_in_a_marked_question_is_meant_bare() -> None:
    restorer = Restorer(count_syllables([*TEXTS, "xe ba gác", "ba bộ hồ sơ", "bà con nghèo"]))
    assert restorer.restore(tokenize("hồ sơ ba bộ")) == tokenize("hồ sơ ba bộ")


def test_nothing_known_leaves_everything_as_typed() -> None:
    empty = Restorer(SyllableModel({}, {}))
    assert empty.restore(["ho", "sơ", "1"]) == ["ho", "sơ", "1"]


def test_words_of_general_use_count_little() -> None:
    model = count_syllables(["hồ sơ"], ["hộ nghèo"])
    assert model.unigrams["hồ"] == 1.0
    assert model.unigrams["hộ"] == LEXICON_WEIGHT
    assert model.bigrams == {"^ hồ": 1.0, "hồ sơ": 1.0, "hộ nghèo": LEXICON_WEIGHT}


def test_path_taken_is_the_best_of_all_paths() -> None:
    """Viterbi against trying every reading of a short question."""
    for typed in ("ho so cua ho ngheo", "ho hang", "tinh bang khen ho"):
        tokens = tokenize(typed)
        found = SMALL.restore(tokens)
        assert _cost(found, tokens) == pytest.approx(max(_cost(p, tokens) for p in _paths(tokens)))


def _paths(tokens: list[str]) -> list[list[str]]:
    paths: list[list[str]] = [[]]
    chance = SMALL._bare_chance(tokens)
    for token in tokens:
        words = [words for words, _ in SMALL._readings(token, chance, {})]
        paths = [[*path, *word] for path in paths for word in words]
    return paths


def _cost(path: list[str], tokens: list[str]) -> float:
    chance = SMALL._bare_chance(tokens)
    typing = sum(
        dict(SMALL._readings(t, chance, {}))[(w,)] for w, t in zip(path, tokens, strict=True)
    )
    return typing + sum(SMALL._transition(*pair) for pair in pairwise(["^", *path]))


@given(st.lists(SYLLABLES, max_size=12))
def test_letters_of_known_words_and_length_stay(tokens: list[str]) -> None:
    restored = SMALL.restore(tokens)
    assert [strip_marks(token) for token in restored] == [strip_marks(token) for token in tokens]


def test_plan_typed_without_marks_gets_them_back(
    restorer: Restorer, passages: list[Passage]
) -> None:
    right = total = 0
    for passage in passages:
        meant = tokenize(passage.search_text)
        restored = restorer.restore([strip_marks(token) for token in meant])
        right += sum(map(str.__eq__, restored, meant))
        total += len(meant)
    assert right / total >= 0.95


def test_marked_text_is_hardly_changed(
    restorer: Restorer, passages: list[Passage], whole_plan: Plan
) -> None:
    rows = csv.DictReader(
        (whole_plan.folder / "example_questions.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    questions = [row["question"] for row in rows if row["style"] == "formal"]
    for texts in (questions, [passage.search_text for passage in passages]):
        pairs = [
            pair
            for text in texts
            for pair in zip(restorer.restore(tokenize(text)), tokenize(text), strict=True)
        ]
        assert sum(after != before for after, before in pairs) / len(pairs) <= 0.015
