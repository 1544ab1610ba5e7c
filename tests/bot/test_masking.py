"""What is taken out of a question before it is kept, and what stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import MASK, masked


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("gọi 0912345678 giúp tôi", "0912345678"),
        ("gọi 0912 345 678 giúp", "345"),
        ("gọi 0912.345.678 giúp", "345"),
        ("sđt +84 (91) 234-5678 nhé", "5678"),
        ("sdt em 84912345678", "84912345678"),
        ("máy bàn 0297 3863636", "3863636"),
        ("cccd 091203004567 có nộp không", "091203004567"),
        ("CCCD: 091 203 004 567", "004"),
        ("cmnd 371234567", "371234567"),
        ("số tài khoản 7700205123456 agribank", "7700205123456"),
        ("stk của em là 123456", "123456"),
        ("gửi vào an.nguyen+1@gmail.com nhé", "nguyen"),
        ("mail an@kiengiang.gov.vn", "kiengiang.gov.vn"),
        ("xem https://facebook.com/nguyenvana rồi", "nguyenvana"),
        ("nhắn @nguyen_van_a nhé", "nguyen_van_a"),
        ("hộ ông Nguyễn Văn Đực có được xét không", "Đực"),
        ("tôi tên là Trần Thị Bé, hỏi hồ sơ", "Bé"),
        ("gọi ０９１２３４５６７８ giúp", "０９１２"),
        ("gọi 09\u200b12345678 giúp", "345678"),
        ("so dien thoai ٠٩١٢٣٤٥٦٧٨", "٩١٢"),
    ],
)
def test_what_tells_who_asked_is_masked(text: str, private: str) -> None:
    for form in ("NFC", "NFD"):
        kept = masked(unicodedata.normalize(form, text))
        assert MASK in kept
        assert private not in kept
        assert unicodedata.normalize("NFKC", private) not in kept


@pytest.mark.parametrize(
    "text",
    [
        "Xã giảm 50% hộ nghèo được khen gì?",
        "góp 1.000.000.000 đồng được khen không",
        "góp 500 000 000 đồng",
        "giai đoạn 2021-2025 tổng kết khi nào",
        "năm 2021 2022 2023 thì sao",
        "Kế hoạch số 246/KH-UBND ngày 30/12/2021",
        "ngày 30-12-2021 có hiệu lực chưa",
        "hộ nghèo ở xã Bình An có được vay không",
        "12 tháng, 30 ngày công, 5 hộ",
    ],
)
def test_sums_years_and_the_question_itself_stay(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=300))
def test_no_long_number_is_ever_left(text: str) -> None:
    digits = 0
    for sign in masked(text):
        digits = digits + 1 if sign.isdecimal() else 0
        assert digits < 8


@given(st.text(max_size=200))
def test_masking_twice_changes_no_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)
