"""One server with the real assistant for all tests of the page, and a browser a module.

The browser is not kept for the session: while it is open no test in the same thread could run an
event loop of its own.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import Visitor
from channel_fakes import running

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_LIMIT = {"RATE_PER_MINUTE": "100000", "RATE_PER_MINUTE_ALL": "1000000"}


@contextmanager
def serving(environment: dict[str, str], *, fake: bool = False) -> Iterator[str]:
    """A web chat of its own; its address."""
    with running("web", "--port", "0", fake=fake, environment=environment) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found
        yield found[0]


@pytest.fixture(scope="session")
def address(index_dir: Path) -> Iterator[str]:
    """Where the page with the real assistant is."""
    with serving({"INDEX_DIR": str(index_dir), **NO_LIMIT}) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A real browser."""
    api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no chromium on PATH, and CHROMIUM does not name one")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: object, address: str) -> Iterator[Callable[..., Visitor]]:
    """Opens the page for a new visitor; at the end nothing may have gone wrong in any page."""
    visitors: list[Visitor] = []

    def visit(size: str = "phone", scheme: str = "light", at: str = address) -> Visitor:
        visitors.append(Visitor(browser, at, size, scheme))  # type: ignore[arg-type]
        return visitors[-1].open()

    yield visit
    for visitor in visitors:
        visitor.close()
