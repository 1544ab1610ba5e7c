"""Finds emphasis that a text carries as asterisks, as in "(*kèm theo danh sách*)"."""

from __future__ import annotations

import re
from typing import NamedTuple

# An opening asterisk touches the word that follows, a closing one the word before it, so that
# "3 * 4 * 5" and a lone footnote mark stay as they are.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*])([^*\n]*[^*\s])\1(?![\w*])")


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    emphasized: bool


def split_emphasis(text: str) -> list[Run]:
    """The text as runs, plain and emphasised in turn, without the asterisks; no run is empty."""
    runs: list[Run] = []
    end = 0
    for match in _EMPHASIS.finditer(text):
        runs += [Run(text[end : match.start()], False), Run(match[2], True)]
        end = match.end()
    runs.append(Run(text[end:], False))
    return [run for run in runs if run.text]


def strip_emphasis(text: str) -> str:
    """The text without the asterisks that mark emphasis."""
    return "".join(run.text for run in split_emphasis(text))
