"""The clause tree of a plan: what can be cited, and where it stands in the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import PlanDataError


@dataclass(frozen=True, slots=True)
class Bullet:
    """One citable unit of a clause: a list item, or a paragraph without a mark.

    `number` counts from 1 inside the clause; `mark` is the list mark as printed ("" for a
    paragraph); `under` is the number of the bullet this one hangs below, if any; `lines` are
    the line numbers of the text, from 1.
    """

    number: int
    mark: str
    text: str
    lines: tuple[int, ...]
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered part of a plan.

    `mark` is the numbering as printed ("3.2."), `heading` its title line ("" where the clause
    starts with its content), `lead_in` a sentence that only introduces the bullets. `lines`
    are the lines of heading and lead-in; those of the bullets stand with the bullets.
    """

    id: str
    parent: str | None
    mark: str
    heading: str
    lead_in: str
    bullets: tuple[Bullet, ...]
    lines: tuple[int, ...]

    @property
    def text(self) -> str:
        """Heading, lead-in and bullets as one text, one part a line, marks included."""
        opening = " ".join(part for part in (self.mark, self.heading) if part)
        parts = [opening, self.lead_in]
        parts += [f"{bullet.mark} {bullet.text}".strip() for bullet in self.bullets]
        return "\n".join(part for part in parts if part)

    @property
    def all_lines(self) -> tuple[int, ...]:
        """Every line of the text that this clause owns, in order."""
        return self.lines + tuple(line for bullet in self.bullets for line in bullet.lines)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with its place: clause id, heading path (outermost first), bullet number."""

    clause: str
    path: tuple[str, ...]
    quote: str
    bullet: int | None = None


class ClauseTree:
    """The clauses of one plan in text order, with look-up by id."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)
        self._by_id = {clause.id: clause for clause in self.clauses}

    def __iter__(self) -> Any:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self._by_id

    def __getitem__(self, clause_id: str) -> Clause:
        return self._by_id[clause_id]

    def path(self, clause_id: str) -> tuple[str, ...]:
        """The headings from the outermost part down to this clause, marks included."""
        return tuple(
            " ".join(part for part in (clause.mark, clause.heading) if part)
            for clause in reversed(self.lineage(clause_id))
            if clause.mark or clause.heading
        )

    def lineage(self, clause_id: str) -> tuple[Clause, ...]:
        """The clause, then its parents up to the outermost part."""
        chain: list[Clause] = []
        current: str | None = clause_id
        while current is not None:
            clause = self._by_id[current]
            chain.append(clause)
            current = clause.parent
        return tuple(chain)

    def children(self, clause_id: str) -> tuple[Clause, ...]:
        """The clauses directly below this one, in text order."""
        return tuple(clause for clause in self.clauses if clause.parent == clause_id)


def dump_clauses(clauses: Sequence[Clause]) -> str:
    """The clauses as JSON lines, one a line, in order."""
    return "".join(json.dumps(asdict(clause), ensure_ascii=False) + "\n" for clause in clauses)


def load_clauses(path: Path) -> ClauseTree:
    """The clause tree kept in a JSON-lines file.

    Raises PlanDataError naming the file and line when it cannot be read.
    """
    try:
        rows = path.read_text(encoding="utf-8").split("\n")  # JSON may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise PlanDataError(f"{path}: cannot be read ({error}); restore the file") from error
    clauses: list[Clause] = []
    for number, row in enumerate(rows, start=1):
        if not row:
            continue
        try:
            raw = json.loads(row)
            bullets = tuple(
                Bullet(**{**bullet, "lines": tuple(bullet["lines"])}) for bullet in raw["bullets"]
            )
            clauses.append(Clause(**{**raw, "bullets": bullets, "lines": tuple(raw["lines"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise PlanDataError(
                f"{path}: line {number} is not a clause ({error}); "
                "write the file anew with: python -m indexer clauses --write"
            ) from error
    return ClauseTree(clauses)
