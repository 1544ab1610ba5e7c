"""A plan -> its index: when it is built anew, and what a failure leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import build as build_module
from indexer.build import build_index, index_folder, is_current, load_syllables, save_syllables
from indexer.embedding_cache import FILE_NAME
from indexer.encoder import Encoder, Vectors
from indexer.errors import IndexFolderError
from indexer.search import Searcher
from indexer.store import MANIFEST, read_fingerprint, replacing
from indexer.syllables import count_syllables
from indexer.text_index import BATCH
from knowledge.errors import PlanDataError
from knowledge.plan import Plan, load_plan

ROOT = Path(__file__).parents[2]
QUESTION = "hồ sơ gồm những giấy tờ nào"


class Renamed:
    """An encoder under another name or of another dimension."""

    def __init__(self, encoder: Encoder, name: str, dimension: int) -> None:
        self._encoder = encoder
        self.name, self.dimension = name, dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_query(texts)[:, : self.dimension]

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_document(texts)[:, : self.dimension]


class Stopping(Renamed):
    """An encoder that stops the build while it encodes passages (or questions)."""

    def __init__(self, encoder: Encoder, error: BaseException, at_questions: bool) -> None:
        super().__init__(encoder, "stopping", encoder.dimension)
        self._error, self._at_questions = error, at_questions

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        if not self._at_questions:
            raise self._error
        return super().encode_document(texts)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        del texts
        raise self._error


def names(folder: Path) -> list[str]:
    """What stands in the folder beside the embedding cache."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(FILE_NAME))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_second_build_has_nothing_to_do(tiny_plan: Plan, keywords: Encoder, tmp_path: Path) -> None:
    assert build_index(tiny_plan, keywords, tmp_path / "index")
    folder = index_folder(tmp_path / "index", tiny_plan)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert is_current(tiny_plan, keywords, tmp_path / "index")
    assert not build_index(tiny_plan, keywords, tmp_path / "index")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert names(tmp_path / "index") == [tiny_plan.id]


