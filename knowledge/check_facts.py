"""Checks that each fact is used by some rule and asked of exactly those whom it concerns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from knowledge.facts import Fact
from knowledge.messages import messages
from knowledge.plan import Plan
from knowledge.values import BadValueError, folded, parse_value


def fact_problems(plan: Plan) -> Iterator[str | None]:
    """Each fact: used, asked, of the right subjects, its header its own, its example allowed."""
    used = _users(plan)
    headers = Counter(folded(fact.header) for fact in plan.rules.facts.values())
    headers.update(folded(text) for text in messages().columns.values())
    for fact_id, fact in plan.rules.facts.items():
        yield next(_problems(plan, fact_id, fact, used[fact_id], headers), None)


def _problems(
    plan: Plan, fact_id: str, fact: Fact, users: set[str], headers: Counter[str]
) -> Iterator[str]:
    place = f"facts.yaml: {fact_id}"
    asked = plan.rules.subjects.expand(fact.subjects)
    if not users:
        yield f"{place}: no criterion, standard or figure uses it; use it or remove it"
    for question in (fact.question, *fact.questions.values()):
        if not question.strip().endswith(("?", ".")):
            yield f"{place}: question: {question!r} is not a sentence; write one"
    if users - asked:
        names = ", ".join(sorted(users - asked))
        yield f"{place}: subjects: not asked of {names}, whose rules use it"
    if asked - users:
        names = ", ".join(sorted(asked - users))
        yield f"{place}: subjects: asked of {names}, whose rules do not use it"
    if headers[folded(fact.header)] > 1:
        yield f"{place}: header: {fact.header!r} stands twice; give each column its own"
    yield from _example_problems(place, fact)
    if _is_presumed(plan, fact_id) != (fact.empty_means is not None):
        yield f"{place}: empty_means: give it exactly where an empty value is given a meaning"


def _example_problems(place: str, fact: Fact) -> Iterator[str]:
    for example in fact.example.split(" hoặc "):
        try:
            parse_value(fact, example)
        except BadValueError as error:
            yield f"{place}: example: {example!r} is not allowed: {error}"


def _users(plan: Plan) -> defaultdict[str, set[str]]:
    """The subjects in whose rules each fact plays a part."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for (subject, _), ready in plan.rules.ready.items():
        for fact in ready.facts:
            used[fact].add(subject)
    for figure in plan.rules.figures.values():
        for fact in figure.not_from:
            for source_fact in figure.facts:
                used[fact] |= used[source_fact]
    return used


def _is_presumed(plan: Plan, fact_id: str) -> bool:
    return fact_id in plan.rules.presumable
