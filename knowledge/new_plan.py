"""A new plan's folder: every file there, empty but sound, each saying how it is filled in."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from string import Template

from knowledge.clauses import Bullet, Clause, dump_clauses
from knowledge.errors import PlanDataError

FILES = Path(__file__).parent / "new_plan_files"
TEXT_FILE, CLAUSES_FILE = "plan.txt", "clauses.jsonl"
PLAN_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")  # fits into a button's action beside a clause id


def new_plan(plan_id: str, plans_dir: Path) -> Path:
    """The new folder `plans_dir/plan_id`, which passes every check.

    Raises PlanDataError for an id that is not allowed or taken, and where nothing can be written.
    """
    folder = plans_dir / plan_id
    check_plan_id(plan_id)
    if folder.exists():
        raise PlanDataError(f"{folder}: there is a plan of this id already; choose another id")
    try:
        plans_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{plan_id}-", dir=plans_dir) as place:
            write_skeleton(plan_id, Path(place) / plan_id)
            (Path(place) / plan_id).replace(folder)
    except OSError as error:
        raise PlanDataError(
            f"{plans_dir}: cannot be written ({error.strerror}); set PLANS_DIR to a folder that can"
        ) from error
    return folder


def check_plan_id(plan_id: str) -> None:
    """Raises PlanDataError unless the id can name a folder and a button."""
    if not PLAN_ID.fullmatch(plan_id):
        raise PlanDataError(
            f"ID: {plan_id!r} cannot be a plan's id; use 2 to 40 small letters a-z, digits and "
            "underscores, a letter first, such as nong_thon_moi_2030"
        )


def write_skeleton(plan_id: str, folder: Path) -> None:
    """Write every file of an empty plan into a folder that does not exist yet."""
    shutil.copytree(FILES, folder)
    sha256 = hashlib.sha256((folder / TEXT_FILE).read_bytes()).hexdigest()
    for path in folder.glob("*.yaml"):
        template = Template(path.read_text(encoding="utf-8"))
        path.write_text(template.substitute(id=plan_id, sha256=sha256), encoding="utf-8")
    clauses = dump_clauses(_clauses((folder / TEXT_FILE).read_text(encoding="utf-8")))
    (folder / CLAUSES_FILE).write_text(clauses, encoding="utf-8")


def _clauses(text: str) -> list[Clause]:
    """The clauses of the placeholder text: its title, one heading, one item."""
    kind, name, _, heading, item = text.splitlines()
    mark, _, words = heading.partition(" ")
    title = (Bullet(1, "", kind, (1,)), Bullet(2, "", name, (2,)))
    dash, _, content = item.partition(" ")
    return [
        Clause("TITLE", None, "", "", "", title, ()),
        Clause("I", None, mark, words, "", (Bullet(1, dash, content, (5,)),), (4,)),
    ]
