"""👍 and 👎 under answers: their buttons, and what pressing one says."""

from __future__ import annotations

import re

from bot.records import Vote
from bot.turns import Button, Reply
from bot.wording import Wording

FEEDBACK = "feedback"
_ACTION = re.compile(rf"{FEEDBACK}:([\w-]{{1,16}}):(good|bad)", re.ASCII)


def is_asked_for(reply: Reply) -> bool:
    """Whether a vote on the reply says something: it answers a question, and is not amid a form."""
    is_answer = reply.status == "answered" and reply.confidence is not None
    return (is_answer or reply.status == "dossier") and not reply.expects_figure


def with_buttons(reply: Reply, answer: str, wording: Wording) -> Reply:
    """The reply with the two buttons below its own."""
    row = (
        Button(label=wording("feedback.good"), action=f"{FEEDBACK}:{answer}:good"),
        Button(label=wording("feedback.bad"), action=f"{FEEDBACK}:{answer}:bad"),
    )
    return reply.model_copy(update={"buttons": (*reply.buttons, row)})


def read_vote(action: str) -> Vote | None:
    """The vote that a button's action stands for; None for any other action."""
    match = _ACTION.fullmatch(action)
    return Vote(match[1], match[2] == "good") if match else None
