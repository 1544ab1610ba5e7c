"""A file -> its blocks, read in a process with bounded memory and time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from indexer.documents.gate import LARGEST_TEXT_FILE, LARGEST_UNPACKED, MEGABYTE, check_file
from indexer.documents.wording import refusal

LONGEST_READ = 180  # seconds; an old .doc starts LibreOffice
MOST_MEMORY = 1024 * MEGABYTE  # address space
MOST_MEMORY_OF_OFFICE = 4096 * MEGABYTE  # LibreOffice reserves much more than it uses


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's blocks in order, and what the reader noticed.

    A block is {"type": "paragraph" or "heading", "text"} or {"type": "table", "rows"}.
    `encoding` is the legacy one the text was in; `scanned` are pages without text, left out;
    `n_automatic` counts paragraphs whose numbers are not in the text.
    """

    blocks: list[dict[str, Any]]
    encoding: str | None
    scanned: list[int]
    n_automatic: int


def extract(path: Path, encoding: str | None = None, *, skip_scanned: bool = False) -> Extracted:
    """The document's blocks.

    Raises DocumentError, one line naming the file, for one that cannot be read whole; pages
    that are pictures are left out only with `skip_scanned`.
    """
    check_file(path)
    found = _read_apart(path, encoding)
    if problem := found.get("problem"):
        raise refusal(problem, file=path.name, limit=LARGEST_UNPACKED // MEGABYTE)
    blocks, scanned = found["blocks"], found["scanned"]
    if scanned and not skip_scanned:
        raise refusal("scanned", file=path.name, pages=page_list(scanned))
    if not any(_has_text(block) for block in blocks):
        raise refusal("no_text", file=path.name)
    return Extracted(blocks, found["encoding"], scanned, found["automatic_numbers"])


def page_list(pages: list[int]) -> str:
    """Page numbers as people write them: "1-3, 7"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _read_apart(path: Path, encoding: str | None) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "indexer.documents.reader",
        str(path.resolve()),
        encoding or "",
    ]
    root = str(Path(__file__).parents[2])
    search_path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": search_path, "PYTHONIOENCODING": "utf-8"}
    memory = MOST_MEMORY_OF_OFFICE if path.suffix.lower() == ".doc" else MOST_MEMORY
    heavy = refusal("too_heavy", file=path.name, seconds=LONGEST_READ, limit=memory // MEGABYTE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                command,
                env={**environment, "TMPDIR": folder},
                capture_output=True,
                timeout=LONGEST_READ,
                check=False,
                preexec_fn=partial(_bound, memory) if os.name == "posix" else None,
            )
    except subprocess.TimeoutExpired as error:
        raise heavy from error
    if done.returncode != 0:
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise heavy
        raise refusal("damaged", file=path.name)
    if len(done.stdout) > 4 * LARGEST_TEXT_FILE:
        size = f"{len(done.stdout) / MEGABYTE:.0f}"
        raise refusal(
            "too_large", file=path.name, size=size, limit=4 * LARGEST_TEXT_FILE // MEGABYTE
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _bound(memory: int) -> None:
    """In the reading process: no more than so much memory and processor time."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_READ, LONGEST_READ))


def _has_text(block: dict[str, Any]) -> bool:
    if block["type"] == "table":
        return any(cell.strip() for row in block["rows"] for cell in row)
    return bool(block["text"].strip())
