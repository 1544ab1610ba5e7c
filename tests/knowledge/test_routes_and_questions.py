"""What it would take, and what is still worth asking."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from plan_names import AWARDS, facts_of

from knowledge import Assessment, RuleBook, Unit, UnitError, Verdict, assess
from knowledge.questions import offered_facts, open_facts, sample_values
from knowledge.routes import routes, standard_steps
from knowledge.truth import Truth

Make = Callable[..., Unit]


def _of(rules: RuleBook, unit: Unit, award: str) -> Assessment:
    return {a.award.id: a for a in assess(rules, unit)}[AWARDS[award]]


def test_routes_are_listed_nearest_first_with_thresholds(rules: RuleBook, unit_of: Make) -> None:
    facts = "household_fall_pct=45, extreme_hamlets_start=5, extreme_hamlets_exited=3"
    found = routes(rules, AWARDS["TTg"], unit_of("ethnic_commune", "final", **facts_of(facts)))
    ranks = [route.truth.value for route in found]
    assert ranks == sorted(ranks, reverse=True)
    assert (found[0].citation.bullet, found[0].truth) == (4, Truth.TRUE)
    needs = {(route.citation.bullet, step.need) for route in found for step in route.steps}
    assert (2, "trên 50%") in needs
    assert (1, "vượt chỉ tiêu, tức trên 100%") in needs
    steps = [step for route in found for step in route.steps]
    fall = next(step for step in steps if step.facts[0] == "household_fall_pct")
    assert "còn thiếu hơn 5 điểm phần trăm" in fall.now


def test_a_route_of_two_steps_and_a_doubtful_one(rules: RuleBook, unit_of: Make) -> None:
    found = routes(rules, AWARDS["HC"], unit_of("ethnic_district", "final", **facts_of("")))
    assert [len(r.steps) for r in found if r.citation.bullet == 2] == [2]
    needs = [step.need for r in found if r.citation.bullet == 2 for step in r.steps]
    assert needs == ["vượt chỉ tiêu, tức trên 100%", "Có"]
    doubts = {r.doubt for r in found if r.citation.bullet == 1}
    assert doubts == {"ethnic_district_exceeds", None}


def test_only_a_districts_order_has_more_than_the_contribution(
    rules: RuleBook, unit_of: Make
) -> None:
    found = routes(rules, AWARDS["HC"], unit_of("commune", "final"))
    assert [route.citation.bullet for route in found] == [4]


def test_what_is_taken_for_passed_is_no_step_and_what_nobody_claimed_is_one(
    rules: RuleBook, unit_of: Make
) -> None:
    unit = unit_of("ethnic_hamlet", "annual", **facts_of(""))
    facts = {
        r.citation.bullet: [step.facts[0] for step in r.steps]
        for r in routes(rules, AWARDS["BK"], unit)
    }
    assert facts[4] == ["left_extreme_difficulty"]
    assert facts[5] == ["contribution_vnd"]


def test_a_contribution_is_told_against_its_norm(rules: RuleBook, unit_of: Make) -> None:
    found = routes(rules, AWARDS["BK"], unit_of("donor", "midterm"))
    norm = rules.facts["norm_bang_khen_tinh_vnd"].label
    told = [(step.label, step.need) for route in found for step in route.steps]
    assert ("Giá trị đóng góp", norm) in told


def test_standards_that_are_not_passed_are_steps_too(rules: RuleBook, unit_of: Make) -> None:
    unit = unit_of("commune", "annual", sustainable_exit_pct="90")
    steps = standard_steps(rules, unit, _of(rules, unit, "GK"))
    assert [step.facts[0] for step in steps] == ["common_standards", "sustainable_exit_pct"]


def test_questions_fall_away_as_they_stop_to_matter(rules: RuleBook, unit_of: Make) -> None:
    confirmed = unit_of("collective", "annual", **facts_of(""))
    assert open_facts(rules, confirmed) == ("unit_target_pct",)
    assert open_facts(rules, unit_of("collective", "annual", common_standards="no")) == ()
    done = unit_of("commune", "annual", **facts_of("unit_target_pct=110"))
    assert open_facts(rules, done) == ()


def test_what_could_only_be_in_doubt_is_not_asked_beside_another_doubt(
    rules: RuleBook, unit_of: Make
) -> None:
    """The exit of the communes waits, and more than the plan is only a perhaps for this Order."""
    known = (
        "provincial_target_pct=120, household_fall_pct=10, extreme_communes_remaining=0, "
        "extreme_communes_exit_recognised=no, most_outstanding=no"
    )
    unit = unit_of("ethnic_district", "final", **facts_of(known))
    assert _of(rules, unit, "HC").verdict is Verdict.UNDECIDED
    assert open_facts(rules, unit) == ()


def test_another_way_is_asked_when_one_is_declined(rules: RuleBook, unit_of: Make) -> None:
    unit = unit_of("collective", "annual", **facts_of(""))
    other_way = open_facts(rules, unit, {"unit_target_pct"})
    assert set(other_way) == {"target_planned", "target_achieved"}
    assert open_facts(rules, unit, {"unit_target_pct", "target_planned"}) == ()


def test_a_doubtful_route_is_never_shown_as_met(rules: RuleBook, unit_of: Make) -> None:
    unit = unit_of("ethnic_quarter", "annual", **facts_of("reduction_vs_plan_pct=100"))
    found = routes(rules, AWARDS["BK"], unit)
    assert {r.truth for r in found if r.citation.bullet == 3} == {Truth.UNKNOWN}
    assert {r.doubt for r in found if r.citation.bullet == 3} == {"quarter_not_named"}


def test_a_way_that_leads_no_further_is_not_asked(rules: RuleBook, unit_of: Make) -> None:
    """Nothing was achieved: a planned number cannot help, a percentage could only contradict it."""
    known = "target_achieved=0, contribution_unvalued=yes"
    asked = open_facts(rules, unit_of("association", "annual", **facts_of(known)))
    assert not {"unit_target_pct", "target_planned"} & set(asked)
    assert "contribution_vnd" in asked


@pytest.mark.parametrize(
    ("subject", "occasion", "known"),
    [
        ("commune", "midterm", "poor_households_now=0, poor_households_start=0"),
        ("commune", "midterm", "poor_households_start=10, poor_households_now=9"),
        ("collective", "annual", "target_planned=0"),
    ],
)
def test_what_is_known_already_contradicts_a_pass_by_another_way(
    rules: RuleBook, unit_of: Make, subject: str, occasion: str, known: str
) -> None:
    """So no answer can lead to the award any more: at most it stays open."""
    unit = unit_of(subject, occasion, **facts_of(known))
    figure = {"commune": "household_fall_pct", "collective": "unit_target_pct"}[subject]
    closed = {"unit_target_pct": "1", "reduction_vs_plan_pct": "1"} if subject == "commune" else {}
    answered = unit_of(subject, occasion, **facts_of(known), **closed, **{figure: "100"})
    assert {a.verdict for a in assess(rules, answered)} == {Verdict.UNDECIDED}
    reached = [leaf for a in assess(rules, unit) for c in a.criteria for leaf in c.leaves]
    leaf = next(leaf for leaf in reached if figure in leaf.test.own_facts)
    assert all(way.high is Truth.UNKNOWN for way in leaf.ways)


def test_what_is_presumed_is_offered_where_stating_it_would_change_a_verdict(
    rules: RuleBook, unit_of: Make
) -> None:
    """Confirmed standards cover discipline and rating; a contribution adds nothing to a pass."""
    unit = unit_of("commune", "annual", **facts_of("unit_target_pct=110"))
    assert set(offered_facts(rules, unit)) == {"year", "sustainable_exit_pct"}
    unconfirmed = unit_of("commune", "annual", unit_target_pct="110")
    assert "discipline" not in offered_facts(rules, unconfirmed, {"discipline"})
    assert "member_discipline" in offered_facts(rules, unconfirmed, {"discipline"})


@pytest.mark.parametrize("occasion", ["midterm", "final"])
def test_the_year_is_not_offered_where_the_clause_of_the_occasion_names_it(
    rules: RuleBook, unit_of: Make, occasion: str
) -> None:
    """Yet it is asked for once a year of discipline is known, which may lie before it."""
    target = {"midterm": "unit_target_pct", "final": "provincial_target_pct"}[occasion]
    unit = unit_of("collective", occasion, **facts_of(f"{target}=110"))
    assert Verdict.MET in {a.verdict for a in assess(rules, unit)}
    assert "year" not in offered_facts(rules, unit)
    punished = unit.with_fact("discipline", "reprimand")
    assert "discipline_year" in offered_facts(rules, punished)
    assert open_facts(rules, punished.with_fact("discipline_year", Decimal(2022))) == ("year",)


@pytest.mark.parametrize(
    ("subject", "occasion", "known", "offered"),
    [
        ("individual", "annual", "unit_target_pct=100", "contribution_vnd"),
        (
            "commune",
            "midterm",
            "unit_target_pct=40, reduction_vs_plan_pct=60, household_fall_pct=10",
            "reduction_vs_resolution_pct",
        ),
        (
            "ethnic_commune",
            "midterm",
            "unit_target_pct=40, reduction_vs_plan_pct=40, reduction_vs_resolution_pct=40, "
            "household_fall_pct=10, extreme_hamlets_start=6, extreme_hamlets_exited=1",
            "extreme_hamlets_pending",
        ),
        (
            "commune",
            "midterm",
            "unit_target_pct=40, reduction_vs_resolution_pct=60, household_fall_pct=10",
            "reduction_vs_plan_pct",
        ),
        (
            "donor",
            "midterm",
            "contribution_vnd=5, norm_bang_khen_tinh_vnd=9",
            "contribution_unvalued",
        ),
    ],
)
def test_what_nobody_has_to_state_is_offered_not_asked(
    rules: RuleBook, unit_of: Make, subject: str, occasion: str, known: str, offered: str
) -> None:
    """A contribution, hamlets that wait, the second figure for a target that the first one met."""
    unit = unit_of(subject, occasion, **facts_of(known))
    assert open_facts(rules, unit) == ()
    assert offered in offered_facts(rules, unit)
    assert "reduction_planned_pp" not in offered_facts(rules, unit)


@pytest.mark.parametrize(
    "known",
    [
        "unit_target_pct=40, reduction_vs_plan_pct=40, household_fall_pct=10",
        "unit_target_pct=60, reduction_vs_plan_pct=60, household_fall_pct=30",
    ],
)
def test_a_second_figure_is_offered_exactly_if_it_changes_a_verdict(
    rules: RuleBook, unit_of: Make, known: str
) -> None:
    """In the second case other bullets decide already."""
    unit = unit_of("commune", "midterm", **facts_of(known))
    first = {a.verdict for a in assess(rules, unit)}
    second = unit_of("commune", "midterm", **facts_of(known), reduction_vs_resolution_pct="60")
    changes = first != {a.verdict for a in assess(rules, second)}
    assert ("reduction_vs_resolution_pct" in offered_facts(rules, unit)) is changes


@pytest.mark.parametrize(
    ("unit", "refusal"),
    [
        (Unit("villa", "annual"), "subject: 'villa' is not known; allowed: .*commune"),
        (Unit("commune", "yearly"), "occasion: 'yearly' is not known; allowed: annual, midterm"),
        (Unit("commune", "annual", {"colour": "red"}), r"facts: \['colour'\] .*allowed"),
    ],
)
def test_unknown_names_are_refused_in_one_line(rules: RuleBook, unit: Unit, refusal: str) -> None:
    with pytest.raises(UnitError, match=refusal):
        assess(rules, unit)


def test_every_fact_of_the_plan_may_be_given_at_once(rules: RuleBook) -> None:
    unit = Unit("commune", "annual")
    facts = {f: next(sample_values(fact, rules, unit, f)) for f, fact in rules.facts.items()}
    assert len(assess(rules, Unit("commune", "annual", facts))) == 2
