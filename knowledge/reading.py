"""Files of units, CSV or XLSX, as rows: within limits, formulas never computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath

from knowledge.errors import UnitsFileError
from knowledge.messages import messages
from knowledge.rows import RawCell, RowReader, UnitRow, find_header
from knowledge.rules import RuleBook
from knowledge.spreadsheet import open_sheets

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
_HEADER_WITHIN = 20
_MAX_CELL = 1000
_SNIFFED = 2000

NumberedRow = tuple[int, Sequence[RawCell]]


@dataclass
class UnitsFile:
    """The units of a file, read as they are asked for; `remarks` grow while they are."""

    name: str
    sheet: str
    rows: Iterator[UnitRow]
    remarks: list[str] = field(default_factory=list)


def read_units(rules: RuleBook, name: str, data: bytes) -> UnitsFile:
    """The units in a file's bytes; `name` decides the format (.csv, .xlsx) and appears in errors.

    Raises UnitsFileError in one line: too large, unreadable, no header, a column twice. Too many
    rows are only found while reading, so the rows may raise it as well.
    """
    suffix = PurePath(name).suffix.lower()
    if len(data) > MAX_BYTES:
        raise UnitsFileError(
            f"{name}: {len(data):,} bytes; at most {MAX_BYTES:,} are read, split the file",
            "too_large",
        )
    if suffix == ".csv":
        return _from_csv(rules, name, data)
    if suffix == ".xlsx":
        return _from_workbook(rules, name, data)
    raise UnitsFileError(f"{name}: {suffix or 'no suffix'}; allowed: .csv, .xlsx — save it as one")


def _from_workbook(rules: RuleBook, name: str, data: bytes) -> UnitsFile:
    seen = []
    for sheet in open_sheets(name, data):
        seen.append(sheet.title)
        for number, cells in islice(sheet.rows(1, MAX_COLUMNS), _HEADER_WITHIN):
            if find_header(rules, cells):
                width = max(i for i, cell in enumerate(cells, start=1) if cell is not None)
                found = _below(rules, name, sheet.title, cells, sheet.rows(number + 1, width))
                if sheet.has_formulas:
                    found.remarks.append(messages().files["formulas"].format(sheet=sheet.title))
                return found
    raise _no_header(name, ", ".join(seen))


def _from_csv(rules: RuleBook, name: str, data: bytes) -> UnitsFile:
    text = _decoded(name, data)
    opening = text[:_SNIFFED]
    for delimiter in sorted(",;\t", key=opening.count, reverse=True):
        rows = _csv_rows(name, text, delimiter)
        for _, cells in islice(rows, _HEADER_WITHIN):
            if find_header(rules, cells):
                return _below(rules, name, name, cells, rows)
    raise _no_header(name, name)


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnitsFileError(
            f"{name}: byte {error.start} is not UTF-8; save the file as CSV UTF-8", "not_unicode"
        ) from error


def _below(
    rules: RuleBook,
    name: str,
    sheet: str,
    header: Sequence[RawCell],
    rows: Iterable[NumberedRow],
) -> UnitsFile:
    try:
        reader = RowReader(rules, sheet, header)
    except UnitsFileError as error:
        raise UnitsFileError(f"{name}: {error}", error.fault) from error
    found = UnitsFile(name, sheet, _units(name, reader, rows))
    unknown = messages().files["unknown_column"]
    found.remarks += [unknown.format(sheet=sheet, column=c[:60]) for c in reader.unknown]
    return found


def _units(name: str, reader: RowReader, rows: Iterable[NumberedRow]) -> Iterator[UnitRow]:
    n_read = 0
    for number, cells in rows:
        unit = reader.read(number, cells)
        if unit is None:
            continue
        if number > MAX_ROWS:
            raise UnitsFileError(
                f"{name}: row {number}: at most {MAX_ROWS:,} rows are read; split the file",
                "too_many_rows",
            )
        n_read += 1
        yield unit
    if not n_read:
        said = messages().files["nothing_read"].format(file=name)
        raise UnitsFileError(said, "nothing_read")


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[NumberedRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS or any(len(cell) > _MAX_CELL for cell in row):
                raise UnitsFileError(
                    f"{name}: row {reader.line_num}: more than {MAX_COLUMNS} columns, or a cell "
                    f"longer than {_MAX_CELL} characters; correct the row",
                    "bad_row",
                    reader.line_num,
                )
            yield reader.line_num, row
    except csv.Error as error:
        said = f"{name}: row {reader.line_num}: {error}; correct the row"
        raise UnitsFileError(said, "bad_row", reader.line_num) from error


def _no_header(name: str, sheets: str) -> UnitsFileError:
    columns = messages().columns
    return UnitsFileError(
        f"{name}: {sheets}: no header row with the columns subject ({columns['subject']}) and "
        f"occasion ({columns['occasion']}) in the first {_HEADER_WITHIN} rows; use the template",
        "no_header",
    )
