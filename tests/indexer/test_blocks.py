"""Lines -> content lines -> blocks."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.blocks import split_blocks
from indexer.lines import Gap, Role, content_lines

PARAGRAPHS = [
    "Ủy ban nhân dân các xã rà soát, lập danh sách hộ nghèo, hộ cận nghèo theo mẫu của tỉnh, niêm "
    "yết công khai tại trụ sở và nhà văn hóa ấp trong thời hạn 07 ngày để Nhân dân góp ý.",
    "Sở Lao động và các cơ quan có liên quan của Ủy ban nhân dân tỉnh kiểm tra việc rà soát ở cơ "
    "sở; kịp thời hướng dẫn, giải đáp vướng mắc cho Ủy ban nhân dân cấp xã trên địa bàn.",
    "Hội Liên hiệp Phụ nữ, Hội Nông dân, Đoàn Thanh niên vận động hội viên, đoàn viên cùng tham "
    "gia và giám sát việc rà soát, báo cáo kết quả về Mặt trận Tổ quốc Việt Nam tỉnh.",
]


def texts(text: str) -> list[str]:
    return [block.text for block in split_blocks(text)]


@given(st.integers(min_value=40, max_value=110))
def test_numbered_paragraphs_survive_any_wrapping(width: int) -> None:
    wrapped = "\n".join(
        line
        for number, paragraph in enumerate(PARAGRAPHS * 2, 1)
        for line in textwrap.wrap(f"{number}. {paragraph}", width, break_on_hyphens=False)
    )
    assert texts(wrapped) == PARAGRAPHS * 2


@given(st.integers(min_value=40, max_value=110), st.integers(min_value=1, max_value=8))
def test_page_break_inside_a_wrapped_paragraph_changes_nothing(width: int, place: int) -> None:
    lines = [
        line
        for number, paragraph in enumerate(PARAGRAPHS, 1)
        for line in textwrap.wrap(f"{number}. {paragraph}", width, break_on_hyphens=False)
    ]
    cut = min(place, len(lines) - 1)
    while lines[cut - 1].endswith("."):
        cut -= 1
    paged = [*lines[:cut], "", "- 4 -", "", *lines[cut:]]
    assert texts("\n".join(paged)) == PARAGRAPHS


def test_one_paragraph_a_line_is_left_as_it_is() -> None:
    assert texts("\n".join(PARAGRAPHS)) == PARAGRAPHS


def test_lower_case_goes_on_across_blank_lines() -> None:
    assert texts("- Tạo động lực cho sự\n\n\nphát triển.\n- Hai.") == [
        "Tạo động lực cho sự phát triển.",
        "Hai.",
    ]


def test_lower_case_list_mark_starts_an_item() -> None:
    assert texts("1. Gồm\na) xã;\nđ) ấp.") == ["Gồm", "xã;", "ấp."]


@pytest.mark.parametrize("last", ["của", "và", "các xã,", "với", "quy định tại", "thực hiện theo"])
def test_line_that_cannot_end_there_goes_on(last: str) -> None:
    assert texts(f"1. Quyết định {last}\nỦy ban nhân dân tỉnh.\n2. Hai.") == [
        f"Quyết định {last} Ủy ban nhân dân tỉnh.",
        "Hai.",
    ]


def test_list_that_comes_with_a_document_is_not_cut_off() -> None:
    assert texts("1. Danh sách kèm theo\nUBND xã A\nUBND xã B") == [
        "Danh sách kèm theo",
        "UBND xã A",
        "UBND xã B",
    ]


def test_end_mark_is_no_part_of_the_text() -> None:
    assert texts("1. Các xã thực hiện./. *H2*") == ["Các xã thực hiện"]
    assert texts("1. Các xã thực hiện ./.") == ["Các xã thực hiện"]


def test_block_keeps_the_numbers_of_its_lines() -> None:
    first, second = split_blocks("\n1. Một\n\nhai.\n\n2. Ba.")
    assert (first.lines, second.lines) == ([2, 4], [6])


def test_gap_tells_blank_lines_and_page_numbers_apart() -> None:
    lines = content_lines("Một\nHai\n\nBa\n\n- 2 -\n\nBốn")
    assert [line.gap for line in lines] == [Gap.BLANK, Gap.NONE, Gap.BLANK, Gap.PAGE]
    assert [line.number for line in lines] == [1, 2, 4, 8]


def test_roles_tell_header_subject_and_attached_document() -> None:
    text = (
        "ỦY BAN NHÂN DÂN\nSố: 5/UBND\nV/v hướng dẫn\n“Tổ kiểu mẫu”\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKính gửi: Các xã.\n1. Một.\n"
        "Nơi nhận:\n- Lưu.\nQUY CHẾ\nĐiều 1. Một."
    )
    roles = [line.role for line in content_lines(text)]
    assert roles == [
        *(Role.HEADER, Role.HEADER, Role.SUBJECT, Role.SUBJECT, Role.HEADER),
        *(Role.BODY, Role.BODY, Role.ATTACHMENT, Role.BODY),
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "Nơi nhận:",
        "*Nơi nhận:*",
        "NƠI NHẬN",
        "Nơi nhận: TM. ỦY BAN NHÂN DÂN",
        "TM. ỦY BAN NHÂN DÂN TỈNH",
        "TM.UBND TỈNH",
        "TM UBND XÃ",
        "KT. CHỦ TỊCH",
        "TL. CHỦ TỊCH",
        "TUQ. GIÁM ĐỐC",
        "CHỦ TỊCH",
        "Q. CHỦ TỊCH",
        "PHÓ GIÁM ĐỐC",
        "Hà Vân, ngày 3 tháng 4 năm 2024\nGIÁM ĐỐC",
    ],
)
def test_addressees_or_signature_end_the_content(opening: str) -> None:
    assert texts(f"1. Một.\n2. Hai.\n{opening}\n\n\nLò Mai") == ["Một.", "Hai."]


@pytest.mark.parametrize(
    "line",
    ["Nơi nhận hồ sơ là Sở Nội vụ.", "CHỦ TỊCH UBND XÃ CÓ TRÁCH NHIỆM:", "TM.", "Tl. ghi chú"],
)
def test_like_lines_are_content(line: str) -> None:
    assert line in texts(f"1. Một.\n{line}\n2. Hai.")


def test_date_of_a_signature_belongs_to_it_alone() -> None:
    date = "Hà Vân, ngày 3 tháng 4 năm 2024"
    assert date not in texts(f"1. Một.\n{date}\nTM. ỦY BAN NHÂN DÂN\nLò Mai")
    assert date in texts(f"1. Họp\n{date}\n2. Hai.")


def test_open_parenthesis_goes_on() -> None:
    assert texts("1. Trình Chủ tịch (qua\nSở Nội vụ).\n2. Hai.") == [
        "Trình Chủ tịch (qua Sở Nội vụ).",
        "Hai.",
    ]


def test_number_of_another_document_makes_no_header() -> None:
    text = "KẾ HOẠCH\nThi đua\nCăn cứ Quyết định\nsố 5/QĐ-UBND ngày 2 tháng 3.\n1. Một."
    assert {line.role for line in content_lines(text)} == {Role.BODY}
