"""Small faults in a plan's rule data, one at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BARE = ("reaches", "exceeds", "none", "some")
WITH_THRESHOLD = ("at_least", "more_than", "exceeds_by")
FACT_KEYS = ("fact", "contribution", "unvalued", "norm", "within_period", "before")
SOURCE_KEYS = ("value", "part", "whole", "awaiting", "start", "now")
Path_ = tuple[Any, ...]


@dataclass(frozen=True)
class Mutant:
    """A file of the plan's folder with one fault; `place` and `change` say where and which."""

    kind: str
    file: str
    place: str
    change: str
    data: Any

    @property
    def group(self) -> str:
        """The kind of fault."""
        return self.kind

    @property
    def name(self) -> str:
        """File, place, kind and change on one line."""
        return f"{self.file}: {self.place}: {self.kind}: {self.change}"


def mutants_of(folder: Path) -> Iterator[Mutant]:
    """Every mutant of the awards, standards, figures and groups of subjects in a plan's folder."""
    maker = _Maker(folder)
    for path in sorted((folder / "awards").glob("*.yaml")):
        yield from maker.award(f"awards/{path.name}")
    yield from maker.standards()
    yield from maker.figures()
    yield from maker.groups()


class _Maker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = self._read("facts.yaml")["facts"]
        self.figure_names = list(self._read("figures.yaml")["figures"])
        self.subject_file = self._read("subjects.yaml")
        self.reading_names = list(self._read("readings.yaml")["readings"])
        self.flag_names = list(self._read("readings.yaml")["flags"])
        self.file, self.data = "", None

    def award(self, file: str) -> Iterator[Mutant]:
        self._open(file)
        rank = self.data["rank"]
        for other in range(6):
            if other != rank:
                yield self._set(("rank",), other, "tier")
        for occasion in list(self.data["occasions"]):
            yield self._without(("occasions", occasion), "occasion")
            for other in self.subject_file["occasions"]:
                if other not in self.data["occasions"]:
                    yield self._renamed(occasion, other)
            here: Path_ = ("occasions", occasion)
            for clause in ("IV.2.a/GK", "IV.2.a/BK", "IV.2.b", "IV.2.c/BK", "IV.2.c/TTg"):
                if clause != self._at(here)["clause"]:
                    yield self._set((*here, "clause"), clause, "clause")
            for index, criterion in enumerate(self._at(here)["criteria"]):
                place = (*here, "criteria", index)
                yield self._without(place, "criterion")
                yield self._set((*place, "bullet"), criterion["bullet"] + 1, "clause")
                yield from self._subjects((*place, "subjects"))
                yield from self._doubt((*place, "on_pass"))
                if "flag" in criterion:
                    yield self._without((*place, "flag"), "flag")
                yield from self._requirement((*place, "requires"))

    def standards(self) -> Iterator[Mutant]:
        self._open("standards.yaml")
        for index, standard in enumerate(self.data["standards"]):
            place = ("standards", index)
            yield self._without(place, "standard")
            yield self._set((*place, "clause"), "IV.3.2.e", "clause")
            if "bullet" in standard:
                yield self._set((*place, "bullet"), standard["bullet"] + 1, "clause")
            yield from self._subjects((*place, "subjects"))
            yield from self._requirement((*place, "requires"))
        for index, checklist in enumerate(self.data["checklists"]):
            place = ("checklists", index)
            yield self._without(place, "checklist")
            yield from self._subjects((*place, "subjects"))
            for number in range(len(checklist["bullets"])):
                yield self._without((*place, "bullets", number), "checklist")

    def figures(self) -> Iterator[Mutant]:
        self._open("figures.yaml")
        for key in ("conflict", "impossible"):
            yield from self._others((key,), self.reading_names, "reading")
        for name, figure in self.data["figures"].items():
            place = ("figures", name)
            other = "count" if figure["unit"] == "percent" else "percent"
            yield self._set((*place, "unit"), other, "figure")
            if "not_from" in figure:
                yield self._without((*place, "not_from"), "figure")
            for index, source in enumerate(figure["sources"]):
                here = (*place, "sources", index)
                if len(figure["sources"]) > 1:
                    yield self._without(here, "figure")
                yield from self._source(here, source)

    def groups(self) -> Iterator[Mutant]:
        self._open("subjects.yaml")
        for group, members in self.data["groups"].items():
            for subject in self.data["subjects"]:
                changed = [m for m in members if m != subject]
                if subject not in members:
                    changed = [*members, subject]
                what = f"{'drop' if subject in members else 'add'} {subject}"
                yield self._set(("groups", group), changed, "subject", what)

    def _requirement(self, place: Path_) -> Iterator[Mutant]:
        spec = self._at(place)
        for one, other in (("any_of", "all_of"), ("all_of", "any_of")):
            if one in spec:
                yield self._set(place, {other: spec[one]}, "combination", f"{one} -> {other}")
                for index in range(len(spec[one])):
                    rest = [part for i, part in enumerate(spec[one]) if i != index]
                    only = rest[0] if len(rest) == 1 else {one: rest}
                    yield self._set(place, only, "combination", f"drop part {index + 1}")
                    yield from self._requirement((*place, one, index))
                return
        yield from self._test(place, spec)
        yield from self._figures_of(place, spec)
        yield from self._choice(place, spec)
        for key in FACT_KEYS:
            if key in spec:
                yield from self._other_facts((*place, key))
        yield from self._doubt((*place, "on_pass"))
        yield from self._doubt((*place, "on_fail"))
        if "flag" in spec:
            yield self._without((*place, "flag"), "flag")
        yield from self._when_empty(place, spec)

    def _test(self, place: Path_, spec: dict[str, Any]) -> Iterator[Mutant]:
        test = spec.get("test")
        for others in (BARE, WITH_THRESHOLD):
            if test in others:
                yield from self._others((*place, "test"), list(others), "operator")
        if "threshold" in spec:
            for step in (-10, -1, -0.01, 0.01, 1, 10):
                yield self._set((*place, "threshold"), spec["threshold"] + step, "threshold")

    def _figures_of(self, place: Path_, spec: dict[str, Any]) -> Iterator[Mutant]:
        if "figure" in spec:
            names = self.figure_names + [f for f, d in self.facts.items() if d["kind"] == "count"]
            yield from self._others((*place, "figure"), names, "fact")
        for key in ("one_target", "either"):
            if key not in spec:
                continue
            plain = {k: v for k, v in spec.items() if k not in (key, "reading")}
            other = (
                {**plain, "either": spec[key]}
                if key == "one_target"
                else {**plain, "one_target": spec[key], "reading": self.reading_names[0]}
            )
            yield self._set(place, other, "combination", f"not {key}")
            for name in spec[key]:
                yield self._set(place, {**plain, "figure": name}, "fact", f"{name} alone")
            for index in range(len(spec[key])):
                yield from self._others((*place, key, index), self.figure_names, "fact")
        if "reading" in spec:
            yield from self._others((*place, "reading"), self.reading_names, "reading")

    def _choice(  # noqa: C901 (a list of kinds of fault)
        self, place: Path_, spec: dict[str, Any]
    ) -> Iterator[Mutant]:
        if "fact" not in spec:
            return
        codes = list(self.facts[spec["fact"]].get("choices", ())) or ["yes", "no"]
        if self.facts[spec["fact"]]["kind"] == "yes_no_pending":
            codes.append("pending")
        if "value" in spec:
            yield from self._others((*place, "value"), codes[1:], "threshold")
        doubtful = spec.get("doubtful", {}).get("values", [])
        lists = {"values": spec.get("values", []), "awaits": spec.get("awaits", [])}
        if spec["test"] != "one_of":
            return
        for code in codes:
            for key in ("values", "awaits", None):
                listed = lists[key] if key else []
                if code in listed or (
                    key is None and code not in [*lists["values"], *lists["awaits"]]
                ):
                    continue
                changed = copy.deepcopy(spec)
                for name in ("values", "awaits"):
                    changed[name] = [c for c in changed.get(name, []) if c != code]
                if code in doubtful:
                    changed["doubtful"]["values"] = [c for c in doubtful if c != code]
                if key:
                    changed[key] = [*changed[key], code]
                yield self._set(place, changed, "value", f"{code} -> {key or 'fails'}")
        for code in doubtful:
            changed = {k: v for k, v in spec.items() if k != "doubtful"}
            yield self._set(place, changed, "value", f"{code} -> fails")

    def _doubt(self, place: Path_) -> Iterator[Mutant]:
        doubt = self._at(place[:-1]).get(place[-1])
        if doubt is None:
            return
        yield self._without(place, "reading")
        yield from self._others((*place, "reading"), self.reading_names, "reading")
        if "subjects" in doubt:
            yield from self._subjects((*place, "subjects"))
        if "when" in doubt:
            yield self._without((*place, "when"), "reading")
            for key in ("fact", "before"):
                if key in doubt["when"]:
                    yield from self._other_facts((*place, "when", key))
            if "is" in doubt["when"]:
                for code in ("no", "pending"):
                    yield self._set((*place, "when", "is"), code, "reading")

    def _when_empty(self, place: Path_, spec: dict[str, Any]) -> Iterator[Mutant]:
        empty = spec.get("when_empty")
        if empty is None:
            return
        yield self._without((*place, "when_empty"), "empty")
        for key, other in (("passes", "fails"), ("fails", "passes")):
            if key in empty:
                turned = {other: empty[key]}
                yield self._set((*place, "when_empty"), turned, "empty", f"{key} -> {other}")
                yield from self._subjects((*place, "when_empty", key))

    def _source(  # noqa: C901 (a list of kinds of fault)
        self, place: Path_, source: dict[str, Any]
    ) -> Iterator[Mutant]:
        for key in SOURCE_KEYS:
            if key in source:
                yield from self._other_facts((*place, key))
        for index, count in enumerate(source.get("fall", [])):
            for key in count:
                yield from self._other_facts((*place, "fall", index, key))
            if len(source["fall"]) > 1:
                yield self._without((*place, "fall", index), "figure")
        for key in ("by_category", "no_start"):
            if key in source:
                yield from self._others((*place, key), self.reading_names, "reading")
        for key in ("awaiting", "whole_limits_part", "none_when"):
            if key in source:
                yield self._without((*place, key), "figure")
        if "none_when" in source:
            yield self._set((*place, "none_when", "is"), "yes", "figure")
        if "no_whole" in source:
            reading = {"reading": self.reading_names[0]}
            other = reading if "does_not_apply" in source["no_whole"] else {"does_not_apply": True}
            yield self._set((*place, "no_whole"), other, "figure")
            if "reading" in source["no_whole"]:
                names = self.reading_names
                yield from self._others((*place, "no_whole", "reading"), names, "reading")

    def _subjects(self, place: Path_) -> Iterator[Mutant]:
        """One subject dropped or added; of a doubt only subjects that the criterion names."""
        groups, named = self.subject_file["groups"], self._at(place)
        members = [s for name in named for s in groups.get(name, [name])]
        holder = next(i for i, key in enumerate(place) if isinstance(key, int)) + 1
        outer = [] if place[-1] == "subjects" and len(place) == holder + 1 else place[:holder]
        allowed = self._at(outer)["subjects"] if outer else list(self.subject_file["subjects"])
        for subject in [s for name in allowed for s in groups.get(name, [name])]:
            if subject in members:
                changed, what = [m for m in members if m != subject], f"drop {subject}"
            else:
                changed, what = [*named, subject], f"add {subject}"
            yield self._set(place, changed, "subject", what)

    def _other_facts(self, place: Path_) -> Iterator[Mutant]:
        kind = self.facts[self._at(place)]["kind"]
        same = [fact for fact, data in self.facts.items() if data["kind"] == kind]
        yield from self._others(place, same, "fact")

    def _others(self, place: Path_, choices: list[Any], kind: str) -> Iterator[Mutant]:
        for choice in choices:
            if choice != self._at(place):
                yield self._set(place, choice, kind)

    def _renamed(self, occasion: str, other: str) -> Mutant:
        rounds = {other if o == occasion else o: r for o, r in self.data["occasions"].items()}
        return self._set(("occasions",), rounds, "occasion", f"{occasion} -> {other}")

    def _without(self, place: Path_, kind: str) -> Mutant:
        return self._changed(place, kind, "drop", lambda holder: holder.__delitem__(place[-1]))

    def _set(self, place: Path_, value: Any, kind: str, what: str = "") -> Mutant:
        change = what or f"{self._at(place)} -> {value}"
        return self._changed(
            place, kind, change, lambda holder: holder.__setitem__(place[-1], value)
        )

    def _changed(
        self, place: Path_, kind: str, change: str, apply: Callable[[Any], None]
    ) -> Mutant:
        data = copy.deepcopy(self.data)
        holder = data
        for key in place[:-1]:
            holder = holder[key]
        apply(holder)
        return Mutant(kind, self.file, ".".join(map(str, place)), change, copy.deepcopy(data))

    def _at(self, place: Path_) -> Any:
        found = self.data
        for key in place:
            found = found[key]
        return found

    def _open(self, file: str) -> None:
        self.file, self.data = file, self._read(file)

    def _read(self, file: str) -> Any:
        return yaml.safe_load((self.folder / file).read_text(encoding="utf-8"))
