"""Replies and plans as the page reads them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.turns import AwardVerdict, Reply
from knowledge.clauses import Citation, Clause
from knowledge.gauges import Gauge
from knowledge.plan import Plan
from knowledge.truth import Truth

_TRUTHS = {Truth.TRUE: "met", Truth.FALSE: "not_met", Truth.UNKNOWN: "undecided"}


def reply_as_json(reply: Reply, plans: Sequence[Plan]) -> dict[str, Any]:
    """The reply as the page reads it; `plans` are those that it may cite."""
    shown: dict[str, Any] = {
        "status": reply.status,
        "blocks": [block.model_dump(exclude_defaults=True) for block in reply.blocks],
        "citations": [_citation(c, _plan_of(c, plans)) for c in reply.citations],
        "buttons": [[button.model_dump() for button in row] for row in reply.buttons],
        "attachments": [
            {"name": file.name, "content": base64.b64encode(file.content).decode()}
            for file in reply.attachments
        ],
        "confidence": reply.confidence,
    }
    if reply.verdicts:
        plan = _plan_of(reply.citations[0], plans) if reply.citations else plans[0]
        shown["verdicts"] = [_verdict(verdict, plan) for verdict in reply.verdicts]
    if reply.question:
        shown["question"] = reply.question.model_dump()
    return shown


def plan_as_json(plan: Plan, plans: Sequence[Plan]) -> dict[str, Any]:
    """The whole plan: its clauses in order, and its dates; the names of all plans with it."""
    return {
        "id": plan.id,
        "title": plan.info.title,
        "clauses": [_clause(plan, clause) for clause in plan.clauses],
        "dates": [
            {**date.model_dump(mode="json"), "place": plan.place(date.clause)}
            for date in plan.calendar.dates
        ],
        "plans": [{"id": other.id, "title": other.info.short_title} for other in plans],
    }


def _plan_of(citation: Citation, plans: Sequence[Plan]) -> Plan:
    """The plan cited: where there are several, a citation's path begins with its name."""
    named = [plan for plan in plans if citation.path[:1] == (plan.info.short_title,)]
    return (named or list(plans))[0]


def _citation(citation: Citation, plan: Plan) -> dict[str, Any]:
    return {**asdict(citation), "plan": plan.id, "place": plan.place(citation.clause)}


def _clause(plan: Plan, clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "depth": len(plan.clauses.lineage(clause.id)) - 1,
        "mark": clause.mark,
        "heading": clause.heading,
        "lead_in": clause.lead_in,
        "title": plan.title(clause.id),
        "place": plan.place(clause.id),
        "bullets": [
            {"number": b.number, "mark": b.mark, "text": b.text, "under": b.under}
            for b in clause.bullets
        ],
    }


def _verdict(verdict: AwardVerdict, plan: Plan) -> dict[str, Any]:
    return {
        "label": verdict.label,
        "verdict": verdict.verdict.value,
        "words": verdict.verdict_label,
        "missing": list(verdict.missing),
        "awaiting": list(verdict.awaiting),
        "note": verdict.note,
        "gauges": [_gauge(gauge, plan) for gauge in verdict.gauges],
    }


def _gauge(gauge: Gauge, plan: Plan) -> dict[str, Any]:
    return {
        "text": gauge.text,
        "truth": _TRUTHS[gauge.truth],
        "unit": gauge.unit,
        "value": None if gauge.value is None else float(gauge.value),
        "threshold": None if gauge.threshold is None else float(gauge.threshold),
        "citation": _citation(gauge.citation, plan),
    }
