"""The dates that a plan sets, each with the words that set it."""

from __future__ import annotations

import calendar
import re
from datetime import date

from pydantic import Field

from knowledge.criteria import Quoted
from knowledge.yaml_reader import DataModel

_MONTH_OR_YEAR = re.compile(r"(?:\b(\d{1,2})/)?\b(\d{4})\b")


class PlanDate(Quoted):
    """A day, month or span of years: `when` as the quote writes it, `first` and `last` its days."""

    id: str
    label: str
    when: str = Field(min_length=1)
    first: date
    last: date


class Calendar(DataModel):
    """calendar.yaml; a plan may have none."""

    dates: list[PlanDate] = Field(default_factory=list)


def days_of(when: str) -> tuple[date, date] | None:
    """First and last day of "tháng 7/2022", "năm 2025" or "2021-2025"; None if no year is named."""
    named = _MONTH_OR_YEAR.findall(when)
    if not named:
        return None
    (month, year), (last_month, last_year) = named[0], named[-1]
    if int(month or 1) not in range(1, 13) or int(last_month or 12) not in range(1, 13):
        return None
    end = int(last_month or 12)
    last = calendar.monthrange(int(last_year), end)[1]
    return date(int(year), int(month or 1), 1), date(int(last_year), end, last)
