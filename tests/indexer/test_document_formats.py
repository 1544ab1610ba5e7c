"""One regulation in the formats and encodings that offices keep: its lines come out alike."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

for library in ("viparse", "docx", "striprtf"):
    pytest.importorskip(library, reason="the documents extra is not installed")

import docx  # noqa: E402
from viparse.normalize.encodings import CHARMAPS  # noqa: E402

from indexer.documents.encodings import LEGACY_ENCODINGS, legacy_encoding  # noqa: E402
from indexer.documents.extract import extract  # noqa: E402
from indexer.documents.layout import lay_out  # noqa: E402

LINES = (
    "Điều 1. Phạm vi",
    "Quy chế này quy định việc xét tặng Giấy khen cho hộ thoát nghèo bền vững.",
    "1. Hộ sửa được nhà trước mùa mưa, có xác nhận của Ủy ban nhân dân xã.",
    "a) Tờ trình ghi rõ số tiền: 25.000.000 đồng; kỳ hạn 02 năm.",
    "Điều 2. Nơi gửi",
    "Hồ sơ gửi Phòng Nội vụ chậm nhất ngày 15 tháng 11 hằng năm.",
)
ROW = ("Xã Mỹ Thuỷ", "1.250", "vùng lũ")


def in_legacy(text: str, encoding: str) -> str:
    """The characters that the text's bytes stand for where the encoding is not known."""
    code_of = {letter: code for code, letter in reversed(CHARMAPS[encoding].pairs)}
    return "".join(code_of.get(letter, letter) for letter in text)


def lines_of(path: Path) -> list[str]:
    text = lay_out(extract(path).blocks).text
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("encoding", LEGACY_ENCODINGS)
def test_text_from_before_unicode(tmp_path: Path, encoding: str) -> None:
    # TCVN3 has no marked capitals: they are typed in a font of capitals
    lines = [line.replace("Ủy", "ủy") for line in LINES]
    written = in_legacy("\n".join(lines), encoding)
    (tmp_path / "quy-che.txt").write_bytes(written.encode("latin-1"))
    assert extract(tmp_path / "quy-che.txt").encoding == encoding
    assert lines_of(tmp_path / "quy-che.txt") == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\n".join(LINES), None, id="Unicode"),
        pytest.param("The plan was signed on Monday.", None, id="another language"),
        pytest.param("12/2021, 0,2%; §§ 3-4", None, id="figures alone"),
        pytest.param("", None, id="nothing"),
        *(pytest.param(in_legacy(LINES[1], name), name, id=name) for name in LEGACY_ENCODINGS),
    ],
)
def test_an_encoding_is_told_by_the_syllables_that_it_gives(
    text: str, expected: str | None
) -> None:
    assert legacy_encoding(text) == expected


def test_rtf_with_a_table(tmp_path: Path) -> None:
    rows = [f"{{\\pard {_rtf(line)}\\par}}" for line in LINES]
    cells = "".join(f"\\intbl {_rtf(cell)}\\cell " for cell in ROW)
    table = f"\\trowd\\cellx3000\\cellx6000\\cellx9000 {cells}\\row"
    body = "\n".join([*rows, table])
    (tmp_path / "quy-che.rtf").write_bytes(f"{{\\rtf1\\ansi\\uc1 {body}}}".encode("ascii"))
    assert lines_of(tmp_path / "quy-che.rtf") == [*LINES, "- " + "; ".join(ROW)]


def _rtf(text: str) -> str:
    """Letters beyond ASCII as Word writes them: a signed figure, and "?" for old readers."""
    return "".join(
        letter if letter.isascii() else f"\\u{ord(letter) - (65536 if ord(letter) > 32767 else 0)}?"
        for letter in text
    )


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice, which reads .doc, is absent")
def test_an_old_word_file(tmp_path: Path) -> None:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(str(tmp_path / "quy-che.docx"))
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless",
            "--convert-to", "doc", "--outdir", tmp_path, tmp_path / "quy-che.docx",
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert lines_of(tmp_path / "quy-che.doc") == list(LINES)
