"""The chance that the first clause answers."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.calibrate import Calibration, Chance, untrained
from indexer.encoder import Encoder
from indexer.ranking import EVIDENCE
from indexer.search import Searcher
from knowledge.plan import Plan

NUMBERS = st.floats(-1e6, 1e6)
EVIDENCES = st.lists(NUMBERS, min_size=len(EVIDENCE), max_size=len(EVIDENCE))


@given(EVIDENCES, EVIDENCES, NUMBERS)
def test_chance_stays_between_0_and_1(
    weights: list[float], evidence: list[float], bias: float
) -> None:
    assert 0 <= Chance(tuple(weights), bias).of(evidence) <= 1


@given(EVIDENCES, st.integers(0, len(EVIDENCE) - 1), st.floats(0, 100))
def test_more_evidence_never_lowers_the_chance(
    evidence: list[float], place: int, more: float
) -> None:
    chance = Chance((0.5, 0.0, 0.0, 2.0, 1.0, 3.0), -1.0)
    raised = [*evidence]
    raised[place] += more
    assert chance.of(raised) >= chance.of(evidence)


def test_even_odds_where_evidence_and_bias_cancel() -> None:
    assert Chance((1.0, 0.0, 0.0, 0.0, 0.0, 0.0), -2.0).of([2.0, 9, 9, 9, 9, 9]) == 0.5


def test_kept_calibration_is_the_same() -> None:
    right, answerable = Chance((0.1,) * 6, -0.6), Chance((0.2,) * 6, -0.5)
    calibration = Calibration(right, answerable, 0.7, 0.35)
    assert Calibration.from_json(calibration.to_json()) == calibration


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"right": {"weights": [1], "bias": 0}}', '{"right": []}', "null"]
)
def test_damaged_calibration_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Calibration.from_json(text)


def test_examples_decide_from_when_search_answers(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    searcher = Searcher.open(tiny_plan, keywords, tmp_path / "index")
    kept = json.loads((tmp_path / "index" / tiny_plan.id / "calibration.json").read_text())
    assert len(kept["right"]["weights"]) == len(kept["answerable"]["weights"]) == len(EVIDENCE)
    assert 0 < kept["offer_from"] < kept["answer_from"] < 1
    answered = searcher.search("hồ sơ gồm những giấy tờ nào")
    refused = searcher.search("thời tiết hôm nay")
    assert answered.outcome == "answer"
    assert answered.answerable >= kept["answer_from"] > refused.answerable


@pytest.mark.parametrize(
    "examples",
    [
        "I\tformal\tPhong trào nhằm mục đích gì?\n",
        "NONE\tformal\tGiá vàng hôm nay?\n",
        "",
        "I\tformal\t???\n",
    ],
    ids=["one right", "one unanswerable", "none", "no letters"],
)
@pytest.mark.parametrize("has_vectors", [True, False], ids=["vectors", "words alone"])
def test_examples_too_few_to_learn_from_still_give_answers(
    tiny_plan: Plan, encoder: Encoder, tmp_path: Path, examples: str, has_vectors: bool
) -> None:
    path = tiny_plan.folder / "example_questions.tsv"
    path.write_text(f"clause\tstyle\tquestion\n{examples}", encoding="utf-8")
    searcher = Searcher.open(tiny_plan, encoder if has_vectors else None, tmp_path / "index")
    result = searcher.search("hồ sơ gồm tờ trình và danh sách nào")
    assert result.hits[0].clause == "III"
    assert result.outcome == "answer" or (examples and result.outcome == "offer")
    assert searcher.search("giá vàng Sài Gòn").outcome == "refuse"


@pytest.mark.parametrize("has_vectors", [True, False])
def test_untrained_thresholds_are_in_order(has_vectors: bool) -> None:
    calibration = untrained(has_vectors)
    assert 0 < calibration.offer_from < calibration.answer_from < 1
