"""Typed answers as Vietnamese people give them, and those that are asked again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.numbers import typed_value
from knowledge import load_plan
from knowledge.facts import Fact
from knowledge.values import BadValueError, OutOfRangeError, allowed, choice_label

FACTS = load_plan("kien_giang_2021_2025").rules.facts
SHARE, COUNT, MONEY, TARGETS = (
    "household_fall_pct",
    "poor_households_start",
    "contribution_vnd",
    "unit_target_pct",
)
NUMBERS = [
    (SHARE, "52,3", "52.3"),
    (SHARE, "52.3%", "52.3"),
    (SHARE, "41 phần trăm", "41"),
    (SHARE, "41 phan tram", "41"),
    (SHARE, "41 %", "41"),
    (SHARE, "7 phần trăm rưỡi", "7.5"),
    (SHARE, "2 trên 5", "40"),
    (SHARE, "7/8", "87.5"),
    (SHARE, "ba phần tư", "75"),
    (SHARE, "bốn trên năm", "80"),
    (SHARE, "3 trong số 4", "75"),
    (SHARE, "nửa", "50"),
    (SHARE, "phân nửa", "50"),
    (SHARE, "mot nua", "50"),
    (SHARE, "mười", "10"),
    (SHARE, "mười lăm", "15"),
    (SHARE, "ba mươi mốt", "31"),
    (SHARE, "hai tư", "24"),
    (SHARE, "sáu mươi ba phẩy hai", "63.2"),
    (SHARE, "bốn mươi phẩy không năm", "40.05"),
    (SHARE, "không phẩy năm", "0.5"),
    (SHARE, "nam muoi lam phay nam", "55.5"),
    (SHARE, "tam muoi", "80"),
    (SHARE, "55 phẩy 25", "55.25"),
    (SHARE, "giảm 44%", "44"),
    (SHARE, "giảm được 44,5 phần trăm ạ", "44.5"),
    (SHARE, "so với đầu kỳ giảm 44%", "44"),
    (SHARE, "dạ 44% ạ.", "44"),
    ("sustainable_exit_pct", "một trăm linh hai", "102"),
    ("sustainable_exit_pct", "một trăm hai mươi ba", "123"),
    ("sustainable_exit_pct", "đạt 99,9% kế hoạch", "99.9"),
    ("reduction_achieved_pp", "1,25 điểm phần trăm", "1.25"),
    ("reduction_achieved_pp", "giảm 1,25 điểm", "1.25"),
    (COUNT, "2.345", "2345"),
    (COUNT, "2 345", "2345"),
    (COUNT, "2,345", "2345"),
    (COUNT, "715 hộ", "715"),
    (COUNT, "bảy trăm mười lăm hộ", "715"),
    (COUNT, "bay tram le ba", "703"),
    (COUNT, "hai nghìn ba trăm", "2300"),
    (COUNT, "2 ngàn 3", "2300"),
    (COUNT, "dạ đầu kỳ có 715 hộ nghèo ạ", "715"),
    ("poor_households_now", "còn 81 hộ nghèo", "81"),
    ("extreme_hamlets_start", "bốn ấp", "4"),
    ("relapse_cases", "0", "0"),
    (MONEY, "75.000.000đ", "75000000"),
    (MONEY, "75 triệu đồng", "75000000"),
    (MONEY, "750tr", "750000000"),
    (MONEY, "750 TR", "750000000"),
    (MONEY, "3tr4", "3400000"),
    (MONEY, "3tr450", "3450000"),
    (MONEY, "450k", "450000"),
    (MONEY, "450 nghìn", "450000"),
    (MONEY, "2 tỷ 3", "2300000000"),
    (MONEY, "2 tỉ rưỡi", "2500000000"),
    (MONEY, "2,3 tỷ", "2300000000"),
    (MONEY, "2 tỷ 300 triệu", "2300000000"),
    (MONEY, "2 tỷ 3 triệu", "2003000000"),
    (MONEY, "hai ty ba", "2300000000"),
    (MONEY, "ba trăm triệu", "300000000"),
    (MONEY, "3 trăm triệu đồng", "300000000"),
    (MONEY, "nửa tỷ", "500000000"),
    (MONEY, "0 đồng", "0"),
    ("year", "năm 2022", "2022"),
    ("year", "7/2023", "2023"),
    ("year", "tháng 7 năm 2023", "2023"),
    ("year", "hai nghìn không trăm hai mươi tư", "2024"),
]
LISTS = [
    (TARGETS, "115 và 102", "115", "102"),
    (TARGETS, "115|102", "115", "102"),
    (TARGETS, "115, 102", "115", "102"),
    (TARGETS, "115%,102%", "115", "102"),
    (TARGETS, "115% và 99,5%", "115", "99.5"),
    (TARGETS, "115; 102; 98", "115", "102", "98"),
    (TARGETS, "105, 100, 99", "105", "100", "99"),
    (TARGETS, "hoàn thành 115 phần trăm", "115"),
    (TARGETS, "một nửa", "50"),
    ("target_planned", "35 và 40", "35", "40"),
]
CHOICES = [
    ("common_standards", "co", "yes"),
    ("common_standards", "Ok", "yes"),
    ("common_standards", "dạ có ạ", "yes"),
    ("common_standards", "rồi", "yes"),
    ("common_standards", "ừ", "yes"),
    ("common_standards", "hông", "no"),
    ("common_standards", "hổng có", "no"),
    ("common_standards", "dạ chưa", "no"),
    ("common_standards", "2", "no"),
    ("left_extreme_difficulty", "chưa", "no"),
    ("left_extreme_difficulty", "dang cho", "pending"),
    ("left_extreme_difficulty", "đang chờ quyết định ạ", "pending"),
    ("left_extreme_difficulty", "3", "pending"),
    ("discipline", "khien trach", "reprimand"),
    ("discipline", "cảnh cáo", "warning"),
    ("discipline", "nặng hơn", "heavier"),
    ("discipline", "chưa bị", "none"),
    ("discipline", "không ai bị", "none"),
    ("discipline", "2", "criticism"),
    ("party_rating", "hoan thanh tot", "completed_well"),
    ("party_rating", "xuất sắc", "excellent"),
    ("registered_to_escape", "khong ap dung", "not_applicable"),
]
REFUSED = [
    *(
        (SHARE, text)
        for text in (
            *("", " ", "…", "😀", "5️⃣", "NaN", "inf", "-inf", "10^30", "1e3", "9" * 40),
            *("khoảng 44%", "hơn 44", "trên 44%", "gần 44", "duoi 44", "44%+", ">44", "~44"),
            *("44-46", "44 đến 46", "từ 44 tới 46", "44 hay 46", "ít nhất 44", "44% trở lên"),
            *("1/3", "2 trên 7", "5/0", "44%?", "44 46", "giảm 44 rồi tăng 3", "tăng 3%"),
            *(
                "hai mươi năm",
                "hai ba",
                "một trăm hai",
                "vài chục",
                "mấy chục",
                "không",
                "không biết",
            ),
            *("hơn một nửa", "gần phân nửa", "bốn mươi mấy", "44 hộ", "44 triệu", "âm năm"),
            *("44 điểm phần trăm", "hộ nghèo giảm 44%", "chưa tới 44%", "không phải 44%", "1 234"),
        )
    ),
    *(
        (COUNT, text)
        for text in (
            "3/5",
            "3 trên 5",
            "44%",
            "nửa",
            "-3",
            "2,5",
            "3 ấp",
            "không có",
            "700 hộ cận nghèo",
        )
    ),
    *(("near_poor_households_start", text) for text in ("400 hộ nghèo", "khoảng 400 hộ")),
    *(
        (MONEY, text)
        for text in (
            *(
                "1 tỷ 25",
                "2tr50",
                "1.250 triệu",
                "hơn 1 tỷ",
                "200-300 triệu",
                "năm trăm",
                "vài triệu",
            ),
            *("1,2 tỷ 3", "-5 triệu", "5$", "1 triệu 2 tỷ", "0,3 đồng", "triệu", "vài triệu"),
        )
    ),
    *(
        (TARGETS, text)
        for text in (
            "115,102",
            "115 102",
            "112, 5",
            "3/5",
            "3 trên 5",
            "vượt 12%",
            "115 và",
            "và 115",
        )
    ),
    *(("target_planned", text) for text in ("1.234", "35, 40", "40 100")),
    *(("year", text) for text in ("năm nay", "năm ngoái", "22", "2021-2025", "20233", "2023 2024")),
    *(("common_standards", text) for text in ("dạ", "có không", "co khong", "không rõ", "3")),
    *(("left_extreme_difficulty", text) for text in ("công nhận", "ấp", "4")),
    *(("discipline", text) for text in ("có", "0", "6", "kỷ luật")),
    *(("party_rating", text) for text in ("không", "hoàn thành", "áp dụng", "nhiệm vụ")),
]


@pytest.mark.parametrize(("fact_id", "text", "number"), NUMBERS)
def test_a_typed_number_is_the_one_that_is_meant(fact_id: str, text: str, number: str) -> None:
    assert typed_value(FACTS[fact_id], text) == Decimal(number)


@pytest.mark.parametrize("row", LISTS)
def test_several_targets_are_kept_apart(row: tuple[str, ...]) -> None:
    fact_id, text, *numbers = row
    assert typed_value(FACTS[fact_id], text) == tuple(map(Decimal, numbers))


@pytest.mark.parametrize(("fact_id", "text", "code"), CHOICES)
def test_a_short_answer_chooses_an_option(fact_id: str, text: str, code: str) -> None:
    assert typed_value(FACTS[fact_id], text) == code


@pytest.mark.parametrize(("fact_id", "text"), REFUSED)
def test_an_unclear_answer_is_refused_and_says_what_is_allowed(fact_id: str, text: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        typed_value(FACTS[fact_id], text)
    assert allowed(FACTS[fact_id]) in str(refusal.value)


@pytest.mark.parametrize(
    ("fact_id", "text", "hint"),
    [
        (SHARE, "khoảng 44%", "chính xác"),
        (SHARE, "44-46", "chính xác"),
        (SHARE, "1/3", "cả hai số"),
        (COUNT, "3/5", "một phần trên tổng số"),
        (COUNT, "không có", "ghi 0"),
        (TARGETS, "vượt 12%", "ghi 110"),
        (TARGETS, "115,102", "115|102"),
        (MONEY, "1 tỷ 25", "một con số"),
    ],
)
def test_a_refusal_says_what_was_wrong(fact_id: str, text: str, hint: str) -> None:
    with pytest.raises(BadValueError, match=hint.replace("|", r"\|")):
        typed_value(FACTS[fact_id], text)


@pytest.mark.parametrize(
    ("fact_id", "text"),
    [
        (SHARE, "101"),
        (SHARE, "dạ 100,01% ạ"),
        (SHARE, "một trăm lẻ một"),
        ("reduction_planned_pp", "-1"),
        ("reduction_planned_pp", "là 101 điểm"),
        ("extreme_hamlets_start", "2,5"),
        (COUNT, "-3"),
        (TARGETS, "100|100001"),
        ("year", "20233"),
    ],
)
def test_a_clear_figure_that_cannot_be_is_told_from_one_that_is_not_understood(
    fact_id: str, text: str
) -> None:
    with pytest.raises(OutOfRangeError) as refusal:
        typed_value(FACTS[fact_id], text)
    assert str(refusal.value) == allowed(FACTS[fact_id])


@pytest.mark.parametrize("fact", FACTS.values(), ids=list(FACTS))
def test_the_labels_and_numbers_of_every_choice_are_answers(fact: Fact) -> None:
    for place, code in enumerate(fact.codes, start=1):
        assert typed_value(fact, choice_label(fact, code)) == code
        assert typed_value(fact, choice_label(fact, code).upper()) == code
        assert typed_value(fact, str(place)) == code


WORDS = """
0 1 2 5 10 44 2023 1.234 1,5 3/5 % / - , . | ? 😀 và trên hơn khoảng gần đến năm mười mươi trăm linh
rưỡi nửa phần phẩy mốt lăm tỷ tr k triệu nghìn đồng đ hộ ấp không chưa có đang chờ dạ ạ giảm vượt
"""
MIXED = st.one_of(
    st.text(max_size=40), st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)
)


@settings(max_examples=400, deadline=None)
@given(fact_id=st.sampled_from(sorted(FACTS)), text=MIXED)
def test_any_text_gives_an_allowed_value_or_a_refusal(fact_id: str, text: str) -> None:
    fact = FACTS[fact_id]
    try:
        value = typed_value(fact, text)
    except BadValueError:
        return
    if fact.codes:
        assert value in fact.codes
        return
    for number in value if isinstance(value, tuple) else (value,):
        assert isinstance(number, Decimal)
        assert number.is_finite()
        assert fact.minimum is None or number >= fact.minimum
        assert fact.maximum is None or number <= fact.maximum


@settings(max_examples=200, deadline=None)
@given(
    fact_id=st.sampled_from([SHARE, COUNT, MONEY]),
    number=st.integers(0, 99),
    hedge=st.sampled_from(
        ["khoảng", "hơn", "gần", "trên", "dưới", "ít nhất", "chừng", "~", "tren"]
    ),
)
def test_a_hedged_number_is_never_a_value(fact_id: str, number: int, hedge: str) -> None:
    with pytest.raises(BadValueError):
        typed_value(FACTS[fact_id], f"{hedge} {number}")


_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _in_words(number: int) -> str:
    """The usual reading of a number from 1 to 999."""
    hundreds, below = divmod(number, 100)
    tens, ones = divmod(below, 10)
    words = [f"{_ONES[hundreds]} trăm"] if hundreds else []
    if not tens:
        words += [*(["linh"] if hundreds and ones else []), _ONES[ones]]
    else:
        words.append("mười" if tens == 1 else f"{_ONES[tens]} mươi")
        special = {5: "lăm", **({1: "mốt"} if tens > 1 else {})}
        words.append(special.get(ones, _ONES[ones]))
    return " ".join(filter(None, words))


@pytest.mark.parametrize("number", range(1, 1000))
def test_every_number_below_a_thousand_is_read_from_its_words(number: int) -> None:
    assert typed_value(FACTS[COUNT], _in_words(number)) == number
