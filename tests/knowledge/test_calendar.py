"""The plan's dates: every one is the quote's own, and a wrong one is found by the check."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.calendar import days_of
from knowledge.check import check_plan
from knowledge.check_quotes import date_problems, quote_problems
from knowledge.plan import Plan, load_plan


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("tháng 7/2022", date(2022, 7, 1), date(2022, 7, 31)),
        ("tháng 2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("năm 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("giai đoạn 2021-2025", date(2021, 1, 1), date(2025, 12, 31)),
        ("tháng 8/2022 - 3/2023", date(2022, 8, 1), date(2023, 3, 31)),
    ],
)
def test_words_mean_days(when: str, first: date, last: date) -> None:
    assert days_of(when) == (first, last)


@pytest.mark.parametrize("when", ["hằng năm", "tháng 13/2022", "tháng 0/2022", ""])
def test_words_without_a_year_or_with_no_such_month_mean_none(when: str) -> None:
    assert days_of(when) is None


def test_shipped_dates_lie_within_the_plan_s_period(whole_plan: Plan) -> None:
    period = whole_plan.info.period
    assert period
    assert whole_plan.calendar.dates
    for entry in whole_plan.calendar.dates:
        assert period.first <= entry.first <= entry.last <= period.last, entry.id


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("last: 2023-07-31", "last: 2023-07-30", "is not 2023-07-01 to 2023-07-30"),
        ("when: tháng 7/2023", "when: tháng 7/2024", "is not in the quote"),
        ("quote: Tổ chức sơ kết", "quote: Tổ chức so kết", "is not in IV.4#3"),
    ],
)
def test_date_that_the_text_does_not_set_is_found(
    tmp_path: Path, whole_plan: Plan, right: str, wrong: str, problem: str
) -> None:
    folder = tmp_path / whole_plan.id
    shutil.copytree(whole_plan.folder, folder)
    path = folder / "calendar.yaml"
    before = path.read_text(encoding="utf-8")
    assert right in before
    path.write_text(before.replace(right, wrong), encoding="utf-8")
    plan = load_plan(whole_plan.id, tmp_path)
    found = [p for p in (*date_problems(plan), *quote_problems(plan)) if p]
    assert len(found) == 1
    assert found[0].startswith("calendar.yaml: midterm")
    assert problem in found[0]


def test_check_counts_every_date_and_year(whole_plan: Plan) -> None:
    [result] = [r for r in check_plan(whole_plan.id) if r.name.startswith("every date")]
    occasions = whole_plan.rules.subjects.occasions.values()
    years = [occasion.year for occasion in occasions if occasion.year is not None]
    assert result.n_checked == len(whole_plan.calendar.dates) + len(years)
    assert result.problems == ()
