"""Links the names in a plan's criteria to its facts, figures and subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from knowledge.criteria import (
    AllOf,
    AnyOf,
    Chosen,
    Contributed,
    Doubt,
    Measured,
    Requirement,
    Test,
    When,
    WithinPeriod,
)
from knowledge.errors import PlanDataError
from knowledge.facts import Fact
from knowledge.figures import Figure, FigureFile
from knowledge.judging import (
    AnyTest,
    ChoiceTest,
    FigureTest,
    GroupTest,
    NormTest,
    PeriodTest,
)
from knowledge.leaf import Years, bound_of
from knowledge.sources import ShareSource, ValueSource
from knowledge.subjects import SubjectFile
from knowledge.truth import Truth


@dataclass(frozen=True, slots=True)
class Shared:
    """What every test of one subject has in common, looked up once."""

    empty: Truth | None
    on_pass: str | None
    on_fail: str | None
    when: When | None


@dataclass(frozen=True)
class Linker:
    """Makes tests ready; `place` says where in the plan's folder a wrong name stands."""

    facts: Mapping[str, Fact]
    figures: Mapping[str, Figure]
    subjects: SubjectFile
    readings: Mapping[str, object]
    flags: Mapping[str, object]
    years: Years

    def ready(self, spec: Requirement, subject: str, place: str) -> AnyTest:
        """The requirement made ready for the subject.

        Raises PlanDataError naming the place, the unknown name and the names that are known.
        """
        if isinstance(spec, AnyOf):
            return GroupTest(True, tuple(self.ready(s, subject, place) for s in spec.any_of))
        if isinstance(spec, AllOf):
            return GroupTest(False, tuple(self.ready(s, subject, place) for s in spec.all_of))
        shared = self._shared(spec, subject, place)
        if isinstance(spec, Measured):
            return self._figure_test(spec, shared, place)
        if isinstance(spec, Chosen):
            return self._choice_test(spec, shared, place)
        if isinstance(spec, Contributed):
            names = [self._fact(n, place) for n in (spec.contribution, spec.unvalued, spec.norm)]
            return NormTest(*self._base(spec, shared), *names)
        return self._period_test(spec, shared, place)

    def members(self, names: Iterable[str], place: str) -> frozenset[str]:
        """The subjects that the names stand for. Raises PlanDataError for an unknown name."""
        try:
            return self.subjects.expand(names)
        except KeyError as error:
            known = [*self.subjects.subjects, *self.subjects.groups]
            raise _unknown(place, "subjects", str(error.args[0]), known) from error

    def check_fact(self, fact: Fact, place: str) -> None:
        """Refuses names in a fact that are not known, with PlanDataError."""
        members = self.members(fact.subjects, place)
        for subject in fact.questions:
            self._known(subject, dict.fromkeys(sorted(members)), "questions", place)
        if fact.covered_by is not None:
            self._fact(fact.covered_by, place)

    def doubt(self, doubt: Doubt | None, subject: str, place: str) -> str | None:
        """The reading of the doubt if it concerns the subject."""
        if doubt is None:
            return None
        self._known(doubt.reading, self.readings, "reading", place)
        if doubt.subjects is not None and subject not in self.members(doubt.subjects, place):
            return None
        return doubt.reading

    def flag(self, flag: str | None, place: str) -> str | None:
        """The flag, known to exist."""
        if flag is not None:
            self._known(flag, self.flags, "flag", place)
        return flag

    def _shared(self, spec: Test, subject: str, place: str) -> Shared:
        empty = None
        if subject in self.members(spec.when_empty.passes, place):
            empty = Truth.TRUE
        elif subject in self.members(spec.when_empty.fails, place):
            empty = Truth.FALSE
        when = spec.on_fail.when if spec.on_fail else None
        for fact in (when.fact, when.before) if when else ():
            if fact is not None:
                self._fact(fact, place)
        on_pass = self.doubt(spec.on_pass, subject, place)
        on_fail = self.doubt(spec.on_fail, subject, place)
        return Shared(empty, on_pass, on_fail, when)

    def _base(
        self, spec: Test, shared: Shared
    ) -> tuple[Test, Years, Truth | None, str | None, str | None, When | None]:
        return spec, self.years, shared.empty, shared.on_pass, shared.on_fail, shared.when

    def _figure_test(self, spec: Measured, shared: Shared, place: str) -> AnyTest:
        bound = bound_of(spec.test, Fraction(spec.threshold or 0))
        flag = self.flag(spec.flag.id if spec.flag else None, place)
        base = self._base(spec, shared)
        names = spec.one_target or spec.either or [spec.figure or ""]
        figures = [self._figure(name, place) for name in names]
        if spec.either:
            tests = [FigureTest(*base, (figure,), bound, "", flag) for figure in figures]
            return GroupTest(True, tuple(tests))
        if spec.reading:
            self._known(spec.reading, self.readings, "reading", place)
        return FigureTest(*base, tuple(figures), bound, spec.reading or "", flag)

    def _choice_test(self, spec: Chosen, shared: Shared, place: str) -> ChoiceTest:
        fact = self._fact(spec.fact, place)
        codes = self.facts[fact].codes
        doubtful = spec.doubtful.values if spec.doubtful else []
        for code in (*spec.values, *spec.awaits, *doubtful, *([spec.value] if spec.value else [])):
            self._known(code, dict.fromkeys(codes), f"{fact}: value", place)
        if spec.doubtful:
            self._known(spec.doubtful.reading, self.readings, "reading", place)
        passing = codes[: codes.index(spec.value)] if spec.value else spec.values
        return ChoiceTest(
            *self._base(spec, shared),
            fact,
            frozenset(passing),
            frozenset(spec.awaits),
            frozenset(doubtful),
            spec.doubtful.reading if spec.doubtful else None,
            codes,
        )

    def _period_test(self, spec: WithinPeriod, shared: Shared, place: str) -> PeriodTest:
        return PeriodTest(*self._base(spec, shared), self._fact(spec.within_period, place))

    def _figure(self, name: str, place: str) -> Figure:
        if name in self.figures:
            return self.figures[name]
        self._known(name, {**self.figures, **self.facts}, "figure", place)
        fact = self.facts[name]
        unit = "count" if fact.is_whole else "percent"
        return Figure(label=fact.label, unit=unit, sources=[ValueSource(value=name)])

    def _fact(self, name: str, place: str) -> str:
        self._known(name, self.facts, "fact", place)
        return name

    def _known(self, name: str, known: Mapping[str, object], key: str, place: str) -> None:
        if name not in known:
            raise _unknown(place, key, name, list(known))


def link_figures(file: FigureFile, facts: Mapping[str, Fact], place: str) -> dict[str, Figure]:
    """The figures with the readings for conflicting and impossible data filled in.

    Raises PlanDataError if a figure reads a fact that the plan does not declare.
    """
    linked = {}
    for name, figure in file.figures.items():
        for fact in (*figure.facts, *figure.not_from):
            if fact not in facts:
                raise _unknown(f"{place}: {name}", "fact", fact, list(facts))
        sources = [
            source.model_copy(update={"impossible": file.impossible})
            if isinstance(source, ShareSource)
            else source
            for source in figure.sources
        ]
        linked[name] = figure.model_copy(update={"conflict": file.conflict, "sources": sources})
    return linked


def _unknown(place: str, key: str, name: str, known: list[str]) -> PlanDataError:
    return PlanDataError(f"{place}: {key}: {name!r} is not known; allowed: {', '.join(known)}")
