"""What can go wrong while reading a plan's folder.

KnowledgeError
├── PlanNotFoundError     no such plan folder
└── PlanDataError         a file of the plan is missing, unreadable or wrong
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of every error of this package; its text is one line for a person."""


class PlanNotFoundError(KnowledgeError):
    """The named plan has no folder."""


class PlanDataError(KnowledgeError):
    """A file of the plan is missing, unreadable, or holds a value that is not allowed."""
