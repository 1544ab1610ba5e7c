"""This project beside Haystack, txtai and LangChain: python benchmarks/peers/compare.py

Each framework gets a virtual environment of its own under --work, the same passages, the same
encoder and the same questions. The first run installs them. One table is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from indexer.evaluate import load_questions  # noqa: E402 (the checkout's packages)
from indexer.normalize import strip_marks  # noqa: E402
from indexer.passages import passages_of  # noqa: E402
from knowledge.plan import load_plan  # noqa: E402

ENVIRONMENTS = {  # contestant -> virtual environment
    "haystack": "haystack",
    "txtai": "txtai",
    "langchain": "langchain",
    "ours, text only": "ours",
    "ours": "ours",
}
CPU_TORCH = {"txtai", "ours"}  # installed first, so that pip takes a CPU build where there is one
COLD_RUNS = 3
COLUMNS = ("", "R@1", "R@3", "R@1, no marks", "warm", "cold start", "installed", "peak memory")


def main() -> None:
    """Install what is missing, measure every contestant, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, help="judged questions; default: the plan's own")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "peers", help="for environments"
    )
    arguments = parser.parse_args()
    count = _write_data(arguments.work, arguments.questions)
    table = Table(*COLUMNS, title=f"{count} answerable questions")
    for name, environment in ENVIRONMENTS.items():
        python = _environment(arguments.work, environment)
        table.add_row(name, *_row(name, python, arguments.work))
    Console(width=120).print(table)


def _write_data(work: Path, path: Path | None) -> int:
    """Passages and answerable questions, as every contestant gets them."""
    plan = load_plan()
    work.mkdir(parents=True, exist_ok=True)
    passages = [
        {
            "clause": passage.clause,
            "text": f"{passage.context}. {passage.search_text}"
            if passage.context
            else passage.search_text,
        }
        for passage in passages_of(plan)
    ]
    questions = [
        {
            "question": question.text,
            "without_marks": strip_marks(question.text),
            "accepted": sorted(question.accepted),
        }
        for question in load_questions(path or plan.folder / "evaluation_questions.tsv")
        if question.accepted
    ]
    for name, rows in (("passages", passages), ("questions", questions)):
        (work / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return len(questions)


def _environment(work: Path, name: str) -> Path:
    """The environment's interpreter; installed where its folder is not there yet."""
    python = work / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", work / name], check=True)
        install = [python, "-m", "pip", "install", "-q"]
        if name in CPU_TORCH:
            subprocess.run([*install, "torch==2.13.0"])
        wanted = ["-r", HERE / f"requirements-{name}.txt"] if name != "ours" else [ROOT]
        subprocess.run([*install, *wanted], check=True)
    return python


def _row(name: str, python: Path, work: Path) -> list[str]:
    command = [python, HERE / "measure.py", name, work]
    subprocess.run([*command, "--first"], check=True, cwd=work, stdout=subprocess.DEVNULL)
    colds = []
    for _ in range(COLD_RUNS):
        start = time.perf_counter()
        subprocess.run([*command, "--first"], check=True, cwd=work, stdout=subprocess.DEVNULL)
        colds.append(time.perf_counter() - start)
    output = subprocess.run(command, check=True, cwd=work, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    quality = ("recall_at_1", "recall_at_3", "recall_at_1_without_marks")
    return [
        *(f"{found[key]:.3f}" for key in quality),
        f"{found['warm_ms']:.1f} ms",
        f"{statistics.median(colds):.1f} s",
        f"{_size(python.parents[1]) / 2**20:.0f} MB",
        f"{found['peak_mb']:.0f} MB" if found["peak_mb"] else "-",
    ]


def _size(folder: Path) -> int:
    """Bytes of the environment's packages without pip and setuptools, which all bring along."""
    packages = next(folder.glob("lib/python*/site-packages"))
    return sum(
        os.lstat(Path(place) / file).st_size
        for place, _, files in os.walk(packages)
        for file in files
        if Path(place).relative_to(packages).parts[:1] not in (("pip",), ("setuptools",))
    )


if __name__ == "__main__":
    main()
