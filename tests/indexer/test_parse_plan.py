"""The Kiên Giang plan, read clause by clause."""

import textwrap

import pytest

from indexer.parse import lines_of, parse_clauses
from knowledge.clauses import Bullet, Clause, dump_clauses
from knowledge.plan import PLANS_DIR, load_plan

PLAN = load_plan("kien_giang_2021_2025", PLANS_DIR)
FIRST_LINE_WITHOUT_CONTENT = 283  # "Nơi nhận:"
IDS = """
TITLE PREAMBLE
I I.1 I.2
II II.1 II.2
III III.1 III.2 III.3 III.4 III.5
IV IV.1
IV.2 IV.2.a IV.2.a/GK IV.2.a/BK IV.2.b IV.2.c IV.2.c/BK IV.2.c/TTg IV.2.c/HCLĐ
IV.3 IV.3.1 IV.3.2 IV.3.2.a IV.3.2.b IV.3.2.c IV.3.2.d IV.3.2.đ IV.3.2.e
IV.4
V V.1 V.2 V.3 V.3.1 V.3.2 V.3.3 V.4
VI VI.1 VI.2 VI.3 VI.4 VI.5 VI.6 VI.5bis
CLOSING
"""
BULLET_COUNTS = {
    "TITLE": 2,
    "PREAMBLE": 2,
    "I.1": 3,
    "I.2": 3,
    "II.1": 2,
    "II.2": 4,
    "III.1": 1,
    "III.2": 1,
    "III.3": 1,
    "III.4": 1,
    "III.5": 1,
    "IV.1": 2,
    "IV.2.a/GK": 2,
    "IV.2.a/BK": 5,
    "IV.2.b": 5,
    "IV.2.c/BK": 5,
    "IV.2.c/TTg": 5,
    "IV.2.c/HCLĐ": 4,
    "IV.3.1": 5,
    "IV.3.2.a": 4,
    "IV.3.2.b": 5,
    "IV.3.2.c": 5,
    "IV.3.2.d": 4,
    "IV.3.2.đ": 1,
    "IV.3.2.e": 3,
    "IV.4": 4,
    "V.1": 3,
    "V.2": 3,
    "V.3.1": 1,
    "V.3.2": 1,
    "V.3.3": 1,
    "V.4": 1,
    "VI.1": 1,
    "VI.2": 1,
    "VI.3": 1,
    "VI.4": 1,
    "VI.5": 1,
    "VI.6": 1,
    "VI.5bis": 1,
    "CLOSING": 1,
}


@pytest.fixture(scope="module")
def clauses() -> list[Clause]:
    return parse_clauses(PLAN.text, PLAN.labels.label_by_words)


@pytest.fixture(scope="module")
def by_id(clauses: list[Clause]) -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses}


def bullet_of(line: int, clauses: list[Clause]) -> Bullet:
    return next(b for clause in clauses for b in clause.bullets if line in b.lines)


def test_every_part_of_the_plan_gets_its_id_in_order(clauses: list[Clause]) -> None:
    assert [clause.id for clause in clauses] == IDS.split()


def test_stored_clauses_are_what_the_text_gives(clauses: list[Clause]) -> None:
    stored = (PLAN.folder / "clauses.jsonl").read_text(encoding="utf-8")
    assert dump_clauses(clauses) == stored


def test_every_content_line_belongs_to_exactly_one_clause(clauses: list[Clause]) -> None:
    lines = PLAN.text.splitlines()
    content = [n for n, line in enumerate(lines, 1) if line.strip()]
    assert sorted(lines_of(clauses)) == [n for n in content if n < FIRST_LINE_WITHOUT_CONTENT]
    assert lines[FIRST_LINE_WITHOUT_CONTENT - 1] == "Nơi nhận:"


def test_addressees_and_signature_are_in_no_clause(clauses: list[Clause]) -> None:
    text = "\n".join(clause.text for clause in clauses)
    assert "Nơi nhận" not in text
    assert "Nguyễn Lưu Trung" not in text
    assert "tqdat" not in text


