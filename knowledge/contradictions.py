"""Figures that cannot stand beside others: more hamlets recognised than there were."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from knowledge.facts import Facts, Value
from knowledge.rules import RuleBook
from knowledge.sources import ShareSource


class Contradiction(NamedTuple):
    """The fact given before that a value cannot stand beside, and the nearest value that can."""

    beside: str
    limit: Decimal
    is_upper: bool


def contradicted(rules: RuleBook, facts: Facts, name: str, value: Value) -> Contradiction | None:
    """What contradicts the value of a fact, if anything does; facts of one number alone.

    A share's part may not be larger than its whole where the rules say so.
    """
    if not isinstance(value, Decimal):
        return None
    for figure in rules.figures.values():
        for source in figure.sources:
            if not isinstance(source, ShareSource) or not source.whole_limits_part:
                continue
            part, whole = facts.get(source.part), facts.get(source.whole)
            if name == source.part and isinstance(whole, Decimal) and value > whole:
                return Contradiction(source.whole, whole, is_upper=True)
            if name == source.whole and isinstance(part, Decimal) and value < part:
                return Contradiction(source.part, part, is_upper=False)
    return None
