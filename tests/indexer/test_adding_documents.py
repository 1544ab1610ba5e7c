"""Three documents as offices keep them, in three formats, and what the report says of each."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.__main__ import app
from indexer.documents.add import Places, Reading, add_document, fill_in, plan_id_of
from indexer.documents.layout import lay_out
from indexer.documents.letterhead import Metadata
from indexer.documents.review import review
from indexer.encoder import Encoder, Vectors
from indexer.errors import DocumentError
from indexer.parse import parse_clauses
from knowledge.check import check_plan
from knowledge.plan import Plan, load_plan

for library in ("viparse", "docx", "pdfplumber", "reportlab"):
    pytest.importorskip(library, reason="the documents extra is not installed")

import docx  # noqa: E402
from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: E402
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402
from viparse.normalize.encodings import CHARMAPS  # noqa: E402

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
PLAN = """\
KẾ HOẠCH
Thực hiện phong trào thi đua “Nước sạch vùng cao” năm 2027
Căn cứ Luật Thi đua, khen thưởng;
I. MỤC TIÊU
1. Hộ dùng nước sạch đạt từ 60% trở lên.
2. Trường có bể nước đạt chuẩn.
4. Trạm y tế có máy lọc nước.
II. CHỈ TIÊU GIAO
Chỉ tiêu giao cho các huyện:
"""
REGULATION = """\
Quy chế
Hoạt động của tổ xét khen thưởng cấp xã
Chương I. Quy định chung
Điều 1. Phạm vi
Quy chế này quy định cách làm việc của tổ xét khen thưởng.
Điều 2. Nguyên tắc
1. Xét công khai, đúng người, đúng việc.
2. Tổ làm việc theo đa số.
a) Tổ trưởng có ý kiến sau cùng.
b) Thư ký ghi biên bản.
Chương II. Cách làm việc
Điều 3. Họp tổ
- Tổ họp mỗi quý một lần, trước ngày 15 của tháng cuối quý.
"""


class CountingEncoder:
    """The encoder, with the number of texts that really reached it."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder = encoder
        self.count = 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return self._encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return self._encoder.encode_document(texts)


