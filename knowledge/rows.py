"""Rows of a table to units: columns recognised by code or Vietnamese header, bad cells reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.errors import UnitsFileError
from knowledge.facts import Fact, Unit, Value
from knowledge.messages import messages
from knowledge.rules import RuleBook
from knowledge.values import BadValueError, allowed, folded, number_value, parse_value, plain

_SHOWN_LENGTH = 60


class NoCachedValue:
    """A cell whose formula was saved without its result."""

    def __str__(self) -> str:
        return "="


RawCell = object
"""A cell as read: text, a number, a truth value, a date, None, or NoCachedValue."""

OWN_COLUMNS = ("id", "subject", "occasion")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that cannot be used; rows count from 1, as spreadsheets do."""

    sheet: str
    row: int
    column: str
    value: str
    allowed: str

    def __str__(self) -> str:
        return (
            messages()
            .files["bad_cell"]
            .format(
                sheet=self.sheet,
                row=self.row,
                column=self.column,
                value=self.value,
                allowed=self.allowed,
            )
        )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row as a unit, or what is wrong with it."""

    row: int
    unit: Unit | None
    problems: tuple[CellProblem, ...] = ()


class RowReader:
    """Turns the rows below one header into units."""

    def __init__(self, rules: RuleBook, sheet: str, header: Sequence[RawCell]) -> None:
        """Raises UnitsFileError if a needed column is missing or a column stands twice."""
        self.rules = rules
        self.sheet = sheet
        self.unknown: list[str] = []
        self._columns: list[tuple[int, str, str]] = []
        self._words = {
            "subject": _words_of(rules.subjects.subjects),
            "occasion": _words_of(rules.subjects.occasions),
        }
        names = column_names(rules)
        for index, cell in enumerate(header):
            title = plain(_text(cell))
            column = names.get(folded(title))
            if column is not None:
                self._columns.append((index, column, title))
            elif title:
                self.unknown.append(title)
        self._refuse_wrong_header()

    def read(self, number: int, cells: Sequence[RawCell]) -> UnitRow | None:
        """The row's unit or its problems; None for an empty row."""
        if not any(cell is not None and cell != "" for cell in cells):
            return None
        own: dict[str, str] = {}
        facts: dict[str, Value] = {}
        problems = []
        for index, column, title in self._columns:
            cell = cells[index] if index < len(cells) else None
            if (cell is None or cell == "") and column not in self._words:
                continue
            try:
                self._take(column, cell, own, facts)
            except BadValueError as error:
                shown = plain(_text(cell))[:_SHOWN_LENGTH]
                problems.append(CellProblem(self.sheet, number, title, shown, str(error)))
        if problems:
            return UnitRow(number, None, tuple(problems))
        unit_id = own.get("id") or str(number)
        return UnitRow(number, Unit(own["subject"], own["occasion"], facts, unit_id))

    def _take(
        self, column: str, cell: RawCell, own: dict[str, str], facts: dict[str, Value]
    ) -> None:
        is_empty = cell is None or (isinstance(cell, str) and not cell.strip())
        if column in self._words:
            own[column] = self._word(column, _text(cell))
        elif is_empty:
            return
        elif column == "id":
            own["id"] = plain(_text(cell))
        else:
            facts[column] = _value(self.rules.facts[column], cell)

    def _word(self, column: str, text: str) -> str:
        code = self._words[column].get(folded(text))
        if code is None:
            raise BadValueError(messages().allowed[column].format(choices=self._choices(column)))
        return code

    def _choices(self, column: str) -> str:
        named = self.rules.subjects
        if column == "subject":
            return "; ".join(f"{code} ({s.label})" for code, s in named.subjects.items())
        return "; ".join(f"{code} ({o.label})" for code, o in named.occasions.items())

    def _refuse_wrong_header(self) -> None:
        found = [column for _, column, _ in self._columns]
        twice = sorted({column for column in found if found.count(column) > 1})
        if twice:
            raise UnitsFileError(
                f"{self.sheet}: columns {', '.join(twice)} stand twice; keep one of each",
                "column_twice",
            )


def find_header(rules: RuleBook, cells: Sequence[RawCell]) -> bool:
    """Whether the row is a header: it names the columns of subject and occasion."""
    names = column_names(rules)
    found = {names.get(folded(_text(cell))) for cell in cells}
    return {"subject", "occasion"} <= found


def column_names(rules: RuleBook) -> dict[str, str]:
    """Everything by which a column can be headed, folded, to its code."""
    names = {column: column for column in (*OWN_COLUMNS, *rules.facts)}
    names |= {folded(messages().columns[column]): column for column in OWN_COLUMNS}
    names |= {folded(fact.label): fact_id for fact_id, fact in rules.facts.items()}
    names |= {folded(fact.header): fact_id for fact_id, fact in rules.facts.items()}
    return names


def _words_of(named: Mapping[str, object]) -> dict[str, str]:
    words: dict[str, str] = {}
    for code, entry in named.items():
        for word in (code, getattr(entry, "label", code), *getattr(entry, "also", ())):
            words.setdefault(folded(word), code)
    return words


def _value(fact: Fact, cell: RawCell) -> Value:
    if isinstance(cell, NoCachedValue):
        raise BadValueError(messages().allowed["no_cached_value"])
    if isinstance(cell, str):
        return parse_value(fact, cell)
    if isinstance(cell, bool):
        return parse_value(fact, "yes" if cell else "no")
    if isinstance(cell, int | float | Decimal):
        return number_value(fact, cell)
    raise BadValueError(allowed(fact))


def _text(cell: RawCell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
