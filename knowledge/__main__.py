"""python -m knowledge check | evaluate."""

from __future__ import annotations

from typing import Annotated

import typer

from knowledge.check import check_plan
from knowledge.errors import KnowledgeError

app = typer.Typer(
    help="Checks a plan's data, and evaluates units against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
PlanOption = Annotated[str | None, typer.Option("--plan", metavar="ID", help="Which plan.")]


@app.command()
def check(plan: PlanOption = None) -> None:
    """Check a plan's folder against its text; exit code 2 if anything is wrong."""
    try:
        results = check_plan(plan)
    except KnowledgeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for result in results:
        sign = "ok " if not result.problems else "BAD"
        typer.echo(f"{sign} {result.name} ({result.n_checked})")
        for problem in result.problems:
            typer.echo(f"    {problem}")
    n_problems = sum(len(result.problems) for result in results)
    typer.echo(f"{n_problems} problems" if n_problems else "The plan's data agree with its text.")
    if n_problems:
        raise typer.Exit(2)


if __name__ == "__main__":
    app()
