"""Verdicts in Vietnamese sentences, each with the quote that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.assessment import Assessment, CriterionFinding, Verdict
from knowledge.clauses import Citation
from knowledge.criteria import Quoted
from knowledge.facts import Facts, Unit
from knowledge.findings import Finding, Status
from knowledge.messages import messages
from knowledge.phrases import leaf_text
from knowledge.rules import RuleBook
from knowledge.truth import Truth


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
    """Why the verdict is what it is, and what holds for every verdict of its kind."""
    found = [*grounds(rules, unit, assessment)]
    if assessment.verdict is Verdict.MET:
        texts = messages().reasons
        presumed = presumptions(rules, [assessment])
        if presumed:
            found.append(Reason(texts["presumed"].format(facts=texts["joined"].join(presumed))))
        found.append(Reason(texts["council"].format(decided_by=rules.readings.decided_by)))
    return tuple(found)


def grounds(rules: RuleBook, unit: Unit, assessment: Assessment) -> tuple[Reason, ...]:
    """What decides this verdict: bullets and standards, doubts, what is missing, remarks."""
    texts = messages().reasons
    found = [_basis(rules, unit)]
    if assessment.decisive:
        found += _parts(rules, unit, assessment)
    else:
        found.append(Reason(_no_criterion(rules, unit, assessment)))
    found += [Reason(reading_text(rules, reading)) for reading in assessment.readings]
    for key, facts in zip(("missing", "awaiting"), needed(rules, assessment), strict=True):
        if facts:
            labels = texts["joined"].join(fact_labels(rules, facts))
            found.append(Reason(texts[key].format(facts=labels)))
    flags = (rules.readings.flags[flag] for flag in assessment.flags)
    found += [Reason(texts["flag"].format(text=text)) for text in flags]
    confirmation = rules.standards.contribution_confirmation
    if confirmation and assessment.has_contribution and assessment.verdict is not Verdict.NOT_MET:
        found.append(_contribution(confirmation))
    return tuple(reason for reason in found if reason is not None)


def needed(rules: RuleBook, assessment: Assessment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts that the applicant still has to state, and those that wait for a decision."""
    missing = assessment.missing
    stated_by_others = [fact for fact in missing if rules.facts[fact].is_decision]
    awaiting = dict.fromkeys((*stated_by_others, *assessment.awaiting))
    return tuple(fact for fact in missing if fact not in awaiting), tuple(awaiting)


def presumptions(rules: RuleBook, assessments: Iterable[Assessment]) -> list[str]:
    """What was left empty and what it was taken for, one phrase a fact."""
    leant_on = dict.fromkeys(
        fact for a in assessments for fact in a.presumed if _can_matter(a, fact)
    )
    return [
        messages()
        .reasons["presumed_fact"]
        .format(label=rules.facts[fact].label, meaning=rules.facts[fact].empty_means)
        for fact in leant_on
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


def fact_labels(rules: RuleBook, facts: Iterable[str]) -> list[str]:
    """The labels of the facts, in order."""
    return [rules.facts[fact].label for fact in dict.fromkeys(facts)]


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
    text = texts["bullet"].format(state=texts[state], details=details)
    return Reason(text, part.citation)


def _parts(rules: RuleBook, unit: Unit, assessment: Assessment) -> list[Reason]:
    """One reason for each decisive part, or one for all where only a contribution could count."""
    told = _worth_telling(assessment)
    if assessment.decisive != assessment.criteria or not all(map(_is_unclaimed, told)):
        return [_of_part(rules, unit.facts, assessment, part) for part in told]
    subject = rules.subjects.subjects[unit.subject].label
    text = messages().reasons["only_contribution"].format(subject=subject)
    return [Reason(text, told[0].citation)]


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


def _contribution(source: Quoted) -> Reason:
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
