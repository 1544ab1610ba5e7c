"""Facts taken from sentences as people write them, and what is left to ask."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts_from_text import FactReader, FoundFacts
from indexer.normalize import strip_marks
from indexer.query import QueryReader
from indexer.restore import Restorer
from indexer.segment import word_list
from indexer.syllables import count_syllables
from knowledge import load_plan
from knowledge.facts import Value
from knowledge.values import checked

PLAN = load_plan("kien_giang_2021_2025")
READER = FactReader(
    PLAN, QueryReader(PLAN.vocabulary, Restorer(count_syllables([PLAN.text], word_list())))
)
UNIT, PROVINCE, FALL = "unit_target_pct", "provincial_target_pct", "household_fall_pct"
PLANNED = "reduction_vs_plan_pct"
START, OUT, WAIT = "extreme_hamlets_start", "extreme_hamlets_exited", "extreme_hamlets_pending"
POOR, POOR_NOW = "poor_households_start", "poor_households_now"
NEAR, NEAR_NOW = "near_poor_households_start", "near_poor_households_now"
NO_COMMUNE = "extreme_communes_remaining"
LEFT, MONEY, GOODS = "left_extreme_difficulty", "contribution_vnd", "contribution_unvalued"

# sentence; subject; occasion; what is certain ("fact=value …"); what is to be asked
CASES = [
    # subjects and occasions in people's own words
    ("xã em là xã DTTS, tổng kết", "ethnic_commune", "final", "", ""),
    ("bên xã mình không phải xã dân tộc thiểu số, giữa giai đoạn", "commune", "midterm", "", ""),
    ("Phường tụi em, sơ kết 7/2023", "commune", "midterm", "", ""),
    ("khu phố em thuộc vùng đồng bào dân tộc thiểu số", "ethnic_quarter", None, "", ""),
    ("ấp tôi, hằng năm", "hamlet", "annual", "", ""),
    ("ấp con là ấp vùng DTTS", "ethnic_hamlet", None, "", ""),
    ("Huyện mình cuối kỳ được gì", "district", "final", "", ""),
    ("tui ở huyện vùng DTTS, kết thúc giai đoạn", "ethnic_district", "final", "", ""),
    ("hội phụ nữ huyện em, năm nay", "association", "annual", "", ""),
    ("đoàn thanh niên xã em", "association", None, "", ""),
    ("Công ty tôi, cuối kỳ", "collective", "final", "", ""),
    ("cá nhân em, năm rồi", "individual", "annual", "", ""),
    ("nhà con, năm nay", "household", "annual", "", ""),
    ("một mạnh thường quân", "donor", None, "", ""),
    ("xã em và huyện em", None, None, "", ""),
    ("xã em tổng kết năm rồi có sơ kết", "commune", None, "", ""),
    ("xã em đông bà con Khmer", None, None, "", ""),
    ("hội đồng thi đua họp ở đâu", None, None, "", ""),
    # targets: the base goes with the occasion
    ("cơ quan em năm nay hoàn thành 107,5% chỉ tiêu", "collective", "annual", f"{UNIT}=107.5", ""),
    ("sơ kết, trường em đạt 61% nhiệm vụ", "collective", "midterm", f"{UNIT}=61", ""),
    ("tổng kết, sở tôi đạt 103% chỉ tiêu", "collective", "final", f"{PROVINCE}=103", ""),
    ("sở tôi đạt 103% chỉ tiêu", "collective", None, "", f"{UNIT} {PROVINCE}"),
    (
        "sở tôi đạt 103% chỉ tiêu theo kế hoạch của UBND tỉnh",
        *("collective", None, f"{PROVINCE}=103", ""),
    ),
    (
        "tổng kết, sở tôi đạt 103% chỉ tiêu theo kế hoạch của đơn vị",
        *("collective", "final", f"{UNIT}=103", ""),
    ),
    ("xã em năm nay vượt 8% chỉ tiêu", "commune", "annual", "", UNIT),
    ("xã em năm nay đạt chỉ tiêu", "commune", "annual", "", UNIT),
    ("xã em năm nay không đạt chỉ tiêu", "commune", "annual", "", UNIT),
    ("xã em năm nay đạt 120% và 95% chỉ tiêu", "commune", "annual", "", UNIT),
    (
        "năm nay ấp tôi được giao 25 hộ, làm được 27 hộ",
        *("hamlet", "annual", "target_planned=25 target_achieved=27", ""),
    ),
    # multi-dimensional poverty
    (
        "xã em năm nay giảm hộ nghèo đa chiều đạt 104% kế hoạch",
        *("commune", "annual", f"{PLANNED}=104", ""),
    ),
    (
        "tỷ lệ giảm hộ nghèo đa chiều đạt 97% kế hoạch và 102% nghị quyết, huyện em tổng kết",
        *("district", "final", f"{PLANNED}=97 reduction_vs_resolution_pct=102", ""),
    ),
    (
        "xã em giảm 1,75 điểm phần trăm hộ nghèo đa chiều",
        *("commune", None, "reduction_achieved_pp=1.75", ""),
    ),
    ("xã em giảm 2% hộ nghèo", "commune", None, "", f"reduction_achieved_pp {FALL}"),
    # the fall of households
    (
        "Huyện em tổng kết hộ nghèo, hộ cận nghèo giảm 64,3% so với đầu kỳ",
        *("district", "final", f"{FALL}=64.3", ""),
    ),
    (
        "so với lúc đầu, số hộ nghèo và hộ cận nghèo xã em đã giảm 38 phần trăm",
        *("commune", None, f"{FALL}=38", ""),
    ),
    (
        "xã em giảm bốn mươi lăm phần trăm hộ nghèo và cận nghèo so với đầu giai đoạn",
        *("commune", None, f"{FALL}=45", ""),
    ),
    (
        "xã em giảm một nửa số hộ nghèo và hộ cận nghèo so với đầu kỳ",
        *("commune", None, f"{FALL}=50", ""),
    ),
    ("xã em giảm 55% hộ nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em giảm 55% số hộ nghèo và cận nghèo so với năm ngoái", "commune", None, "", FALL),
    ("xã em chưa giảm được 45% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("nếu xã em giảm 45% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em gần giảm 45% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em giảm hơn 45% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em giảm 45-46% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em phải giảm 45% hộ nghèo và cận nghèo so với đầu kỳ", "commune", None, "", FALL),
    ("xã em phải giảm bao nhiêu phần trăm hộ nghèo", "commune", None, "", ""),
    ("xã em giảm 45% hộ nghèo và cận nghèo so với đầu kỳ chưa?", "commune", None, "", FALL),
    ("hộ nghèo giảm 50%, hộ cận nghèo giảm 40% so với đầu kỳ", None, None, "", FALL),
    (
        "xã em tổng kết từ 520 hộ nghèo còn 199",
        *("commune", "final", f"{POOR}=520 {POOR_NOW}=199", ""),
    ),
    (
        "huyện em từ 1.520 hộ nghèo và 1.100 hộ cận nghèo xuống còn 600 và 480, cuối kỳ",
        *("district", "final", f"{POOR}=1520 {POOR_NOW}=600 {NEAR}=1100 {NEAR_NOW}=480", ""),
    ),
    ("xã em năm nay từ 60 hộ nghèo còn 51", "commune", "annual", f"{POOR_NOW}=51", POOR),
    ("xã em đầu kỳ có 90 hộ cận nghèo", "commune", None, f"{NEAR}=90", ""),
    (
        "tỷ lệ hộ nghèo xã em sơ kết từ 4,2% xuống còn 2,9%",
        *("commune", "midterm", "poverty_rate_start_pct=4.2 poverty_rate_now_pct=2.9", ""),
    ),
    # places of extreme difficulty
    ("xã DTTS có 3/5 ấp thoát ĐBKK", "ethnic_commune", None, f"{START}=5", OUT),
    ("xã DTTS 4/7 ấp ĐBKK đã được công nhận", "ethnic_commune", None, f"{START}=7 {OUT}=4", ""),
    (
        "xã DTTS tụi em, 8 ấp ĐBKK, 3 ấp được công nhận, 2 ấp đang chờ công nhận",
        *("ethnic_commune", None, f"{START}=8 {OUT}=3 {WAIT}=2", ""),
    ),
    ("xã em có 2 ấp ĐBKK", None, None, "", START),
    (
        "ấp em là ấp DTTS, đã được công nhận thoát khỏi địa bàn đặc biệt khó khăn",
        *("ethnic_hamlet", None, f"{LEFT}=yes", ""),
    ),
    ("ấp DTTS em đang chờ công nhận thoát ĐBKK", "ethnic_hamlet", None, f"{LEFT}=pending", ""),
    ("ấp em là ấp DTTS, chưa được công nhận thoát ĐBKK", "ethnic_hamlet", None, f"{LEFT}=no", ""),
    (
        "huyện em không còn xã đặc biệt khó khăn, đã được công nhận",
        *(
            "district",
            None,
            "extreme_communes_remaining=0 extreme_communes_exit_recognised=yes",
            "",
        ),
    ),
    (
        "huyện DTTS tụi em được hội đồng bình chọn là huyện tiêu biểu nhất",
        *("ethnic_district", None, "most_outstanding=yes", ""),
    ),
    ("huyện DTTS tụi em chắc là tiêu biểu nhất", "ethnic_district", None, "", "most_outstanding"),
    # contributions
    ("tôi ủng hộ 150 triệu", "donor", None, f"{MONEY}=150000000", ""),
    ("công ty em góp 2 tỷ 3 cho quỹ", "donor", None, f"{MONEY}=2300000000", ""),
    ("công ty em góp 200 triệu 3 năm liền", "donor", None, "", MONEY),
    ("công ty em góp 200 triệu và 30 triệu tiền xe", "donor", None, "", MONEY),
    ("công ty em góp mỗi năm 30 triệu", "donor", None, "", MONEY),
    ("xã em được hỗ trợ 900 triệu", "commune", None, "", ""),
    ("mạnh thường quân góp 5 tấn gạo", "donor", None, "", f"{MONEY} {GOODS}"),
    (
        "định mức giấy khen là 20 triệu, tôi ủng hộ 25tr",
        *("donor", None, f"{MONEY}=25000000 norm_giay_khen_vnd=20000000", ""),
    ),
    # households, associations, discipline, years
    (
        "nhà con tự nguyện đăng ký thoát nghèo, chưa từng vay ngân hàng",
        *("household", None, "registered_to_escape=yes loan_in_order=not_applicable", ""),
    ),
    (
        "hộ em được công nhận thoát nghèo và còn giúp 2 hộ nghèo khác",
        *("household", None, "escape_and_help_recognised=yes", ""),
    ),
    ("gia đình tôi mới thoát nghèo", "household", None, "", "escape_and_help_recognised"),
    ("hội nông dân xã không có hộ nào tái nghèo", "association", None, "relapse_cases=0", ""),
    ("hội nông dân xã có 3 hộ tái nghèo", "association", None, "relapse_cases=3", ""),
    (
        "cá nhân em bị khiển trách năm 2021",
        *("individual", None, "discipline=reprimand discipline_year=2021", ""),
    ),
    (
        "cơ quan em có một đồng chí bị cảnh cáo",
        *("collective", None, "member_discipline=warning", "discipline"),
    ),
    ("cơ quan em có người bị kỷ luật", "collective", None, "", "discipline member_discipline"),
    (
        "chi bộ hoàn thành tốt nhiệm vụ, năm 2022 cơ quan em đạt 111% chỉ tiêu",
        *("collective", "annual", f"party_rating=completed_well year=2022 {UNIT}=111", ""),
    ),
    ("xã em đạt đủ năm tiêu chuẩn chung", "commune", None, "", ""),
    # without marks, in short forms
    (
        "xa e la xa dtts, tk, giam dc 47,5% hn va hcn so voi dau ky, 2/4 ap dbkk da dc cong nhan",
        *("ethnic_commune", "final", f"{FALL}=47.5 {START}=4 {OUT}=2", ""),
    ),
    (
        "huyen minh dau ky co 700 ho ngheo, gio con 300 ho ngheo, tong ket",
        *("district", "final", f"{POOR}=700 {POOR_NOW}=300", ""),
    ),
    ("toi ung ho 500tr", "donor", None, f"{MONEY}=500000000", ""),
    ("co quan em nam nay hoan thanh 110% chi tieu", "collective", "annual", f"{UNIT}=110", ""),
    # other talk
    ("Kế hoạch 25/KH-UBND giai đoạn 2021-2025 nói gì về vốn vay", None, None, "", ""),
    ("dạ em chào anh chị", None, None, "", ""),
]


@pytest.mark.parametrize(("text", "subject", "occasion", "certain", "unsure"), CASES)
def test_a_sentence_says_no_more_and_no_less(
    text: str, subject: str | None, occasion: str | None, certain: str, unsure: str
) -> None:
    found = READER.find(text)
    assert (found.subject, found.occasion) == (subject, occasion)
    assert {fact: _shown(value) for fact, value in found.facts.items()} == dict(
        pair.split("=") for pair in certain.split()
    )
    assert set(found.unsure) == set(unsure.split())


def _shown(value: Value) -> str:
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value)


def test_what_is_typed_in_one_sentence_fills_in_the_unit() -> None:
    found = READER.find(
        "xã em là xã DTTS, tổng kết, giảm được 55% hộ nghèo so với đầu kỳ, "
        "3/5 ấp thoát ĐBKK, thì được gì?"
    )
    assert found == FoundFacts(
        subject="ethnic_commune",
        occasion="final",
        facts={START: Decimal(5)},
        unsure=(FALL, OUT),
        asks_for_award=True,
        heard={FALL: "55%", OUT: "3"},
    )


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("xã em giảm 55% hộ nghèo so với đầu kỳ", {FALL: "55%"}),
        ("xã em giảm gần 55% hộ nghèo so với đầu kỳ", {}),
        ("xã em chưa giảm 55% hộ nghèo so với đầu kỳ", {}),
        ("xã em giảm 55% hộ nghèo, 40% hộ cận nghèo so với đầu kỳ", {}),
    ],
)
def test_only_an_exact_figure_is_offered(text: str, heard: dict[str, str]) -> None:
    found = READER.find(text)
    assert FALL in found.unsure
    assert found.heard.get(FALL) == heard.get(FALL)


def test_what_goes_beyond_a_target_is_not_offered_as_what_was_reached() -> None:
    found = READER.find("xã em năm nay vượt mức 12% chỉ tiêu")
    assert found.unsure == (UNIT,)
    assert not found.heard


@pytest.mark.parametrize(
    "text", ["em không biết xã em là xã DTTS hay xã thường", "xã em có phải là xã DTTS không"]
)
def test_a_question_about_the_subject_leaves_it_open(text: str) -> None:
    assert READER.find(text).subject is None


@pytest.mark.parametrize(
    "text",
    [
        "xã em được gì",
        "thì được khen gì ạ",
        "có được bằng khen không",
        "vậy đủ điều kiện chưa",
        "được bằng gì",
        "co dc khen k",
        "nhận được huân chương không",
    ],
)
def test_a_sentence_that_wants_a_verdict_is_known(text: str) -> None:
    assert READER.find(text).asks_for_award


@pytest.mark.parametrize(
    "text", ["hồ sơ nộp ở đâu", "kế hoạch có gì mới", "xã em giảm 40% hộ nghèo", "chào anh", ""]
)
def test_other_sentences_want_no_verdict(text: str) -> None:
    assert not READER.find(text).asks_for_award


def _spoken_words() -> list[str]:
    return sorted({word for case in CASES for word in re.split(r"[ ,]+", case[0]) if word})


SENTENCES = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from([*_spoken_words(), ",", ".", "?"]), max_size=25).map(" ".join),
    st.tuples(st.sampled_from(CASES), st.sampled_from(CASES)).map(
        lambda p: f"{p[0][0]}, {p[1][0]}"
    ),
)


@settings(max_examples=400, deadline=None)
@given(text=SENTENCES)
def test_any_text_is_read_and_gives_only_allowed_values(text: str) -> None:
    found = READER.find(text)
    assert not set(found.facts) & set(found.unsure)
    assert set(found.heard) <= set(found.unsure)
    for fact_id, value in found.facts.items():
        fact = PLAN.rules.facts[fact_id]
        assert checked(fact, value) == value
        if found.subject is not None:
            assert found.subject in PLAN.rules.subjects.expand(fact.subjects)


FIGURES = st.one_of(
    st.integers(1, 9999).map(str),
    st.decimals(min_value=Decimal("0.1"), max_value=99, places=1).map(str),
    st.decimals(min_value=Decimal("0.01"), max_value=99, places=2).map(
        lambda number: str(number).replace(".", ",")
    ),
)
FRAMES = [
    ("xã em giảm {}% hộ nghèo và cận nghèo so với đầu kỳ", FALL),
    ("cơ quan em năm nay hoàn thành {}% chỉ tiêu", UNIT),
    ("xã em còn {} hộ nghèo", POOR_NOW),
    ("tôi ủng hộ {} triệu", MONEY),
]


@settings(max_examples=200, deadline=None)
@given(frame=st.sampled_from(FRAMES), figure=FIGURES)
def test_a_figure_is_taken_as_typed_or_not_at_all(frame: tuple[str, str], figure: str) -> None:
    sentence, fact_id = frame
    found = READER.find(sentence.format(figure))
    assert set(found.facts) <= {fact_id}
    if fact_id in found.facts:
        value = found.facts[fact_id]
        number = value[0] if isinstance(value, tuple) else value
        scale = 10**6 if fact_id == MONEY else 1
        assert number == Decimal(figure.replace(",", ".")) * scale


@pytest.mark.parametrize(
    "doubt", ["chưa", "không", "nếu", "phải", "muốn", "dự kiến", "khoảng", "hơn", "gần", "chua"]
)
@pytest.mark.parametrize(("sentence", "fact_id"), FRAMES)
def test_a_doubted_figure_is_never_certain(sentence: str, fact_id: str, doubt: str) -> None:
    before_figure = sentence.replace("{}", f"{doubt} 40")
    before_all = f"{doubt} {sentence.format(40)}"
    for text in (before_figure, before_all):
        if doubt in ("khoảng", "hơn", "gần") and text is before_all:
            continue  # far from the figure these say nothing of it
        assert fact_id not in READER.find(text).facts


@pytest.mark.parametrize("case", [case for case in CASES if case[3]], ids=lambda case: case[0])
def test_marks_left_out_never_change_a_value(case: tuple[str, ...]) -> None:
    """Without marks less may be understood, but nothing else."""
    with_marks, without = READER.find(case[0]), READER.find(strip_marks(case[0]))
    for fact_id, value in without.facts.items():
        assert with_marks.facts.get(fact_id, value) == value
