"""What is asked of underthesea."""

import subprocess
import sys
from pathlib import Path

import pytest

from indexer.segment import place_tone, segmenter_version, word_list, words

ROOT = Path(__file__).parents[2]


def test_words_of_several_syllables_are_joined() -> None:
    found = words("chính phủ giúp nông dân nghèo")
    assert found == ["chính phủ", "giúp", "nông dân", "nghèo"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "😀", "a" * 2000, "0,2% 30/12/2021"])
def test_segmentation_takes_any_text(text: str) -> None:
    assert "".join(words(text)).replace(" ", "") == text.replace(" ", "")


def test_tone_is_placed_once_and_for_all() -> None:
    for typed in ("uỷ", "hoà", "thuỷ", "khoẻ", "quý", "gì"):
        assert place_tone(place_tone(typed)) == place_tone(typed)


def test_word_list_holds_words_in_lower_case() -> None:
    listed = word_list()
    assert len(listed) > 30_000
    assert {"nông dân", "hồ sơ"} <= set(listed)
    assert all(word == word.lower() and word.strip() == word for word in listed)


def test_version_names_the_segmenter() -> None:
    name, number = segmenter_version().split()
    assert name == "underthesea"
    assert number[0].isdigit()


@pytest.mark.parametrize(
    "first",
    ["word_list()", "words('hồ sơ')", "place_tone('uỷ')"],
)
def test_heavy_libraries_stay_out_whatever_is_used_first(first: str) -> None:
    script = (
        f"import sys\nfrom indexer.segment import word_list, words, place_tone\n{first}\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "[]"


def test_blocked_libraries_can_be_imported_afterwards() -> None:
    script = "from indexer.segment import words\nwords('hồ sơ')\nimport torch\nprint('fine')\n"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "fine"
