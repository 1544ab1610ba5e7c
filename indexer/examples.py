"""Example questions of a plan: which clause each asks for, or none."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import PlanDataError
from knowledge.plan import Plan

NONE = "NONE"  # the label of questions that the plan does not answer
FILE_NAME = "example_questions.tsv"
_REQUIRED = ("clause", "style", "question")


@dataclass(frozen=True, slots=True)
class Example:
    """A question as somebody might type it, and the clause that answers it (or NONE).

    `topic` says what a question outside the plan is about ("" for the others). `bullets` says
    which bullets answer: numbers divided by "|", 0 for the heading, "*" for the clause as a
    whole, "" where nobody has looked.
    """

    clause: str
    style: str
    question: str
    topic: str = ""
    bullets: str = ""

    @property
    def label(self) -> str:
        """The clause, or NONE with its topic behind a slash."""
        return f"{NONE}/{self.topic}" if self.clause == NONE and self.topic else self.clause

    @property
    def labels(self) -> tuple[str, ...]:
        """What the classifier learns: the label, then the bullets ("IV.2.b#4", "IV.2.b#*")."""
        bullets = [bullet for bullet in self.bullets.split("|") if bullet]
        return (self.label, *(bullet_label(self.clause, bullet) for bullet in bullets))


def bullet_label(clause: str, bullet: int | str | None) -> str:
    """The label of a clause's bullet; None is the heading, "*" the clause as a whole."""
    return f"{clause}#{0 if bullet is None else bullet}"


def is_none(label: str) -> bool:
    """Whether a label stands for questions that the plan does not answer."""
    return label.split("/")[0] == NONE


def load_examples(plan: Plan) -> list[Example]:
    """The plan's example questions; [] for a plan without the file.

    Raises PlanDataError naming file, line and value.
    """
    path = plan.folder / FILE_NAME
    if not path.exists():
        return []
    return [_example(path, line, row, plan) for line, row in _rows(path)]


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [name for name in _REQUIRED if name not in (reader.fieldnames or ())]
            if missing:
                raise PlanDataError(f"{path}: line 1: column {missing[0]!r} is missing; add it")
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlanDataError(f"{path}: cannot be read ({error}); restore the file") from error


def _example(path: Path, line: int, row: dict[str, str], plan: Plan) -> Example:
    clause, question = row["clause"], (row["question"] or "").strip()
    if clause != NONE and clause not in plan.clauses:
        raise PlanDataError(
            f"{path}: line {line}: clause {clause!r} is not in the plan; "
            f"allowed: its ids, or {NONE}"
        )
    if not question:
        raise PlanDataError(f"{path}: line {line}: question is empty; write one or drop the line")
    bullets = (row.get("bullets") or "").strip()
    if bullets:
        known = {str(bullet.number) for bullet in plan.clauses[clause].bullets} | {"0", "*"}
        unknown = sorted(set(bullets.split("|")) - known)
        if unknown:
            raise PlanDataError(
                f"{path}: line {line}: bullets: {unknown[0]!r} is not a bullet of {clause}; "
                f"allowed: {', '.join(sorted(known))}"
            )
    return Example(clause, row["style"] or "", question, (row.get("topic") or "").strip(), bullets)
