"""Every sentence of the assistant: present, used, and filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot
from bot.errors import MissingWordingError
from bot.wording import Wording

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))
KEY = re.compile(r"""["']([a-z]+(?:\.[a-z_]+)+)["']""")
# keys put together at run time from a name that the code holds
MADE = {"award.ask_subject", "award.ask_occasion"}


def keys_in_code(wording: Wording) -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    text = re.sub(r"getLogger\([^)]*\)", "", text)  # names of loggers look like keys
    plain = {key for key in wording.sentences if "." not in key and f'"{key}"' in text}
    dotted = {key for key in KEY.findall(text) if key.split(".")[0] in heads(wording)}
    return plain | dotted | MADE


def heads(wording: Wording) -> set[str]:
    return {key.split(".")[0] for key in wording.sentences if "." in key}


def test_every_key_in_the_code_has_a_sentence(wording: Wording) -> None:
    commands = {key for key in wording.sentences if key.startswith("command.")}
    assert keys_in_code(wording) - commands <= wording.sentences.keys()


def test_every_sentence_is_used(wording: Wording) -> None:
    from bot.dialogue import COMMANDS
    from bot.plan_router import COMMAND

    used = keys_in_code(wording) | {f"command.{name}" for name in (*COMMANDS, COMMAND)}
    page = (Path(bot.__file__).parent / "channels" / "page").rglob("*")
    shown = "\n".join(p.read_text(encoding="utf-8") for p in page if p.is_file())
    unused = {k for k in wording.sentences if k not in used and k.split(".")[-1] not in shown}
    assert unused == set()


def test_a_missing_key_or_field_is_named(wording: Wording) -> None:
    with pytest.raises(MissingWordingError, match=r"no\.such"):
        wording("no.such")
    with pytest.raises(MissingWordingError, match="award"):
        wording("dossier.title")


def test_the_sentences_of_every_command_exist(wording: Wording) -> None:
    from bot.dialogue import COMMANDS

    assert all(wording(f"command.{name}") for name in COMMANDS)
