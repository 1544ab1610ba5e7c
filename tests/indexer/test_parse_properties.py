"""What holds for every text, however it is numbered."""

import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.parse import lines_of, parse_clauses
from knowledge.clauses import Clause

NOUNS = st.sampled_from(("xã", "ấp", "hộ", "Thi đua", "kế hoạch", "2025", "50%", "Ủy ban"))
JOINTS = st.sampled_from(("-", "kinh tế", "theo", "và", "đạt,", "trên", "khoản 2", "(nếu có)"))
WORDS = NOUNS | JOINTS
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: "Các " + " ".join(words))
NUMERALS = st.sampled_from(("I. ", "II. ", "Ii. ", "A. ", "B. ", "1. ", "2. ", "5. ", "2.3 "))
LETTERS = st.sampled_from(("a) ", "đ) ", "(1) ", "i) ", "Điều 1. ", "Chương I\n", "Mục 2. "))
DASHES = st.sampled_from(("- ", "+ ", "- a) ", "-", "1.1. "))
MARKS = NUMERALS | LETTERS | DASHES | st.just("")
ENDS = st.sampled_from([".", ";", ":", "", ","])
LINES = st.builds(lambda mark, text, end: mark + text + end, MARKS, SENTENCES, ENDS)
GAPS = st.sampled_from(["\n", "\n\n", "\n\n\n"])
TEXTS = st.lists(st.tuples(LINES, GAPS), max_size=30).map(
    lambda rows: "".join(line + gap for line, gap in rows)
)
ITEMS = st.lists(
    st.builds(
        lambda mark, text: f"{mark} {text};",
        st.sampled_from(["-", "+", "a)", "b)", "1.", "2."]),
        SENTENCES,
    ),
    min_size=1,
    max_size=12,
)


def without_lines(clauses: list[Clause]) -> list[Clause]:
    return [
        replace(clause, lines=(), bullets=tuple(replace(b, lines=()) for b in clause.bullets))
        for clause in clauses
    ]


@given(TEXTS)
def test_every_line_belongs_to_exactly_one_clause(text: str) -> None:
    content = [n for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    assert sorted(lines_of(parse_clauses(text))) == content


@given(TEXTS)
def test_every_letter_is_kept_once(text: str) -> None:
    parsed = "".join(clause.text for clause in parse_clauses(text))
    assert sorted("".join(parsed.split())) == sorted("".join(text.split()))


@given(TEXTS)
def test_ids_are_unique_and_parents_come_first(text: str) -> None:
    seen: set[str] = set()
    for clause in parse_clauses(text):
        assert clause.id not in seen
        assert clause.parent is None or clause.parent in seen
        seen.add(clause.id)


@given(TEXTS)
def test_bullets_are_counted_from_one_and_hang_below_earlier_ones(text: str) -> None:
    for clause in parse_clauses(text):
        assert [b.number for b in clause.bullets] == list(range(1, len(clause.bullets) + 1))
        assert all(b.under is None or b.under < b.number for b in clause.bullets)


@settings(max_examples=300)
@given(st.text() | TEXTS)
def test_any_text_is_read_without_an_error(text: str) -> None:
    owned = lines_of(parse_clauses(text))
    assert len(owned) == len(set(owned))


@given(st.text() | TEXTS)
def test_composed_and_decomposed_text_give_the_same_clauses(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert parse_clauses(composed) == parse_clauses(decomposed)


@given(ITEMS, st.data())
def test_blank_lines_between_list_items_change_nothing(
    items: list[str], data: st.DataObject
) -> None:
    gaps = data.draw(st.lists(GAPS, min_size=len(items), max_size=len(items)))
    spaced = "".join(item + gap for item, gap in zip(items, gaps, strict=True))
    together = without_lines(parse_clauses("4. Nội dung:\n" + "\n".join(items)))
    assert without_lines(parse_clauses("4. Nội dung:\n" + spaced)) == together
