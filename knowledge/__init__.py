"""What a plan says: its clauses, its rules, its dossiers. Imports neither indexer nor bot."""

from knowledge.clauses import Bullet, Citation, Clause, ClauseTree
from knowledge.errors import KnowledgeError, PlanDataError, PlanNotFoundError
from knowledge.plan import Plan, available_plans, load_plan

__all__ = [
    "Bullet",
    "Citation",
    "Clause",
    "ClauseTree",
    "KnowledgeError",
    "Plan",
    "PlanDataError",
    "PlanNotFoundError",
    "available_plans",
    "load_plan",
]
