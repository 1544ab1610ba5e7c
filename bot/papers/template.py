"""Templates of administrative papers, read from the YAML files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from knowledge.yaml_reader import DataModel, read_yaml

TEMPLATES = Path(__file__).with_name("templates")
# the paper's short name in button actions -> its file
FILES = {"tt": "to_trinh", "ds": "danh_sach", "bb": "bien_ban", "bc": "bao_cao_thanh_tich"}


class Part(DataModel):
    """One part of a paper's body.

    `kind`: "text", "center", "basis" (italic), "heading", "item" a paragraph of `text`;
    "entered" the figures; "grounds" the criteria met with quotes; "papers" the dossier's papers;
    "table" an empty table with `columns`, `widths` in mm and a number of `rows`.
    """

    kind: Literal[
        "text", "center", "basis", "heading", "item", "entered", "grounds", "papers", "table"
    ]
    text: str = ""
    columns: list[str] = Field(default_factory=list)
    widths: list[int] = Field(default_factory=list)
    rows: int = 0


class Template(DataModel):
    """The skeleton of one kind of paper; `label` is its button, `file` its file name's start."""

    label: str
    file: str
    number: str
    is_dated: bool = True
    title: str
    about: str
    body: list[Part]
    recipients: list[str]
    signers: list[str]


@cache
def template(kind: str) -> Template:
    """The template of a short name in FILES; raises PlanDataError in one line when it is wrong."""
    return read_yaml(TEMPLATES / f"{FILES[kind]}.yaml", Template)
