"""The chat page with its words filled in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

PAGE_DIR = Path(__file__).parent / "page"
_SCRIPT_WORDS = (  # what the page's scripts say
    "offline",
    "preparing",
    "queued",
    "today",
    "yesterday",
    "citations",
    "open_clause",
    "progress",
    "progress_first",
    "back",
    "entry_done",
    "entry_erase",
    "entry_comma",
    "entry_next",
    "reasons",
    "missing",
    "awaiting",
    "print",
    "ticked",
    "sent_file",
    "file_too_big",
    "file_offline",
    "found",
    "found_none",
    "past",
    "now",
    "timeline",
    "contents",
    "whole_text",
    "verdict_picture",
    "you",
    "assistant",
    "results_saved",
)


class PageWriter:
    """Fills the page for each visitor."""

    def __init__(self, wording: Callable[..., str]) -> None:
        page = (PAGE_DIR / "index.html").read_text(encoding="utf-8")
        words = {name: _template(wording, f"web.{name}") for name in _SCRIPT_WORDS}
        fixed = {"words": json.dumps(words, ensure_ascii=False)}
        for name in re.findall(r"\{\{(\w+)\}\}", page):
            if name not in fixed and name != "token":
                fixed[name] = wording(f"web.{name}")
        for name, text in fixed.items():
            page = page.replace(f"{{{{{name}}}}}", html.escape(text))
        self._page = page

    def page(self, token: str) -> str:
        """The page for the visitor with this token."""
        return self._page.replace("{{token}}", html.escape(token))


def _template(wording: Callable[..., str], key: str) -> str:
    """The sentence with its fields still open, for a script to fill in."""
    return wording(key, n="{n}", m="{m}", text="{text}")
