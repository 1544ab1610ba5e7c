"""A person at the web chat: what they type and press, and what they then see."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

SIZES = {"phone": (360, 800), "desktop": (1280, 800)}
_SLOWEST = 30_000  # milliseconds; a busy machine is no fault of the page
expect.set_options(timeout=_SLOWEST)


class Visitor:
    """A new visitor with a page of their own, who has been greeted."""

    def __init__(self, browser: Browser, address: str, size: str, scheme: str = "light") -> None:
        width, height = SIZES[size]
        is_phone = size == "phone"
        self.size = size
        self._scheme: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=self._scheme,
            locale="vi-VN",
            has_touch=is_phone,
            is_mobile=is_phone,
        )
        self.context.set_default_timeout(_SLOWEST)
        self.name = f"{size}-{scheme}"
        self.is_phone = is_phone
        self.address = address
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self) -> Visitor:
        """Load the page and wait for the greeting."""
        self.page.goto(self.address)
        self.page.locator(".chips").wait_for()
        self.answered()
        return self

    def say(self, text: str) -> Locator:
        """Type and send; the answer's bubble."""
        self.page.fill("#words", text)
        self.page.press("#words", "Enter")
        return self.answered()

    def chip(self, label: str) -> Locator:
        """Press the button that has the words; the answer's bubble."""
        self.page.locator(".chips button", has_text=label).first.click()
        return self.answered()

    def answered(self) -> Locator:
        """Wait until nothing is under way; the last bubble."""
        self.page.locator(".dots").wait_for(state="detached")
        return self.bubble

    @property
    def bubble(self) -> Locator:
        """The assistant's last bubble."""
        return self.page.locator(".bubble:not(.mine)").last

    def overflow(self) -> list[str]:
        """The visible parts that reach beyond the page's width."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll("body *")]
              .filter((part) => !part.closest(".unseen, svg") && part.getClientRects().length)
              .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
              .map((part) => `${part.tagName}.${part.className}: ${part.textContent.slice(0, 40)}`)
            """
        )
        return found

    def shot(self, name: str) -> None:
        """Keep a picture in TEST_ARTEFACTS_DIR, if that is set."""
        folder = os.environ.get("TEST_ARTEFACTS_DIR")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{self.name}-{name}.png")

    def check(self) -> None:
        """The page must neither have failed nor have asked anybody else for anything."""
        assert self.faults == []
        strange = [url for url in self.requests if not _is_own(url, self.address)]
        assert strange == []

    def rest(self) -> None:
        """Go back to where any test may begin; the conversation alone stays."""
        self.name = f"{self.size}-{self._scheme}"
        self.page.unroute_all()
        self.context.set_offline(False)
        self.page.emulate_media(media="screen", color_scheme=self._scheme)
        width, height = SIZES[self.size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(
            """() => {
              document.documentElement.removeAttribute("style");
              localStorage.clear();
              document.getElementById("tools").hidden = true;
              document.getElementById("more").setAttribute("aria-expanded", "false");
            }"""
        )
        if self.page.locator("#panel").is_visible():
            self.page.click("#panel-close")

    def close(self) -> None:
        """Leave, if all went well."""
        try:
            self.check()
        finally:
            self.context.close()

    def _note(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        is_lost_line = re.search(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 4\d\d", text)
        if kind in ("error", "warning") and not is_lost_line:
            self.faults.append(text)


def _is_own(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", f"blob:{address}/"))
