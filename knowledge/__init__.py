"""What a plan says: its clauses, its rules, its dossiers. Imports neither indexer nor bot."""

from knowledge.assessment import Assessment, Verdict, assess
from knowledge.clauses import Bullet, Citation, Clause, ClauseTree
from knowledge.errors import (
    KnowledgeError,
    PlanDataError,
    PlanNotFoundError,
    UnitError,
    UnitsFileError,
)
from knowledge.facts import Fact, Facts, Kind, Unit, Value
from knowledge.plan import Plan, available_plans, load_plan
from knowledge.rules import RuleBook
from knowledge.truth import Truth

__all__ = [
    "Assessment",
    "Bullet",
    "Citation",
    "Clause",
    "ClauseTree",
    "Fact",
    "Facts",
    "Kind",
    "KnowledgeError",
    "Plan",
    "PlanDataError",
    "PlanNotFoundError",
    "RuleBook",
    "Truth",
    "Unit",
    "UnitError",
    "UnitsFileError",
    "Value",
    "Verdict",
    "assess",
    "available_plans",
    "load_plan",
]
