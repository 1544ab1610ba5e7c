"""Units at the edges of every reading come out as the readings alone say, by the text's own words.

`tricky_units` has the columns of a units file, `tricky_expected` the awards that must come out met
and undecided, with the reading they test: where operators turn, figures contradict each other,
are missing, or cannot be computed.
"""

from __future__ import annotations

from collections.abc import Callable

from plan_names import rows_of

from knowledge import Unit

READINGS = {str(number) for number in range(1, 22)}


def test_units_at_the_edges_come_out_as_the_readings_say(
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    expected = {row["id"]: row for row in rows_of("tricky_expected", ",")}
    units = rows_of("tricky_units", ",")
    wrong = {}
    for row in units:
        wanted = expected[row.pop("id")]
        found = verdicts_of(unit_of(**row))
        if found != (set(wanted["met"].split()), set(wanted["undecided"].split())):
            wrong[wanted["id"]] = (found, wanted["note"])
    assert not wrong
    assert len(units) == len(expected)


def test_every_reading_has_units() -> None:
    assert {row["reading"] for row in rows_of("tricky_expected", ",")} == READINGS
