"""The commands: python -m bot [COMMAND]. The only place where parts are wired."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.logs import configure_logging
from bot.channels.turn import log_failure, new_reference
from bot.errors import BotError
from bot.settings import Settings, load_settings
from indexer.errors import IndexerError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.channels.web_server import Channel
    from bot.store import Store
    from bot.wording import Wording

# Channels and the assistant are imported inside the commands: each command loads what it needs
# and no more, so that `ask` answers without waiting for a Telegram or web library.

app = typer.Typer(
    help="Answers questions about the plan in the plan's own words, with the clause.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Serve every configured channel: the web chat, Telegram and Zalo with their tokens set."""
    if context.invoked_subcommand is not None:
        return
    _serve(_start())


@app.command()
def ask(
    question: str,
    json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
) -> None:
    """Answer one question."""
    from bot.channels import terminal

    settings = _start(for_person=True)
    raise typer.Exit(terminal.ask(_open(settings), question, as_json=json))


@app.command()
def chat() -> None:
    """Talk in the terminal."""
    from bot.channels import terminal

    settings = _start(for_person=True)
    terminal.chat(_open(settings))


@app.command()
def telegram() -> None:
    """Answer on Telegram alone."""
    _serve(_start(), page=False, names=("telegram",))


@app.command()
def zalo() -> None:
    """Answer on Zalo alone."""
    _serve(_start(), page=False, names=("zalo",))


@app.command()
def web(
    port: Annotated[int | None, typer.Option(help="Port to use instead of WEB_PORT.")] = None,
) -> None:
    """Answer in a web page on this machine alone."""
    _serve(_start() if port is None else _start(web_port=port), names=())


@app.command("export-unanswered")
def export_unanswered(
    output: Annotated[Path | None, typer.Option(help="File in .csv or .tsv; else stdout.")] = None,
) -> None:
    """Questions that found no answer, masked, in the columns of example_questions.tsv."""
    from bot.export import as_table, write_table
    from bot.store import open_store

    with open_store(_start(for_person=True)) as store:
        questions = store.unanswered()
    if output is None:
        typer.echo(as_table(questions), nl=False)
    else:
        write_table(questions, output)


def main() -> None:
    """Run a command; what goes wrong is one line on stderr, with exit code 2 or 1."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Vietnamese whatever the locale says, and no crash over a byte in another encoding
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except (KnowledgeError, IndexerError, BotError) as error:
        _complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        reference = new_reference()
        log_failure(reference, error)
        _complain(f"{type(error).__name__}: the log has the details under turn={reference}")
        sys.exit(1)


def _start(*, for_person: bool = False, **overrides: object) -> Settings:
    """The settings, with logging set up; a person in the terminal is shown warnings only."""
    settings = load_settings(**overrides)
    is_quiet = for_person and "log_level" not in settings.model_fields_set
    level = "WARNING" if is_quiet else settings.log_level
    others = (
        settings.telegram_webhook_secret,
        settings.zalo_bot_token,
        settings.zalo_webhook_secret,
    )
    hidden = [secret.get_secret_value().strip() for secret in others if secret]
    configure_logging(level, _token(settings), *hidden)
    return settings


def _token(settings: Settings) -> str:
    token = settings.telegram_token
    return token.get_secret_value().strip() if token else ""


def _open(settings: Settings) -> Assistant:
    from bot.assistant import open_assistant

    return open_assistant(settings)


def _open_serving(settings: Settings, store: Store) -> Assistant:
    from bot.assistant import open_assistant
    from bot.metrics import Metrics

    return open_assistant(settings, store, Metrics(store))


def _serve(settings: Settings, *, page: bool = True, names: tuple[str, ...] | None = None) -> None:
    """Serve the channels: the page unless told otherwise; without `names` those configured.

    Nothing listens on a port for channels that poll alone.
    """
    from bot.channels.web_server import Listening, serve
    from bot.store import serving_store
    from bot.wording import Wording

    wording = Wording.load()
    configured = {"telegram": bool(_token(settings)), "zalo": bool(settings.zalo_bot_token)}
    served = [name for name, is_set in configured.items() if is_set] if names is None else names

    def announce(address: str) -> None:
        if page:
            typer.echo(wording("web.open_at", address=address))
        if names is None and not served:
            typer.echo(wording("web.hint_token"))
        sys.stdout.flush()

    with serving_store(settings) as store:
        channels = [_channel(name, settings, store, wording, page=page) for name in served]
        listening = None
        if page or any(channel.routes() for channel in channels):
            listening = Listening(
                settings.web_host, settings.web_port, page, announce, _public_host(settings)
            )
        asyncio.run(
            serve(listening, wording, lambda: _open_serving(settings, store), store, channels)
        )


def _public_host(settings: Settings) -> str:
    return (settings.public_url.host or "") if settings.public_url else ""


def _channel(
    name: str, settings: Settings, store: Store, wording: Wording, *, page: bool
) -> Channel:
    if name == "zalo":
        from bot.channels.zalo import ZaloChannel

        return ZaloChannel(settings, store, wording, has_page=page)
    from bot.channels.telegram import TelegramChannel

    return TelegramChannel(settings, store)


def _complain(sentence: str) -> None:
    typer.echo(" ".join(sentence.split()), err=True)


if __name__ == "__main__":
    main()
