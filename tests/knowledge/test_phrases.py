"""Single findings in words: figure, threshold, what is missing, what nobody entered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plan_names import AWARDS, facts_of

from knowledge import RuleBook, Unit, assess
from knowledge.wording import reasons

CLOSED = "unit_target_pct=1, reduction_vs_resolution_pct=1, "


@pytest.mark.parametrize(
    ("subject", "occasion", "award", "facts", "says"),
    [
        ("collective", "annual", "BK", "unit_target_pct=90", ": 90%, chưa đạt (cần vượt từ 10%,"),
        ("collective", "annual", "BK", "unit_target_pct=110", ": 110%, đạt (cần vượt từ 10%, tức"),
        ("collective", "annual", "BK", "", ": chưa có số liệu (cần vượt từ 10%, tức từ 110%"),
        (
            "collective",
            "annual",
            "GK",
            "target_planned=3, target_achieved=2",
            "khoảng 66,66%, chưa đạt (cần đạt chỉ tiêu, tức từ 100% trở lên); "
            "còn thiếu khoảng 33,34 điểm phần trăm (thêm 1 so với",
        ),
        ("collective", "annual", "BK", "target_planned=0", "kế hoạch đề ra: chưa tính được"),
        (
            "collective",
            "annual",
            "BK",
            "unit_target_pct=120, target_planned=10, target_achieved=9",
            "kế hoạch đề ra: 120% [",
        ),
        ("donor", "midterm", "BK", "contribution_vnd=0", "0 đồng, không có đóng góp để xét"),
        (
            "donor",
            "midterm",
            "BK",
            "contribution_vnd=5, norm_bang_khen_tinh_vnd=9",
            "5 đồng, chưa đạt định mức đã nhập 9 đồng; còn thiếu 4 đồng",
        ),
        (
            "donor",
            "midterm",
            "BK",
            "norm_bang_khen_tinh_vnd=9",
            "Giá trị đóng góp: chưa có thông tin",
        ),
        ("donor", "midterm", "BK", "contribution_vnd=5", "(mục VI.2: “tham mưu văn bản hướng dẫn"),
        (
            "commune",
            "midterm",
            "BK",
            f"{CLOSED}poverty_rate_start_pct=5, poverty_rate_now_pct=1",
            "Tỷ lệ hộ nghèo đầu kỳ không quy ra được",
        ),
        ("association", "annual", "BK", "relapse_cases=2", ": 2, chưa đạt (cần không còn"),
        (
            "commune",
            "midterm",
            "BK",
            f"{CLOSED}household_fall_pct=1, reduction_vs_plan_pct=40",
            "so với kế hoạch: 40%, chưa đạt (cần trên 50%); còn thiếu hơn 10 điểm phần trăm; "
            "Mức giảm hộ nghèo đa chiều so với nghị quyết: 1%, chưa đạt",
        ),
    ],
)
def test_a_finding_is_said_in_full(
    rules: RuleBook,
    unit_of: Callable[..., Unit],
    subject: str,
    occasion: str,
    award: str,
    facts: str,
    says: str,
) -> None:
    assert says in _said(rules, unit_of(subject, occasion, **facts_of(facts)), award)


def test_of_two_figures_for_one_target_the_unknown_one_is_not_spoken_of(
    rules: RuleBook, unit_of: Callable[..., Unit]
) -> None:
    for known, unknown in (("plan", "resolution"), ("resolution", "plan")):
        facts = f"unit_target_pct=1, household_fall_pct=1, reduction_vs_{known}_pct=40"
        text = _said(rules, unit_of("commune", "midterm", **facts_of(facts)), "BK")
        assert f"{rules.figures[f'reduction_by_{known}'].label}: 40%" in text
        assert rules.figures[f"reduction_by_{unknown}"].label not in text


def _said(rules: RuleBook, unit: Unit, award: str) -> str:
    (found,) = (a for a in assess(rules, unit) if a.award.id == AWARDS[award])
    return "\n".join(reason.with_quote for reason in reasons(rules, unit, found))
