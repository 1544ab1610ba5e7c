"""A file of units in, a file of results out; the same for a folder and for a chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from knowledge.assessment import assess
from knowledge.errors import UnitsFileError
from knowledge.messages import messages
from knowledge.plan import Plan
from knowledge.reading import UnitsFile, read_units
from knowledge.results import CsvSink, JsonSink, Sink, UnitResult, WorkbookSink
from knowledge.rows import CellProblem

FORMATS: dict[str, type[JsonSink] | type[CsvSink] | type[WorkbookSink]] = {
    ".json": JsonSink,
    ".csv": CsvSink,
    ".xlsx": WorkbookSink,
}


@dataclass(frozen=True, slots=True)
class EvaluatedFile:
    """The results of a file of units.

    `contents` are the files asked for, by suffix; `counts` how often each award got each
    verdict, highest award first; `messages` remarks for a person, one line each.
    """

    contents: dict[str, bytes]
    n_units: int
    counts: Counter[tuple[str, str]]
    problems: tuple[CellProblem, ...]
    messages: tuple[str, ...]


def evaluate_bytes(
    plan: Plan, name: str, data: bytes, today: date, formats: Sequence[str] = (".xlsx",)
) -> EvaluatedFile:
    """The results for the units in a file's bytes, in the formats asked for.

    `name` tells the format of the input. Rows with bad cells are reported and left out, the
    others evaluated. Raises UnitsFileError in one line if the file as a whole cannot be used.
    """
    rules = plan.rules
    units = read_units(rules, name, data)
    sinks = {suffix: _sink(plan, suffix, today) for suffix in formats}
    try:
        return _evaluated(plan, units, sinks)
    except UnitsFileError:
        for sink in sinks.values():  # a workbook begun and never finished complains
            sink.finish(())
        raise


def _evaluated(plan: Plan, units: UnitsFile, sinks: dict[str, Sink]) -> EvaluatedFile:
    rules = plan.rules
    problems: list[CellProblem] = []
    counts: Counter[tuple[str, str]] = Counter()
    n_units = n_bad = 0
    for row in units.rows:
        problems += row.problems
        if row.unit is None:
            n_bad += 1
            continue
        n_units += 1
        result = UnitResult(row.unit, assess(rules, row.unit))
        counts.update((a.award.id, a.verdict.value) for a in result.assessments)
        for sink in sinks.values():
            sink.add(result)
    summary = messages().files["summary"].format(units=n_units, bad=n_bad)
    contents = {suffix: sink.finish(problems) for suffix, sink in sinks.items()}
    return EvaluatedFile(contents, n_units, counts, tuple(problems), (*units.remarks, summary))


def result_name(name: str, suffix: str = ".xlsx") -> str:
    """A file name for the results of the named file."""
    return f"{PurePath(name).stem}-ket-qua{suffix}"


def _sink(plan: Plan, suffix: str, today: date) -> Sink:
    if suffix not in FORMATS:
        raise UnitsFileError(f"{suffix or 'no suffix'}: allowed for results: {', '.join(FORMATS)}")
    return FORMATS[suffix](plan, today)
