"""Just under, at and just over every threshold, for every subject on every occasion.

The table below was written from the text, apart from the plan's data. Each route is tried alone:
all other routes are closed by figures far below their thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from plan_names import AWARDS

from knowledge import RuleBook, Unit

EVERYONE = frozenset(
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
COMMUNES = frozenset({"commune", "ethnic_commune"})
DISTRICTS = frozenset({"district", "ethnic_district"})
QUARTER = frozenset({"ethnic_quarter"})
ETHNIC = frozenset({"ethnic_commune", "ethnic_hamlet"})
NOBODY: frozenset[str] = frozenset()

CLOSED = {
    "annual": {
        "unit_target_pct": "90",
        "reduction_vs_plan_pct": "90",
        "reduction_vs_resolution_pct": "90",
        "has_extreme_hamlet": "no",
    },
    "midterm": {
        "unit_target_pct": "40",
        "reduction_vs_plan_pct": "40",
        "reduction_vs_resolution_pct": "40",
        "household_fall_pct": "10",
        "extreme_hamlets_start": "10",
        "extreme_hamlets_exited": "0",
    },
    "final": {
        "provincial_target_pct": "90",
        "reduction_vs_plan_pct": "90",
        "reduction_vs_resolution_pct": "90",
        "household_fall_pct": "10",
        "extreme_hamlets_start": "10",
        "extreme_hamlets_exited": "0",
        "extreme_communes_start": "2",
        "extreme_communes_remaining": "1",
        "extreme_communes_exit_recognised": "yes",
        "most_outstanding": "yes",
    },
}
ALWAYS = {
    "common_standards": "yes",
    "registered_to_escape": "yes",
    "loan_in_order": "not_applicable",
    "escape_and_help_recognised": "yes",
    "contribution_vnd": "0",
}


@dataclass(frozen=True)
class Route:
    """Figures under, at and over a threshold; who is granted, who is left undecided."""

    occasion: str
    award: str
    facts: tuple[str, ...]
    values: tuple[str, str, str]
    at_is_enough: bool
    granted: frozenset[str]
    undecided: frozenset[str] = NOBODY
    also: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.occasion}-{self.award}-{'+'.join(self.facts)}"


UNIT, PROVINCE, FALL = ("unit_target_pct",), ("provincial_target_pct",), ("household_fall_pct",)
PLAN, RESOLUTION = ("reduction_vs_plan_pct",), ("reduction_vs_resolution_pct",)
BOTH = PLAN + RESOLUTION
EXITED = ("extreme_hamlets_exited",)
AT_50 = ("49.9999", "50", "50.0001")
AT_100 = ("99.9999", "100", "100.0001")
ROUTES = [
    Route("annual", "GK", UNIT, AT_100, True, EVERYONE),
    Route("annual", "BK", UNIT, ("109.9999", "110", "110.0001"), True, EVERYONE),
    Route("annual", "BK", PLAN, AT_100, True, COMMUNES | ETHNIC, QUARTER),
    Route("annual", "BK", RESOLUTION, AT_100, True, COMMUNES | ETHNIC, QUARTER),
    Route("annual", "BK", BOTH, AT_100, True, COMMUNES | ETHNIC, QUARTER),
    Route("midterm", "BK", UNIT, AT_50, False, EVERYONE),
    Route("midterm", "BK", BOTH, AT_50, False, DISTRICTS | {"commune"}),
    Route("midterm", "BK", BOTH, AT_50, True, ETHNIC, QUARTER),
    Route("midterm", "BK", PLAN, AT_50, True, ETHNIC, QUARTER),
    Route("midterm", "BK", RESOLUTION, AT_50, True, ETHNIC, QUARTER),
    Route("midterm", "BK", FALL, ("29.9999", "30", "30.0001"), True, COMMUNES | DISTRICTS, QUARTER),
    Route("midterm", "BK", EXITED, ("2", "3", "4"), True, frozenset({"ethnic_commune"}), QUARTER),
    Route("final", "BK", PROVINCE, AT_100, True, EVERYONE),
    Route("final", "TTg", PROVINCE, AT_100, False, EVERYONE),
    Route("final", "BK", BOTH, AT_100, True, COMMUNES | DISTRICTS | ETHNIC, QUARTER),
    Route("final", "TTg", BOTH, AT_100, False, COMMUNES | DISTRICTS | ETHNIC, QUARTER),
    Route("final", "HC", BOTH, AT_100, False, DISTRICTS),
    Route("final", "BK", PLAN, AT_100, True, ETHNIC, QUARTER),
    Route("final", "TTg", RESOLUTION, AT_100, False, ETHNIC, QUARTER),
    Route("final", "BK", FALL, AT_50, True, COMMUNES | DISTRICTS, QUARTER),
    Route("final", "TTg", FALL, AT_50, False, COMMUNES | DISTRICTS, QUARTER),
    Route("final", "HC", FALL, ("59.9999", "60", "60.0001"), False, DISTRICTS),
    Route("final", "BK", EXITED, ("4", "5", "6"), True, frozenset({"ethnic_commune"}), QUARTER),
    Route("final", "TTg", EXITED, ("4", "5", "6"), False, frozenset({"ethnic_commune"}), QUARTER),
]
NORMS = {
    ("annual", "GK"): "norm_giay_khen_vnd",
    ("annual", "BK"): "norm_bang_khen_tinh_vnd",
    ("midterm", "BK"): "norm_bang_khen_tinh_vnd",
    ("final", "BK"): "norm_bang_khen_tinh_vnd",
    ("final", "TTg"): "norm_bang_khen_thu_tuong_vnd",
    ("final", "HC"): "norm_huan_chuong_vnd",
}
ROUTES += [
    Route(o, a, ("contribution_vnd",), ("999", "1000", "1001"), True, EVERYONE, also={n: "1000"})
    for (o, a), n in NORMS.items()
]


def _alone(route: Route) -> bool:
    """Whether subjects outside the route keep out of it even over the threshold."""
    return route.facts not in (BOTH, PLAN, RESOLUTION)


def _steps() -> Iterator[tuple[Route, str, int]]:
    for route in ROUTES:
        for subject in sorted(EVERYONE):
            for step in range(3):
                if _expected(route, subject, step) is not None:
                    yield route, subject, step


def _expected(route: Route, subject: str, step: int) -> str | None:
    """None where another bullet of the subject reads the same figure."""
    passes = step == 2 or (step == 1 and route.at_is_enough)
    if subject in route.granted:
        return "met" if passes else "not_met"
    if subject in route.undecided:
        return "undecided" if passes else "not_met"
    return "not_met" if _alone(route) else None


@pytest.mark.parametrize(
    ("route", "subject", "step"),
    [pytest.param(r, s, n, id=f"{r}-{r.at_is_enough}-{s}-{n}") for r, s, n in _steps()],
)
def test_threshold(
    route: Route,
    subject: str,
    step: int,
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    texts = ALWAYS | CLOSED[route.occasion] | route.also
    texts |= dict.fromkeys(route.facts, route.values[step])
    met, undecided = verdicts_of(unit_of(subject, route.occasion, **texts))
    award = AWARDS[route.award]
    found = "met" if award in met else "undecided" if award in undecided else "not_met"
    assert found == _expected(route, subject, step)


@pytest.mark.parametrize("subject", sorted(EVERYONE))
@pytest.mark.parametrize("occasion", sorted(CLOSED))
def test_the_closed_figures_close_every_route(
    subject: str,
    occasion: str,
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    assert verdicts_of(unit_of(subject, occasion, **ALWAYS, **CLOSED[occasion])) == (set(), set())


@pytest.mark.parametrize(
    ("value", "excludes"), [("99.9999", True), ("100", False), ("100.0001", False)]
)
@pytest.mark.parametrize("subject", sorted(COMMUNES | DISTRICTS))
@pytest.mark.parametrize("occasion", sorted(CLOSED))
def test_sustainable_exits_under_plan_exclude_communes_and_districts(
    value: str,
    excludes: bool,
    subject: str,
    occasion: str,
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    open_route = {"unit_target_pct": "120", "provincial_target_pct": "120"}
    texts = ALWAYS | CLOSED[occasion] | open_route | {"sustainable_exit_pct": value}
    met, undecided = verdicts_of(unit_of(subject, occasion, **texts))
    assert not undecided
    assert bool(met) is not excludes


def test_the_table_has_every_threshold_of_the_plan(rules: RuleBook) -> None:
    ruled = {(occasion, award.id) for award in rules.awards for occasion in award.occasions}
    assert {(r.occasion, AWARDS[r.award]) for r in ROUTES} == ruled
