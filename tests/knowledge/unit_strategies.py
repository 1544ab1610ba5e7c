"""Random units for the property tests, whole and nearly complete."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from plan_names import PLAN_ID

from knowledge import Fact, Kind, RuleBook, Unit, Value, Verdict, assess, load_plan

RULES: RuleBook = load_plan(PLAN_ID).rules
SECOND_WAYS = (
    ("target_planned", "target_achieved"),
    ("reduction_planned_pp", "reduction_achieved_pp"),
    (
        "poor_households_start",
        "poor_households_now",
        "near_poor_households_start",
        "near_poor_households_now",
    ),
)
searching = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
relaxed = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def value_of(fact: Fact) -> st.SearchStrategy[Value]:
    if fact.codes:
        return st.sampled_from(fact.codes)
    low = fact.minimum if fact.minimum is not None else Decimal(2019)
    high = fact.maximum if fact.maximum is not None else Decimal(2027)
    near = [0, 1, 2, 3, 4, 6, 10, 29, 30, 49, 50, 51, 60, 61, 90, 99, 100, 101, 110, 120, 1000]
    near += range(2019, 2028)
    if fact.kind is Kind.POINTS:
        high = Decimal(10)  # far from the end of the scale, beyond which nothing can be stated
    numbers = st.sampled_from([Decimal(n) for n in near if low <= n <= high])
    return st.tuples(numbers) if fact.is_list else numbers


@st.composite
def units(draw: st.DrawFn) -> Unit:
    subject, occasion = draw(st.sampled_from(sorted(RULES.ready)))
    relevant = RULES.ready[(subject, occasion)].facts
    chosen = draw(st.lists(st.sampled_from(relevant), unique=True, max_size=len(relevant)))
    facts = {fact: draw(value_of(RULES.facts[fact])) for fact in chosen}
    if draw(st.integers(0, 3)):
        facts |= {"common_standards": "yes", "discipline": "none", "member_discipline": "none"}
        facts |= {"party_rating": "excellent", "year": Decimal(2023)}
        facts = {k: v for k, v in facts.items() if k in relevant}
    return Unit(subject, occasion, facts)


@st.composite
def nearly_complete_units(draw: st.DrawFn) -> Unit:
    """Units with at most three unknown facts, so that every completion can be tried."""
    subject, occasion = draw(st.sampled_from(sorted(RULES.ready)))
    relevant = RULES.ready[(subject, occasion)].facts
    unknown = draw(st.lists(st.sampled_from(relevant), unique=True, max_size=3))
    second_ways = draw(st.sets(st.sampled_from(SECOND_WAYS)))
    left_out = {*unknown, *RULES.presumable, *(f for way in second_ways for f in way)}
    facts = {f: draw(value_of(RULES.facts[f])) for f in relevant if f not in left_out}
    return Unit(subject, occasion, facts | {"common_standards": "yes"})


def verdicts(unit: Unit) -> dict[str, Verdict]:
    return {a.award.id: a.verdict for a in assess(RULES, unit)}
