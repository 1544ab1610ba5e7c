"""What a plan does not say, by topic: how to name it, and whom to ask instead."""

from __future__ import annotations

from pydantic import Field

from knowledge.yaml_reader import DataModel


class Refusal(DataModel):
    """The sentence for a topic, and a clause that is near it without answering ("" for none)."""

    text: str
    near: str = ""


class RefusalBook(DataModel):
    """refusals.yaml: topic -> refusal; a plan may have none."""

    topics: dict[str, Refusal] = Field(default_factory=dict)
