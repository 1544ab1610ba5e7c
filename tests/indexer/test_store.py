"""The index's folder: written whole or not at all, checked when opened."""

import json
import multiprocessing
import os
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from indexer.errors import IndexFolderError
from indexer.store import (
    LEFT_BEHIND_SECONDS,
    MANIFEST,
    Fingerprint,
    discard,
    read_fingerprint,
    replacing,
)

MADE_FROM = Fingerprint("mai_am", "a" * 64, "b" * 64, "keywords", 64, "underthesea 9")


def write(folder: Path, content: str = "one", made_from: Fingerprint = MADE_FROM) -> None:
    with replacing(folder, made_from) as work:
        (work / "part").mkdir()
        (work / "part" / "data.txt").write_text(content)
        (work / "empty.txt").write_text("")


def read(folder: Path) -> str:
    return (folder / "part" / "data.txt").read_text()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_is_found(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "down" / "mai_am")
    assert read_fingerprint(tmp_path / "deep" / "down" / "mai_am") == MADE_FROM
    assert read(tmp_path / "deep" / "down" / "mai_am") == "one"
    assert names(tmp_path / "deep" / "down") == ["mai_am"]


def test_new_index_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write(tmp_path / "mai_am", "one")
    (tmp_path / "mai_am" / "foreign.txt").write_text("left over")
    write(tmp_path / "mai_am", "two", replace(MADE_FROM, encoder="other"))
    assert read(tmp_path / "mai_am") == "two"
    assert read_fingerprint(tmp_path / "mai_am") == replace(MADE_FROM, encoder="other")
    assert not (tmp_path / "mai_am" / "foreign.txt").exists()
    assert names(tmp_path) == ["mai_am"]


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, SystemExit, OSError])
def test_build_that_stops_leaves_the_old_index_whole(
    tmp_path: Path, stop: type[BaseException]
) -> None:
    write(tmp_path / "mai_am", "one")
    with pytest.raises((stop, IndexFolderError)):
        _stop_in_the_middle(tmp_path / "mai_am", stop)
    assert read_fingerprint(tmp_path / "mai_am") == MADE_FROM
    assert read(tmp_path / "mai_am") == "one"
    assert names(tmp_path) == ["mai_am"]


def _stop_in_the_middle(folder: Path, stop: type[BaseException]) -> None:
    with replacing(folder, replace(MADE_FROM, encoder="other")) as work:
        (work / "half.txt").write_text("half")
        raise stop("in the middle")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"files": {}}', "\udcff", "7"])
def test_manifest_of_another_kind_is_no_index(tmp_path: Path, content: str) -> None:
    write(tmp_path / "mai_am")
    (tmp_path / "mai_am" / MANIFEST).write_bytes(content.encode(errors="surrogateescape"))
    assert read_fingerprint(tmp_path / "mai_am") is None


@pytest.mark.parametrize(
    "change", [{"format": 1}, {"unknown": 1}, {"dimension": 3}, {"plan": None}]
)
def test_manifest_that_says_something_else_is_not_taken_for_this_index(
    tmp_path: Path, change: dict[str, object]
) -> None:
    write(tmp_path / "mai_am")
    path = tmp_path / "mai_am" / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["fingerprint"] = {**asdict(MADE_FROM), **change}
    path.write_text(json.dumps(manifest))
    assert read_fingerprint(tmp_path / "mai_am") != MADE_FROM


def test_changed_missing_or_cut_files_are_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "mai_am"
    for damage in (
        lambda: (folder / "part" / "data.txt").write_text("onf"),
        lambda: (folder / "part" / "data.txt").write_text("on"),
        lambda: (folder / "empty.txt").write_text("x"),
        lambda: (folder / "empty.txt").unlink(),
        lambda: (folder / MANIFEST).unlink(),
        lambda: discard(folder),
    ):
        write(folder)
        assert read_fingerprint(folder) == MADE_FROM
        damage()
        assert read_fingerprint(folder) is None


def test_no_folder_is_no_index(tmp_path: Path) -> None:
    assert read_fingerprint(tmp_path / "nowhere") is None
    (tmp_path / "file").write_text("a file")
    assert read_fingerprint(tmp_path / "file") is None


def test_file_in_the_folders_place_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mai_am").write_text("a file")
    write(tmp_path / "mai_am")
    assert read(tmp_path / "mai_am") == "one"


@pytest.mark.parametrize("place", ["file/mai_am", "file/below/mai_am", "/proc/nowhere/mai_am"])
def test_place_that_cannot_be_written_is_one_line_that_names_the_setting(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(IndexFolderError) as caught:
        write(tmp_path / place)
    message = str(caught.value)
    assert message.startswith("INDEX_DIR: ")
    assert str(tmp_path / place) in message
    assert "\n" not in message


def test_leftovers_of_killed_builds_go_once_they_are_old(tmp_path: Path) -> None:
    old, young, other = tmp_path / ".mai_am-x", tmp_path / ".mai_am-y", tmp_path / ".other-z"
    for path in (old, young, other):
        path.mkdir()
        (path / "half.txt").write_text("half")
    long_ago = time.time() - LEFT_BEHIND_SECONDS - 60
    for path in (old, other):
        os.utime(path, (long_ago, long_ago))
    write(tmp_path / "mai_am")
    assert names(tmp_path) == [".mai_am-y", ".other-z", "mai_am"]


def test_many_processes_writing_at_once_all_end_well(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with context.Pool(8) as pool:
        pool.starmap(_write_often, [(tmp_path / "mai_am", str(n)) for n in range(8)])
    assert read_fingerprint(tmp_path / "mai_am") == MADE_FROM
    assert read(tmp_path / "mai_am") in "01234567"
    assert names(tmp_path) == ["mai_am"]


def _write_often(folder: Path, content: str) -> None:
    for _ in range(20):
        write(folder, content)
