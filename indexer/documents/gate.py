"""Looks at a file before anything parses it: size, kind, what it would unpack to."""

from __future__ import annotations

import zipfile
from pathlib import Path

from indexer.documents.wording import refusal, sentence

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
LARGEST_TEXT_FILE = 5 * MEGABYTE  # some 1,500 pages
LARGEST_XML = 60 * MEGABYTE  # parts that a parser holds in memory, unpacked
LARGEST_UNPACKED = 300 * MEGABYTE  # with pictures
TEXT_SUFFIXES = (".txt", ".md")
SUFFIXES = (".docx", ".pdf", ".doc", ".rtf", *TEXT_SUFFIXES)
MACRO_SUFFIXES = (".docm", ".dotm")
_MAGIC = (
    (b"%PDF", ".pdf"), (b"{\\rtf", ".rtf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"PK\x03\x04", ".zip"), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"MZ", ".exe"),
)  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096


def check_file(path: Path) -> None:
    """Raises DocumentError unless the file is safe to parse and is what its name says."""
    suffix = path.suffix.lower()
    if suffix in MACRO_SUFFIXES:
        raise refusal("macro_format", file=path.name)
    if suffix not in SUFFIXES:
        raise refusal("unknown_format", file=path.name, allowed=", ".join(SUFFIXES))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise refusal("unreadable", file=path.name, reason=error.strerror) from error
    if size == 0:
        raise refusal("empty", file=path.name)
    limit = LARGEST_TEXT_FILE if suffix in TEXT_SUFFIXES else LARGEST_FILE
    if size > limit:
        shown = f"{size / MEGABYTE:.0f}"
        raise refusal("too_large", file=path.name, size=shown, limit=limit // MEGABYTE)
    _check_kind(path, suffix, head)
    if suffix == ".docx":
        _check_archive(path)


def _check_kind(path: Path, suffix: str, head: bytes) -> None:
    bare = head.removeprefix(b"\xef\xbb\xbf")
    found = next((kind for magic, kind in _MAGIC if bare.startswith(magic)), "")
    if suffix in TEXT_SUFFIXES:
        if not found and b"\0" in head and not head.startswith(_UTF16):
            found = sentence("kind.binary")
        wrong = bool(found)
    elif suffix == ".docx":
        # an encrypted .docx is kept in the container of the old .doc
        if found == ".doc" and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0" in path.read_bytes():
            raise refusal("encrypted", file=path.name)
        wrong = found != ".zip"
    else:
        wrong = found != suffix
    if wrong:
        shown = found or sentence("kind.text")
        raise refusal("wrong_extension", file=path.name, suffix=suffix, found=shown)


def _check_archive(path: Path) -> None:
    """Sizes as the archive declares them: the reader never unpacks more than is declared."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refusal("damaged", file=path.name) from error
    names = {part.filename for part in parts}
    if "word/document.xml" not in names:
        raise refusal("wrong_extension", file=path.name, suffix=".docx", found=".zip")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise refusal("macro_format", file=path.name)
    in_xml = sum(p.file_size for p in parts if p.filename.endswith((".xml", ".rels")))
    if in_xml > LARGEST_XML:
        raise refusal("bomb", file=path.name, limit=LARGEST_XML // MEGABYTE)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise refusal("bomb", file=path.name, limit=LARGEST_UNPACKED // MEGABYTE)