CHANGES: dict[str, Callable[[Path], None]] = {
    "an example": lambda folder: append(
        folder / "example_questions.tsv", "III\tformal\tstaff\tCần giấy tờ gì?\n"
    ),
    "no examples": lambda folder: (folder / "example_questions.tsv").unlink(),
    "a short form": lambda folder: (folder / "vocabulary.yaml").write_text(
        "abbreviations: {gk: giấy khen}\nalso_called: {}\n", encoding="utf-8"
    ),
    "a correction": lambda folder: (folder / "corrections.yaml").write_text(
        "corrections: [{printed: chống lũ, meant: chống bão}]\n", encoding="utf-8"
    ),
    "a clause": lambda folder: (folder / "clauses.jsonl").write_text(
        (folder / "clauses.jsonl").read_text(encoding="utf-8").replace("200 căn", "300 căn"),
        encoding="utf-8",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_plan_is_indexed_anew(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    build_index(tiny_plan, keywords, tmp_path / "index")
    change(tiny_plan.folder)
    changed = load_plan(tiny_plan.id, tiny_plan.folder.parent)
    assert not is_current(changed, keywords, tmp_path / "index")
    assert build_index(changed, keywords, tmp_path / "index")
    assert is_current(changed, keywords, tmp_path / "index")


def test_changed_text_is_indexed_anew(tiny_plan: Plan, keywords: Encoder, tmp_path: Path) -> None:
    build_index(tiny_plan, keywords, tmp_path / "index")
    text = tiny_plan.info.text.model_copy(update={"sha256": "0" * 64})
    changed = replace(tiny_plan, info=tiny_plan.info.model_copy(update={"text": text}))
    assert build_index(changed, keywords, tmp_path / "index")


@pytest.mark.parametrize(("name", "dimension"), [("other", 64), ("keywords", 32)])
def test_other_encoder_or_dimension_calls_for_a_new_index(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, name: str, dimension: int
) -> None:
    build_index(tiny_plan, keywords, tmp_path / "index")
    other = Renamed(keywords, name, dimension)
    searcher = Searcher.open(tiny_plan, other, tmp_path / "index")
    assert searcher.search(QUESTION).hits[0].clause == "III"
    found = read_fingerprint(index_folder(tmp_path / "index", tiny_plan))
    assert found
    assert (found.encoder, found.dimension) == (name, dimension)


def test_other_segmenter_calls_for_a_new_index(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tiny_plan, keywords, tmp_path / "index")
    monkeypatch.setattr(build_module, "segmenter_version", lambda: "underthesea 99")
    assert build_index(tiny_plan, keywords, tmp_path / "index")
    assert not build_index(tiny_plan, keywords, tmp_path / "index")


def test_index_with_vectors_and_one_without_are_not_confused(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    for encoder in (None, keywords, None):
        searcher = Searcher.open(tiny_plan, encoder, tmp_path / "index")
        assert searcher.search(QUESTION).hits[0].clause == "III"
    assert not list(index_folder(tmp_path / "index", tiny_plan).glob("*.faiss"))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "garbage": lambda content: b"\x93garbage" * 10 + content[:5],
    "one byte": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_files_are_noticed_and_mended(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    place = tmp_path / "index"
    expected = Searcher.open(tiny_plan, keywords, place).search(QUESTION)
    files = [p for p in index_folder(place, tiny_plan).rglob("*") if p.stat().st_size > 0]
    files = [path for path in files if path.is_file()]
    assert len(files) > 5
    for path in (files[0], index_folder(place, tiny_plan) / MANIFEST):
        path.write_bytes(damage(path.read_bytes()))
        assert Searcher.open(tiny_plan, keywords, place).search(QUESTION) == expected
        assert is_current(tiny_plan, keywords, place)
    for path in files:
        path.write_bytes(damage(path.read_bytes()))
        assert not is_current(tiny_plan, keywords, place)
    assert Searcher.open(tiny_plan, keywords, place).search(QUESTION) == expected
    assert names(place) == [tiny_plan.id]


def test_missing_files_are_noticed_and_mended(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    place = tmp_path / "index"
    expected = Searcher.open(tiny_plan, keywords, place).search(QUESTION)
    shutil.rmtree(index_folder(place, tiny_plan) / "bm25")
    assert Searcher.open(tiny_plan, keywords, place).search(QUESTION) == expected
    for path in index_folder(place, tiny_plan).rglob("*"):
        if path.is_file():
            path.unlink()
    assert Searcher.open(tiny_plan, keywords, place).search(QUESTION) == expected


FOREIGN = [
    ("syllables.json", b"[]"),
    ("syllables.json", b"\xff\xfe"),
    ("sentence_owners.npy", b""),
    ("sentence_owners.npy", b"garbage"),
    ("passages.faiss", b"garbage"),
    ("classifier.npz", b"PK\x03\x04garbage"),
    ("classifier.npz", b""),
    ("calibration.json", b"{}"),
    ("calibration.json", b"[1]"),
    ("bm25/params.index.json", b"7"),
    ("bm25/vocab.index.json", b"[]"),
    ("bm25/data.csc.index.npy", b"garbage"),
]


@pytest.mark.parametrize(("name", "content"), FOREIGN)
def test_foreign_files_under_sound_checksums_are_replaced(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, name: str, content: bytes
) -> None:
    place = tmp_path / "index"
    folder = index_folder(place, tiny_plan)
    expected = Searcher.open(tiny_plan, keywords, place).search(QUESTION)
    made_from = read_fingerprint(folder)
    assert made_from
    with replacing(folder, made_from) as work:
        shutil.copytree(folder, work, dirs_exist_ok=True)
        (work / MANIFEST).unlink()
        assert (work / name).is_file()
        (work / name).write_bytes(content)
    assert is_current(tiny_plan, keywords, place)
    assert Searcher.open(tiny_plan, keywords, place).search(QUESTION) == expected
    assert names(place) == [tiny_plan.id]


@pytest.mark.parametrize("at_questions", [False, True], ids=["passages", "questions"])
@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyboardInterrupt(), MemoryError()])
def test_build_that_fails_leaves_the_old_index_whole(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path, error: BaseException, at_questions: bool
) -> None:
    place = tmp_path / "index"
    build_index(tiny_plan, keywords, place)
    with pytest.raises(type(error)):
        build_index(tiny_plan, Stopping(keywords, error, at_questions), place)
    assert is_current(tiny_plan, keywords, place)
    assert names(place) == [tiny_plan.id]


def _start_build(plan: Plan, place: Path, body: str = "") -> subprocess.Popen[bytes]:
    """A process that builds with the keyword encoder; `body` runs before."""
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "from conftest import KeywordEncoder\n"
        "from indexer.search import Searcher\n"
        "from knowledge.plan import load_plan\n"
        f"encoder = KeywordEncoder()\n{body}\n"
        f"plan = load_plan({plan.id!r}, Path({str(plan.folder.parent)!r}))\n"
        f"searcher = Searcher.open(plan, encoder, Path({str(place)!r}))\n"
        f"assert searcher.search({QUESTION!r}).hits[0].clause == 'III'\n"
    )
    command = [sys.executable, "-X", "utf8", "-c", script]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_killed_build_leaves_the_old_index_whole(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    place = tmp_path / "index"
    build_index(tiny_plan, keywords, place)
    body = (
        "encoder.name = 'slow'\n"
        "def wait(texts):\n    print('here', flush=True)\n    time.sleep(600)\n"
        "encoder.encode_query = wait"
    )
    process = _start_build(tiny_plan, place, body)
    assert process.stdout
    assert process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert is_current(tiny_plan, keywords, place)
    left = [path for path in place.iterdir() if path.name != tiny_plan.id]
    long_ago = time.time() - 48 * 3600
    for path in left:
        os.utime(path, (long_ago, long_ago))
    build_index(tiny_plan, None, place)
    assert names(place) == [tiny_plan.id]


def test_processes_that_build_at_once_all_end_well(
    tiny_plan: Plan, keywords: Encoder, tmp_path: Path
) -> None:
    place = tmp_path / "index"
    processes = [_start_build(tiny_plan, place) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    assert is_current(tiny_plan, keywords, place)
    assert names(place) == [tiny_plan.id]


def test_place_that_cannot_be_written_is_one_line_that_names_the_setting(
    tiny_plan: Plan, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(IndexFolderError, match=r"^INDEX_DIR: .*set INDEX_DIR") as caught:
        Searcher.open(tiny_plan, None, tmp_path / "file")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("has_vectors", [True, False])
def test_kept_index_gives_equal_hits(
    tiny_plan: Plan, encoder: Encoder, tmp_path: Path, has_vectors: bool
) -> None:
    used = encoder if has_vectors else None
    first, again, apart = (
        Searcher.open(tiny_plan, used, tmp_path / name) for name in ("one", "one", "two")
    )
    for question in (QUESTION, "sua may can nha thi co bk", "thời tiết", "ai hướng dẫn"):
        found = first.search(question, 5)
        assert again.search(question, 5) == found
        assert apart.search(question, 5) == found


def test_progress_rises_to_the_whole(tiny_plan: Plan, keywords: Encoder, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_index(tiny_plan, keywords, tmp_path / "index", lambda *counts: seen.append(counts))
    done = [count for count, _ in seen]
    assert done == sorted(done)
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]
    assert max(after - before for before, after in zip([0, *done], done, strict=False)) <= BATCH


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("clause\tquestion\nI\tGì?\n", "line 1: column 'style' is missing"),
        ("clause\tstyle\tquestion\nI\tformal\tGì?\nXX\tformal\tGì?\n", "line 3: clause 'XX'"),
        ("clause\tstyle\tquestion\n\n\nXX\tformal\tGì?\n", "line 4: clause 'XX'"),
        ("clause\tstyle\tquestion\nI\tformal\t \n", "line 2: question is empty"),
        ("clause\tstyle\tquestion\nI\n", "line 2: question is empty"),
        ("clause\tstyle\tquestion\nI\tformal\t" + "a" * 200_000 + "\n", "cannot be read"),
        ("\udcff", "cannot be read"),
    ],
)
def test_wrong_examples_are_one_line_that_names_file_and_line(
    tiny_plan: Plan, tmp_path: Path, content: str, said: str
) -> None:
    path = tiny_plan.folder / "example_questions.tsv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(PlanDataError) as caught:
        build_index(tiny_plan, None, tmp_path / "index")
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "index").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(texts=st.lists(st.text("aáàb đồ\n.", max_size=20), max_size=5))
def test_kept_syllables_are_the_same(tmp_path: Path, texts: list[str]) -> None:
    model = count_syllables(texts)
    save_syllables(model, tmp_path / "syllables.json")
    assert load_syllables(tmp_path / "syllables.json") == model