@pytest.mark.parametrize(
    ("lines", "seam"),
    [
        ((19, 21), "tạo động lực cho sự phát triển bền vững"),
        ((51, 53), "tăng dần và tiếp cận được các dịch vụ"),
        ((261, 265), "cả hệ thống chính trị trong quyết tâm"),
        ((279, 281), "giai đoạn 2021-2025 của Ủy ban nhân dân tỉnh Kiên Giang"),
    ],
)
def test_sentences_cut_by_a_page_break_are_whole(
    clauses: list[Clause], lines: tuple[int, int], seam: str
) -> None:
    bullet = bullet_of(lines[0], clauses)
    assert bullet.lines == lines
    assert seam in bullet.text


@pytest.mark.parametrize(("before", "after"), [(133, 137), (173, 177), (227, 229)])
def test_blank_lines_without_a_cut_end_neither_list_nor_item(
    clauses: list[Clause], before: int, after: int
) -> None:
    owners = [next(c.id for c in clauses if line in c.all_lines) for line in (before, after)]
    assert owners[0] == owners[1]
    assert bullet_of(after, clauses).lines == (after,)


def test_bullets_are_counted_clause_by_clause(clauses: list[Clause]) -> None:
    counts = {clause.id: len(clause.bullets) for clause in clauses if clause.bullets}
    assert counts == BULLET_COUNTS


def test_second_way_to_the_prime_ministers_award_is_the_one_of_districts(
    by_id: dict[str, Clause],
) -> None:
    second = by_id["IV.2.c/TTg"].bullets[1]
    assert second.number == 2
    assert second.text.startswith("Các huyện, thành phố, xã")
    assert second.lines == (125,)


def test_sentence_that_introduces_the_midterm_awards_is_no_bullet(by_id: dict[str, Clause]) -> None:
    midterm = by_id["IV.2.b"]
    assert midterm.lead_in == "Tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh:"
    assert midterm.bullets[0].text.startswith("Tập thể, cá nhân thực hiện đạt trên 50%")


def test_second_number_five_of_part_six_has_an_id_of_its_own(by_id: dict[str, Clause]) -> None:
    assert by_id["VI.5"].bullets[0].text.startswith("Báo Kiên Giang")
    assert by_id["VI.5bis"].bullets[0].text.startswith("Đề nghị Ủy ban Mặt trận Tổ quốc")
    assert by_id["VI.5bis"].mark == "5."


def test_dash_and_letter_make_one_mark(by_id: dict[str, Clause]) -> None:
    assert [bullet.mark for bullet in by_id["V.2"].bullets] == ["- a)", "- b)", "- c)"]


def test_headings_are_kept_apart_from_content(by_id: dict[str, Clause]) -> None:
    assert by_id["IV.3.2.đ"].heading.startswith("Cán bộ, công chức, viên chức trực tiếp")
    assert by_id["IV.3.2.đ"].bullets[0].mark == ""
    assert by_id["III.2"].heading == ""
    assert by_id["IV.3"].bullets == ()


def test_printed_words_stay_as_they_are(clauses: list[Clause]) -> None:
    flat = " ".join(PLAN.text.split())
    for clause in clauses:
        parts = [clause.heading, clause.lead_in, *(bullet.text for bullet in clause.bullets)]
        assert [part for part in parts if part not in flat] == []


def test_end_mark_is_left_out_of_the_last_sentence(by_id: dict[str, Clause]) -> None:
    assert by_id["CLOSING"].bullets[-1].text.endswith("xem xét, quyết định")


def test_without_labels_sub_headings_are_counted() -> None:
    ids = [clause.id for clause in parse_clauses(PLAN.text)]
    assert [i for i in ids if i.startswith("IV.2.c/")] == ["IV.2.c/1", "IV.2.c/2", "IV.2.c/3"]


@pytest.mark.parametrize("width", range(60, 121, 10))
def test_plan_wrapped_by_a_machine_has_the_same_clauses(width: int) -> None:
    lines = [line for row in PLAN.text.splitlines() for line in textwrap.wrap(row, width) or [""]]
    wrapped = parse_clauses("\n".join(lines), PLAN.labels.label_by_words)
    assert [clause.id for clause in wrapped] == IDS.split()
    n_items = {c.id: sum(b.mark != "" for b in c.bullets) for c in PLAN.clauses}
    assert {c.id: sum(b.mark != "" for b in c.bullets) for c in wrapped} == n_items
