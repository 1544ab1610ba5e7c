"""Numbers and choices as people type them; what is not one is refused with what is allowed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from knowledge import RuleBook
from knowledge.values import (
    BadValueError,
    OutOfRangeError,
    allowed,
    checked,
    format_number,
    format_value,
    number_value,
    parse_value,
)

GOOD = [
    ("unit_target_pct", "112,5", (Decimal("112.5"),)),
    ("unit_target_pct", "112.5 %", (Decimal("112.5"),)),
    ("unit_target_pct", "120|100", (Decimal(120), Decimal(100))),
    ("unit_target_pct", " 120 | 99,9 ", (Decimal(120), Decimal("99.9"))),
    ("unit_target_pct", "109.999", (Decimal("109.999"),)),
    ("unit_target_pct", "1.234,5", (Decimal("1234.5"),)),
    ("unit_target_pct", "1,234.5", (Decimal("1234.5"),)),
    ("unit_target_pct", "1.234,567", (Decimal("1234.567"),)),
    ("target_planned", "1.234.567", (Decimal(1234567),)),
    ("target_planned", "1 234", (Decimal(1234),)),
    ("household_fall_pct", "1," + "0" * 18 + "1", 1 + Decimal("1E-19")),
    ("household_fall_pct", "-5", Decimal(-5)),
    ("household_fall_pct", "−5,5", Decimal("-5.5")),
    ("household_fall_pct", "+5", Decimal(5)),
    ("poor_households_start", "1.234", Decimal(1234)),
    ("poor_households_start", "1 234", Decimal(1234)),
    ("poor_households_start", "1\u00a0234", Decimal(1234)),
    ("poor_households_start", "420.0", Decimal(420)),
    ("poor_households_start", "420,00", Decimal(420)),
    ("contribution_vnd", "200.000.000", Decimal(200000000)),
    ("contribution_vnd", "200,000,000", Decimal(200000000)),
    ("contribution_vnd", "0", Decimal(0)),
    ("target_planned", "40,5", (Decimal("40.5"),)),
    ("target_planned", "0.125", (Decimal("0.125"),)),
    ("year", "2023", Decimal(2023)),
    ("common_standards", "Có", "yes"),
    ("common_standards", "KHÔNG", "no"),
    ("common_standards", "x", "yes"),
    ("common_standards", "Co\u0301", "yes"),
    ("left_extreme_difficulty", "đang chờ công nhận", "pending"),
    ("discipline", "Khiển trách", "reprimand"),
    ("discipline", "không", "none"),
    ("member_discipline", "Cách chức", "heavier"),
    ("party_rating", "hoàn thành tốt nhiệm vụ", "completed_well"),
    ("loan_in_order", "Không áp dụng", "not_applicable"),
]
BAD = [
    ("unit_target_pct", "nhiều"),
    ("unit_target_pct", "120||100"),
    ("unit_target_pct", "-1"),
    ("unit_target_pct", "1,2,3"),
    ("unit_target_pct", "12 5"),
    ("unit_target_pct", "1e3"),
    ("unit_target_pct", "5,"),
    ("unit_target_pct", ",5"),
    ("unit_target_pct", "1.23.4"),
    ("unit_target_pct", "1" * 21),
    ("unit_target_pct", "1,234,5"),
    ("unit_target_pct", "1.23,4"),
    ("target_planned", "1.234 567,8"),
    ("household_fall_pct", "1," + "0" * 19 + "1"),
    ("household_fall_pct", "100.1"),
    ("poor_households_start", "1.5"),
    ("poor_households_start", "-3"),
    ("poor_households_start", "12.34.567"),
    ("contribution_vnd", "2E+08"),
    ("contribution_vnd", "10%"),
    ("norm_giay_khen_vnd", "0"),
    ("year", "23"),
    ("year", "2023,5"),
    ("common_standards", "có lẽ"),
    ("discipline", "Nhẹ"),
    ("target_planned", "1.234"),
    ("target_planned", "12,345"),
    ("reduction_planned_pp", "101"),
    ("common_standards", "="),
]


@pytest.mark.parametrize(("fact", "text", "value"), GOOD)
def test_what_people_type_is_read(rules: RuleBook, fact: str, text: str, value: object) -> None:
    assert parse_value(rules.facts[fact], text) == value


@pytest.mark.parametrize(("fact", "text"), BAD)
def test_what_is_no_value_is_refused(rules: RuleBook, fact: str, text: str) -> None:
    with pytest.raises(BadValueError) as caught:
        parse_value(rules.facts[fact], text)
    assert str(caught.value)


def test_an_ambiguous_number_names_both_readings(rules: RuleBook) -> None:
    with pytest.raises(BadValueError, match=r"1234 hay 1,234"):
        parse_value(rules.facts["target_planned"], "1.234")


def test_numbers_of_a_workbook_are_exact(rules: RuleBook) -> None:
    assert number_value(rules.facts["household_fall_pct"], 52.3) == Decimal("52.3")
    assert number_value(rules.facts["unit_target_pct"], 110) == (Decimal(110),)
    assert number_value(rules.facts["common_standards"], 1.0) == "yes"
    with pytest.raises(BadValueError):
        number_value(rules.facts["poor_households_start"], 1.5)
    with pytest.raises(BadValueError):
        number_value(rules.facts["household_fall_pct"], float("nan"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1234.50"), "1.234,5"),
        (Decimal(100), "100"),
        (Decimal("-0.25"), "-0,25"),
        (Decimal("109.99999"), "109,99999"),
        (Decimal("0.05"), "0,05"),
        (Decimal("1E-20"), "0," + "0" * 19 + "1"),
        (Decimal(1234567), "1.234.567"),
        (Fraction(200, 7), "khoảng 28,57"),
        (Fraction(-200, 7), "khoảng -28,58"),
        (Fraction(2999999, 30000), "khoảng 99,99"),
    ],
)
def test_numbers_are_written_as_in_vietnam(number: Decimal | Fraction, text: str) -> None:
    assert format_number(number) == text


def test_a_code_of_another_fact_is_refused_with_the_choices(rules: RuleBook) -> None:
    assert checked(rules.facts["common_standards"], "yes") == "yes"
    with pytest.raises(BadValueError, match="Có, Không"):
        checked(rules.facts["common_standards"], "pending")


def test_what_is_missing_is_rounded_up() -> None:
    assert format_number(Fraction(10, 7), is_rounded_up=True) == "khoảng 1,43"


def test_every_fact_says_what_is_allowed_and_shows_its_values(rules: RuleBook) -> None:
    for fact in rules.facts.values():
        assert "{" not in allowed(fact)
        for code in fact.codes:
            assert format_value(fact, code)
    assert format_value(rules.facts["contribution_vnd"], Decimal(5000000)) == "5.000.000 đồng"
    assert format_value(rules.facts["unit_target_pct"], (Decimal(120), Decimal("99.5"))) == (
        "120% | 99,5%"
    )
    assert format_value(rules.facts["year"], Decimal(2023)) == "2023"
    assert format_value(rules.facts["poor_households_now"], Decimal(1280)) == "1.280 hộ"


def test_a_guard_against_slips_is_not_told_as_a_limit(rules: RuleBook) -> None:
    fall = allowed(rules.facts["household_fall_pct"])
    assert "không quá 100 " in fall
    assert "-100.000" not in fall
    assert "từ 0 đến 100," in allowed(rules.facts["poverty_rate_now_pct"])


@pytest.mark.parametrize(
    ("minimum", "says"),
    [("5", "từ 5 đến 60"), ("0", "từ 0 đến 60"), ("-0.5", "không quá 60"), ("-5", "không quá 60")],
)
def test_the_least_that_is_allowed_is_told_unless_it_is_negative(
    rules: RuleBook, minimum: str, says: str
) -> None:
    limits = {"minimum": Decimal(minimum), "maximum": Decimal(60)}
    assert says in allowed(rules.facts["poverty_rate_now_pct"].model_copy(update=limits))


@pytest.mark.parametrize(
    ("fact", "text", "is_allowed"),
    [
        ("household_fall_pct", "100", True),
        ("household_fall_pct", "100,01", False),
        ("poor_households_start", "0", True),
        ("poor_households_start", "-1", False),
        ("poor_households_start", "1,4", False),
        ("poor_households_start", "1,6", False),
        ("year", "1000", True),
        ("year", "999", False),
        ("year", "9999", True),
        ("year", "10000", False),
    ],
)
def test_the_ends_of_what_is_allowed_are_allowed(
    rules: RuleBook, fact: str, text: str, is_allowed: bool
) -> None:
    if is_allowed:
        assert parse_value(rules.facts[fact], text) == Decimal(text)
    else:
        with pytest.raises(OutOfRangeError):
            parse_value(rules.facts[fact], text)
