"""python -m knowledge check | evaluate | new-plan."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from knowledge.check import check_plan
from knowledge.errors import KnowledgeError, UnitsFileError
from knowledge.evaluation import FORMATS, EvaluatedFile, evaluate_bytes
from knowledge.messages import messages
from knowledge.new_plan import new_plan
from knowledge.plan import PLANS_DIR, Plan, available_plans, load_plan
from knowledge.template import template_bytes

_MAX_SHOWN = 100

app = typer.Typer(
    help="Checks a plan's data, and evaluates units against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
PlanOption = Annotated[str | None, typer.Option("--plan", metavar="ID", help="Which plan.")]
PlansDir = Annotated[Path, typer.Option(envvar="PLANS_DIR", help="Where the plans stand.")]
UnitsArgument = Annotated[Path | None, typer.Argument(metavar="UNITS", help=".csv or .xlsx")]
OutputOption = Annotated[
    Path | None, typer.Option(help="Where the results go: .xlsx, .csv or .json; never overwritten.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Results on standard output, as JSON.")]
TemplateOption = Annotated[Path | None, typer.Option(help="Write an empty .xlsx to fill in.")]


@app.command()
def check(plan: PlanOption = None, plans_dir: PlansDir = PLANS_DIR) -> None:
    """Check a plan's folder against its text, or every plan's; exit code 2 if anything is wrong."""
    known = available_plans(plans_dir)
    n_problems = 0
    for plan_id in known if plan is None and known else [plan]:
        if len(known) > 1:
            typer.echo(f"{plan_id}:")
        n_problems += _check(plan_id, plans_dir)
    typer.echo(f"{n_problems} problems" if n_problems else "The plan's data agree with its text.")
    if n_problems:
        raise typer.Exit(2)


@app.command("new-plan")
def new_plan_folder(
    plan_id: Annotated[str, typer.Argument(metavar="ID", help="The new folder's name.")],
    plans_dir: PlansDir = PLANS_DIR,
) -> None:
    """Write a new plan's folder, empty but sound; how it is filled in stands in its files."""
    try:
        folder = new_plan(plan_id, plans_dir)
    except KnowledgeError as error:
        raise _stop(str(error)) from error
    typer.echo(f"{folder}: written; next: python -m indexer add FILE --plan {plan_id}")


@app.command()
def evaluate(
    units: UnitsArgument = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    template: TemplateOption = None,
    plan: PlanOption = None,
    plans_dir: PlansDir = PLANS_DIR,
) -> None:
    """Evaluate a file of units, one a row; exit code 2 if any cell or the file is wrong."""
    try:
        loaded = load_plan(plan, plans_dir)
        if template is not None:
            _refuse_existing(template, (".xlsx",))
            _write_new(template, template_bytes(loaded))
        if units is not None:
            _evaluate(loaded, units, output, as_json)
        elif template is None:
            raise UnitsFileError("UNITS: name a .csv or .xlsx file, or use --template FILE.xlsx")
    except KnowledgeError as error:
        raise _stop(str(error)) from error


def _check(plan_id: str | None, plans_dir: Path) -> int:
    """Print the results of every check of one plan; how many problems there are."""
    try:
        results = check_plan(plan_id, plans_dir)
    except KnowledgeError as error:
        raise _stop(str(error)) from error
    for result in results:
        typer.echo(f"{'BAD' if result.problems else 'ok '} {result.name} ({result.n_checked})")
        for problem in result.problems:
            typer.echo(f"    {problem}")
    return sum(len(result.problems) for result in results)


def _evaluate(plan: Plan, units: Path, output: Path | None, as_json: bool) -> None:
    if output is not None:
        _refuse_existing(output, tuple(FORMATS))
    formats = {*([output.suffix.lower()] if output else []), *([".json"] if as_json else [])}
    found = evaluate_bytes(plan, units.name, _read(units), date.today(), sorted(formats))  # noqa: DTZ011
    if output is not None:
        _write_new(output, found.contents[output.suffix.lower()])
    if as_json:
        sys.stdout.buffer.write(found.contents[".json"])
        sys.stdout.flush()
    else:
        _show_counts(plan, found)
    for problem in found.problems[:_MAX_SHOWN]:
        typer.echo(str(problem), err=True)
    if len(found.problems) > _MAX_SHOWN:
        typer.echo(f"… {len(found.problems) - _MAX_SHOWN} more bad cells", err=True)
    for message in found.messages:
        typer.echo(message, err=True)
    if found.problems:
        raise typer.Exit(2)


def _show_counts(plan: Plan, found: EvaluatedFile) -> None:
    verdicts = messages().verdicts
    table = Table(messages().columns["award"], *verdicts.values())
    for award in plan.rules.awards:
        counts = [str(found.counts[(award.id, verdict)]) for verdict in verdicts]
        table.add_row(award.label, *counts)
    Console().print(table)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnitsFileError(f"{path}: cannot be read ({error.strerror}); name a file") from error


def _refuse_existing(path: Path, suffixes: tuple[str, ...]) -> None:
    if path.suffix.lower() not in suffixes:
        raise UnitsFileError(f"{path}: allowed endings: {', '.join(suffixes)}; name it so")
    if path.exists():
        raise UnitsFileError(f"{path}: the file exists and is not overwritten; name another")
    if not path.parent.is_dir():
        raise UnitsFileError(f"{path}: the folder {path.parent} does not exist; create it first")


def _write_new(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise UnitsFileError(
            f"{path}: cannot be written ({error.strerror}); name another place"
        ) from error


def _stop(line: str) -> typer.Exit:
    typer.echo(line, err=True)
    return typer.Exit(2)


if __name__ == "__main__":
    app()
