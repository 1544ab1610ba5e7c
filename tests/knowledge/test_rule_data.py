"""The plan's data agree with its text, and each check notices when they do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from plan_names import PLAN_ID
from typer.testing import CliRunner

from knowledge import PlanDataError, load_plan
from knowledge.__main__ import app
from knowledge.check import CHECKS, check_plan
from knowledge.criteria import WITH_THRESHOLD, Measure
from knowledge.messages import messages

READABLE = "the files can be read: text unchanged, keys and names known, none twice"
TEXT, CLAUSES, QUOTES, BULLETS, WORDS, FACTS, REACH, DATES, CHECKLISTS = (n for n, _ in CHECKS)
ANNUAL_REDUCTION = (
    'quote: "Các xã, phường, thị trấn đạt tỷ lệ giảm hộ nghèo đa chiều hàng năm theo kế hoạch'
)
BREAKS = [
    # check that notices, file, what stands there, what is put there, part of the report
    (READABLE, "plan.txt", "KẾ HOẠCH", "KẾ HOẠCH ", "sha256"),
    (READABLE, "facts.yaml", "  year:\n", "  discipline_year:\n", "stands twice"),
    (READABLE, "facts.yaml", "    kind: yes_no\n", "    kind: yes_no\n    colour: red\n", "colour"),
    (READABLE, "facts.yaml", "subjects: [household]", "subjects: [household, villa]", "villa"),
    (READABLE, "awards/giay_khen.yaml", "figure: own_target", "figure: own_goal", "own_goal"),
    (READABLE, "awards/giay_khen.yaml", "id: giay_khen", "id: giay", "must be"),
    (READABLE, "awards/giay_khen.yaml", "id: giay_khen", "id: khen", "must be 'giay_khen'"),
    (READABLE, "awards/giay_khen.yaml", "clause: IV.2.a/GK", "clause: IV.9", "IV.9"),
    (READABLE, "awards/giay_khen.yaml", "rank: 1", "rank: 2", "same rank"),
    (READABLE, "awards/giay_khen.yaml", "  annual:", "  yearly:", "yearly"),
    (READABLE, "awards/giay_khen.yaml", "test: reaches", "test: touches", "requires"),
    (READABLE, "figures.yaml", "value: household_fall_pct", "value: fall_pct", "fall_pct"),
    (
        READABLE,
        "figures.yaml",
        "sources:\n      - {value: reduction_vs_resolution_pct}",
        "sources: []",
        "at least 1",
    ),
    (READABLE, "facts.yaml", "covered_by: common_standards", "covered_by: standard", "'standard'"),
    (READABLE, "facts.yaml", "      donor: Tổ chức", "      donors: Tổ chức", "donors"),
    (CLAUSES, "facts.yaml", "bullets_of: IV.3.1", "bullets_of: IV.31", "IV.31"),
    (READABLE, "standards.yaml", "reading: earlier_discipline", "reading: earlier", "earlier"),
    (READABLE, "standards.yaml", "awaits: [pending]", 'awaits: [pending, "yes"]', "twice"),
    (READABLE, "standards.yaml", "value: reprimand", "value: scolding", "scolding"),
    (READABLE, "subjects.yaml", "communes: [commune,", "communes: [town,", "town"),
    (READABLE, "labels.yaml", "  IV.4:", "  IV.44:", "IV.44"),
    (TEXT, "clauses.jsonl", "hàng năm theo kế hoạch đề ra;", "hằng năm theo kế hoạch;", "IV.2.a"),
    (CLAUSES, "readings.yaml", "{clause: IV.3.2.a,", "{clause: IV.3.9,", "IV.3.9"),
    (CLAUSES, "notices.yaml", "clauses: [V.1,", "clauses: [V.11,", "V.11"),
    (CLAUSES, "subjects.yaml", "clause: IV.2.c,", "clause: IV.2.x,", "IV.2.x"),
    (QUOTES, "awards/bang_khen_tinh.yaml", ANNUAL_REDUCTION, ANNUAL_REDUCTION[:-4], "not in"),
    (
        QUOTES,
        "standards.yaml",
        "quote: không có trường hợp tái nghèo",
        "quote: không tái nghèo",
        "d#4",
    ),
    (
        QUOTES,
        "standards.yaml",
        "bullet: 4\n    quote: Tổ chức",
        "bullet: 9\n    quote: Tổ chức",
        "9",
    ),
    (QUOTES, "subjects.yaml", 'quote: "hộ gia đình nghèo,', 'quote: "hộ nghèo,', "household"),
    (BULLETS, "awards/bang_khen_thu_tuong.yaml", "bullet: 4", "bullet: 3", "bullet 4"),
    (WORDS, "awards/bang_khen_tinh.yaml", "words: vượt từ 10%", "words: vượt từ 11%", "quote"),
    (WORDS, "awards/bang_khen_tinh.yaml", "threshold: 10\n", "threshold: 11\n", "threshold"),
    (WORDS, "awards/bang_khen_tinh.yaml", "threshold: 50\n", "threshold: 55\n", "threshold"),
    (WORDS, "awards/bang_khen_tinh.yaml", "test: more_than", "test: at_least", "at_least"),
    (WORDS, "awards/bang_khen_tinh.yaml", "test: at_least", "test: more_than", "more_than"),
    (WORDS, "awards/bang_khen_tinh.yaml", "test: exceeds_by", "test: at_least", "at_least"),
    (WORDS, "awards/bang_khen_thu_tuong.yaml", "test: exceeds\n", "test: reaches\n", "reaches"),
    (WORDS, "awards/giay_khen.yaml", "test: reaches", "test: exceeds", "exceeds"),
    (
        WORDS,
        "awards/bang_khen_tinh.yaml",
        "either: [",
        "reading: start_zero\n          one_target: [",
        "one_target",
    ),
    (
        WORDS,
        "awards/huan_chuong_lao_dong_hang_ba.yaml",
        'words: "giảm trên 60%"',
        'words: "so với đầu kỳ"',
        "threshold",
    ),
    (
        WORDS,
        "awards/huan_chuong_lao_dong_hang_ba.yaml",
        'test: none, words: "không còn',
        'test: none, words: "xã đặc biệt khó khăn được',
        "quote",
    ),
    (WORDS, "standards.yaml", "value: reprimand", "value: warning", "cảnh cáo"),
    (
        WORDS,
        "standards.yaml",
        "      flag: {id: reach_and_exceed, at_threshold: true}\n",
        "",
        "another operator",
    ),
    (
        FACTS,
        "facts.yaml",
        "facts:\n",
        "facts:\n  spare:\n    kind: yes_no\n    label: Dư\n"
        "    header: Dư\n    question: Có dư không ạ?\n    example: Có\n    subjects: [everyone]\n",
        "no criterion",
    ),
    (FACTS, "facts.yaml", "    subjects: [association]", "    subjects: [donor]", "association"),
    (FACTS, "facts.yaml", "header: Năm xét", "header: Năm bị kỷ luật", "twice"),
    (FACTS, "facts.yaml", "example: 101,5", "example: một trăm", "một trăm"),
    (
        FACTS,
        "facts.yaml",
        "    question: Anh/chị xét khen thưởng cho năm nào ạ?",
        "    question: Năm",
        "question",
    ),
    (FACTS, "facts.yaml", "    empty_means: không có ấp nào đang chờ\n", "", "empty_means"),
    (
        REACH,
        "standards.yaml",
        'values: ["yes"], words: Tiêu chuẩn chung',
        'values: ["yes"], awaits: ["no"], words: Tiêu chuẩn chung,\n'
        "      on_pass: {reading: start_zero}",
        "nobody",
    ),
    (DATES, "calendar.yaml", "last: 2022-07-31", "last: 2022-07-30", "2022-07-30"),
    (READABLE, "standards.yaml", "fact: discipline_year, before", "fact: dy, before", "'dy'"),
    (READABLE, "standards.yaml", "before: year}", "before: jahr}", "'jahr'"),
    (DATES, "subjects.yaml", "year: 2025", "year: 2024", "IV.2.c does not say 2024"),
    (DATES, "calendar.yaml", "when: tháng 7/2022", "when: tháng 9/2022", "not in the quote"),
    (
        CHECKLISTS,
        "standards.yaml",
        "clause: IV.3.2.đ, bullets: [1]",
        "clause: IV.3.2.đ, bullets: [2]",
        "no bullet 2",
    ),
]


def test_the_plan_passes_every_check() -> None:
    assert [result.problems for result in check_plan()] == [()] * (len(CHECKS) + 1)
    assert all(result.n_checked for result in check_plan())


@pytest.mark.parametrize(
    ("check", "file", "before", "after", "report"),
    [pytest.param(*b, id=f"{i}-{b[1]}") for i, b in enumerate(BREAKS)],
)
def test_a_break_is_noticed(
    check: str, file: str, before: str, after: str, report: str, broken_plans: Path
) -> None:
    path = broken_plans / PLAN_ID / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    problems = {r.name: r.problems for r in check_plan(PLAN_ID, broken_plans) if r.problems}
    assert check in problems, problems
    assert any(report in problem for problem in problems[check])
    assert all("\n" not in problem for found in problems.values() for problem in found)


def test_every_check_has_a_break() -> None:
    assert {name for name, *_ in BREAKS} == {READABLE, *(name for name, _ in CHECKS)}


def test_an_award_that_nobody_can_meet_is_noticed(broken_plans: Path) -> None:
    path = broken_plans / PLAN_ID / "awards" / "huan_chuong_lao_dong_hang_ba.yaml"
    text = path.read_text(encoding="utf-8")
    impossible = text.replace(
        "{figure: extreme_communes_remaining, test: none,",
        "{figure: extreme_communes_remaining, test: some,",
    ).replace("figure: extreme_communes_start\n              test: some",
              "figure: extreme_communes_remaining\n              test: none")  # fmt: skip
    path.write_text(impossible, encoding="utf-8")
    results = {r.name: r.problems for r in check_plan(PLAN_ID, broken_plans)}
    assert any("IV.2.c/HCLĐ#3 cannot be met" in problem for problem in results[REACH])


def test_a_missing_award_folder_is_one_clear_line(broken_plans: Path) -> None:
    for path in (broken_plans / PLAN_ID / "awards").iterdir():
        path.unlink()
    with pytest.raises(PlanDataError, match="no award file"):
        _ = load_plan(PLAN_ID, broken_plans).rules


def test_an_empty_group_is_refused(broken_plans: Path) -> None:
    path = broken_plans / PLAN_ID / "awards" / "giay_khen.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("          figure: own_target")
    end = text.index("      - bullet: 2")
    path.write_text(text[:start] + "          any_of: []\n" + text[end:], encoding="utf-8")
    with pytest.raises(PlanDataError, match="any_of"):
        _ = load_plan(PLAN_ID, broken_plans).rules


def test_the_command_reports_and_fails(broken_plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(app, ["check"]).exit_code == 0
    unknown = CliRunner().invoke(app, ["check", "--plan", "nowhere"])
    assert unknown.exit_code == 2
    path = broken_plans / PLAN_ID / "facts.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("header: Năm xét", "header: Mã"), encoding="utf-8")
    monkeypatch.setattr(
        "knowledge.__main__.check_plan", lambda *_: check_plan(PLAN_ID, broken_plans)
    )
    found = CliRunner().invoke(app, ["check"])
    assert found.exit_code == 2
    assert "BAD every fact is used" in found.output
    assert "1 problems" in found.output


def test_every_operator_has_its_words() -> None:
    operators = messages().operators
    assert {measure.value for measure in Measure} <= set(operators)
    for measure in WITH_THRESHOLD:
        assert all("{n}" in pattern for pattern in operators[measure.value].has)


def test_code_holds_no_threshold_no_award_and_no_vietnamese() -> None:
    """What is true of one plan, and every sentence a person reads, stands in data."""
    folder = Path(load_plan.__code__.co_filename).parent
    names = ["giay_khen", "bang_khen", "huan_chuong", "commune", "household_fall", "kien_giang"]
    vietnamese = re.compile("[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]", re.IGNORECASE)
    mine = (
        "truth facts subjects criteria standards findings sources figures leaf judging linking "
        "rules assessment openness questions routes distance phrases wording values messages rows "
        "reading spreadsheet results evaluation template check check_facts check_quotes "
        "check_words check_reach"
    )
    for name in mine.split():
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", text)
        assert not [word for word in names if word in code], name
        assert not vietnamese.search(code), name
