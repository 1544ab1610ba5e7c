"""Adds documents: each becomes a plan's folder with its index, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.build import build_index, is_current
from indexer.documents.extract import Extracted, extract
from indexer.documents.gate import MACRO_SUFFIXES, SUFFIXES
from indexer.documents.layout import lay_out
from indexer.documents.letterhead import Metadata, read_metadata
from indexer.documents.review import Review, review
from indexer.documents.wording import refusal
from indexer.encoder import Encoder
from indexer.errors import DocumentError, IndexFolderError
from indexer.normalize import strip_marks
from indexer.parse import parse_clauses
from indexer.progress import Report
from knowledge.check import check_plan
from knowledge.clauses import Clause, dump_clauses
from knowledge.new_plan import CLAUSES_FILE, TEXT_FILE, check_plan_id, write_skeleton
from knowledge.plan import Labels, Plan, load_plan
from knowledge.yaml_reader import read_yaml

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase

LONGEST_ID = 40
_OPEN = "chưa điền"  # marks the lines of plan.yaml that nobody has filled in
_OPEN_LINE = re.compile(rf"^(?P<key>\w+):.*#\s*{_OPEN}.*$")
_TEXT_BLOCK = re.compile(r"^  (?:file|sha256):.*$", re.M)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one file."""

    plan: Plan
    metadata: Metadata
    review: Review
    extracted: Extracted
    n_rows: int
    is_new: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where plans and indexes stand, and what encodes passages.

    With a database it keeps the indexes; the folder then has what was encoded before.
    """

    plans_dir: Path
    index_dir: Path
    encoder: Encoder | None
    database: PassageDatabase | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: a legacy encoding named by the person, pictures of pages left out."""

    encoding: str | None = None
    skip_scanned: bool = False


def files_of(place: Path) -> list[Path]:
    """The file itself, or the documents of a folder by name (also those that will be refused).

    Raises DocumentError where there is nothing to add.
    """
    if not place.is_dir():
        if not place.exists():
            raise refusal("missing", file=place)
        return [place]
    wanted = (*SUFFIXES, *MACRO_SUFFIXES)
    found = sorted(p for p in place.iterdir() if p.is_file() and p.suffix.lower() in wanted)
    if not found:
        raise refusal("nothing_in_folder", file=place, allowed=", ".join(SUFFIXES))
    return found


def plan_id_of(path: Path) -> str:
    """A plan's id from a file's name: small letters, digits and underscores."""
    bare = re.sub(r"[^a-z0-9]+", "_", strip_marks(path.stem).lower()).strip("_")
    return (bare if bare[:1].isalpha() and len(bare) > 1 else f"vb_{bare}")[:LONGEST_ID].rstrip("_")


def add_document(
    path: Path, plan_id: str, places: Places, reading: Reading, report: Report | None = None
) -> Added:
    """The plan that the file became, its index built.

    Plan and index are put in place only when both are whole and every check holds. Raises
    DocumentError, PlanDataError or IndexFolderError, each one line; nothing has changed then.
    """
    check_plan_id(plan_id)
    extracted = extract(path, reading.encoding, skip_scanned=reading.skip_scanned)
    laid_out = lay_out(extracted.blocks)
    folder = places.plans_dir / plan_id
    with _staging(places.plans_dir) as stage:
        staged = stage / plan_id
        is_new = not folder.exists()
        if is_new:
            write_skeleton(plan_id, staged)
        else:
            shutil.copytree(folder, staged)
        labels = read_yaml(staged / "labels.yaml", Labels).label_by_words
        clauses = parse_clauses(laid_out.text, labels)
        if not any(clause.mark and clause.bullets for clause in clauses):
            raise refusal("no_clause", file=path.name)
        metadata = read_metadata(laid_out.text, clauses)
        is_changed = _write(staged, laid_out.text, clauses, metadata)
        _check(plan_id, stage, path)
        plan = load_plan(plan_id, stage)
        if is_changed or not is_current(plan, places.encoder, places.index_dir, places.database):
            build_index(plan, places.encoder, places.index_dir, report, places.database)
        if is_changed:
            _swap(staged, folder, stage)
    return Added(
        plan=load_plan(plan_id, places.plans_dir),
        metadata=metadata,
        review=review(laid_out.text, clauses, metadata.tail_lines),
        extracted=extracted,
        n_rows=laid_out.n_rows,
        is_new=is_new,
        is_changed=is_changed,
    )


