"""What a token that is no syllable may stand for: chat spelling, slips, run-together words.

Only tokens that no reading with or without marks makes a known syllable come here; a word in the
lexicon is never respelled. Each way of writing has its price, so that a foreign word stays as it
is unless its neighbours speak for another reading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from indexer.normalize import strip_marks, tokenize
from indexer.syllables import SyllableModel

Syllables = tuple[str, ...]

# Log prices of each way of writing, set by leave-one-out on example questions.
KEYED, CHAT, CLIPPED, JOINED, SWAPPED, SLIPPED = -0.5, -1.5, -2.5, -2.5, -4.0, -7.0
MOST_READINGS = 12  # of each kind, for one token
LONGEST = 16  # letters; two syllables run together have no more
SHORTEST_SLIP = 3  # letters; a shorter token is one slip away from too many words
_LETTERS = "abcdeghiklmnopqrstuvxy"

_CHAT_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^f", "ph"), (r"^w", "qu"), (r"^j", "gi"), (r"^z", "d"), (r"^z", "gi"), (r"^z", "v"),
        (r"^q(?!u)", "qu"), (r"^ng(?=[eiy])", "ngh"), (r"^g(?=[ei])", "gh"), (r"^k(?=[aou])", "c"),
        (r"^c(?=[eiy])", "k"), (r"([aeiouy])g$", r"\1ng"), (r"([aeiouy])h$", r"\1nh"),
        (r"k$", "ch"), (r"k$", "c"), (r"q$", "c"), (r"(.)\1+", r"\1"), (r"(.)\1+$", r"\1"),
    )
]  # fmt: skip

# Telex: doubled letters and w make another letter, a last s f r x j is the tone.
_TELEX = (("dd", "đ"), ("uow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"),
          ("ow", "ơ"), ("uw", "ư"))  # fmt: skip
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
# VNI: figures behind the letters, 1-5 tones, 6-9 the letter's own mark.
_VNI_TONES = dict(zip("12345", _TELEX_TONES.values(), strict=True))
_NO_FIGURES = str.maketrans("", "", "0123456789")
_VNI_MARKS = {
    "6": {"a": "â", "e": "ê", "o": "ô"},
    "7": {"o": "ơ", "u": "ư"},
    "8": {"a": "ă"},
    "9": {"d": "đ"},
}


class Speller:
    """Reads misspelt tokens under one syllable model."""

    def __init__(self, model: SyllableModel) -> None:
        self._model = model
        self._pairs: defaultdict[str, list[tuple[float, str, str]]] = defaultdict(list)
        self._bare_pairs: set[str] = set()
        for after, befores in model.pairs_into.items():
            bare = strip_marks(after)
            self._pairs[bare] += [(count, before, after) for before, count in befores.items()]
            self._bare_pairs.update(f"{strip_marks(before)} {bare}" for before in befores)

    def readings(self, token: str) -> list[tuple[Syllables, float]]:
        """Syllables that the token may stand for, each with its log price."""
        found: dict[Syllables, float] = {}
        for reading, price in self._all(token):
            found[reading] = max(price, found.get(reading, price))
        return list(found.items())

    def _all(self, token: str) -> Iterator[tuple[Syllables, float]]:
        keyed = keyed_syllable(token)
        if keyed in self._model.unigrams:
            yield (keyed,), KEYED
        if not token.isalpha() or len(token) > LONGEST:
            return
        bare = strip_marks(token)
        yield from self._known(_by_rule(bare), CHAT)
        yield from self._clipped(bare)
        yield from self._joined(token)
        if len(bare) >= SHORTEST_SLIP:
            yield from self._known(_swapped(bare), SWAPPED)
            yield from self._known(_slipped(bare), SLIPPED)

    def _known(self, spellings: Iterator[str], price: float) -> Iterator[tuple[Syllables, float]]:
        for spelling in dict.fromkeys(spellings):
            for syllable in self._model.candidates.get(spelling, ()):
                yield (syllable,), price

    def _clipped(self, bare: str) -> Iterator[tuple[Syllables, float]]:
        """ "ptrao" for "phong trào": the first word's opening letters, then the second word."""
        pairs = [
            (count, before, after)
            for size in (1, 2)
            for count, before, after in self._pairs.get(bare[size:], ())
            if len(bare) > size + 1 and strip_marks(before).startswith(bare[:size])
        ]
        for _, before, after in sorted(pairs, reverse=True)[:MOST_READINGS]:
            yield (before, after), CLIPPED

    def _joined(self, token: str) -> Iterator[tuple[Syllables, float]]:
        """ "hồsơ" for "hồ sơ": two words that follow each other in the corpus."""
        for cut in range(2, len(token) - 1):
            left, right = token[:cut], token[cut:]
            if f"{strip_marks(left)} {strip_marks(right)}" not in self._bare_pairs:
                continue
            firsts, seconds = self._like(left), self._like(right)
            for before in firsts:
                for after in seconds:
                    if f"{before} {after}" in self._model.bigrams:
                        yield (before, after), JOINED

    def _like(self, part: str) -> list[str]:
        known = self._model.candidates.get(strip_marks(part), [])
        return [part] if part in known and strip_marks(part) != part else known


