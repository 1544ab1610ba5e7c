"""One turn of a conversation, free of any channel: a Message comes in, a Reply goes out."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.assessment import Verdict
from knowledge.clauses import Citation
from knowledge.gauges import Gauge

Status = Literal["answered", "not_in_plan", "unclear", "menu", "dossier", "award", "engine_down"]


class Attachment(BaseModel):
    """A file that a person sent, or that goes with a reply."""

    model_config = ConfigDict(frozen=True)

    name: str
    content: bytes


class Message(BaseModel):
    """What a person sent: typed text (commands included, "/hoi …") or a pressed button's action."""

    model_config = ConfigDict(frozen=True)

    channel: str
    chat: str
    text: str = ""
    action: str = ""
    attachment: Attachment | None = None


class Button(BaseModel):
    """A button: what it says, and the action that pressing it sends back (at most 64 bytes)."""

    model_config = ConfigDict(frozen=True)

    label: str
    action: str


class Block(BaseModel):
    """One paragraph of a reply.

    `kind`: "text" our own sentence; "quote" the plan's words; "source" where the quote stands;
    "heading" a bold line; "item" one entry of a list; "notice" a remark in small print.
    `tick` names an entry that people tick off: the same text always has the same name. What
    `is_drawn` the reply's `verdicts` say too, so that a channel that draws them may fold it.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["text", "quote", "source", "heading", "item", "notice"]
    text: str
    tick: str = ""
    is_drawn: bool = False


class AwardVerdict(BaseModel):
    """The verdict on one award: in words, as figures to draw, and what would settle it.

    `missing` has to be stated, `awaiting` waits for somebody's decision.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    award: str
    label: str
    verdict: Verdict
    verdict_label: str
    gauges: tuple[Gauge, ...] = ()
    missing: tuple[str, ...] = ()
    awaiting: tuple[str, ...] = ()
    note: str = ""


class Question(BaseModel):
    """A question of the award conversation: how far it is, and how it is answered.

    `n_left` is the most that can still be asked, this question included; None while unknown.
    `entry` is "choice", or what is typed: "whole" or "decimal" number, or "list" of numbers.
    `back` is the action that returns to the question before, "" at the first.
    """

    model_config = ConfigDict(frozen=True)

    n_answered: int
    n_left: int | None
    entry: Literal["choice", "whole", "decimal", "list"]
    unit: str = ""
    back: str = ""

    def under(self, head: str) -> Question:
        """The question with `head` before its action, as before those of the buttons."""
        return self.model_copy(update={"back": f"{head}{self.back}"}) if self.back else self


class Reply(BaseModel):
    """What the assistant says: paragraphs, the citations behind them, rows of buttons, files.

    `expects_figure` tells a channel without buttons that a bare number is an answer, not the
    number of a button. `verdicts` and `question` are for channels that can draw them; the
    blocks say the same.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    confidence: float | None = None
    expects_figure: bool = False
    verdicts: tuple[AwardVerdict, ...] = ()
    question: Question | None = None

    @property
    def text(self) -> str:
        """The whole reply as plain text, a paragraph a line."""
        return "\n".join(block.text for block in self.blocks)