def add_all(
    files: list[Path],
    plan_id: str | None,
    places: Places,
    reading: Reading,
    tell: Callable[[Path, Added | DocumentError], None],
) -> int:
    """Add each file by itself, telling what came of it; how many were refused."""
    n_refused = 0
    taken: set[str] = set()
    for path in files:
        wanted = plan_id or plan_id_of(path)
        try:
            if wanted in taken:
                raise refusal("taken", file=path.name, plan=wanted)
            outcome: Added | DocumentError = add_document(path, wanted, places, reading)
            taken.add(wanted)
        except DocumentError as error:
            outcome = error
            n_refused += 1
        tell(path, outcome)
    return n_refused


def _write(staged: Path, text: str, clauses: list[Clause], metadata: Metadata) -> bool:
    """Write text, clauses and what was found into the folder; whether anything changed."""
    before = {name: (staged / name).read_bytes() for name in ("plan.yaml", CLAUSES_FILE, TEXT_FILE)}
    content = text.encode()
    (staged / TEXT_FILE).write_bytes(content)
    (staged / CLAUSES_FILE).write_text(dump_clauses(clauses), encoding="utf-8")
    sha256 = hashlib.sha256(content).hexdigest()
    info = (staged / "plan.yaml").read_text(encoding="utf-8")
    (staged / "plan.yaml").write_text(fill_in(info, metadata, sha256), encoding="utf-8")
    return any((staged / name).read_bytes() != old for name, old in before.items())


def fill_in(info: str, metadata: Metadata, sha256: str) -> str:
    """plan.yaml with the text's hash, and what was found on the lines that are still open."""
    found = _values(metadata)
    lines = []
    for line in info.splitlines():
        open_line = _OPEN_LINE.match(line)
        value = found.get(open_line["key"]) if open_line else None
        lines.append(f"{open_line['key']}: {value}" if open_line and value else line)
    text = iter((f"  file: {TEXT_FILE}", f"  sha256: {sha256}"))
    return _TEXT_BLOCK.sub(lambda _: next(text), "\n".join(lines) + "\n", count=2)


def _values(metadata: Metadata) -> dict[str, str]:
    """The values found, as YAML."""
    texts = {
        "title": metadata.title,
        "short_title": metadata.short_title,
        "issuer": metadata.issuer,
        "contact": metadata.issuer,
        "signer": metadata.signer,
        "number": metadata.number,
    }
    values = {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items() if text}
    lists = {"recipients": metadata.recipients, "called": metadata.called}
    values |= {key: json.dumps(names, ensure_ascii=False) for key, names in lists.items() if names}
    if metadata.date_signed:
        values["date_signed"] = metadata.date_signed.isoformat()
    if metadata.period:
        values["period"] = _period(*metadata.period)
    return values


def _period(first: date, last: date) -> str:
    return f"{{first: {first.isoformat()}, last: {last.isoformat()}}}"


def _check(plan_id: str, stage: Path, path: Path) -> None:
    problems = [problem for result in check_plan(plan_id, stage) for problem in result.problems]
    if problems:
        first = problems[0].replace(str(stage) + "/", "")
        raise refusal(
            "data_disagree", file=path.name, plan=plan_id, count=len(problems), first=first
        )


@contextmanager
def _staging(plans_dir: Path) -> Iterator[Path]:
    """A hidden folder beside the plans, gone afterwards."""
    try:
        plans_dir.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".add-", dir=plans_dir))
    except OSError as error:
        raise IndexFolderError(
            f"PLANS_DIR: {plans_dir} cannot be written ({error.strerror}); "
            "set PLANS_DIR to a folder that can"
        ) from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(staged: Path, folder: Path, stage: Path) -> None:
    """Put the staged folder in place; where that fails the old one comes back."""
    aside = stage / "before"
    if folder.exists():
        folder.replace(aside)
    try:
        staged.replace(folder)
    except OSError:
        if aside.exists():
            aside.replace(folder)
        raise
