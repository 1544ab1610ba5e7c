"""What building an index costs beside the encoder: python benchmarks/build_index.py

Builds the plan's index from nothing, then again with every vector kept, as after an interruption
in the last moment. Shares are printed because seconds tell more about the machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.settings import load_settings  # noqa: E402 (the checkout's packages, installed or not)
from indexer.build import build_index, index_folder  # noqa: E402
from indexer.encoder import Encoder, Vectors, open_encoder  # noqa: E402
from indexer.store import discard  # noqa: E402
from knowledge.plan import load_plan  # noqa: E402


class TimedEncoder:
    """An encoder that adds up the texts it was given and the seconds they took."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.seconds, self.texts = 0.0, 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """As the encoder beneath."""
        return self._timed(self._encoder.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """As the encoder beneath."""
        return self._timed(self._encoder.encode_document, texts)

    def _timed(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        start = time.perf_counter()
        try:
            return encode(texts)
        finally:
            self.seconds += time.perf_counter() - start
            self.texts += len(texts)


def main() -> None:
    """Build from nothing and from the cache, and print one table."""
    plan = load_plan(load_settings().plan_id, load_settings().plans_dir)
    encoder = open_encoder(load_settings().embedding_model)
    table = Table("build", "texts encoded", "whole", "encoder", "encoder / whole", title=plan.id)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("from nothing", "again, everything kept"):
            timed = TimedEncoder(encoder)
            start = time.perf_counter()
            build_index(plan, timed, Path(folder))
            whole = time.perf_counter() - start
            discard(index_folder(Path(folder), plan))
            table.add_row(
                name,
                str(timed.texts),
                f"{whole:.1f} s",
                f"{timed.seconds:.1f} s",
                f"{timed.seconds / whole:.2f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
