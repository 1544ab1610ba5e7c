"""One server with the real assistant and one browser for all tests of the page.

The browser runs while tests of this folder run: while it is open, no other test in the same thread
could run an event loop of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Visitor
from web_process import NO_LIMIT, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


class OneBrowser:
    """A real browser, opened when it is first needed, with a page of each size kept open in it."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser: Browser | None = None
        self._kept: dict[str, Visitor] = {}

    def get(self) -> Browser:
        """The browser; the test is skipped where there is none."""
        api = pytest.importorskip("playwright.sync_api")
        if not CHROMIUM:
            pytest.skip("no chromium on PATH, and CHROMIUM does not name one")
        if self._browser is None:
            playwright = self._open.enter_context(api.sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            self._open.callback(self._browser.close)
        return self._browser

    def kept(self, address: str, size: str) -> Visitor:
        """The visitor of this size who goes on from test to test; at rest, conversation open."""
        visitor = self._kept.get(size)
        if visitor is None:
            visitor = self._kept[size] = Visitor(self.get(), address, size).open()
        return visitor

    def drop(self, visitor: Visitor) -> None:
        """Close a kept visitor's page: what went wrong in a test must not reach the next."""
        self._kept = {size: one for size, one in self._kept.items() if one is not visitor}
        visitor.context.close()

    def close(self) -> None:
        """Close everything; it opens again when it is needed again."""
        self._open.close()
        self._open, self._browser, self._kept = ExitStack(), None, {}


_BROWSER = OneBrowser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item,  # noqa: ARG001
    nextitem: pytest.Item | None,
) -> Generator[None, object, object]:
    """After the last of these tests in a row the browser goes."""
    try:
        return (yield)
    finally:
        if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
            _BROWSER.close()


@pytest.fixture(scope="session")
def address(index_dir: Path) -> Iterator[str]:
    """Where the page with the real assistant is."""
    with serving({"INDEX_DIR": str(index_dir), **NO_LIMIT}) as address:
        yield address


@pytest.fixture
def browser() -> Browser:
    """A real browser."""
    return _BROWSER.get()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """Opens the page for a new visitor; at the end nothing may have gone wrong in any page."""
    visitors: list[Visitor] = []

    def visit(size: str = "phone", scheme: str = "light", at: str = address) -> Visitor:
        visitors.append(Visitor(browser, at, size, scheme))
        return visitors[-1].open()

    yield visit
    for visitor in visitors:
        visitor.close()


@pytest.fixture(params=["phone", "desktop"])
def visitor(request: pytest.FixtureRequest, address: str) -> Iterator[Visitor]:
    """A visitor on a phone, then one on a desktop, in the middle of a conversation.

    For what people can do at any time. The page stays open for the next test, which begins after
    what was said before, with everything else as on a new page.
    """
    yield from _kept(request, address, request.param)


@pytest.fixture
def phone(request: pytest.FixtureRequest, address: str) -> Iterator[Visitor]:
    """As `visitor`, on a phone alone."""
    yield from _kept(request, address, "phone")


@pytest.fixture
def desktop(request: pytest.FixtureRequest, address: str) -> Iterator[Visitor]:
    """As `visitor`, on a desktop alone."""
    yield from _kept(request, address, "desktop")


FAILED = pytest.StashKey[bool]()


def _kept(request: pytest.FixtureRequest, address: str, size: str) -> Iterator[Visitor]:
    visitor = _BROWSER.kept(address, size)
    yield visitor
    is_sound = not request.node.stash.get(FAILED, False)
    try:
        if is_sound:
            is_sound = False
            visitor.check()
            visitor.rest()
            is_sound = True
    finally:
        if not is_sound:
            _BROWSER.drop(visitor)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],  # noqa: ARG001
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note for the fixtures whether the test failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report