def keyed_syllable(token: str) -> str:
    """The syllable whose telex or VNI keys the token shows ("hoof", "ho62" -> "hồ"), or ""."""
    keys = "".join(letter for letter in token if letter.isdigit())
    if keys:
        return "" if token[0].isdigit() else _vni(token.translate(_NO_FIGURES), keys)
    if not token.isalpha() or len(token) < 2:
        return ""
    tone = _TELEX_TONES.get(token[-1], "")
    word = token[:-1] if tone else token
    for keys, letter in _TELEX:
        word = word.replace(keys, letter)
    return _toned(word, tone) if tone or word != token else ""


def _vni(letters: str, keys: str) -> str:
    word, tone = letters, ""
    for key in keys:
        if key in _VNI_TONES and not tone:
            tone = _VNI_TONES[key]
            continue
        marks = _VNI_MARKS.get(key, {})
        place = max((word.rfind(letter) for letter in marks), default=-1)
        if place < 0:
            return ""
        word = word[:place] + marks[word[place]] + word[place + 1 :]
    return _toned(word.replace("uơ", "ươ"), tone)


def _toned(word: str, tone: str) -> str:
    """The word with a tone on the vowel that carries it."""
    vowels = [n for n, letter in enumerate(word) if strip_marks(letter) in "aeiouy"]
    if word[:2] in ("qu", "gi") and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return ""
    marked = [n for n in vowels if word[n] in "âăêôơư"]
    ends_open = vowels[-1] == len(word) - 1
    place = marked[-1] if marked else vowels[-2] if ends_open and len(vowels) > 1 else vowels[-1]
    if not marked and len(vowels) == 3:
        place = vowels[1]
    settled = tokenize(word[: place + 1] + tone + word[place + 1 :])
    return settled[0] if len(settled) == 1 else ""


def _by_rule(bare: str) -> Iterator[str]:
    once = [rule.sub(written, bare) for rule, written in _CHAT_RULES]
    yield from once
    for spelling in once:
        if spelling != bare:
            yield from (rule.sub(written, spelling) for rule, written in _CHAT_RULES)


def _swapped(bare: str) -> Iterator[str]:
    """Two neighbouring letters the other way round."""
    for n in range(len(bare) - 1):
        yield bare[:n] + bare[n + 1] + bare[n] + bare[n + 2 :]


def _slipped(bare: str) -> Iterator[str]:
    """One letter missing, added or wrong."""
    for n in range(len(bare) + 1):
        if n < len(bare):
            yield bare[:n] + bare[n + 1 :]
        for letter in _LETTERS:
            yield bare[:n] + letter + bare[n:]
            if n < len(bare):
                yield bare[:n] + letter + bare[n + 1 :]
