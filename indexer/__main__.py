"""The commands: python -m indexer add | build | search | evaluate | clauses."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from indexer import commands
from indexer.errors import IndexerError
from knowledge.errors import KnowledgeError
from knowledge.plan import PLANS_DIR

app = typer.Typer(
    help="Finds passages of a plan.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
PlanId = Annotated[str | None, typer.Option("--plan", envvar="PLAN_ID", help="The plan's id.")]
PlansDir = Annotated[Path, typer.Option(envvar="PLANS_DIR", help="Where the plans stand.")]
IndexDir = Annotated[Path | None, typer.Option(envvar="INDEX_DIR", help="Where indexes are kept.")]
Model = Annotated[
    str, typer.Option(envvar="EMBEDDING_MODEL", help="sentence-transformers model, or empty.")
]


class Encoding(StrEnum):
    """Encodings of Vietnamese before Unicode."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    VISCII = "viscii"
    VPS = "vps"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]


@app.command()
def add(
    place: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="What to add.")],
    plan: Annotated[
        str | None, typer.Option("--plan", help="The plan's id, else from the file's name.")
    ] = None,
    plans_dir: PlansDir = PLANS_DIR,
    index_dir: IndexDir = None,
    embedding_model: Model = "",
    encoding: Annotated[
        Encoding | None, typer.Option(help="What the text is in, where it is not recognised.")
    ] = None,
    skip_scanned: Annotated[
        bool, typer.Option("--skip-scanned", help="Leave out pages that are pictures.")
    ] = False,
) -> None:
    """Make a plan of each document, indexed; exit code 2 if any was refused."""
    from indexer.documents.command import add_documents

    named = encoding.value if encoding else None
    add_documents(place, plan, plans_dir, index_dir, embedding_model, named, skip_scanned)


@app.command()
def build(
    plan: PlanId = None,
    plans_dir: PlansDir = PLANS_DIR,
    index_dir: IndexDir = None,
    embedding_model: Model = "",
) -> None:
    """Index a plan; nothing to do when nothing has changed."""
    commands.build(plan, plans_dir, index_dir, embedding_model)


@app.command()
def search(
    query: str,
    plan: PlanId = None,
    plans_dir: PlansDir = PLANS_DIR,
    index_dir: IndexDir = None,
    embedding_model: Model = "",
    json: AsJson = False,
) -> None:
    """Rank the clauses for a query."""
    commands.search(query, plan, plans_dir, index_dir, embedding_model, json)


@app.command()
def evaluate(
    questions: Annotated[Path | None, typer.Option(help="A file of judged questions.")] = None,
    beir: Annotated[Path | None, typer.Option(help="A benchmark folder in BEIR's layout.")] = None,
    queries: Annotated[Path | None, typer.Option(help="Other queries for --beir.")] = None,
    plan: PlanId = None,
    plans_dir: PlansDir = PLANS_DIR,
    index_dir: IndexDir = None,
    embedding_model: Model = "",
    json: AsJson = False,
) -> None:
    """Measure search on judged questions or on a public benchmark."""
    if (questions is None) == (beir is None):
        raise typer.BadParameter("give either --questions FILE.tsv or --beir FOLDER")
    if beir is not None:
        commands.evaluate_beir(beir, queries, embedding_model, json)
    elif questions is not None:
        commands.evaluate_questions(questions, plan, plans_dir, index_dir, embedding_model, json)


@app.command()
def benchmark(
    sizes: Annotated[
        list[int] | None, typer.Option("--size", min=10, help="Passages; may be given again.")
    ] = None,
    kept: Annotated[
        Path | None, typer.Option("--keep", help="Keep the indexes here and take them up again.")
    ] = None,
    plan: PlanId = None,
    plans_dir: PlansDir = PLANS_DIR,
) -> None:
    """Measure what the text index costs as it grows, on generated passages."""
    commands.benchmark(sizes or commands.BENCHMARK_SIZES, plan, plans_dir, kept)


@app.command()
def clauses(
    plan: PlanId = None,
    plans_dir: PlansDir = PLANS_DIR,
    write: Annotated[bool, typer.Option("--write", help="Write clauses.jsonl anew.")] = False,
) -> None:
    """Derive a plan's clauses from its text and list them."""
    commands.clauses(plan, plans_dir, write)


def main() -> None:
    """Run a command; what goes wrong is one line on stderr, with exit code 2."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except (KnowledgeError, IndexerError) as error:
        print(str(error), file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()
