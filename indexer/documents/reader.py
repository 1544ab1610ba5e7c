"""viparse behind one function; run in a process of its own, so that no file harms the caller."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from indexer.documents.encodings import legacy_encoding
from indexer.documents.gate import TEXT_SUFFIXES


def read(path: Path, encoding: str | None) -> dict[str, Any]:
    """The document's blocks in order, in Unicode.

    {"blocks": [{"type": "paragraph"|"heading", "text"} or {"type": "table", "rows"}],
    "encoding": legacy encoding or null, "scanned": [page], "automatic_numbers": count},
    or {"problem": a key of the messages}.
    """
    try:
        import viparse
    except ImportError:
        return {"problem": "no_reader"}
    if path.suffix.lower() in TEXT_SUFFIXES:
        return _plain_text(path, encoding)
    if path.suffix.lower() == ".doc" and (problem := _problem_of_old_word(path)):
        return {"problem": problem}
    try:
        scanned = _scanned_pages(path) if path.suffix.lower() == ".pdf" else []
        path, untold = _with_numbers(path) if path.suffix.lower() == ".docx" else (path, 0)
        document = _load(path, encoding)
        payload = json.loads(document.text)
        if payload["encoding_detected"] is None and encoding is None:
            found = legacy_encoding(_text_of(payload["blocks"]))
            if found:
                payload = json.loads(_load(path, found).text)
    except viparse.MissingDependency:
        return {"problem": "no_converter" if path.suffix.lower() == ".doc" else "no_reader"}
    except ImportError:
        return {"problem": "no_reader"}
    except MemoryError:
        raise
    except Exception as error:  # any of a dozen parsers' own errors: the file is not sound
        return {"problem": _problem_of(error)}
    blocks = payload["blocks"]
    return {
        "blocks": _with_rows(blocks) if path.suffix.lower() == ".rtf" else blocks,
        "encoding": payload["encoding_detected"],
        "scanned": scanned,
        "automatic_numbers": untold,
    }


def _load(path: Path, encoding: str | None) -> Any:
    import viparse

    settings = viparse.Settings(output="json", encoding=encoding, ocr=False)
    return viparse.load(path, settings=settings)[0]


def _plain_text(path: Path, encoding: str | None) -> dict[str, Any]:
    import viparse

    raw = path.read_bytes()
    text = _decoded(raw)
    is_unicode = text is not None
    if text is None:
        text = raw.decode("latin-1")
    found = encoding or legacy_encoding(text)
    if not found and not is_unicode:
        return {"problem": "unknown_encoding"}
    if found:
        text = viparse.fix(text, encoding=found)
    blocks = [{"type": "paragraph", "text": line} for line in text.splitlines()]
    return {"blocks": blocks, "encoding": found, "scanned": [], "automatic_numbers": 0}


def _decoded(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _scanned_pages(path: Path) -> list[int]:
    """The pages, from 1, that hold a picture and not one letter."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return [n for n, page in enumerate(pdf.pages, 1) if page.images and not page.chars]


def _problem_of_old_word(path: Path) -> str:
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as file:
            names = {part.lower() for entry in file.listdir(storages=True) for part in entry}
            if "worddocument" in names and file.openstream("WordDocument").read(12)[11] & 1:
                return "encrypted"
    except Exception:  # olefile raises whatever a broken container makes it stumble over
        return "damaged"
    if "encryptedpackage" in names:
        return "encrypted"
    return "macro_format" if names & {"macros", "_vba_project_cur", "vba"} else ""


def _problem_of(error: BaseException) -> str:
    chain = []
    current: BaseException | None = error
    while current is not None:
        chain.append(type(current).__name__)
        current = current.__cause__ or current.__context__
    if any("Password" in name or "Encryption" in name for name in chain):
        return "encrypted"
    if "UnsafeInput" in chain:
        return "bomb"
    return "damaged"


def _with_numbers(path: Path) -> tuple[Path, int]:
    """The document with the numbers that Word itself gives, and how many could not be told."""
    from indexer.documents.numbering import write_numbers

    copy = Path(tempfile.mkdtemp()) / path.name  # removed by whoever started this process
    untold = write_numbers(path, copy)
    return (copy, untold) if copy.exists() else (path, 0)


def _with_rows(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks of an .rtf, whose reader writes a table's row as one line "a|b|c|"."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        cells = [cell.strip() for cell in block["text"].rstrip("|").split("|")]
        last = found[-1] if found else None
        if len(cells) == 1:
            found.append(block)
        elif last and last["type"] == "table" and len(last["rows"][0]) == len(cells):
            last["rows"].append(cells)
        else:
            found.append({"type": "table", "rows": [cells]})
    return found


def _text_of(blocks: list[dict[str, Any]]) -> str:
    parts = [
        " ".join(cell for row in block["rows"] for cell in row)
        if block["type"] == "table"
        else block["text"]
        for block in blocks
    ]
    return "\n".join(parts)


def main() -> None:
    """Read the file named on the command line; the result goes to stdout as JSON."""
    _, path, encoding = sys.argv
    json.dump(read(Path(path), encoding or None), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
