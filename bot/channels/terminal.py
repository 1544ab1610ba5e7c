"""The terminal channel: one answer to a question, or a conversation line by line."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.channels.choices import buttons_of, chosen_action, menu_lines
from bot.channels.emphasis import split_emphasis
from bot.channels.layout import list_mark, stands_close
from bot.channels.turn import TurnFailedError, clean_text, take_turn
from bot.turns import Block, Message, Reply

if TYPE_CHECKING:
    from bot.assistant import Assistant

_LEAVE = ("/thoat", "/thoát")
_STYLES = {"heading": "bold", "source": "italic", "notice": "dim italic"}
_INDENTS = {"quote": 4, "source": 4, "item": 2}


def ask(assistant: Assistant, question: str, as_json: bool) -> int:
    """Print the answer to one question; the exit code: 0, or 1 when the turn broke."""
    console = open_console()
    try:
        reply = take_turn(assistant, _message(text=question))
    except TurnFailedError as error:
        sys.stderr.write(_failure(assistant, error) + "\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps(answer_as_json(reply), ensure_ascii=False) + "\n")
    else:
        show(console, reply, with_buttons=reply.status == "unclear")  # headings are its answer
        _save(assistant, console, reply)
    return 0


def chat(assistant: Assistant) -> None:
    """Talk until the person leaves or the input ends; a button is chosen by its number."""
    console = open_console()
    is_interactive = sys.stdin.isatty()
    last: Reply | None = None
    try:
        if is_interactive:
            last = _turn(assistant, console, _message(text="/start"), last)
            _print(console, Text(assistant.wording("terminal.welcome"), "dim italic"))
        for line in _lines(assistant.wording("terminal.prompt") if is_interactive else ""):
            if line.lower() in _LEAVE:
                break
            action = _chosen(last, line)
            message = _message(action=action) if action else _message(text=line)
            last = _turn(assistant, console, message, last)
    except KeyboardInterrupt:
        console.print()
    _print(console, Text(assistant.wording("terminal.bye")))


def show(console: Console, reply: Reply, *, with_buttons: bool) -> None:
    """Print a reply: quotes indented with their source below, numbered buttons."""
    previous = ""
    for block in reply.blocks:
        if previous and not stands_close(previous, block.kind):
            console.print()
        _print(console, _styled(block), _INDENTS.get(block.kind, 0))
        previous = block.kind
    if with_buttons and any(reply.buttons):
        console.print()
        for line in menu_lines(reply):
            _print(console, Text(line, "cyan"), 2)


def answer_as_json(reply: Reply) -> dict[str, object]:
    """The reply as `ask --json` prints it."""
    return {
        "status": reply.status,
        "answer": reply.text,
        "citations": [
            {"clause": citation.clause, "path": list(citation.path), "quote": citation.quote}
            for citation in reply.citations
        ],
        "confidence": reply.confidence,
    }


def open_console() -> Console:
    """Standard output; with colours only where a person looks at it."""
    is_terminal = sys.stdout.isatty()
    return Console(
        force_terminal=is_terminal,
        no_color=None if is_terminal else True,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _turn(
    assistant: Assistant, console: Console, message: Message, last: Reply | None
) -> Reply | None:
    """Take one turn and print it; the reply whose buttons can be chosen after it."""
    try:
        reply = take_turn(assistant, message)
    except TurnFailedError as error:
        _print(console, Text(_failure(assistant, error)))
        return last
    console.print()
    show(console, reply, with_buttons=True)
    _save(assistant, console, reply)
    console.print()
    return reply


def _save(assistant: Assistant, console: Console, reply: Reply) -> None:
    """Write the reply's files into the current folder, over no other, and say where they are."""
    for file in reply.attachments:
        try:
            path = write_new(Path.cwd(), file.name, file.content)
        except OSError as error:
            said = assistant.wording("terminal.not_saved", name=file.name, reason=error.strerror)
        else:
            said = assistant.wording("terminal.saved", path=path)
        console.print()
        _print(console, Text(said))


def write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file; where there is one of this name, "name-2" and so on. Raises OSError."""
    wanted = folder / PurePath(name).name
    for number in itertools.count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        with contextlib.suppress(FileExistsError), path.open("xb") as file:
            file.write(content)
            return path
    raise AssertionError("unreachable")


def _chosen(last: Reply | None, line: str) -> str:
    """The action of the button that a typed number stands for, "" for none."""
    if last is None:
        return ""
    actions = [button.action for button in buttons_of(last)]
    return chosen_action(actions, line, needs_mark=last.expects_figure)


def _lines(prompt: str) -> Iterator[str]:
    """What the person types, line by line, without empty lines."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 (from here on input() lets a line be edited)
    while True:
        try:
            line = clean_text(input(prompt)).strip()
        except EOFError:
            return
        if line:
            yield line


def _message(text: str = "", action: str = "") -> Message:
    return Message(channel="terminal", chat="terminal", text=clean_text(text), action=action)


def _failure(assistant: Assistant, error: TurnFailedError) -> str:
    return assistant.wording("terminal.failed", reference=error.reference)


def _styled(block: Block) -> Text:
    style = _STYLES.get(block.kind, "")
    text = Text(list_mark(block.text) if block.kind == "item" else "", style)
    for run in split_emphasis(block.text):
        text.append(run.text, "italic" if run.emphasized else "")
    return text


def _print(console: Console, text: Text, indent: int = 0) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)))
        return
    # Piped output keeps each paragraph on its line, for whatever reads it next.
    for line in text.split():
        console.print(Text(" " * indent) + line, soft_wrap=True)
