"""A plan with other subjects, awards and thresholds needs data alone."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from indexer.parse import parse_clauses
from knowledge import RuleBook, Unit, Verdict, assess
from knowledge.check import check_plan
from knowledge.clauses import Bullet, Clause, ClauseTree, dump_clauses
from knowledge.errors import PlanDataError
from knowledge.leaf import Years
from knowledge.new_plan import new_plan
from knowledge.plan import load_plan
from knowledge.rules import load_rules
from knowledge.wording import needed, reasons

FILES = {
    "facts.yaml": """
facts:
  trees_pct: {kind: percent, label: Cây đã trồng, header: Cây (%), question: Bao nhiêu ạ?,
    example: "80", subjects: [school]}
  trees: {kind: count, unit: cây, label: Số cây, header: Số cây, question: Mấy cây ạ?,
    example: "8", subjects: [school]}
  trees_wanted: {kind: count, unit: cây, label: Số cây cần, header: Cần, question: Mấy cây ạ?,
    example: "9", subjects: [school]}
  clean: {kind: yes_no, label: Trường sạch, header: Sạch, question: Sạch không ạ?, example: Có,
    subjects: [school]}
""",
    "figures.yaml": """
conflict: unclear
impossible: unclear
figures:
  planting:
    label: Tỷ lệ cây đã trồng
    unit: percent
    sources:
      - {value: trees_pct}
      - {part: trees, whole: trees_wanted, no_whole: {does_not_apply: true}}
""",
    "subjects.yaml": """
subjects: {school: {label: Trường học}}
groups: {}
occasions: {yearly: {label: Hằng năm, clause: A}}
""",
    "readings.yaml": """
decided_by: Hội đồng trường
readings: {unclear: {about: Không rõ., first: Đạt., second: Chưa đạt.}}
flags: {}
settled: []
""",
    "standards.yaml": """
standards:
  - id: clean
    clause: A
    bullet: 2
    quote: giữ trường sạch
    subjects: [school]
    requires: {fact: clean, test: one_of, values: ["yes"], words: sạch}
checklists: []
contribution_confirmation: {clause: A, quote: trường}
norm_source: {clause: A, quote: trường}
""",
    "awards/green_flag.yaml": """
id: green_flag
label: Cờ xanh
rank: 1
occasions:
  yearly:
    clause: A
    criteria:
      - bullet: 1
        quote: trồng trên 75,5% số cây
        subjects: [school]
        requires: {figure: planting, test: more_than, threshold: 75.5, words: "trên 75,5%"}
""",
}


def _load(folder: Path, files: dict[str, str]) -> RuleBook:
    (folder / "awards").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    bullets = (
        Bullet(1, "-", "Trường trồng trên 75,5% số cây", (1,)),
        Bullet(2, "-", "Trường giữ trường sạch", (2,)),
    )
    clauses = ClauseTree([Clause("A", None, "A.", "CỜ XANH", "", bullets, (0,))])
    return load_rules(folder, clauses, Years(2030, 2031))


@pytest.fixture
def other_rules(tmp_path: Path) -> RuleBook:
    return _load(tmp_path, FILES)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"trees_pct": Decimal("75.5")}, Verdict.NOT_MET),
        ({"trees_pct": Decimal("75.51")}, Verdict.MET),
        ({"trees": Decimal(8), "trees_wanted": Decimal(10)}, Verdict.MET),
        ({"trees": Decimal(0), "trees_wanted": Decimal(0)}, Verdict.NOT_MET),
        ({}, Verdict.UNDECIDED),
    ],
)
def test_another_plan_is_applied(
    other_rules: RuleBook, facts: dict[str, Decimal], verdict: Verdict
) -> None:
    unit = Unit("school", "yearly", {"clean": "yes"} | facts)
    (found,) = assess(other_rules, unit)
    assert found.verdict is verdict
    assert any("Tỷ lệ cây đã trồng" in reason.text for reason in reasons(other_rules, unit, found))


def test_what_nobody_else_decides_is_asked_of_the_applicant(other_rules: RuleBook) -> None:
    unit = Unit("school", "yearly", {"trees_pct": Decimal(80)})
    (found,) = assess(other_rules, unit)
    assert needed(other_rules, found) == (("clean",), ())


GIFT = "{contribution: gift, unvalued: in_kind, norm: norm, words: quà}"
CLEAN = "{fact: clean, test: one_of, values: ['yes'], words: sạch}"
GIFT_FACTS = """
  gift: {kind: money, label: Q, header: Q, question: Q, example: "8", subjects: [school]}
  in_kind: {kind: yes_no, label: K, header: K, question: K, example: Có, subjects: [school]}
  norm: {kind: money, label: N, header: N, question: N, example: "8", subjects: [school]}
"""


@pytest.mark.parametrize("source", ["norm_source", "contribution_confirmation"])
@pytest.mark.parametrize(
    "requires",
    [
        GIFT,
        f"{{any_of: [{CLEAN}, {GIFT}]}}",
        f"{{all_of: [{GIFT}, {CLEAN}]}}",
        f"{{any_of: [{CLEAN}, {{all_of: [{CLEAN}, {GIFT}]}}]}}",
    ],
)
def test_a_contribution_anywhere_needs_the_sources_of_its_norm(
    tmp_path: Path, source: str, requires: str
) -> None:
    award, standards = FILES["awards/green_flag.yaml"], FILES["standards.yaml"]
    files = FILES | {
        "facts.yaml": FILES["facts.yaml"] + GIFT_FACTS,
        "awards/green_flag.yaml": award[: award.index("requires:")] + f"requires: {requires}\n",
        "standards.yaml": standards.replace(f"{source}: {{clause: A, quote: trường}}", ""),
    }
    with pytest.raises(PlanDataError, match=f"standards.yaml: {source}: missing"):
        _load(tmp_path, files)


# -- a new plan's folder ----------------------------------------------------------------------


def new_plan_command(plan_id: str, plans: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "knowledge", "new-plan", plan_id, "--plans-dir", str(plans)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_new_plan_passes_check_and_is_never_written_over(tmp_path: Path) -> None:
    done = new_plan_command("xanh_2030", tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(not result.problems for result in check_plan("xanh_2030", tmp_path))
    plan = load_plan("xanh_2030", tmp_path)
    assert dump_clauses(parse_clauses(plan.text)) == dump_clauses(plan.clauses)
    (plan.folder / "plan.yaml").write_text("mine", encoding="utf-8")
    again = new_plan_command("xanh_2030", tmp_path)
    assert again.returncode == 2
    assert len(again.stderr.splitlines()) == 1
    assert (plan.folder / "plan.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("plan_id", ["../x", "Xanh", "a", "có_dấu", "x" * 41, "1x", "a b", ""])
def test_an_id_that_cannot_name_a_folder_is_refused(tmp_path: Path, plan_id: str) -> None:
    with pytest.raises(PlanDataError, match="ID: "):
        new_plan(plan_id, tmp_path / "plans")
    assert not (tmp_path / "plans").exists()
