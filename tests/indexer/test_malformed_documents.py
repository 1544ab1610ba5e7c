"""Files that are not what they should be: one clear line, exit code 2, nothing changed."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.__main__ import app
from indexer.documents.gate import MEGABYTE

for library in ("viparse", "docx", "pdfplumber", "reportlab"):
    pytest.importorskip(library, reason="the documents extra is not installed")

import docx  # noqa: E402
from PIL import Image  # noqa: E402
from reportlab.lib.pdfencrypt import StandardEncryption  # noqa: E402
from reportlab.lib.utils import ImageReader  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

ROOT = Path(__file__).parents[2]
SOUND = "KẾ HOẠCH\nMái ấm\nI. MỤC ĐÍCH\n- Sửa nhà cho hộ nghèo.\nII. HỒ SƠ\n- Gồm tờ trình.\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def docx_bytes(text: str = SOUND) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The archive with one part added, or another in its place."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return made.getvalue()


def pdf_bytes(*, password: str = "", picture: bool = False) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, encrypt=StandardEncryption(password) if password else None)
    for _ in range(2):
        if picture:
            canvas.drawImage(ImageReader(Image.new("L", (40, 40), 200)), 50, 500, 300, 300)
        else:
            canvas.drawString(72, 720, "I. NOI DUNG")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def pdf_bomb() -> bytes:
    """One page whose content unpacks to 1.2 GB of spaces."""
    packer = zlib.compressobj(9)
    block = b" " * MEGABYTE
    stream = b"".join(packer.compress(block) for _ in range(1200)) + packer.flush()
    again = zlib.compress(stream, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(again)
        + again
        + b"\nendstream",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 5\n0000000000 65535 f \n" + table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )  # fmt: skip


def zip_bomb() -> bytes:
    return with_part(docx_bytes(), "word/document.xml", b"<w>" + b" " * (80 * MEGABYTE))


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "truncated docx": ("a.docx", lambda: docx_bytes()[:-2000], "hỏng"),
    "docx with a broken part": (
        "a.docx",
        lambda: with_part(docx_bytes(), "word/document.xml", b"<w:document"),
        "hỏng",
    ),
    "docx that repeats entities": (
        "a.docx",
        lambda: with_part(
            docx_bytes(),
            "word/document.xml",
            b'<!DOCTYPE x [<!ENTITY a "'
            + b"a" * 9999
            + b'">'
            + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 99) for c in range(98, 105))
            + b"]><x>&h;</x>",
        ),
        "",
    ),
    "truncated pdf": ("a.pdf", lambda: pdf_bytes()[:400], ""),
    "encrypted pdf": ("a.pdf", lambda: pdf_bytes(password="x"), "mật khẩu"),
    "encrypted docx": (
        "a.docx",
        lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "mật khẩu",
    ),
    "nothing at all": ("a.docx", lambda: b"", "rỗng"),
    "empty text": ("a.txt", lambda: b"", "rỗng"),
    "zip bomb": ("a.docx", zip_bomb, "giải nén"),
    "pdf bomb": ("a.pdf", pdf_bomb, ""),
    "pdf named docx": ("a.docx", pdf_bytes, "nội dung là .pdf"),
    "text named pdf": ("a.pdf", SOUND.encode, "nội dung là chữ thường"),
    "docx named doc": ("a.doc", docx_bytes, "nội dung là .zip"),
    "program named txt": ("a.txt", lambda: b"MZ\x90\0\x03" * 50, "nội dung là .exe"),
    "bytes named txt": ("a.txt", lambda: bytes(range(256)) * 9, "dữ liệu nhị phân"),
    "other archive named docx": (
        "a.docx",
        lambda: with_part(b"PK\x05\x06" + b"\0" * 18, "x.txt", b"x"),
        "nội dung là .zip",
    ),
    "damaged old word": ("a.doc", lambda: OLE + b"\0" * 3000, "hỏng"),
    "macros by name": ("a.docm", docx_bytes, "macro"),
    "macros inside": (
        "a.docx",
        lambda: with_part(docx_bytes(), "word/vbaProject.bin", b"x"),
        "macro",
    ),
    "another kind": ("a.xlsx", docx_bytes, ".docx, .pdf"),
    "scanned pages": ("a.pdf", lambda: pdf_bytes(picture=True), "trang 1-2"),
    "no words": ("a.docx", lambda: docx_bytes("\n \n"), "không có chữ"),
    "no clause": ("a.docx", lambda: docx_bytes("Giấy mời\nKính mời anh chị."), "không tìm thấy"),
    "unknown encoding": ("a.txt", lambda: b"\xff\x80 Curriculum \xe9\xfe" * 30, "bảng mã"),
}


@pytest.fixture(scope="module")
def one_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one plan added and indexed."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "in").mkdir()
    (folder / "in" / "mai-am.txt").write_text(SOUND, encoding="utf-8")
    code, output = add(folder, folder / "in" / "mai-am.txt")
    assert code == 0, output
    return folder


@pytest.fixture
def place(one_plan: Path, tmp_path: Path) -> Path:
    """A copy of it, free to be changed."""
    return shutil.copytree(one_plan, tmp_path / "office")


def add(place: Path, *arguments: object) -> tuple[int, str]:
    """Exit code, and what was said on stderr without the progress bar."""
    options = ["--plans-dir", str(place / "plans"), "--index-dir", str(place / "index")]
    done = CliRunner().invoke(app, ["add", *map(str, arguments), *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stderr


def snapshot(place: Path) -> dict[str, str]:
    kept = (p for folder in ("plans", "index") for p in (place / folder).rglob("*") if p.is_file())
    return {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if "embeddings" not in path.name
    }


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_file_is_one_line_and_changes_nothing(place: Path, case: str) -> None:
    name, content, words = CASES[case]
    path = place / "in" / name
    path.write_bytes(content())
    before = snapshot(place)
    code, said = add(place, path, "--plan", "mai_am")
    assert code == 2
    lines = [line for line in said.splitlines() if line.startswith(name)]
    assert len(lines) == 1, said
    assert words in lines[0]
    assert "Traceback" not in said
    assert snapshot(place) == before
    assert [p.name for p in (place / "plans").iterdir()] == ["mai_am"]


def test_half_a_gigabyte_of_text_is_not_even_read(place: Path) -> None:
    path = place / "in" / "a.txt"
    with path.open("wb") as file:
        file.truncate(500 * MEGABYTE)  # sparse: takes no room
    before = snapshot(place)
    code, said = add(place, path, "--plan", "mai_am")
    assert code == 2
    assert "500 MB, quá 5 MB" in said
    assert snapshot(place) == before


def test_in_a_folder_the_sound_files_are_added_and_the_others_named(place: Path) -> None:
    (place / "in" / "hong.docx").write_bytes(docx_bytes()[:-2000])
    (place / "in" / "rong.txt").write_bytes(b"")
    (place / "in" / "tot.docx").write_bytes(docx_bytes())
    code, said = add(place, place / "in")
    assert code == 2
    assert sum(line.startswith(("hong.docx: ", "rong.txt: ")) for line in said.splitlines()) == 2
    assert {p.name for p in (place / "plans").iterdir()} == {"mai_am", "tot"}


def test_pages_that_are_pictures_are_left_out_only_when_that_is_asked(place: Path) -> None:

    path = place / "in" / "b.pdf"
    content = io.BytesIO()
    canvas = Canvas(content)
    for line, y in (("I. NOI DUNG", 720), ("- Sua nha cho ho ngheo.", 700)):
        canvas.drawString(72, y, line)
    canvas.showPage()

    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 200)), 50, 500, 300, 300)
    canvas.showPage()
    canvas.save()
    path.write_bytes(content.getvalue())
    code, said = add(place, path)
    assert code == 2
    assert "trang 2 " in said
    assert add(place, path, "--skip-scanned")[0] == 0


def test_the_command_itself_ends_with_two_and_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "indexer", "add", str(tmp_path / "không có.docx")],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env={"PATH": "/usr/bin:/bin", "PLANS_DIR": str(tmp_path), "INDEX_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "không có tệp này" in done.stderr
