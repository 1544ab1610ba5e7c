"""The index on disk: one folder a build, written whole or not at all, checked when opened."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.errors import IndexFolderError

FORMAT = 9  # raise when the files' meaning changes
MANIFEST = "manifest.json"
SWAP_ATTEMPTS = 10  # other processes may put theirs in place at the same moment
LEFT_BEHIND_SECONDS = 24 * 3600  # no build takes this long: its process was killed


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index was built from; any difference calls for a new one.

    `dimension` is 0 and `encoder` "" for an index without vectors.
    """

    plan: str
    text_sha256: str
    data_sha256: str
    encoder: str
    dimension: int
    segmenter: str
    format: int = FORMAT


def read_fingerprint(folder: Path) -> Fingerprint | None:
    """The fingerprint of a sound index; None if there is none, or it is foreign or damaged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = manifest["files"]
        if any(_sha256(folder / name) != digest for name, digest in files.items()):
            return None
        return Fingerprint(**manifest["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@contextmanager
def replacing(folder: Path, fingerprint: Fingerprint) -> Iterator[Path]:
    """An empty folder to write a new index into; it takes the old one's place on success only.

    Raises IndexFolderError when the place cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(folder)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise IndexFolderError(_unwritable(folder, error)) from error
    try:
        yield work
        _write_manifest(work, fingerprint)
        _swap(work, folder)
    except OSError as error:
        raise IndexFolderError(_unwritable(folder, error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def discard(folder: Path) -> None:
    """Make an index count as damaged, whatever its checksums say.

    Raises IndexFolderError when the place cannot be written.
    """
    try:
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise IndexFolderError(_unwritable(folder, error)) from error


def _write_manifest(folder: Path, fingerprint: Fingerprint) -> None:
    files = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"fingerprint": asdict(fingerprint), "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _swap(new: Path, folder: Path) -> None:
    """Put the new folder in place; the old one steps aside first: no rename replaces a folder."""
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        for attempt in range(SWAP_ATTEMPTS):
            with suppress(FileNotFoundError):
                folder.replace(aside / str(attempt))
            try:
                new.replace(folder)
                return
            except OSError:
                if attempt == SWAP_ATTEMPTS - 1:
                    raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _clear_leftovers(folder: Path) -> None:
    """Remove what builds that were killed long ago left beside the folder."""
    for path in folder.parent.iterdir():
        if path.name.startswith(f".{folder.name}-"):
            with suppress(FileNotFoundError):  # another process may be at it too
                if time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unwritable(folder: Path, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"INDEX_DIR: {folder} cannot be written ({reason}); set INDEX_DIR to a folder that can"
