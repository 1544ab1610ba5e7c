"""Marks at the start of a line."""

import pytest

from indexer.markers import Kind, Marker, follows, is_due, ordinal, recognise, roman_value

MARKED = [
    ("I. MỤC ĐÍCH", Kind.ROMAN, "I", "I.", "MỤC ĐÍCH"),
    ("Ii. Mục tiêu", Kind.ROMAN, "II", "Ii.", "Mục tiêu"),
    ("IV/ NỘI DUNG", Kind.ROMAN, "IV", "IV/", "NỘI DUNG"),
    ("V - TỔ CHỨC", Kind.ROMAN, "V", "V -", "TỔ CHỨC"),
    ("XIV.", Kind.ROMAN, "XIV", "XIV.", ""),
    ("A. MỤC ĐÍCH", Kind.UPPER, "A", "A.", "MỤC ĐÍCH"),
    ("C. TỔ CHỨC", Kind.UPPER, "C", "C.", "TỔ CHỨC"),
    ("1. Mục đích", Kind.NUMBER, "1", "1.", "Mục đích"),
    ("01. Mục đích", Kind.NUMBER, "1", "01.", "Mục đích"),
    ("2/ Yêu cầu", Kind.NUMBER, "2", "2/", "Yêu cầu"),
    ("3- Kinh phí", Kind.NUMBER, "3", "3-", "Kinh phí"),
    ("II.3. Kinh phí", Kind.NUMBER, "3", "II.3.", "Kinh phí"),
    ("3.2. Tiêu chuẩn", Kind.DECIMAL, "3.2", "3.2.", "Tiêu chuẩn"),
    ("3.2.1 Tiêu chuẩn", Kind.DECIMAL, "3.2.1", "3.2.1", "Tiêu chuẩn"),
    ("a) Hộ nghèo", Kind.LETTER, "a", "a)", "Hộ nghèo"),
    ("đ) cán bộ", Kind.LETTER, "đ", "đ)", "cán bộ"),
    ("b. Hộ nghèo", Kind.LETTER, "b", "b.", "Hộ nghèo"),
    ("1) Một", Kind.PAREN, "1", "1)", "Một"),
    ("(2) Hai", Kind.PAREN, "2", "(2)", "Hai"),
    ("iii) Ba", Kind.PAREN, "iii", "iii)", "Ba"),
    ("i) Một", Kind.PAREN, "i", "i)", "Một"),
    ("- xã hội", Kind.BULLET, "", "-", "xã hội"),
    ("– Xã", Kind.BULLET, "", "–", "Xã"),
    ("-Xã", Kind.BULLET, "", "-", "Xã"),
    ("-50% số xã", Kind.BULLET, "", "-", "50% số xã"),
    ("- a) Tờ trình", Kind.BULLET, "a", "- a)", "Tờ trình"),
    ("• Xã", Kind.BULLET, "", "•", "Xã"),
    ("Điều 5. Hồ sơ", Kind.ARTICLE, "5", "Điều 5.", "Hồ sơ"),
    ("ĐIỀU 8a: Hồ sơ", Kind.ARTICLE, "8a", "ĐIỀU 8a:", "Hồ sơ"),
    ("Mục 2. HỒ SƠ", Kind.SECTION, "2", "Mục 2.", "HỒ SƠ"),
    ("Chương III", Kind.CHAPTER, "III", "Chương III", ""),
    ("PHẦN THỨ HAI", Kind.PART, "2", "PHẦN THỨ HAI", ""),
    ("PHỤ LỤC", Kind.APPENDIX, "", "PHỤ LỤC", ""),
    ("PHỤ LỤC SỐ 02", Kind.APPENDIX, "2", "PHỤ LỤC SỐ 02", ""),
    ("Mẫu số 01", Kind.APPENDIX, "1", "Mẫu số 01", ""),
]
UNMARKED = [
    "",
    "Các xã",
    "2025. Các đơn vị",
    "1.000 hộ",
    "1.5 triệu đồng",
    "30.4 và 1.5",
    "50- 60 hộ",
    "0,2%/năm",
    "V.I. Lê-nin",
    "C.Mác",
    "Di. chuyển",
    "Li ti",
    "-5,2",
    "+84 297",
    "*H2*",
    "(*kèm theo*)",
    "(3b)",
    "Điều 5 của Luật",
    "Điều kiện sống",
    "Mục tiêu chung",
    "Mục 2 Chương III của Nghị định",
    "Chương trình mục tiêu quốc gia",
    "Chương II của Luật",
    "Phụ lục kèm theo",
    "Phần lớn các xã",
    "TP. Rạch Giá",
    "TM. ỦY BAN NHÂN DÂN",
]


@pytest.mark.parametrize(("line", "kind", "value", "mark", "rest"), MARKED)
def test_mark_is_recognised(line: str, kind: Kind, value: str, mark: str, rest: str) -> None:
    assert recognise(line) == Marker(kind, value, mark, rest)


@pytest.mark.parametrize("line", UNMARKED)
def test_ordinary_line_has_no_mark(line: str) -> None:
    assert recognise(line) is None


def marker(line: str) -> Marker:
    found = recognise(line)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "earlier", "kind"),
    [
        ("I. MỘT", [], Kind.ROMAN),
        ("I. MỘT", ["A. M"], Kind.ROMAN),
        ("I. CHÍN", ["H. M"], Kind.UPPER),
        ("I. MỘT", ["I. M", "H. M"], Kind.ROMAN),
        ("i) chín", ["h) M"], Kind.LETTER),
        ("i) một", ["b) M"], Kind.PAREN),
        ("v) năm", ["iv) M", "u) M"], Kind.PAREN),
    ],
)
def test_lone_numeral_is_read_by_what_came_before(
    line: str, earlier: list[str], kind: Kind
) -> None:
    seen = {mark.kind: mark for mark in map(marker, earlier)}
    found = recognise(line, seen)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("I", 1),
        ("iv", 4),
        ("Ix", 9),
        ("XIV", 14),
        ("XXXIX", 39),
        ("L", None),
        ("Di", None),
        ("", None),
    ],
)
def test_numerals_are_read_up_to_39(numeral: str, value: int | None) -> None:
    assert roman_value(numeral) == value


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("d) x", 4),
        ("đ) x", 5),
        ("e) x", 6),
        ("3.12. X", 12),
        ("IX. X", 9),
        ("Điều 8a. X", 8),
        ("PHỤ LỤC", 0),
    ],
)
def test_ordinal_is_the_place_in_the_list(line: str, place: int) -> None:
    assert ordinal(marker(line)) == place


@pytest.mark.parametrize(
    ("line", "earlier", "expected"),
    [
        ("2. X", "1. X", True),
        ("3. X", "1. X", False),
        ("đ) x", "d) x", True),
        ("e) x", "d) x", True),
        ("g) x", "d) x", False),
        ("3.2. X", "3.1. X", True),
        ("4.2. X", "3.1. X", False),
    ],
)
def test_follows_tells_the_next_of_a_list(line: str, earlier: str, expected: bool) -> None:
    assert follows(marker(line), marker(earlier)) is expected


def test_first_of_a_list_is_always_due() -> None:
    assert is_due(marker("1. X"), {})
    assert is_due(marker("a) x"), {Kind.LETTER: marker("d) x")})
    assert not is_due(marker("3. X"), {})


@pytest.mark.parametrize(
    ("line", "symbol"), [("- x", "-"), ("– x", "-"), ("- a) x", "-"), ("+ x", "+"), ("• x", "•")]
)
def test_every_dash_is_the_same_level(line: str, symbol: str) -> None:
    assert marker(line).symbol == symbol