def write_docx(path: Path) -> None:
    document = docx.Document()
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nHUYỆN MÂY TRẮNG"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    head.cell(1, 0).text = "Số: 07/KH-UBND"
    head.cell(1, 1).text = "Mây Trắng, ngày 5 tháng 01 năm 2027"
    for line in PLAN.splitlines():
        document.add_paragraph(line)
    rows = (("Huyện", "Số hộ", "Ghi chú"), ("An Bình", "1.250", ""), ("Hòa Lạc", "980", "miền núi"))
    table = document.add_table(rows=3, cols=3)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    document.add_paragraph("Nơi nhận:\n- Các xã;\n- Lưu: VT.")
    document.add_paragraph("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
    document.add_paragraph("Trần Thị Mây")
    document.save(path)


def write_pdf(path: Path) -> None:
    """A letter of two pages: header in two columns, page numbers, wrapped lines."""
    registerFont(TTFont("Vn", str(FONT)))
    canvas = Canvas(str(path))
    lines = [
        "HƯỚNG DẪN", "Lập hồ sơ khen thưởng năm 2026", "Căn cứ Luật Thi đua, khen thưởng;",
        "1. Thành phần hồ sơ", "a) Tờ trình của đơn vị kèm danh sách người được đề nghị.",
        "b) Báo cáo thành tích có xác nhận của", "thủ trưởng đơn vị.", "2. Nơi nộp",
        "Hồ sơ gửi Phòng Nội vụ trước ngày 30/11 hằng năm.",
    ]  # fmt: skip
    canvas.setFont("Vn", 11)
    for x, y, text in (
        (60, 800, "SỞ NỘI VỤ"), (280, 800, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (60, 780, "Số: 112/HD-SNV"), (280, 780, "Độc lập - Tự do - Hạnh phúc"),
        (280, 760, "Mây Trắng, ngày 20 tháng 3 năm 2026"),
    ):  # fmt: skip
        canvas.drawString(x, y, text)
    for place, text in enumerate(lines[:6]):
        canvas.drawString(60, 720 - 20 * place, text)
    canvas.showPage()
    canvas.setFont("Vn", 11)
    canvas.drawString(290, 810, "2")
    for place, text in enumerate(lines[6:]):
        canvas.drawString(60, 780 - 20 * place, text)
    canvas.drawString(330, 640, "GIÁM ĐỐC")
    canvas.drawString(330, 560, "Lê Văn Sông")
    canvas.save()


def write_tcvn3(path: Path) -> None:
    to_legacy = {letter: code for code, letter in reversed(CHARMAPS["tcvn3"].pairs)}
    text = "".join(to_legacy.get(letter, letter) for letter in REGULATION)
    path.write_bytes(text.encode("latin-1", "replace"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not FONT.exists():
        pytest.skip("DejaVu Sans is not installed, for a PDF with Vietnamese letters")
    place = tmp_path_factory.mktemp("office")
    (place / "in").mkdir()
    write_docx(place / "in" / "Nước sạch.docx")
    write_pdf(place / "in" / "huong-dan.pdf")
    write_tcvn3(place / "in" / "quy-che.txt")
    return place


@pytest.fixture(scope="module")
def reports(office: Path) -> dict[str, str]:
    """What is printed of each document."""
    options = ["--plans-dir", str(office / "plans"), "--index-dir", str(office / "index")]
    printed = {}
    for path in sorted((office / "in").iterdir()):
        done = CliRunner().invoke(app, ["add", str(path), *options], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        printed[path.name] = done.stdout
    return printed


def plan_of(office: Path, plan_id: str) -> Plan:
    results = check_plan(plan_id, office / "plans")
    assert not [problem for result in results for problem in result.problems]
    return load_plan(plan_id, office / "plans")


def test_a_docx_with_header_signature_and_table(office: Path, reports: dict[str, str]) -> None:
    report = reports["Nước sạch.docx"]
    for line in (
        "Tên: Kế hoạch Thực hiện phong trào thi đua “Nước sạch vùng cao” năm 2027",
        "Số, ký hiệu: 07/KH-UBND",
        "Ngày ký: 05/01/2027",
        "Cơ quan ban hành: Ủy ban nhân dân huyện Mây Trắng",
        "Người ký: Trần Thị Mây",
        "Thời gian áp dụng: 01/01/2027 - 31/12/2027",
        "Nơi nhận: Các xã; Lưu: VT",
        "Dòng chưa xếp vào mục nào: 0",
        "Chỗ đánh số không liền: 1",
        "  sau I.2 là I.4",
    ):
        assert f"  {line}\n" in report
    plan = plan_of(office, "nuoc_sach")
    rows = [bullet.text for bullet in plan.clauses["II"].bullets]
    assert "Huyện: Hòa Lạc; Số hộ: 980; Ghi chú: miền núi" in rows
    assert plan.info.date_signed == date(2027, 1, 5)


def test_a_pdf_with_two_columns_and_page_breaks(office: Path, reports: dict[str, str]) -> None:
    report = reports["huong-dan.pdf"]
    for line in (
        "Số, ký hiệu: 112/HD-SNV",
        "Ngày ký: 20/03/2026",
        "Cơ quan ban hành: SỞ NỘI VỤ",
        "Người ký: Lê Văn Sông",
        "Dòng chưa xếp vào mục nào: 0",
    ):
        assert f"  {line}\n" in report
    plan = plan_of(office, "huong_dan")
    texts = [bullet.text for bullet in plan.clauses["1.b"].bullets]
    assert texts == ["Báo cáo thành tích có xác nhận của thủ trưởng đơn vị."]


def test_a_text_in_tcvn3(office: Path, reports: dict[str, str]) -> None:
    assert "  Bảng mã cũ: TCVN3, đã đổi sang Unicode\n" in reports["quy-che.txt"]
    plan = plan_of(office, "quy_che")
    assert plan.clauses["Đ2.2.a"].bullets[0].text == "Tổ trưởng có ý kiến sau cùng."
    assert plan.text.splitlines()[1:] == REGULATION.splitlines()[1:]


def test_adding_the_same_again_does_nothing(office: Path, encoder: Encoder) -> None:
    places = Places(office / "again", office / "index_again", encoder)
    path = office / "in" / "quy-che.txt"
    assert add_document(path, "quy_che", places, Reading()).is_changed
    before = (office / "again" / "quy_che").stat().st_mtime_ns
    assert not add_document(path, "quy_che", places, Reading()).is_changed
    assert (office / "again" / "quy_che").stat().st_mtime_ns == before


def test_one_more_document_costs_its_own_embedding_alone(tmp_path: Path, keywords: Encoder) -> None:
    counting = CountingEncoder(keywords)
    places = Places(tmp_path / "plans", tmp_path / "index", counting)
    document = "KẾ HOẠCH\nSố {n}\nI. NỘI DUNG\n" + "".join(
        f"- Việc thứ {{n}} phẩy {k} do tổ {{n}} làm.\n" for k in range(20)
    )
    costs = []
    for number in range(4):
        path = tmp_path / f"van-ban-{number}.txt"
        path.write_text(document.format(n=number), encoding="utf-8")
        before = counting.count
        add_document(path, plan_id_of(path), places, Reading())
        costs.append(counting.count - before)
    assert len(set(costs)) == 1
    assert costs[0] <= 2 * 21  # each passage whole and by its sentences
    before = counting.count
    path.write_text(path.read_text("utf-8").replace("phẩy 7 do", "phẩy 7 nay do"), "utf-8")
    assert add_document(path, plan_id_of(path), places, Reading()).is_changed
    assert counting.count - before <= 2  # the line that changed


def test_data_that_no_longer_agree_keep_the_old_plan(tmp_path: Path, keywords: Encoder) -> None:
    places = Places(tmp_path / "new", tmp_path / "index", keywords)
    path = tmp_path / "a.txt"
    path.write_text("KẾ HOẠCH\nA\nI. HỒ SƠ\n- Tờ trình của xã.\n", encoding="utf-8")
    add_document(path, "mot_plan", places, Reading())
    folder = tmp_path / "new" / "mot_plan"
    book = (folder / "dossiers.yaml").read_text("utf-8").replace(
        "papers: []", 'papers: [{name: Tờ trình, source: {clause: I, quote: Tờ trình của xã}}]'
    )  # fmt: skip
    (folder / "dossiers.yaml").write_text(book, encoding="utf-8")
    kept = shutil.copytree(folder, tmp_path / "kept")
    path.write_text("KẾ HOẠCH\nA\nI. HỒ SƠ\n- Báo cáo của xã.\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"dossiers\.yaml"):
        add_document(path, "mot_plan", places, Reading())
    for old in kept.iterdir():
        if old.is_file():
            assert (folder / old.name).read_bytes() == old.read_bytes()
    assert not [p for p in (tmp_path / "new").iterdir() if p.name.startswith(".")]


def test_what_a_person_wrote_in_plan_yaml_is_kept() -> None:
    info = 'title: Của tôi\nsigner: null # chưa điền\ntext:\n  file: plan.txt\n  sha256: "0"\n'
    filled = fill_in(info, Metadata(title="Khác", signer="Lê Văn A"), "f" * 64)
    assert filled == (
        f'title: Của tôi\nsigner: "Lê Văn A"\ntext:\n  file: plan.txt\n  sha256: {"f" * 64}\n'
    )


def test_odd_words_and_gaps_are_named_with_their_lines() -> None:
    text = "I. MỤC ĐÍCH\n- Xét tặnq bằng khen cho h0ộ nghèo.\nIII. HỒ SƠ\n- Hồ sơ gồm tờ trình.\n"
    found = review(text, parse_clauses(text), frozenset())
    assert found.suspicious == ((2, "tặnq"), (2, "h0ộ"))
    assert found.gaps == (("I", "III"),)
    assert found.unplaced == ()


def test_a_table_without_a_head_and_a_merged_row_are_rows_too() -> None:
    rows = [["1", "Xã A", "20"], ["Cấp huyện", "Cấp huyện", "Cấp huyện"], ["2", "", "30"]]
    laid_out = lay_out([{"type": "table", "rows": rows}])
    assert laid_out.text == "- 1; Xã A; 20\n- Cấp huyện\n- 2; 30\n"
    assert laid_out.n_rows == 3


@pytest.mark.parametrize(
    ("name", "plan_id"),
    [("Kế hoạch số 45.docx", "ke_hoach_so_45"), ("2026 Đề án.pdf", "vb_2026_de_an"),
     ("…….txt", "vb"), ("x" * 80 + ".txt", "x" * 40)],
)  # fmt: skip
def test_a_plan_is_called_as_its_file(name: str, plan_id: str) -> None:
    assert plan_id_of(Path(name)) == plan_id
