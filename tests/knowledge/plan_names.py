"""Short names for the plan and its awards, as the tables of situations use them."""

from __future__ import annotations

import csv
from pathlib import Path

PLAN_ID = "kien_giang_2021_2025"
AWARDS = {
    "GK": "giay_khen",
    "BK": "bang_khen_tinh",
    "TTg": "bang_khen_thu_tuong",
    "HC": "huan_chuong_lao_dong_hang_ba",
}


def rows_of(name: str, delimiter: str = ";") -> list[dict[str, str]]:
    """The rows of a table in cases/."""
    path = Path(__file__).parent / "cases" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def facts_of(text: str) -> dict[str, str]:
    """`a=1, b=2`; all five common standards are confirmed unless the text says otherwise."""
    pairs = (pair.split("=") for pair in text.split(", ") if pair)
    return {"common_standards": "yes"} | {name.strip(): value for name, value in pairs}


SUBJECTS = frozenset(
    {
        "collective",
        "individual",
        "association",
        "donor",
        "household",
        "hamlet",
        "ethnic_hamlet",
        "ethnic_quarter",
        "commune",
        "ethnic_commune",
        "district",
        "ethnic_district",
    }
)


def subjects_of(text: str) -> frozenset[str]:
    """`commune district`, `everyone`, `everyone but donor`: the subjects that are meant."""
    named, _, left_out = text.partition("but ")
    named = named.strip()
    chosen = SUBJECTS if named == "everyone" else frozenset(named.split())
    return chosen - frozenset(left_out.split())
