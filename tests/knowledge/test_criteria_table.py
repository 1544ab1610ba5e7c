"""Every bullet and standard alone, against tables written from the text apart from the plan's data.

`bullets` says on which line of the text a bullet stands and whom it names; `bullet_results` what
figures come to under it; `bindings` whom a standard excludes, or leaves open.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plan_names import AWARDS, facts_of, rows_of, subjects_of

from knowledge import Plan, RuleBook, Unit, assess
from knowledge.assessment import CriterionFinding
from knowledge.truth import Truth

RESULTS = {"met": Truth.TRUE, "not_met": Truth.FALSE, "undecided": Truth.UNKNOWN}
BULLETS = {(row["occasion"], row["award"], int(row["bullet"])): row for row in rows_of("bullets")}
HOUSEHOLD = {
    "registered_to_escape": "yes",
    "loan_in_order": "not_applicable",
    "escape_and_help_recognised": "yes",
}


def _criteria(rules: RuleBook, unit: Unit, award: str) -> dict[int | None, CriterionFinding]:
    found = {a.award.id: a for a in assess(rules, unit)}[AWARDS[award]]
    return {part.citation.bullet: part for part in found.criteria}


def test_each_bullet_is_open_to_those_it_names_and_no_others(rules: RuleBook) -> None:
    for subject, occasion in rules.ready:
        found = {
            (award, bullet): (part.citation.clause, part.doubt)
            for award in AWARDS
            if occasion in rules.award(AWARDS[award]).occasions
            for bullet, part in _criteria(rules, Unit(subject, occasion), award).items()
        }
        expected = {}
        for (when, award, bullet), row in BULLETS.items():
            if when == occasion and subject in subjects_of(row["open_to"]):
                expected[(award, bullet)] = (row["clause"], None)
            if when == occasion and subject in subjects_of(row["in_doubt_for"]):
                expected[(award, bullet)] = (row["clause"], "quarter_not_named")
        assert found == expected, (subject, occasion)


def test_each_bullet_quotes_its_line(plan: Plan, rules: RuleBook) -> None:
    lines = plan.text.splitlines()
    for (occasion, award, bullet), row in BULLETS.items():
        subject = sorted(subjects_of(row["open_to"]))[0]
        quote = _criteria(rules, Unit(subject, occasion), award)[bullet].citation.quote
        assert lines[int(row["line"]) - 1].strip("+ ;.") == quote


@pytest.mark.parametrize("key", BULLETS, ids=lambda key: "-".join(map(str, key)))
def test_what_figures_come_to_under_a_bullet(
    key: tuple[str, str, int], rules: RuleBook, unit_of: Callable[..., Unit]
) -> None:
    occasion, award, bullet = key
    named, doubted = (subjects_of(BULLETS[key][name]) for name in ("open_to", "in_doubt_for"))
    rows = [r for r in rows_of("bullet_results") if (r["occasion"], r["award"]) == key[:2]]
    rows = [row for row in rows if int(row["bullet"]) == bullet]
    seen = set()
    for row in rows:
        for subject in (named | doubted) & subjects_of(row["only"] or "everyone"):
            expected = RESULTS[row["result"]]
            if subject in doubted and expected is Truth.TRUE:
                expected = Truth.UNKNOWN
            unit = unit_of(subject, occasion, **facts_of(row["facts"]))
            assert _criteria(rules, unit, award)[bullet].truth is expected, (subject, row["facts"])
            seen.add((subject, row["result"]))
    assert seen >= {(subject, "undecided") for subject in named | doubted}
    assert seen >= {(subject, "not_met") for subject in named | doubted}


@pytest.mark.parametrize("row", rows_of("bindings"), ids=lambda row: row["facts"])
def test_whom_a_standard_binds(
    row: dict[str, str],
    rules: RuleBook,
    unit_of: Callable[..., Unit],
    verdicts_of: Callable[[Unit], tuple[set[str], set[str]]],
) -> None:
    excluded, left_open = subjects_of(row["excludes"]), subjects_of(row["leaves_open"])
    for subject, occasion in rules.ready:
        done = {"unit_target_pct": "500", "provincial_target_pct": "500"}
        texts = done | HOUSEHOLD | facts_of(row["facts"])
        awards = {a for a, r in AWARDS.items() if occasion in rules.award(r).occasions} - {"HC"}
        ids = {AWARDS[award] for award in awards}
        met, undecided = verdicts_of(unit_of(subject, occasion, **texts))
        expected: tuple[set[str], set[str]] = (ids, set())
        if subject in excluded:
            expected = (set(), set())
        if subject in left_open:
            expected = (set(), ids)
        found = (met & ids, undecided & ids)
        assert found == expected, (subject, occasion)
