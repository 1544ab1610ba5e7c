"""Buttons where there are none: a numbered menu, and the number that a person types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.turns import Button, Reply

_CHOICE = re.compile(r"(#?)([1-9]\d?)\)?")


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """The reply's buttons in the order of their numbers."""
    return tuple(button for row in reply.buttons for button in row)


def menu_lines(reply: Reply) -> list[str]:
    """The buttons, numbered from 1; with "#" where a bare number is a figure."""
    mark = "#" if reply.expects_figure else ""
    return [f"{mark}{number}) {button.label}" for number, button in enumerate(buttons_of(reply), 1)]


def chosen_action(actions: Sequence[str], line: str, *, needs_mark: bool) -> str:
    """The action that a typed number stands for; "" for any other line.

    With `needs_mark` a bare number is a figure, and only "#2" chooses.
    """
    choice = _CHOICE.fullmatch(line.strip())
    if choice is None or (needs_mark and not choice[1]):
        return ""
    number = int(choice[2])
    return actions[number - 1] if number <= len(actions) else ""
