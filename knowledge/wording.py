"""Verdicts in Vietnamese sentences, each with the quote that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from knowledge.assessment import Assessment, CriterionFinding, Verdict
from knowledge.clauses import Citation
from knowledge.criteria import Measure
from knowledge.distance import Distance, distance_to_norm, distances
from knowledge.facts import Facts, Unit
from knowledge.findings import Finding, Status
from knowledge.judging import FigureTest, NormTest
from knowledge.leaf import Bound
from knowledge.messages import messages
from knowledge.rules import RuleBook
from knowledge.sources import WHOLE
from knowledge.truth import Truth
from knowledge.values import format_number, format_value


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and the words of the plan that it rests on, where there are any."""

    text: str
    citation: Citation | None = None

    @property
    def with_quote(self) -> str:
        """Sentence, clause and quote as one line."""
        if self.citation is None:
            return self.text
        return f"{self.text} [{place(self.citation)}: “{self.citation.quote}”]"


def place(citation: Citation) -> str:
    """The clause id, with the bullet where there is one: IV.2.b#2."""
    bullet = "" if citation.bullet is None else f"#{citation.bullet}"
    return f"{citation.clause}{bullet}"


def verdict_label(verdict: Verdict) -> str:
    """The verdict in words; nobody is told that they will receive an award."""
    return messages().verdicts[verdict.value]


def reasons(rules: RuleBook, unit: Unit, assessment: Assessment) -> tuple[Reason, ...]:
    """Why the verdict is what it is: what decides, doubts, what is missing, remarks."""
    texts = messages().reasons
    found = [_basis(rules, unit)]
    found += [_of_part(rules, unit.facts, assessment, part) for part in _worth_telling(assessment)]
    if not assessment.decisive:
        found.append(Reason(_no_criterion(rules, unit, assessment)))
    found += [Reason(reading_text(rules, reading)) for reading in assessment.readings]
    needed = fact_labels(rules, (*assessment.missing, *assessment.awaiting))
    if needed:
        found.append(Reason(texts["missing"].format(facts=texts["joined"].join(needed))))
    flags = (rules.readings.flags[flag] for flag in assessment.flags)
    found += [Reason(texts["flag"].format(text=text)) for text in flags]
    presumed = presumptions(rules, assessment) if assessment.verdict is Verdict.MET else []
    if presumed:
        found.append(Reason(texts["presumed"].format(facts=texts["joined"].join(presumed))))
    if assessment.has_contribution and assessment.verdict is not Verdict.NOT_MET:
        found.append(_contribution(rules))
    return tuple(reason for reason in found if reason is not None)


def presumptions(rules: RuleBook, assessment: Assessment) -> list[str]:
    """What was left empty and what it was taken for, one phrase a fact."""
    return [
        messages()
        .reasons["presumed_fact"]
        .format(label=rules.facts[fact].label, meaning=rules.facts[fact].empty_means)
        for fact in assessment.presumed
        if fact in rules.facts and _can_matter(assessment, fact)
    ]


def reading_text(rules: RuleBook, reading_id: str) -> str:
    """Both readings of a passage and who decides, in one paragraph."""
    reading = rules.readings.readings[reading_id]
    return (
        messages()
        .reasons["reading"]
        .format(
            about=reading.about,
            first=reading.first,
            second=reading.second,
            decided_by=rules.readings.decided_by,
        )
    )


def fact_labels(rules: RuleBook, facts: tuple[str, ...]) -> list[str]:
    """The labels of the facts, in order."""
    return [rules.facts[fact].label for fact in dict.fromkeys(facts)]


def requirement(bound: Bound) -> str:
    """What a bound asks for, in words: "trên 50%"."""
    is_count = bound.measure in (Measure.NONE, Measure.SOME)
    threshold = format_number(bound.value)
    if not is_count:
        threshold = messages().values["percent"].format(number=threshold)
    over = messages().values["percent"].format(number=format_number(bound.value - WHOLE))
    return messages().requirements[bound.measure.value].format(threshold=threshold, over=over)


def distance_text(rules: RuleBook, distances: tuple[Distance, ...]) -> str:
    """What is missing, ready to follow a figure; "" for nothing."""
    parts = []
    for distance in distances:
        unit = rules.facts[distance.unit_fact].unit if distance.unit_fact else ""
        amount = format_number(distance.amount, is_rounded_up=True)
        whole = "" if distance.whole is None else format_number(distance.whole)
        pattern = messages().distances[distance.kind]
        parts.append(pattern.format(amount=amount, unit=unit, whole=whole))
    return "".join(parts)


def leaf_text(rules: RuleBook, facts: Facts, leaf: Finding) -> str:
    """What one test found, in one phrase."""
    test = leaf.test
    if leaf.status in (Status.PRESUMED, Status.NOT_CLAIMED):
        return _empty_text(rules, leaf)
    if isinstance(test, NormTest):
        return _norm_text(rules, facts, leaf, test)
    if isinstance(test, FigureTest):
        return _figure_text(rules, facts, leaf, test)
    fact = test.own_facts[0]
    value = format_value(rules.facts[fact], facts[fact]) if fact in facts else ""
    key = f"chosen_{leaf.status.value}" if leaf.status is not Status.DOUBTFUL else "doubtful"
    if leaf.status is Status.NO_DATA and value:
        key = "doubtful"
    return messages().statuses[key].format(label=rules.facts[fact].label, value=value)


