"""The README keeps its word: commands, options, settings, folders and files exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from knowledge.plan import load_plan

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \|", README, flags=re.MULTILINE)
COMMANDS = [
    (match[1], match[2])
    for row in ROWS
    for match in re.finditer(r"`(bot|indexer|knowledge) ([a-z-]+)", row)
]


@pytest.mark.parametrize(("module", "command"), COMMANDS)
def test_every_command_named_exists(module: str, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, command, "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0
    for option in re.findall(r"--[a-z]+", _row_of(module, command)):
        assert option in done.stdout


def _row_of(module: str, command: str) -> str:
    rows = [row for row in ROWS if f"`{module} {command}" in row]
    assert rows
    return re.split(r"`(?=, `)|` or `", rows[0])[0] if len(rows) == 1 else rows[0]


def test_the_two_commands_are_the_ones_that_a_newcomer_needs() -> None:
    start = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python -m bot"
    test = ".venv/bin/pip install '.[test]' && .venv/bin/pytest -n auto"
    assert f"```sh\n{start}\n```" in README
    assert f"```sh\n{test}\n```" in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert ".venv/bin/pip install -q '.[test]'" in ci
    assert "\n.venv/bin/pytest -n auto\n" in ci


def test_the_settings_table_lists_every_setting() -> None:
    table = README.split("## Settings", 1)[1].split("\n## ", 1)[0]
    listed = {name for row in table.splitlines() for name in re.findall(r"`([A-Z_]+)`", row[:40])}
    levels = {"DEBUG", "INFO", "WARNING", "ERROR"}
    assert listed - levels == {name.upper() for name in Settings.model_fields}


def test_the_files_of_the_folder_map_exist() -> None:
    folder = ROOT
    for line in README.split("```text\nknowledge/", 1)[1].split("```", 1)[0].splitlines():
        if line and not line.startswith(" "):
            folder = ROOT / line.split()[0].strip("/")
        for name in re.findall(r"\b[a-z_]+\.py\b", line):
            assert (folder / name).exists() or (ROOT / "knowledge" / name).exists(), name


def test_the_example_exchange_is_what_the_assistant_says() -> None:
    plan = load_plan()
    exchange = README.split("```text\n> ", 1)[1].split("```", 1)[0]
    quotes = [line.strip() for line in exchange.splitlines() if line.startswith("    ")]
    assert quotes[0] in plan.flat_text
    refused = exchange.strip().splitlines()[-1]
    assert refused in {refusal.text for refusal in plan.refusals.topics.values()}


@pytest.mark.parametrize("path", re.findall(r"`(docs/[\w./-]+)`", README))
def test_every_page_named_exists(path: str) -> None:
    assert (ROOT / path).exists()
