"""What can go wrong while reading a plan's folder.

KnowledgeError
├── PlanNotFoundError     no such plan folder
├── PlanDataError         a file of the plan is missing, unreadable or wrong
├── UnitError             a unit names a subject, occasion or fact that the plan does not have
└── UnitsFileError        a file of units cannot be read, or a result cannot be written
"""

from __future__ import annotations

from typing import Literal

UnitsFault = Literal[
    "unreadable",
    "too_large",
    "too_many_rows",
    "not_unicode",
    "no_header",
    "column_twice",
    "bad_row",
    "nothing_read",
]


class KnowledgeError(Exception):
    """Base of every error of this package; its text is one line for a person."""


class PlanNotFoundError(KnowledgeError):
    """The named plan has no folder."""


class PlanDataError(KnowledgeError):
    """A file of the plan is missing, unreadable, or holds a value that is not allowed."""


class UnitError(KnowledgeError):
    """A unit names a subject, an occasion or a fact that the plan does not declare."""


class UnitsFileError(KnowledgeError):
    """A file of units cannot be read, or its result cannot be written.

    `fault` names the kind of fault and `row` where it is, for those who say it in other words.
    """

    def __init__(self, text: str, fault: UnitsFault = "unreadable", row: int = 0) -> None:
        super().__init__(text)
        self.fault: UnitsFault = fault
        self.row = row