def _figure_text(rules: RuleBook, facts: Facts, leaf: Finding, test: FigureTest) -> str:
    texts = messages().statuses
    shown = []
    for figure in test.figures:
        measured = figure.measure(facts, test.bound.passes)
        if len(test.figures) > 1 and not measured.is_settled and leaf.status is not Status.NO_DATA:
            continue
        value = measured.value
        number = "" if value is None else format_number(value)
        is_fact = figure.unit == "count" or value is None
        pattern = "count" if is_fact else "percent"
        written = messages().values[pattern].format(number=number, unit="").strip()
        key = _figure_key(measured.status, value)
        missing = distances(test, figure, value, facts) if measured.status is Status.FAILS else ()
        shown.append(
            texts[key].format(
                label=figure.label,
                value=written,
                requirement=requirement(test.bound),
                distance=distance_text(rules, missing),
            )
        )
        shown += _not_from(rules, facts, figure.not_from, figure.label, measured.is_settled)
    return messages().reasons["joined"].join(shown)


def _figure_key(status: Status, value: Fraction | None) -> str:
    if status is Status.DOUBTFUL and value is None:
        return "doubtful_no_value"
    return status.value


def _not_from(
    rules: RuleBook, facts: Facts, names: list[str], label: str, is_settled: bool
) -> list[str]:
    given = [name for name in names if name in facts]
    if not given or is_settled:
        return []
    return [messages().statuses["not_from"].format(label=rules.facts[given[0]].label, figure=label)]


def _norm_text(rules: RuleBook, facts: Facts, leaf: Finding, test: NormTest) -> str:
    fact, norm = rules.facts[test.contribution], rules.facts[test.norm]
    texts = messages().statuses
    amount = facts.get(test.contribution)
    key = "no_norm" if leaf.status is Status.NO_NORM else f"norm_{leaf.status.value}"
    if leaf.status is Status.FAILS and amount == 0:
        key = "norm_zero"
    if leaf.status is Status.NO_DATA:
        key = "chosen_no_data"
    return texts[key].format(
        label=fact.label,
        value=texts["norm_unknown_amount"] if amount is None else format_value(fact, amount),
        norm=format_value(norm, facts[test.norm]) if test.norm in facts else "",
        norm_clause=rules.standards.norm_source.clause,
        norm_quote=rules.standards.norm_source.quote,
        distance=distance_text(rules, distance_to_norm(test, facts)),
    )


def _empty_text(rules: RuleBook, leaf: Finding) -> str:
    fact = rules.facts[leaf.presumed[0]]
    return messages().statuses[leaf.status.value].format(label=fact.label, meaning=fact.empty_means)


def _of_part(
    rules: RuleBook, facts: Facts, assessment: Assessment, part: CriterionFinding
) -> Reason:
    texts = messages().reasons
    details = texts["joined"].join(leaf_text(rules, facts, leaf) for leaf in _telling(part))
    if part in assessment.standards:
        key = "standard_failed" if part.truth is Truth.FALSE else "standard_open"
        return Reason(texts[key].format(details=details), part.citation)
    state = {Truth.TRUE: "bullet_met", Truth.FALSE: "bullet_not_met"}.get(
        part.truth, "bullet_undecided"
    )
    text = texts["bullet"].format(award=assessment.award.label, state=texts[state], details=details)
    return Reason(text, part.citation)


def _worth_telling(assessment: Assessment) -> tuple[CriterionFinding, ...]:
    """The decisive parts, without the bullets that nobody claimed, unless there is no other."""
    claimed = [part for part in assessment.decisive if not _is_unclaimed(part)]
    return tuple(claimed) or assessment.decisive[:1]


def _is_unclaimed(part: CriterionFinding) -> bool:
    return all(leaf.status is Status.NOT_CLAIMED for leaf in part.leaves)


def _telling(part: CriterionFinding) -> list[Finding]:
    """The tests that explain the part's truth: those that share it, or all if none does."""
    held_back = part.finding.truth
    return [leaf for leaf in part.leaves if leaf.truth is held_back] or list(part.leaves)


def _basis(rules: RuleBook, unit: Unit) -> Reason | None:
    basis = rules.subjects.subjects[unit.subject].basis
    if basis is None:
        return None
    source = basis.source
    return Reason(basis.text, Citation(source.clause, (), source.quote, source.bullet))


def _contribution(rules: RuleBook) -> Reason:
    source = rules.standards.contribution_confirmation
    text = messages().reasons["contribution"].format(quote=source.quote)
    return Reason(text, Citation(source.clause, (), source.quote, source.bullet))


def _no_criterion(rules: RuleBook, unit: Unit, assessment: Assessment) -> str:
    return (
        messages()
        .reasons["no_criterion"]
        .format(
            award=assessment.award.label,
            subject=rules.subjects.subjects[unit.subject].label,
            occasion=rules.subjects.occasions[unit.occasion].label,
        )
    )


def _can_matter(assessment: Assessment, fact: str) -> bool:
    """Whether the verdict leans on the presumption, rather than on another bullet alone."""
    parts = (*assessment.standards, *assessment.decisive)
    return any(fact in leaf.presumed for part in parts for leaf in part.leaves)
