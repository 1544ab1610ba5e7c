"""Administrative texts of other shapes -> clauses."""

import unicodedata
from pathlib import Path

import pytest

from indexer.parse import lines_of, parse_clauses
from knowledge.clauses import Clause

TEXTS = Path(__file__).parent / "texts"
# Lines of the three texts that are no content: rules, page numbers, addressees, signature.
LEFT_OUT = {
    "huong-dan-to-tu-quan": [40, *range(91, 103)],
    "ke-hoach-mai-am": [3, 7, 28, 70, 113, *range(125, 137)],
    "quy-che-guong-sang": [*range(25, 33), 59],
}


def read(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def outline(clauses: list[Clause]) -> list[str]:
    """One line a clause, as in the files of expected outlines: the first four words of it."""
    rows = []
    for clause in clauses:
        first = " ".join(clause.bullets[0].text.split()[:4]) if clause.bullets else "-"
        rows.append(f"{clause.id} | {clause.heading or '-'} | {len(clause.bullets)} | {first}")
    return rows


def ids(text: str) -> list[str]:
    return [clause.id for clause in parse_clauses(text)]


def contents(text: str) -> list[tuple[str, list[str]]]:
    """Each clause's id with the texts of its bullets."""
    return [(clause.id, [b.text for b in clause.bullets]) for clause in parse_clauses(text)]


def bullets(text: str, clause_id: str) -> list[str]:
    return dict(contents(text))[clause_id]


@pytest.mark.parametrize("name", LEFT_OUT)
class TestWholeTexts:
    def test_outline_is_the_one_a_reader_wrote_down(self, name: str) -> None:
        expected = (TEXTS / f"{name}.outline").read_text(encoding="utf-8").splitlines()
        assert outline(parse_clauses(read(name))) == expected

    def test_every_content_line_belongs_to_exactly_one_clause(self, name: str) -> None:
        lines = read(name).splitlines()
        content = [n for n, line in enumerate(lines, 1) if line.strip()]
        left_out = LEFT_OUT[name]
        assert sorted(lines_of(parse_clauses(read(name)))) == [
            n for n in content if n not in left_out
        ]

    @pytest.mark.parametrize(
        "rewrite",
        [
            lambda text: unicodedata.normalize("NFD", text),
            lambda text: text.replace("\n", "\r\n"),
            lambda text: "\ufeff" + text,
            lambda text: text.replace(" ", "\u00a0"),
            lambda text: text.replace(" ", "\t"),
            lambda text: text.replace(" ", " \u200b"),
            lambda text: text.replace("\n", "   \n"),
        ],
        ids=["NFD", "CRLF", "BOM", "NBSP", "tabs", "zero width", "trailing blanks"],
    )
    def test_encoding_of_the_same_words_changes_nothing(self, name: str, rewrite) -> None:  # type: ignore[no-untyped-def]
        assert parse_clauses(rewrite(read(name))) == parse_clauses(read(name))


@pytest.mark.parametrize(
    ("name", "clause_id", "sentence"),
    [
        ("ke-hoach-mai-am", "A.I.1", "với mục tiêu phát triển kinh tế - xã hội của từng xã"),
        ("ke-hoach-mai-am", "A.I.2", "chịu trách nhiệm về kết quả"),
        ("ke-hoach-mai-am", "A.I.2", "theo quy định tại Điều 5 của Luật"),
        ("ke-hoach-mai-am", "A.I.2", "văn bản hướng dẫn của Ủy ban nhân dân tỉnh."),
        ("ke-hoach-mai-am", "A.II.1", "trong năm 2027. Các xã đảo"),
        ("ke-hoach-mai-am", "C.3", "Hội đồng Thi đua - Khen thưởng tỉnh"),
        ("ke-hoach-mai-am", "C.3", "tại Hội nghị Thi đua yêu nước"),
        ("ke-hoach-mai-am", "C.3", "trong quý IV. Kinh phí"),
        ("quy-che-guong-sang", "KT.Đ2.2", "quy định tại khoản 3 Điều 6 của Quy chế này."),
        ("huong-dan-to-tu-quan", "2/1", "được Công an xã xác nhận và được kiểm tra"),
    ],
)
def test_sentence_cut_by_a_line_or_page_end_is_whole(
    name: str, clause_id: str, sentence: str
) -> None:
    clause = next(c for c in parse_clauses(read(name)) if c.id == clause_id)
    assert any(sentence in bullet.text for bullet in clause.bullets)


NESTING = {
    "numbers without any part above": ("1. Một\na) A;\nb) B.\n2. Hai.", "1 1.a 1.b 2"),
    "capital letters above numerals": (
        "A. MỘT\nI. M\n1. x.\nII. N\nB. HAI\nI. P\nII. Q",
        "A A.I A.I.1 A.II B B.I B.II",
    ),
    "capital letters below numerals": (
        "I. MỘT\nA. M\n1. x.\nB. N\nII. HAI\nA. P\nIII. BA",
        "I I.A I.A.1 I.B II II.A III",
    ),
    "numeral in mixed case": ("I. MỘT\nIi. HAI\nIII. BA", "I II III"),
    "letter C between letters": ("A. M\nB. N\nC. P\nD. Q", "A B C D"),
    "numeral I after letter H of a list without numerals": (
        "\n".join(f"{letter}. Mục" for letter in "ABCDEGHIK"),
        "A B C D E G H I K",
    ),
    "decimals of two depths": (
        "1. Một\n1.1. A\n1.1.1. B.\n1.1.2. C.\n1.2. D.\n2. Hai.",
        "1 1.1 1.1.1 1.1.2 1.2 2",
    ),
    "numerals before decimals": ("I. M\nI.1. A\nI.1.1. B.\nII. N\nII.1. C.", "I I.1 I.1.1 II II.1"),
    "decimal without its number": ("I. M\n3. Ba.\n4.1. Bốn một.", "I I.3 I.4.1"),
    "numbers inside a letter": (
        "1. Một\na) A\n1. x;\n2. y.\nb) B.\n2. Hai.",
        "1 1.a 1.a.1 1.a.2 1.b 2",
    ),
    "small numerals": ("1. Một\na) A\ni) x;\nii) y.\nb) B.", "1 1.a 1.a.i 1.a.ii 1.b"),
    "letter i after h": (
        "1. M\n" + "\n".join(f"{letter}) x;" for letter in "abcdđeghik"),
        "1 1.a 1.b 1.c 1.d 1.đ 1.e 1.g 1.h 1.i 1.k",
    ),
    "numbers in parentheses": ("1. M\n(1) x;\n(2) y.\n2. N.", "1 1.1 1.2 2"),
    "repeated number": ("I. M\n5. x.\n6. y.\n5. z.", "I I.5 I.6 I.5bis"),
    "numbers that start anew": (
        "1. a.\n2. b.\n1. c.\n2. d.\n1. e.\n1. f.\n1. g.",
        "1 2 1bis 2bis 1ter 1quater 1x5",
    ),
    "decimals below a repeated number": (
        "I. M\n5. a.\n5. B\n5.1. x.\n5.2. y.",
        "I I.5 I.5bis I.5bis.1 I.5bis.2",
    ),
    "numbers of another part": ("I. M\n1. x.\nII. N\n1. y.", "I I.1 II II.1"),
    "slash and glued marks": (
        "I.MỤC ĐÍCH\n1/ Một.\n2.Hai.\n3- Ba.\na)Xã A.",
        "I I.1 I.2 I.3 I.3.a",
    ),
    "chapters, sections, articles": (
        "Chương I\nCHUNG\nĐiều 1. A\n1. x.\nđ) y.\nChương II\nRIÊNG\nMục 1\nM\nĐiều 2. B.",
        "CI Đ1 Đ1.1 Đ1.1.đ CII CII.M1 Đ2",
    ),
    "parts in words": ("Phần thứ nhất\nMỘT\nI. M\nPHẦN THỨ HAI\nHAI\nI. N", "P1 P1.I P2 P2.I"),
    "mark alone on its line": ("I.\nMỤC ĐÍCH\n1.\nMột.\na)\nHai.", "I I.1 I.1.a"),
}


@pytest.mark.parametrize(("text", "expected"), NESTING.values(), ids=NESTING.keys())
def test_clauses_nest_by_their_marks(text: str, expected: str) -> None:
    assert ids(text) == expected.split()


NO_MARK = {
    "year at a line's start": (
        "- Các đơn vị hoàn thành chỉ tiêu trước tháng 6 năm\n2025. Các đơn vị báo cáo.",
        "trước tháng 6 năm 2025. Các đơn vị báo cáo.",
    ),
    "dash between two words": (
        "- Nâng cao đời sống Nhân dân, gắn với phát triển kinh tế\n- xã hội của tỉnh.",
        "phát triển kinh tế - xã hội của tỉnh.",
    ),
    "dash between two words in capitals": (
        "- Trình Chủ tịch Hội đồng, Thường trực Hội đồng Thi đua\n- Khen thưởng tỉnh.",
        "Hội đồng Thi đua - Khen thưởng tỉnh.",
    ),
    "article of a law": (
        "- Thực hiện theo quy định tại\nĐiều 5 của Luật.",
        "theo quy định tại Điều 5 của Luật.",
    ),
    "article that ends a sentence": (
        "- Các trường hợp khác thực hiện theo quy định tại khoản 2\nĐiều 5. Không áp dụng.",
        "theo quy định tại khoản 2 Điều 5. Không áp dụng.",
    ),
    "section of a law": (
        "- Thực hiện theo\nMục 2 Chương III của Nghị định.",
        "theo Mục 2 Chương III của Nghị định.",
    ),
    "month": (
        "- Các cơ quan, đơn vị gửi báo cáo kết quả thực hiện trong tháng\n5. Báo cáo nêu rõ.",
        "trong tháng 5. Báo cáo nêu rõ.",
    ),
    "name in capitals": ("- Trình Hội đồng nhân dân và\nUBND tỉnh.", "và UBND tỉnh."),
    "span of years": ("- Giai đoạn 2021\n-2025 của tỉnh.", "2021 -2025 của tỉnh."),
    "decimal figure": ("- Mức thưởng là\n1.5 triệu đồng.", "là 1.5 triệu đồng."),
    "page number in mid-sentence": ("- Các xã phải\n\n7\n\nbáo cáo ngay.", "phải báo cáo ngay."),
    "framed page number": ("- Các xã phải\n- 3 -\nbáo cáo ngay.", "phải báo cáo ngay."),
    "page number with the total": ("- Các xã phải\nTrang 3/12\nbáo cáo.", "phải báo cáo."),
}


@pytest.mark.parametrize(("item", "joined"), NO_MARK.values(), ids=NO_MARK.keys())
def test_what_looks_like_a_mark_in_mid_sentence_is_none(item: str, joined: str) -> None:
    text = f"4. Nội dung\n{item}\n- Mục sau."
    only = contents(text)
    assert [clause_id for clause_id, _ in only] == ["4"]
    assert len(only[0][1]) == 2
    assert only[0][1][0].endswith(joined)


def test_figures_of_a_table_are_no_page_numbers() -> None:
    text = "1. Chỉ tiêu\n\nXã An Hải\n\n120\n\nXã An Sơn\n\n85\n\n2. Hai."
    assert bullets(text, "1") == ["Xã An Hải", "120", "Xã An Sơn", "85"]


def test_running_page_numbers_are_left_out() -> None:
    text = "1. Một.\n2\n2. Hai.\n\n3\n\n3. Ba.\n4\n4. Bốn."
    assert [line for _, texts in contents(text) for line in texts] == [
        "Một.",
        "Hai.",
        "Ba.",
        "Bốn.",
    ]


def test_heading_over_two_lines_is_one() -> None:
    clauses = parse_clauses("I. HÌNH THỨC, TIÊU CHUẨN\nVÀ THỦ TỤC KHEN THƯỞNG\n1. Một.")
    assert clauses[0].heading == "HÌNH THỨC, TIÊU CHUẨN VÀ THỦ TỤC KHEN THƯỞNG"
    assert clauses[0].lines == (1, 2)


def test_short_heading_does_not_swallow_the_paragraph_below() -> None:
    (clause,) = parse_clauses("1. Mục đích\nCác xã thi đua.\nCác ấp thi đua.")
    assert clause.heading == "Mục đích"
    assert [bullet.text for bullet in clause.bullets] == ["Các xã thi đua.", "Các ấp thi đua."]


def test_short_lines_between_wrapped_ones_stay_paragraphs() -> None:
    wrapped = "\n".join(
        f"{n}. Các cơ quan, đơn vị tổ chức thực hiện nghiêm túc Kế hoạch này và\n"
        "thường xuyên kiểm tra, đôn đốc việc thực hiện ở cơ sở."
        for n in range(1, 6)
    )
    text = f"{wrapped}\n6. Kinh phí\nNgân sách tỉnh bảo đảm.\nMức chi theo quy định."
    assert bullets(text, "6") == ["Ngân sách tỉnh bảo đảm.", "Mức chi theo quy định."]


def test_dashes_without_a_space_are_items() -> None:
    assert bullets("1. Mục tiêu\n-Xã A;\n-50% số xã;\n–Xã B.", "1") == [
        "Xã A;",
        "50% số xã;",
        "Xã B.",
    ]


def test_plus_items_hang_below_the_dash_before_them() -> None:
    (clause,) = parse_clauses("1. Tiêu chuẩn\n- Một;\n+ Một một;\n+ Một hai.\n- Hai;\n+ Hai một.")
    assert [bullet.under for bullet in clause.bullets] == [None, 1, 1, None, 4]


def test_item_that_only_names_a_list_is_a_clause() -> None:
    text = "1. Hình thức\n- Giấy khen\n+ Một\n+ Hai\n- Bằng khen:\n+ Ba\n2. Hai."
    assert contents(text)[:3] == [("1", []), ("1/1", ["Một", "Hai"]), ("1/2", ["Ba"])]


def test_label_stands_for_the_number_of_a_sub_heading() -> None:
    clauses = parse_clauses("1. Hình thức\n- Giấy khen\n+ Một\n+ Hai", {"giấy khen": "GK"})
    assert clauses[-1].id == "1/GK"


def test_list_of_a_sub_clause_stays_there() -> None:
    text = "1. Một\n- a;\n- b.\n1.1. Hai\n- c;\n- d."
    assert contents(text) == [("1", ["a;", "b."]), ("1.1", ["c;", "d."])]


def test_remark_after_the_last_of_several_statements_makes_none_a_heading() -> None:
    text = "1. Xếp loại\na) Tốt: 90 điểm.\nb) Khá: 75 điểm.\nDưới 75 điểm không xếp loại."
    assert bullets(text, "1.b") == ["Khá: 75 điểm.", "Dưới 75 điểm không xếp loại."]


def test_long_opening_is_content_even_above_a_list() -> None:
    opening = "Các cơ quan thực hiện nhiệm vụ được giao. " * 3 + "Cụ thể như sau:"
    (clause,) = parse_clauses(f"1. {opening}\n- Một;\n- Hai.")
    assert (clause.heading, clause.lead_in) == ("", opening)
    assert len(clause.bullets) == 2


HEADER = (
    "ỦY BAN NHÂN DÂN\nTỈNH HÀ VÂN\n-------\nSố: 12/UBND-VX\n"
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Hà Vân, ngày 3 tháng 4 năm 2024\n"
)


def test_header_title_and_preamble_are_told_apart() -> None:
    text = f"{HEADER}\nKẾ HOẠCH\nThực hiện phong trào thi đua\n\nCăn cứ Luật;\nNhư sau:\n1. Một."
    assert ids(text) == ["HEADER", "TITLE", "PREAMBLE", "1"]
    assert bullets(text, "TITLE") == ["KẾ HOẠCH", "Thực hiện phong trào thi đua"]
    assert "Số: 12/UBND-VX" in bullets(text, "HEADER")


def test_signature_and_addressees_stand_in_either_order() -> None:
    signature = "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n\nLò Văn Mai\n"
    addressees = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n"
    body = "1. Một.\n2. Hai./.\n"
    for tail in (signature + addressees, addressees + signature, addressees, signature):
        assert contents(body + tail) == [("1", ["Một."]), ("2", ["Hai"])]


def test_official_alone_signs_at_the_end_and_acts_at_the_start() -> None:
    decision = "QUYẾT ĐỊNH\nVề khen thưởng\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\nCăn cứ Luật;\nĐiều 1. A."
    text = f"{decision}\nHà Vân, ngày 3 tháng 4 năm 2024\nCHỦ TỊCH\n\nLò Văn Mai"
    assert ids(text) == ["TITLE", "PREAMBLE", "Đ1"]
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" in bullets(text, "TITLE")
    assert bullets(text, "Đ1") == ["A."]


def test_place_where_papers_are_received_is_content() -> None:
    assert bullets("1. Hồ sơ\nNơi nhận hồ sơ: Sở Nội vụ.\n2. Hai.", "1") == [
        "Nơi nhận hồ sơ: Sở Nội vụ."
    ]


def test_appendix_after_the_signature_is_read_on() -> None:
    text = "1. Một.\nNơi nhận:\n- Lưu.\nLò Mai\nPHỤ LỤC\nBIỂU MẪU\n(Kèm theo Kế hoạch)\n1. Tên."
    assert ids(text) == ["1", "PL", "PL.1"]
    assert parse_clauses(text)[1].heading == "BIỂU MẪU"


def test_regulation_after_the_decision_has_ids_of_its_own() -> None:
    text = (
        "Điều 1. Ban hành Quy chế.\nTM. ỦY BAN NHÂN DÂN\nLò Mai\n"
        "QUY CHẾ\nXét tặng\n(Kèm theo Quyết định)\nĐiều 1. Phạm vi.\n1. Một."
    )
    assert ids(text) == ["Đ1", "KT", "KT.Đ1", "KT.Đ1.1"]


def test_closing_words_are_a_clause_of_their_own() -> None:
    text = (
        "I. M\n1. Một.\n2. Hai.\nTrên đây là Kế hoạch, yêu cầu các xã thực hiện./.\nNơi nhận:\n- A."
    )
    assert contents(text)[-1] == ("CLOSING", ["Trên đây là Kế hoạch, yêu cầu các xã thực hiện"])


def test_like_words_below_a_heading_or_article_are_its_content() -> None:
    words = "Trong quá trình thực hiện, các xã báo cáo."
    assert contents(f"1. Một.\n2. Sửa đổi\n{words}")[-1] == ("2", [words])
    assert contents(f"Điều 9. Thi hành\nCác xã thi hành.\n{words}")[-1][0] == "Đ9"


def test_text_without_any_mark_is_title_and_preamble() -> None:
    assert contents("Thông báo\nCác xã nộp báo cáo.\nHết hạn ngày 5/6.") == [
        ("TITLE", ["Thông báo"]),
        ("PREAMBLE", ["Các xã nộp báo cáo.", "Hết hạn ngày 5/6."]),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", " \t\u00a0\n\ufeff", "-----\n***\n"])
def test_text_without_words_has_no_clauses(text: str) -> None:
    assert parse_clauses(text) == []
