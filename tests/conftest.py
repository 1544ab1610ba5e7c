"""What tests of several packages share: the plan with its index, and a tiny plan to change."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from indexer.build import build_index
from indexer.encoder import Encoder, Vectors, open_encoder
from indexer.normalize import tokenize
from indexer.parse import parse_clauses
from indexer.search import Searcher
from knowledge.clauses import dump_clauses
from knowledge.plan import Plan, load_plan

TINY_ID = "mai_am"
TINY_TEXT = """\
KẾ HOẠCH
Tổ chức phong trào thi đua “Mái ấm ven sông”

I. MỤC ĐÍCH
Phong trào nhằm sửa nhà cho hộ nghèo ven sông trước mùa mưa.

II. TIÊU CHUẨN
1. Giấy khen
- Xã sửa được từ 20 căn nhà trở lên.
- Cá nhân góp từ 30 ngày công.
2. Bằng khen
- Huyện sửa được từ 200 căn nhà trở lên.

III. HỒ SƠ
Hồ sơ gồm tờ trình và danh sách kèm theo. Số lượng: 02 bộ.

IV. TỔ CHỨC THỰC HIỆN
Sở Xây dựng hướng dẫn mẫu nhà chống lũ. Báo tỉnh đưa tin hằng tuần.
"""
TINY_EXAMPLES = """\
clause	style	asker	question
I	formal	staff	Phong trào này nhằm mục đích gì?
I	chat	citizen	phong trào làm để chi vậy
II.1	formal	staff	Xã sửa bao nhiêu căn nhà thì được Giấy khen?
II.1	no_diacritics	citizen	gop may ngay cong thi duoc giay khen
II.2	formal	staff	Huyện cần sửa bao nhiêu căn nhà để được Bằng khen?
II.2	teencode	staff	bk can bn can nha
III	formal	staff	Hồ sơ gồm những giấy tờ nào, mấy bộ?
III	chat	citizen	nộp mấy bộ hồ sơ vậy
IV	formal	staff	Sở Xây dựng có nhiệm vụ gì?
IV	chat	citizen	ai hướng dẫn mẫu nhà chống lũ
NONE	formal	staff	Giá vàng hôm nay bao nhiêu?
NONE	chat	citizen	mai trời có mưa không
"""
_TINY_FILES = {
    "labels.yaml": "sub_headings: []\ntitles: {}\n",
    "corrections.yaml": "corrections: []\n",
    "vocabulary.yaml": "abbreviations: {bk: bằng khen}\nalso_called: {mái nhà: căn nhà}\n",
    "dossiers.yaml": (
        "papers: []\nawards: []\nroutes: []\nconfirmations: []\n"
        "registration: {text: Không nêu, sources: []}\n"
    ),
    "notices.yaml": "notices: []\n",
    "example_questions.tsv": TINY_EXAMPLES,
}


class KeywordEncoder:
    """Hashed counts of syllables: as quick as it is plain, for tests that build many indexes."""

    name = "keywords"
    dimension = 64

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in tokenize(text):
                row[zlib.crc32(token.encode()) % self.dimension] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def write_tiny_plan(plans_dir: Path, text: str = TINY_TEXT, plan_id: str = TINY_ID) -> None:
    folder = plans_dir / plan_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.txt").write_bytes(text.encode())
    (folder / "plan.yaml").write_text(
        f"id: {plan_id}\ntitle: Mái ấm ven sông\nshort_title: Mái ấm\nissuer: Ủy ban nhân dân\n"
        "period: {first: 2024-01-01, last: 2026-12-31}\ncontact: Phòng Nội vụ\n"
        f"text: {{file: plan.txt, sha256: {hashlib.sha256(text.encode()).hexdigest()}}}\n",
        encoding="utf-8",
    )
    clauses = dump_clauses(parse_clauses(text, {}))
    for name, content in {**_TINY_FILES, "clauses.jsonl": clauses}.items():
        (folder / name).write_text(content, encoding="utf-8")


@pytest.fixture
def tiny_plans(tmp_path: Path) -> Path:
    """A folder of plans that holds the tiny one, free to be changed."""
    write_tiny_plan(tmp_path / "plans")
    return tmp_path / "plans"


@pytest.fixture
def tiny_plan(tiny_plans: Path) -> Plan:
    return load_plan(TINY_ID, tiny_plans)


@pytest.fixture(scope="session")
def keywords() -> Encoder:
    """An encoder that needs no model."""
    return KeywordEncoder()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedded encoder."""
    return open_encoder()


@pytest.fixture(scope="session")
def whole_plan() -> Plan:
    """The plan that the project ships."""
    return load_plan()


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory, whole_plan: Plan, encoder: Encoder) -> Path:
    """Where the shipped plan's index stands: TEST_INDEX_DIR, else built once for the run.

    Test processes that run side by side share it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = Path(os.environ.get("TEST_INDEX_DIR", shared / "index"))
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "being_built"):
        build_index(whole_plan, encoder, folder)
    return folder


@pytest.fixture(scope="session")
def searcher(whole_plan: Plan, encoder: Encoder, index_dir: Path) -> Searcher:
    """Search over the shipped plan."""
    return Searcher.open(whole_plan, encoder, index_dir)
