"""What one more document costs: python benchmarks/documents.py

A hundred documents of a page are added, then one of thirty pages, with the encoder that is served.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from build_index import TimedEncoder  # noqa: E402 (the benchmark beside this one)

from bot.settings import load_settings  # noqa: E402 (the checkout's packages)
from indexer.documents.add import Places, Reading, add_document, plan_id_of  # noqa: E402
from indexer.encoder import open_encoder  # noqa: E402

DOCUMENTS, PAGES = 100, 30
LINES_A_PAGE = 15  # list items of two lines each
ITEM = (
    "- Tổ {n} phối hợp với thôn {k} rà soát hộ cần sửa nhà, lập danh sách {m} hộ,"
    " gửi Ủy ban nhân dân xã trước ngày {d} tháng {t}.\n"
)


def main() -> None:
    """Add the documents and print what the last one cost."""
    table = Table("added", "texts encoded", "encoder", "whole", "encoder / whole")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        encoder = TimedEncoder(open_encoder(load_settings().embedding_model))
        places = Places(folder / "plans", folder / "index", encoder)
        first = [_written(folder, number, 1) for number in range(DOCUMENTS)]
        long = _written(folder, DOCUMENTS, PAGES)
        for title, paths in ((f"{DOCUMENTS} of a page", first), (f"one of {PAGES} pages", [long])):
            encoder.seconds, encoder.texts = 0.0, 0
            start = time.perf_counter()
            for path in track(paths, description=title, console=Console(stderr=True)):
                add_document(path, plan_id_of(path), places, Reading())
            whole = time.perf_counter() - start
            table.add_row(
                title,
                str(encoder.texts),
                f"{encoder.seconds:.1f} s",
                f"{whole:.1f} s",
                f"{encoder.seconds / whole:.2f}",
            )
    Console().print(table)


def _written(folder: Path, number: int, pages: int) -> Path:
    items = "".join(
        ITEM.format(n=number, k=k, m=k % 37 + 2, d=k % 28 + 1, t=k % 12 + 1)
        for k in range(pages * LINES_A_PAGE)
    )
    path = folder / f"van-ban-{number}.txt"
    path.write_text(f"KẾ HOẠCH\nSửa nhà đợt {number}\nI. NỘI DUNG\n{items}", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
