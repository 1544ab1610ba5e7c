"""What a verdict says: the deciding bullet, the distance, what is missing, both readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from plan_names import AWARDS, facts_of, rows_of

from knowledge import Assessment, Plan, RuleBook, Unit, Verdict, assess
from knowledge.messages import messages
from knowledge.results import note_lines
from knowledge.wording import reasons, verdict_label

Make = Callable[..., Unit]


def _unit(unit_of: Make, row: dict[str, str]) -> Unit:
    return unit_of(row["subject"], row["occasion"], **facts_of(row["facts"]))


def _of(rules: RuleBook, unit: Unit, award: str) -> Assessment:
    return {a.award.id: a for a in assess(rules, unit)}[AWARDS[award]]


def _text(rules: RuleBook, unit: Unit, award: str) -> str:
    return "\n".join(r.with_quote for r in reasons(rules, unit, _of(rules, unit, award)))


@pytest.mark.parametrize("row", rows_of("distances"), ids=lambda row: row["says"])
def test_not_met_says_how_far_it_is(rules: RuleBook, unit_of: Make, row: dict[str, str]) -> None:
    unit = _unit(unit_of, row)
    assert _of(rules, unit, row["award"]).verdict is Verdict.NOT_MET
    assert row["says"] in _text(rules, unit, row["award"])


@pytest.mark.parametrize(
    "known",
    [
        "unit_target_pct=75",
        "unit_target_pct=75, target_planned=40",
        "unit_target_pct=75, target_achieved=30",
        "target_planned=40|10, target_achieved=30|10",
    ],
)
def test_what_is_left_is_counted_only_for_one_target_known_in_numbers(
    rules: RuleBook, unit_of: Make, known: str
) -> None:
    text = _text(rules, unit_of("collective", "annual", **facts_of(known)), "BK")
    assert "còn thiếu 35 điểm phần trăm" in text
    assert "thêm" not in text


@pytest.mark.parametrize("row", rows_of("missing"))
def test_undecided_names_what_would_settle_it(
    rules: RuleBook, unit_of: Make, row: dict[str, str]
) -> None:
    found = _of(rules, _unit(unit_of, row), row["award"])
    assert found.verdict is Verdict.UNDECIDED
    assert found.missing == tuple(row["missing"].split())
    assert found.awaiting == tuple(row["awaiting"].split())


@pytest.mark.parametrize(
    ("subject", "award", "known", "decision"),
    [
        ("district", "HC", "extreme_communes_remaining=0", "extreme_communes_exit_recognised"),
        ("ethnic_district", "HC", "reduction_vs_plan_pct=101", "most_outstanding"),
        ("donor", "BK", "contribution_vnd=5", "norm_bang_khen_tinh_vnd"),
        ("donor", "TTg", "contribution_vnd=5", "norm_bang_khen_thu_tuong_vnd"),
        ("donor", "HC", "contribution_vnd=5", "norm_huan_chuong_vnd"),
    ],
)
def test_what_an_authority_decides_is_not_called_missing(
    rules: RuleBook, unit_of: Make, subject: str, award: str, known: str, decision: str
) -> None:
    texts, label = messages().reasons, rules.facts[decision].label
    lines = _text(rules, unit_of(subject, "final", **facts_of(known)), award).split("\n")
    assert any(line.startswith(texts["awaiting"][:9]) and label in line for line in lines)
    assert not any(line.startswith(texts["missing"][:9]) and label in line for line in lines)


@pytest.mark.parametrize("row", rows_of("readings"), ids=lambda row: row["reading"])
def test_two_readings_are_both_shown_with_who_decides(
    rules: RuleBook, unit_of: Make, row: dict[str, str]
) -> None:
    unit = _unit(unit_of, row)
    found = _of(rules, unit, row["award"])
    assert found.verdict is Verdict.UNDECIDED
    assert found.readings == (row["reading"],)
    both = rules.readings.readings[row["reading"]]
    text = _text(rules, unit, row["award"])
    for part in (both.about, both.first, both.second, rules.readings.decided_by):
        assert part in text


def test_every_reading_has_a_situation(rules: RuleBook) -> None:
    assert {row["reading"] for row in rows_of("readings")} == set(rules.readings.readings)


def test_a_reading_is_not_shown_before_the_figures_are_known(
    rules: RuleBook, unit_of: Make
) -> None:
    found = _of(rules, unit_of("ethnic_quarter", "midterm", **facts_of("")), "BK")
    assert (found.verdict, found.readings) == (Verdict.UNDECIDED, ())


@pytest.mark.parametrize(
    "known",
    [
        "extreme_hamlets_start=1, extreme_hamlets_pending=1, reduction_vs_plan_pct=0, "
        "reduction_vs_resolution_pct=0, household_fall_pct=0",
        "poor_households_now=0, near_poor_households_now=0, poor_households_start=10, "
        "extreme_hamlets_start=0",
    ],
)
def test_an_open_verdict_that_no_figure_can_settle_shows_its_readings(
    rules: RuleBook, unit_of: Make, known: str
) -> None:
    facts = facts_of(f"common_standards=yes, provincial_target_pct=0, {known}")
    for found in assess(rules, unit_of("ethnic_quarter", "final", **facts)):
        if found.verdict is Verdict.UNDECIDED:
            assert found.wanted or found.readings


def test_readings_that_come_to_bear_whatever_is_answered_are_all_shown(
    rules: RuleBook, unit_of: Make
) -> None:
    """A quarter that left the difficult area, with or without a hamlet in extreme difficulty."""
    known = "unit_target_pct=61, reduction_vs_resolution_pct=90, left_extreme_difficulty=yes"
    found = _of(rules, unit_of("ethnic_quarter", "annual", **facts_of(known)), "BK")
    assert (found.verdict, found.wanted) == (Verdict.UNDECIDED, ())
    assert found.readings == ("quarter_not_named", "left_without_extreme_hamlet")


@pytest.mark.parametrize(
    ("occasion", "highest_first"),
    [("annual", ["BK", "GK"]), ("midterm", ["BK"]), ("final", ["HC", "TTg", "BK"])],
)
def test_the_highest_award_comes_first(
    rules: RuleBook, unit_of: Make, occasion: str, highest_first: list[str]
) -> None:
    found = [a.award.id for a in assess(rules, unit_of("district", occasion))]
    assert found == [AWARDS[name] for name in highest_first]


def test_the_bullet_of_no_extreme_commune_is_flagged(rules: RuleBook, unit_of: Make) -> None:
    texts = facts_of(
        "reduction_vs_plan_pct=90, household_fall_pct=30, extreme_communes_start=1, "
        "extreme_communes_remaining=0, extreme_communes_exit_recognised=yes"
    )
    unit = unit_of("district", "final", **texts)
    found = _of(rules, unit, "HC")
    assert (found.clause, [c.bullet for c in found.citations]) == ("IV.2.c/HCLĐ", [3])
    assert found.flags == ("no_extreme_communes",)
    assert rules.readings.flags["no_extreme_communes"] in _text(rules, unit, "HC")


def test_a_verdict_that_is_decided_waits_for_nothing(rules: RuleBook, unit_of: Make) -> None:
    """One commune is left, so that its recognition no longer matters."""
    known = (
        "reduction_vs_plan_pct=90, reduction_vs_resolution_pct=90, household_fall_pct=30, "
        "extreme_communes_remaining=1, extreme_communes_exit_recognised=no"
    )
    found = _of(rules, unit_of("district", "final", **facts_of(known)), "HC")
    assert (found.verdict, found.wanted) == (Verdict.NOT_MET, ())


@pytest.mark.parametrize(
    ("facts", "clause"),
    [
        ("discipline=reprimand", "IV.3.1"),
        ("common_standards=, unit_target_pct=110", "IV.3.1"),
        ("common_standards=", "IV.2.a/GK"),
        ("year=2020", "IV.4"),
        ("unit_target_pct=100", "IV.2.a/GK"),
    ],
)
def test_the_deciding_clause_is_named(
    rules: RuleBook, unit_of: Make, facts: str, clause: str
) -> None:
    unit = unit_of("collective", "annual", **facts_of(facts))
    assert _of(rules, unit, "GK").clause == clause


@pytest.mark.parametrize(("value", "flags"), [("100", ("reach_and_exceed",)), ("100.1", ())])
def test_exactly_the_whole_target_is_flagged(
    rules: RuleBook, unit_of: Make, value: str, flags: tuple[str, ...]
) -> None:
    texts = facts_of(f"unit_target_pct=110, sustainable_exit_pct={value}")
    assert _of(rules, unit_of("commune", "annual", **texts), "BK").flags == flags


def test_nobody_is_told_that_they_will_receive_an_award(rules: RuleBook, unit_of: Make) -> None:
    text = _text(rules, unit_of("collective", "annual", **facts_of("unit_target_pct=120")), "BK")
    assert verdict_label(Verdict.MET) == "Đủ căn cứ để đề nghị xét tặng"
    assert "Hội đồng Thi đua - Khen thưởng tỉnh quyết định" in text
    assert "chưa được kiểm chứng" in text
    assert "được tặng" not in text


def test_a_contribution_carries_its_confirmation_and_no_amount(
    rules: RuleBook, unit_of: Make
) -> None:
    text = _text(rules, unit_of("donor", "final", **facts_of("contribution_vnd=7")), "HC")
    assert "được chính quyền địa phương xác nhận" in text
    assert "cần định mức của Hội đồng" in text
    assert "VI.2" in text


def test_a_contribution_that_nobody_claimed_is_not_spoken_of(
    rules: RuleBook, unit_of: Make
) -> None:
    """An empty contribution is none; it is no ground for a refusal and asks for no confirmation."""
    for done in ("99", "120"):
        unit = unit_of("collective", "annual", **facts_of(f"unit_target_pct={done}"))
        found = _of(rules, unit, "BK")
        cited = {r.citation.bullet for r in reasons(rules, unit, found) if r.citation}
        assert cited == {1}
        assert not found.has_contribution
        assert "xác nhận kết quả thành tích đóng góp" not in _text(rules, unit, "BK")


def test_rates_are_said_not_to_convert(rules: RuleBook, unit_of: Make) -> None:
    facts = "unit_target_pct=1, reduction_vs_plan_pct=1, poverty_rate_start_pct=5"
    unit = unit_of("commune", "midterm", **facts_of(facts))
    assert "không quy ra được" in _text(rules, unit, "BK")


def test_a_household_is_told_where_it_stands(rules: RuleBook, unit_of: Make) -> None:
    assert "IV.1#1" in _text(rules, unit_of("household", "annual", **facts_of("")), "GK")


CHECKLISTS = {
    "household": ("IV.3.2.a", 4),
    "hamlet": ("IV.3.2.b", 5),
    "ethnic_hamlet": ("IV.3.2.b", 5),
    "ethnic_quarter": ("IV.3.2.b", 5),
    "commune": ("IV.3.2.c", 4),
    "ethnic_commune": ("IV.3.2.c", 4),
    "district": ("IV.3.2.c", 4),
    "ethnic_district": ("IV.3.2.c", 4),
    "collective": ("IV.3.2.d", 3),
    "association": ("IV.3.2.d", 4),
    "individual": ("IV.3.2.đ", 1),
    "donor": ("IV.3.2.e", 3),
}


def test_each_subject_has_the_checklist_of_its_standards(rules: RuleBook) -> None:
    for (subject, _), ready in rules.ready.items():
        clause, n_bullets = CHECKLISTS[subject]
        found = [(item.clause, item.bullet) for item in ready.checklist]
        assert found == [(clause, number) for number in range(1, n_bullets + 1)]


def test_no_sentence_is_left_unfilled(rules: RuleBook, unit_of: Make) -> None:
    for subject, occasion in rules.ready:
        for facts in ("common_standards=", "", "contribution_unvalued=yes"):
            unit = unit_of(subject, occasion, **facts_of(facts))
            for assessment in assess(rules, unit):
                for reason in reasons(rules, unit, assessment):
                    assert "{" not in reason.text
                    assert "None" not in reason.text


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2020, 12, 31), "Kế hoạch áp dụng từ 01/01/2021"),
        (date(2026, 1, 1), "Kế hoạch áp dụng cho giai đoạn 2021-2025; giai đoạn này đã kết thúc"),
    ],
)
def test_results_say_that_the_plan_is_not_in_force(plan: Plan, day: date, begins: str) -> None:
    assert next(note_lines(plan, day)).startswith(begins)


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2025, 12, 31)])
def test_results_within_the_period_say_nothing_of_it(plan: Plan, day: date) -> None:
    assert not any(line.startswith("Kế hoạch áp dụng") for line in note_lines(plan, day))


def test_a_ground_does_not_repeat_the_award(rules: RuleBook, unit_of: Make) -> None:
    text = _text(rules, unit_of("collective", "annual", **facts_of("unit_target_pct=120")), "BK")
    assert text.startswith("Đạt mức của ý này.")
