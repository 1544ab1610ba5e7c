"""What each means of search adds, and whether its confidence is true. Prints tables, draws a curve.

    python benchmarks/quality.py --questions FILE.tsv [--questions FILE.tsv …] [--curve FILE.svg]

Every row of the first table is a search built anew with one means taken away. The second table puts
the examples' left-out confidence (fitted on the other folds) beside the share that was right.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest import mock

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from indexer.build import build_index
from indexer.calibrate import calibrate, fit, left_out_trials
from indexer.encoder import Encoder, open_encoder
from indexer.evaluate import load_questions, report, run
from indexer.named import NameReader
from indexer.search import Searcher
from indexer.spelling import Speller
from knowledge.plan import Plan, load_plan

MEASURES = ("recall_at_1", "recall_at_3", "refused_unanswerable", "refused_answerable")
FOLDS, BINS = 10, 10
Change = Callable[[], AbstractContextManager[object]]
WITHOUT: dict[str, Change | None] = {
    "everything": None,
    "no names": lambda: mock.patch.object(NameReader, "read", return_value=()),
    "no spelling": lambda: mock.patch.object(Speller, "readings", return_value=[]),
    "no restored marks": lambda: mock.patch("indexer.query.Restorer.restore", lambda _, t, *__: t),
    "no examples": lambda: mock.patch("indexer.build.load_examples", return_value=[]),
}


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--plan")
    parser.add_argument("--questions", type=Path, action="append", required=True)
    parser.add_argument("--curve", type=Path)
    arguments = parser.parse_args()
    plan, encoder = load_plan(arguments.plan), open_encoder("")
    with tempfile.TemporaryDirectory() as folder:
        _ablation(plan, encoder, arguments.questions, Path(folder))
        _calibration(plan, encoder, Path(folder), arguments.curve)


def _ablation(plan: Plan, encoder: Encoder, files: Sequence[Path], folder: Path) -> None:
    table = Table("search with", *(f"{file.stem}: {name}" for file in files for name in MEASURES))
    variants = [(name, encoder, change) for name, change in WITHOUT.items()]
    variants.append(("no encoder", None, None))
    for name, used, change in track(variants, description="Measuring"):
        with change() if change else nullcontext():
            # one folder: what was encoded for one variant is not encoded again for the next
            (folder / plan.id / "manifest.json").unlink(missing_ok=True)
            build_index(plan, used, folder)
            searcher = Searcher.open(plan, used, folder)
            cells = []
            for file in files:
                measures = report(run(searcher, load_questions(file)))
                cells += [f"{measures[measure]:.3f}" for measure in MEASURES]
        table.add_row(name, *cells)
    Console(width=200).print(table)


def _calibration(plan: Plan, encoder: Encoder, folder: Path, curve: Path | None) -> None:
    (folder / plan.id / "manifest.json").unlink(missing_ok=True)
    with mock.patch("indexer.build.calibrate", side_effect=calibrate) as seen:
        build_index(plan, encoder, folder)
    evidence, is_right = (np.array(part) for part in left_out_trials(*seen.call_args.args))
    fold = np.arange(len(evidence)) % FOLDS
    said = np.zeros(len(evidence))
    for number in range(FOLDS):
        chance = fit(evidence[fold != number], is_right[fold != number])
        said[fold == number] = [chance.of(row) for row in evidence[fold == number]]
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    rows = [(said[bins == b].mean(), is_right[bins == b].mean(), int((bins == b).sum()))
            for b in range(BINS) if (bins == b).any()]  # fmt: skip
    table = Table("said", "right", "questions")
    for promised, held, count in rows:
        table.add_row(f"{promised:.3f}", f"{held:.3f}", str(count))
    error = sum(abs(promised - held) * count for promised, held, count in rows) / len(said)
    console = Console()
    console.print(table)
    console.print(f"expected calibration error {error:.4f} over {len(said)} left-out examples")
    if curve:
        curve.write_text(_drawn(rows), encoding="utf-8")


def _drawn(rows: Sequence[tuple[float, float, int]]) -> str:
    """The curve as SVG: what was said across, what was right upwards, 0 to 1 both."""
    size, edge = 300, 40

    def at(said: float, right: float) -> str:
        return f"{edge + said * size:.1f},{edge + (1 - right) * size:.1f}"

    most = max(count for *_, count in rows)
    dots = "".join(
        '<circle cx="{}" cy="{}" r="{:.1f}" fill="#06c"/>'.format(
            *at(said, right).split(","), 3 + 6 * (count / most) ** 0.5
        )
        for said, right, count in rows
    )
    line = " ".join(at(said, right) for said, right, _ in rows)
    marks = "".join(
        f'<text x="{edge + n * size / 5:.0f}" y="{edge + size + 16}" text-anchor="middle">{n / 5}'
        f'</text><text x="{edge - 6}" y="{edge + size - n * size / 5 + 4:.0f}" text-anchor="end">'
        f"{n / 5}</text>"
        for n in range(6)
    )
    whole = size + 2 * edge
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole + 10}" '
        f'font-family="sans-serif" font-size="11"><title>Confidence against truth</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#999"/>'
        f'<path d="M{at(0, 0)}L{at(1, 1)}" stroke="#999" stroke-dasharray="4"/>'
        f'<polyline points="{line}" fill="none" stroke="#06c"/>{dots}{marks}'
        f'<text x="{edge + size / 2}" y="{whole + 4}" text-anchor="middle">confidence said</text>'
        f'<text x="{edge}" y="{edge - 12}">share that was right</text></svg>\n'
    )


if __name__ == "__main__":
    main()
