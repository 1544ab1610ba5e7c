"""Which of the encodings from before Unicode a text is in.

viparse converts them all, but tells them apart by letters alone: it takes VISCII for TCVN3, and
does not know VPS. Read in the right one, most syllables are Vietnamese; in another, few are.
"""

from __future__ import annotations

import re

from indexer.segment import word_list

LEGACY_ENCODINGS = ("tcvn3", "vni", "viscii", "vps")
LEAST_KNOWN = 0.6  # share of the syllables; names and figures are in no word list
_JUDGED = 4_000  # characters, of the beginning
_WORD = re.compile(r"[^\W\d_]+")


def legacy_encoding(text: str) -> str | None:
    """The encoding of a text whose bytes were taken for characters; None if in none of these."""
    import viparse

    beginning = text[:_JUDGED]
    syllables = {syllable for word in word_list() for syllable in word.split()}
    if not syllables:
        found: str | None = viparse.detect_text_encoding(text)
        return found
    shares = {
        name: _share_known(viparse.fix(beginning, encoding=name), syllables)
        for name in LEGACY_ENCODINGS
    }
    best = max(LEGACY_ENCODINGS, key=lambda name: shares[name])
    unread = _share_known(beginning, syllables)
    return best if shares[best] >= LEAST_KNOWN and shares[best] > unread else None


def _share_known(text: str, syllables: set[str]) -> float:
    words = [word.lower() for word in _WORD.findall(text)]
    return sum(word in syllables for word in words) / len(words) if words else 0.0
