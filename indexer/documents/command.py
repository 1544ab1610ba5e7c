"""What python -m indexer add does, and how it prints."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.progress import track

from indexer.commands import default_index_dir, opened_database, opened_encoder
from indexer.documents.add import Added, Places, Reading, add_all, files_of
from indexer.documents.report import report_lines
from indexer.documents.wording import refusal
from indexer.errors import DocumentError

_err = Console(stderr=True, highlight=False, markup=False, emoji=False)


def add_documents(
    place: Path,
    plan_id: str | None,
    plans_dir: Path,
    index_dir: Path | None,
    model: str,
    encoding: str | None,
    skip_scanned: bool,
) -> None:
    """Add a file or each document of a folder; exits with 2 if any was refused."""
    files = files_of(place)
    if plan_id and place.is_dir():
        raise refusal("plan_for_folder", file=place)
    places = Places(
        plans_dir, index_dir or default_index_dir(), opened_encoder(model), opened_database()
    )
    bar = iter(track(files, description=place.name, console=_err, disable=len(files) == 1))

    def tell(path: Path, outcome: Added | DocumentError) -> None:
        next(bar, None)
        if isinstance(outcome, DocumentError):
            typer.echo(str(outcome), err=True)
        else:
            typer.echo("\n".join(report_lines(path.name, outcome)))

    n_refused = add_all(files, plan_id, places, Reading(encoding, skip_scanned), tell)
    for _ in bar:
        pass
    if n_refused:
        raise typer.Exit(2)
