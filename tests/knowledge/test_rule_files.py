"""What may stand in a plan's rule files; anything else is one line saying what to correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.criteria import (
    AllOf,
    AnyOf,
    Award,
    Chosen,
    Criterion,
    Flag,
    Measured,
    Quoted,
    Round,
    When,
    WithinPeriod,
)
from knowledge.errors import PlanDataError
from knowledge.facts import Fact
from knowledge.standards import Checklist, Standard
from knowledge.subjects import SubjectFile
from knowledge.yaml_reader import DataModel, read_yaml

LEAF = "{fact: d, test: one_of, values: [a], words: w}"
CRITERION = f"{{bullet: 1, quote: q, subjects: [s], requires: {LEAF}}}"
ROUND = f"{{clause: I, criteria: [{CRITERION}]}}"
FACT = "kind: yes_no, label: L, header: H, question: Q, example: E"
OCCASION = "{label: O, clause: I}"

ALLOWED: list[tuple[type[DataModel], str]] = [
    (Quoted, "{clause: I, quote: q}"),
    (When, "{fact: d, is: a}"),
    (When, "{fact: d, before: e}"),
    (Flag, "{id: f, at_threshold: true}"),
    (WithinPeriod, "{words: w, within_period: y}"),
    (Measured, "{words: w, figure: f, test: reaches}"),
    (Measured, "{words: w, figure: f, test: at_least, threshold: 5}"),
    (Measured, "{words: w, figure: f, test: at_least, threshold: 0}"),
    (Measured, "{words: w, figure: f, test: more_than, threshold: 5}"),
    (Measured, "{words: w, figure: f, test: exceeds_by, threshold: 5}"),
    (Measured, "{words: w, figure: f, test: exceeds}"),
    (Measured, "{words: w, figure: f, test: none}"),
    (Measured, "{words: w, figure: f, test: some}"),
    (Measured, "{words: w, either: [f, g], test: reaches}"),
    (Measured, "{words: w, one_target: [f, g], reading: r, test: reaches}"),
    (Chosen, "{words: w, fact: d, test: one_of, values: [a]}"),
    (Chosen, "{words: w, fact: d, test: one_of, values: [a, b], awaits: [c]}"),
    (
        Chosen,
        "{words: w, fact: d, test: one_of, values: [a], doubtful: {values: [b], reading: r}}",
    ),
    (Chosen, "{words: w, fact: d, test: milder_than, value: a}"),
    (AnyOf, f"{{any_of: [{LEAF}, {LEAF}]}}"),
    (AllOf, f"{{all_of: [{LEAF}, {LEAF}]}}"),
    (Criterion, CRITERION),
    (Round, ROUND),
    (Award, f"{{id: i, label: L, rank: 1, occasions: {{o: {ROUND}}}}}"),
    (Fact, f"{{{FACT}, subjects: [s]}}"),
    (Fact, f"{{{FACT}, subjects: [s], also: {{'yes': [đúng]}}}}"),
    (Fact, f"{{{FACT.replace('yes_no', 'choice')}, subjects: [s], choices: {{a: A}}}}"),
    (SubjectFile, "{subjects: {}, groups: {}, occasions: {}}"),
    (SubjectFile, f"{{subjects: {{s: {{label: S}}}}, groups: {{}}, occasions: {{o: {OCCASION}}}}}"),
    (Standard, f"{{id: i, clause: I, quote: q, subjects: [s], requires: {LEAF}}}"),
    (Checklist, "{subjects: [s], clause: I, bullets: [1]}"),
]
REFUSED: list[tuple[type[DataModel], str, str]] = [
    (Quoted, "{clause: I, quote: ''}", "quote.*at least 1"),
    (When, "{fact: d}", "either `is` or `before`"),
    (When, "{fact: d, is: a, before: e}", "either `is` or `before`"),
    (Flag, "{id: f, at_threshold: false}", "at_threshold"),
    (WithinPeriod, "{words: '', within_period: y}", "words.*at least 1"),
    (Measured, "{words: w, test: reaches}", "one of figure, one_target, either"),
    (Measured, "{words: w, figure: f, either: [f, g], test: reaches}", "one of figure"),
    (Measured, "{words: w, figure: f, test: at_least}", "at_least and threshold None"),
    (Measured, "{words: w, figure: f, test: more_than}", "more_than and threshold None"),
    (Measured, "{words: w, figure: f, test: exceeds_by}", "exceeds_by and threshold None"),
    (Measured, "{words: w, figure: f, test: reaches, threshold: 5}", "reaches and threshold 5"),
    (Measured, "{words: w, figure: f, test: exceeds, threshold: 5}", "exceeds and threshold 5"),
    (Measured, "{words: w, figure: f, test: none, threshold: 0}", "none and threshold 0"),
    (Measured, "{words: w, figure: f, test: some, threshold: 1}", "some and threshold 1"),
    (Measured, "{words: w, either: [f], test: reaches}", "either.*at least 2"),
    (Measured, "{words: w, one_target: [f], reading: r, test: reaches}", "one_target.*at least 2"),
    (Measured, "{words: w, one_target: [f, g], test: reaches}", "one_target and reading"),
    (Measured, "{words: w, figure: f, reading: r, test: reaches}", "one_target and reading"),
    (Chosen, "{words: w, fact: d, test: one_of}", "one_of takes values"),
    (Chosen, "{words: w, fact: d, test: one_of, value: a}", "one_of takes values"),
    (Chosen, "{words: w, fact: d, test: one_of, values: [a], value: a}", "one_of takes values"),
    (Chosen, "{words: w, fact: d, test: milder_than}", "milder_than takes value"),
    (Chosen, "{words: w, fact: d, test: milder_than, values: [a]}", "milder_than takes value"),
    (Chosen, "{words: w, fact: d, test: one_of, values: [a, a]}", "name a code twice"),
    (Chosen, "{words: w, fact: d, test: one_of, values: [a], awaits: [a]}", "name a code twice"),
    (
        Chosen,
        "{words: w, fact: d, test: one_of, values: [a], doubtful: {values: [a], reading: r}}",
        "name a code twice",
    ),
    (AnyOf, f"{{any_of: [{LEAF}]}}", "any_of.*at least 2"),
    (AllOf, f"{{all_of: [{LEAF}]}}", "all_of.*at least 2"),
    (AllOf, f"{{all_of: [{LEAF}, [any_of]]}}", "all_of"),
    (Criterion, CRITERION.replace("quote: q", "quote: ''"), "quote.*at least 1"),
    (Criterion, CRITERION.replace("[s]", "[]"), "subjects.*at least 1"),
    (Round, "{clause: I, criteria: []}", "criteria.*at least 1"),
    (Award, "{id: i, label: L, rank: 1, occasions: {}}", "occasions.*at least 1"),
    (Fact, f"{{{FACT}, subjects: []}}", "subjects.*at least 1"),
    (Fact, f"{{{FACT}, subjects: [s], also: {{maybe: [m]}}}}", "not all codes"),
    (Fact, f"{{{FACT}, subjects: [s], choices: {{a: A}}}}", "choices belong"),
    (Fact, f"{{{FACT.replace('yes_no', 'choice')}, subjects: [s]}}", "choices belong"),
    (SubjectFile, "{subjects: {s: {label: S}}, groups: {}, occasions: {}}", "go together"),
    (SubjectFile, f"{{subjects: {{}}, groups: {{}}, occasions: {{o: {OCCASION}}}}}", "go together"),
    (
        Standard,
        f"{{id: i, clause: I, quote: '', subjects: [s], requires: {LEAF}}}",
        "quote.*at least 1",
    ),
    (
        Standard,
        f"{{id: i, clause: I, quote: q, subjects: [], requires: {LEAF}}}",
        "subjects.*at least 1",
    ),
    (Checklist, "{subjects: [], clause: I, bullets: [1]}", "subjects.*at least 1"),
    (Checklist, "{subjects: [s], clause: I, bullets: []}", "bullets.*at least 1"),
]


@pytest.mark.parametrize(("model", "text"), ALLOWED)
def test_what_is_rightly_written_is_read(model: type[DataModel], text: str, tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    assert isinstance(read_yaml(path, model), model)


@pytest.mark.parametrize(("model", "text", "says"), REFUSED)
def test_what_is_wrongly_written_is_refused_with_what_to_correct(
    model: type[DataModel], text: str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanDataError, match=says) as caught:
        read_yaml(path, model)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
