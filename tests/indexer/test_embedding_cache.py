"""Vectors are computed once: by text, kind and encoder, whatever happens to the file or a build."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.build import build_index, index_folder
from indexer.embedding_cache import FILE_NAME, remembering
from indexer.encoder import Encoder, Vectors
from indexer.errors import IndexFolderError
from indexer.text_index import BATCH
from knowledge.plan import Plan, load_plan

ROOT = Path(__file__).parents[2]
TEXTS = ["hộ nghèo ven sông", "mái ấm", "tờ trình và danh sách", "hộ nghèo ven sông"]


class Counting:
    """An encoder that keeps the texts it was given, and stops before one too many."""

    def __init__(self, encoder: Encoder, name: str = "", dimension: int = 0, limit: int = 10**9):
        self._encoder = encoder
        self.name = name or encoder.name
        self.dimension = dimension or encoder.dimension
        self.limit = limit
        self.documents: list[str] = []
        self.queries: list[str] = []

    @property
    def seen(self) -> list[str]:
        return self.documents + self.queries

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self.documents, texts, 1.0)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self.queries, texts, -1.0)  # so that the kinds can be told apart

    def _encode(self, seen: list[str], texts: Sequence[str], sign: float) -> Vectors:
        if len(self.seen) + len(texts) > self.limit:
            raise RuntimeError("stopped")
        seen += texts
        return sign * self._encoder.encode_document(texts)[:, : self.dimension]


def documents(encoder: Encoder, place: Path, texts: Sequence[str] = TEXTS) -> Vectors:
    with remembering(encoder, place) as remembered:
        return remembered.encode_document(texts)


def test_texts_reach_the_encoder_once_and_give_the_same_vectors(
    keywords: Encoder, tmp_path: Path
) -> None:
    counting = Counting(keywords)
    first, again = documents(counting, tmp_path), documents(counting, tmp_path)
    assert counting.documents == TEXTS[:3]
    np.testing.assert_array_equal(first, keywords.encode_document(TEXTS))
    np.testing.assert_array_equal(again, first)
    assert again.dtype == np.float32
    documents(counting, tmp_path, ["một câu khác", *TEXTS])
    assert counting.documents == [*TEXTS[:3], "một câu khác"]


def test_queries_other_encoders_and_dimensions_have_vectors_of_their_own(
    keywords: Encoder, tmp_path: Path
) -> None:
    documents(keywords, tmp_path)
    for other in (Counting(keywords, name="other"), Counting(keywords, dimension=32)):
        assert documents(other, tmp_path).shape == (4, other.dimension)
        assert len(other.documents) == 3
    counting = Counting(keywords)
    with remembering(counting, tmp_path) as remembered:
        queries = remembered.encode_query(TEXTS)
        np.testing.assert_array_equal(queries, -remembered.encode_document(TEXTS))
    assert (len(counting.queries), len(counting.documents)) == (3, 0)


def test_nothing_to_encode_gives_no_rows(keywords: Encoder, tmp_path: Path) -> None:
    assert documents(keywords, tmp_path, []).shape == (0, keywords.dimension)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.lists(st.text("ab đồ\0\ud800.", max_size=5), max_size=8), max_size=4))
def test_whatever_was_asked_before_vectors_are_the_encoders(
    keywords: Encoder, tmp_path: Path, asked: list[list[str]]
) -> None:
    for texts in asked:
        plain = Counting(keywords)
        expected = plain.encode_document(texts)
        np.testing.assert_array_equal(documents(Counting(keywords), tmp_path, texts), expected)


def test_the_file_holds_no_text(keywords: Encoder, tmp_path: Path) -> None:
    documents(keywords, tmp_path)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(text.encode() in content for text in TEXTS)


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


def _change_vectors(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE embedding SET vector = zeroblob(length(vector))")
    connection.close()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"garbage" * 10_000),
    "head": lambda path: _flip(path, 3),
    "schema page": lambda path: _flip(path, 100),
    "last byte": lambda path: _flip(path, -1),
    "changed vectors": _change_vectors,
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_file_is_noticed_and_mended(
    keywords: Encoder, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    texts = [f"câu số {number}" for number in range(200)]
    expected = documents(keywords, tmp_path, texts)
    damage(tmp_path / FILE_NAME)
    mending = Counting(keywords)
    np.testing.assert_array_equal(documents(mending, tmp_path, texts), expected)
    assert mending.documents
    mended = Counting(keywords)
    np.testing.assert_array_equal(documents(mended, tmp_path, texts), expected)
    assert not mended.documents


@pytest.mark.parametrize("place", range(0, 60_000, 2_999))
def test_no_flipped_byte_gives_a_wrong_vector(
    keywords: Encoder, tmp_path: Path, place: int
) -> None:
    texts = [f"câu số {number}" for number in range(200)]
    expected = documents(keywords, tmp_path, texts)
    _flip(tmp_path / FILE_NAME, place % (tmp_path / FILE_NAME).stat().st_size)
    np.testing.assert_array_equal(documents(keywords, tmp_path, texts), expected)


def test_place_that_cannot_be_written_is_one_line_that_names_the_setting(
    keywords: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / FILE_NAME).mkdir()
    for place in (tmp_path / "file", tmp_path):
        with pytest.raises(IndexFolderError, match=r"^INDEX_DIR: .*set INDEX_DIR") as caught:
            documents(keywords, place)
        assert "\n" not in str(caught.value)


def _many_examples(plan: Plan, count: int = 4 * BATCH) -> Plan:
    path = plan.folder / "example_questions.tsv"
    more = "".join(f"III\tformal\tstaff\tCần mấy tờ trình cho {n} căn nhà?\n" for n in range(count))
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return load_plan(plan.id, plan.folder.parent)


def test_build_that_was_stopped_goes_on_where_it_was(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    plan = _many_examples(tiny_plan)
    whole = Counting(keywords)
    build_index(plan, whole, tmp_path / "whole")
    stopping = Counting(keywords, limit=len(whole.seen) - BATCH)
    with pytest.raises(RuntimeError, match="stopped"):
        build_index(plan, stopping, tmp_path / "index")
    rest = Counting(keywords)
    build_index(plan, rest, tmp_path / "index")
    assert sorted(stopping.seen + rest.seen) == sorted(whole.seen)
    for name in ("passages.faiss", "sentences.faiss", "classifier.npz"):
        written = (index_folder(tmp_path / place, plan) / name for place in ("whole", "index"))
        assert len({path.read_bytes() for path in written}) == 1


def test_killed_build_loses_at_most_the_last_batch(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    plan = _many_examples(tiny_plan)
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "from conftest import KeywordEncoder\n"
        "from indexer.build import build_index\nfrom knowledge.plan import load_plan\n"
        "class Slow(KeywordEncoder):\n"
        "    def encode_document(self, texts):\n"
        "        print(len(texts), flush=True)\n        time.sleep(0.05)\n"
        "        return super().encode_document(texts)\n"
        f"plan = load_plan({plan.id!r}, Path({str(plan.folder.parent)!r}))\n"
        f"build_index(plan, Slow(), Path({str(tmp_path / 'index')!r}))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", script], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    begun = [int(process.stdout.readline()) for _ in range(4)]
    process.send_signal(signal.SIGKILL)
    begun += map(int, process.communicate(timeout=30)[0].split())
    whole, rest = Counting(keywords), Counting(keywords)
    build_index(plan, whole, tmp_path / "whole")
    build_index(plan, rest, tmp_path / "index")
    kept = len(whole.seen) - len(rest.seen)
    assert sum(begun[:-1]) <= kept < len(whole.seen)


def test_a_changed_clause_costs_its_own_vectors_alone(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    build_index(tiny_plan, keywords, tmp_path / "index")
    path = tiny_plan.folder / "clauses.jsonl"
    path.write_text(path.read_text("utf-8").replace("200 căn", "300 căn"), encoding="utf-8")
    changed = load_plan(tiny_plan.id, tiny_plan.folder.parent)
    counting = Counting(keywords)
    assert build_index(changed, counting, tmp_path / "index")
    assert counting.seen
    assert all("300 căn" in text for text in counting.seen)


def test_processes_that_encode_at_once_all_end_well(keywords: Encoder, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "from conftest import KeywordEncoder\nfrom indexer.embedding_cache import remembering\n"
        f"with remembering(KeywordEncoder(), Path({str(tmp_path)!r})) as encoder:\n"
        "    for n in range(100):\n"
        "        encoder.encode_document([f'câu {n} {m}' for m in range(20)])\n"
    )
    command = [sys.executable, "-X", "utf8", "-c", script]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    counting = Counting(keywords)
    documents(counting, tmp_path, [f"câu {n} {m}" for n in range(100) for m in range(20)])
    assert not counting.documents
