"""Checks that what a plan's data quote is the plan's text, and that every bullet is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from knowledge.calendar import days_of
from knowledge.criteria import Quoted
from knowledge.plan import Plan


def text_problems(plan: Plan) -> Iterator[str | None]:
    """Each heading, lead-in and bullet of the clause tree, looked up in the text."""
    for clause in plan.clauses:
        parts = [clause.heading, clause.lead_in, *(bullet.text for bullet in clause.bullets)]
        for part in filter(None, parts):
            found = " ".join(part.split()) in plan.flat_text
            yield None if found else f"clauses.jsonl: {clause.id}: {part[:60]!r} is not in the text"


def clause_problems(plan: Plan) -> Iterator[str | None]:
    """Each clause id that the plan's data name."""
    named = [("labels.yaml: titles", clause) for clause in plan.labels.titles]
    named += [
        (f"dossiers.yaml: {place}", source.clause) for place, source in plan.dossiers.sources()
    ]
    for notice in plan.notices.notices:
        named += [(f"notices.yaml: {notice.id}", clause) for clause in notice.clauses]
    for occasion_id, occasion in plan.rules.subjects.occasions.items():
        named.append((f"subjects.yaml: occasions.{occasion_id}", occasion.clause))
    named += [("readings.yaml: settled", settled.clause) for settled in plan.rules.readings.settled]
    for fact_id, fact in plan.rules.facts.items():
        if fact.bullets_of is not None:
            named.append((f"facts.yaml: {fact_id}: bullets_of", fact.bullets_of))
    for place, clause in named:
        known = clause in plan.clauses
        yield None if known else f"{place}: clause: {clause!r} is not a clause of the plan"


def quote_problems(plan: Plan) -> Iterator[str | None]:
    """Each quote of criteria, standards, subjects and dossiers, looked up in clause and bullet."""
    for place, quoted in quotes(plan):
        yield _quote_problem(plan, place, quoted)
    for date in plan.calendar.dates:
        yield _quote_problem(plan, f"calendar.yaml: {date.id}", date)
    for place, source in plan.dossiers.sources():
        quoted = Quoted(clause=source.clause, quote=source.quote)
        yield _quote_problem(plan, f"dossiers.yaml: {place}", quoted)


def quotes(plan: Plan) -> Iterator[tuple[str, Quoted]]:
    """Every quote that the rules rest on, with its place in the folder."""
    rules = plan.rules
    for award in rules.awards:
        for occasion, round_ in award.occasions.items():
            for c in round_.criteria:
                place = f"awards/{award.id}.yaml: {occasion}: bullet {c.bullet}"
                yield place, Quoted(clause=round_.clause, quote=c.quote, bullet=c.bullet)
    for standard in rules.standards.standards:
        place = f"standards.yaml: {standard.id}"
        yield place, Quoted(clause=standard.clause, quote=standard.quote, bullet=standard.bullet)
    for key in ("contribution_confirmation", "norm_source"):
        quoted = getattr(rules.standards, key)
        if quoted is not None:
            yield f"standards.yaml: {key}", quoted
    for subject_id, subject in rules.subjects.subjects.items():
        if subject.basis:
            yield f"subjects.yaml: {subject_id}", subject.basis.source


def bullet_problems(plan: Plan) -> Iterator[str | None]:
    """Each bullet of the clauses from which awards are given: exactly one criterion quotes it."""
    for award in plan.rules.awards:
        for occasion, round_ in award.occasions.items():
            place = f"awards/{award.id}.yaml: {occasion}"
            if round_.clause not in plan.clauses:
                continue
            counts = Counter(criterion.bullet for criterion in round_.criteria)
            for bullet in plan.clauses[round_.clause].bullets:
                n = counts[bullet.number]
                right = n == 1
                what = f"bullet {bullet.number} of {round_.clause} has {n} criteria; give it one"
                yield None if right else f"{place}: {what}"


def place_problems(plan: Plan) -> Iterator[str | None]:
    """Each bullet that a checklist names."""
    for checklist in plan.rules.standards.checklists:
        known = {bullet.number for bullet in plan.clauses[checklist.clause].bullets}
        for number in checklist.bullets:
            what = f"standards.yaml: checklists: {checklist.clause} has no bullet {number}"
            yield None if number in known else what


def date_problems(plan: Plan) -> Iterator[str | None]:
    """Each date of the calendar: its words stand in its quote and mean its days.

    And the year of each occasion that has one: it stands in the occasion's clause.
    """
    for occasion_id, occasion in plan.rules.subjects.occasions.items():
        if occasion.year is not None and occasion.clause in plan.clauses:
            what = f"subjects.yaml: {occasion_id}: year: {occasion.clause} does not say"
            is_said = str(occasion.year) in plan.clauses[occasion.clause].text
            yield None if is_said else f"{what} {occasion.year}"
    for date in plan.calendar.dates:
        place = f"calendar.yaml: {date.id}"
        if date.when not in date.quote:
            yield f"{place}: when: {date.when!r} is not in the quote; write it as the quote does"
        elif days_of(date.when) != (date.first, date.last):
            yield f"{place}: {date.when!r} is not {date.first} to {date.last}; correct the days"
        else:
            yield None


def _quote_problem(plan: Plan, place: str, quoted: Quoted) -> str | None:
    if quoted.clause not in plan.clauses:
        return f"{place}: clause: {quoted.clause!r} is not a clause of the plan"
    clause = plan.clauses[quoted.clause]
    bullets = {bullet.number: bullet.text for bullet in clause.bullets}
    if quoted.bullet is not None and quoted.bullet not in bullets:
        return f"{place}: bullet: {clause.id} has no bullet {quoted.bullet}; it has {len(bullets)}"
    text = clause.text if quoted.bullet is None else bullets[quoted.bullet]
    if quoted.quote not in text:
        where = clause.id if quoted.bullet is None else f"{clause.id}#{quoted.bullet}"
        return f"{place}: quote: {quoted.quote[:60]!r} is not in {where}; quote it word for word"
    return None
