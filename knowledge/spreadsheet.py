"""Workbooks as plain rows of cells: checked before they are unpacked, formulas never computed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook

from knowledge.errors import UnitsFileError
from knowledge.rows import NoCachedValue, RawCell

MAX_UNPACKED = 150_000_000
_MAX_STRINGS = 30_000_000
_LAST_ROW = 1_048_576  # of any sheet
_CHUNK = 1 << 20
_OVERLAP = 16
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STRINGS = "xl/sharedStrings.xml"


class Sheet:
    """One sheet of a workbook, its rows read as they are asked for."""

    def __init__(self, name: str, sheet: Any, twin: Any) -> None:
        """`twin` is the same sheet read for its formulas, None if the workbook has none."""
        self.title: str = sheet.title
        self.has_formulas = twin is not None
        self._name = name
        self._sheet = sheet
        self._twin = twin
        for one in filter(None, (sheet, twin)):
            # The extent that a file states may be wrong, and rows would be lost.
            one.reset_dimensions()

    def rows(self, first: int, width: int) -> Iterator[tuple[int, Sequence[RawCell]]]:
        """The rows from number `first` on, with their numbers, at most `width` cells each.

        Percent-formatted numbers come as percentages; a formula's saved result as its value,
        and without one as NoCachedValue. Raises UnitsFileError if the sheet is malformed.
        """
        # a row number beyond every sheet would have the gap before it filled with empty rows
        limits = {"min_row": first, "max_row": _LAST_ROW, "max_col": width}
        twins = self._twin.iter_rows(values_only=True, **limits) if self._twin else None
        try:
            for number, cells in enumerate(self._sheet.iter_rows(**limits), start=first):
                row = [_value(cell) for cell in cells]
                if twins is not None:
                    formulas = next(twins, ())
                    row = [_cached(v, f) for v, f in zip_longest(row, formulas)]
                yield number, row
        except Exception as error:  # a malformed part can fail anywhere
            raise _unreadable(self._name, error) from error


def open_sheets(name: str, data: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook, in order.

    Raises UnitsFileError if the file is no workbook, is larger unpacked than allowed, or defines
    entities.
    """
    has_formulas = _inspect(name, data)
    try:
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        formulas = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception as error:  # as above
        raise _unreadable(name, error) from error
    for sheet in values.worksheets:
        yield Sheet(name, sheet, formulas[sheet.title] if has_formulas else None)


def _inspect(name: str, data: bytes) -> bool:
    """Whether any part holds a formula; the parts are unpacked in pieces and thrown away."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            strings = sum(part.file_size for part in parts if part.filename == _STRINGS)
            if unpacked > MAX_UNPACKED or strings > _MAX_STRINGS:
                raise UnitsFileError(
                    f"{name}: {unpacked:,} bytes unpacked; at most {MAX_UNPACKED:,} "
                    f"({_MAX_STRINGS:,} of text) are read, split the file",
                    "too_large",
                )
            found = [_has_formula(name, archive, part) for part in parts if _is_xml(part)]
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(name, error) from error
    return any(found)


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.endswith((".xml", ".rels"))


def _has_formula(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    has_formula, tail = False, b""
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            piece = tail + chunk
            if _DOCTYPE.search(piece):
                raise UnitsFileError(f"{name}: {part.filename} defines entities; save it anew")
            has_formula = has_formula or (is_sheet and _FORMULA.search(piece) is not None)
            tail = piece[-_OVERLAP:]
    return has_formula


def _value(cell: Any) -> RawCell:
    value = cell.value
    if type(value) in (int, float) and "%" in cell.number_format:
        return Decimal(repr(value)) * 100
    return value


def _cached(value: RawCell, formula: RawCell) -> RawCell:
    is_formula = formula is not None and formula != value and value is None
    return NoCachedValue() if is_formula else value


def _unreadable(name: str, error: Exception) -> UnitsFileError:
    kind = type(error).__name__
    return UnitsFileError(f"{name}: not a readable .xlsx workbook ({kind}); save it again as .xlsx")
