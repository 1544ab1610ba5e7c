"""The units from the field come out as people there expect them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from knowledge import Unit


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_field_unit_comes_out_as_expected(
    field_dir: Path,
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    expected = {row["id"]: row for row in _rows(field_dir / "criteria_expected.csv")}
    units = _rows(field_dir / "criteria_units.csv")
    wrong = {}
    for row in units:
        wanted = expected[row.pop("id")]
        found = verdicts_of(unit_of(**row))
        if found != (set(wanted["met"].split()), set(wanted["undecided"].split())):
            wrong[wanted["id"]] = (found, wanted["note"])
    assert not wrong
    assert len(units) == len(expected)
