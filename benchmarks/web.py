"""What the web chat feels like: first paint on fast 3G, a turn in the browser, 100 at once.

Of the 100 at once three figures are printed: at the pace of people, who read an answer for 10 to 15
seconds before they ask on (offered: 8 turns a second); all of them sending in the same moment;
and each asking on without a pause, which tells the capacity and is no pace of people.

Run it on a quiet machine: python benchmarks/web.py. It needs chromium (or CHROMIUM naming one)
and the test extra; the load average is printed beside the figures.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from askers import every_question  # noqa: E402 (beside this file)

ADDRESS = re.compile(r"http://[\d.]+:\d+")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
FAST_3G = {"latency": 150, "down": 1.6e6 / 8, "up": 750e3 / 8}  # ms a request, bytes a second
FIRST_PAINTS, TURNS = 7, 40
SESSIONS, ALL_TURNS = 100, 2000
READING = (10.0, 15.0)  # seconds a person reads before asking on


def main() -> None:
    """Measure and print one table."""
    questions = every_question()
    load = os.getloadavg()[0]
    table = Table("measure", "value", title=f"the web chat, load average {load:.1f} at the start")
    with serving() as address:
        httpx.get(f"{address}/api/plan", timeout=600, trust_env=False)  # the assistant is open
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            rows = [*first_paint(browser, address), *turns_in_browser(browser, address, questions)]
            browser.close()
        turns = ALL_TURNS // SESSIONS
        rows += asyncio.run(at_once(address, questions, turns, READING))
        rows += asyncio.run(at_once(address, questions, 1, (0, 0)))
        rows += asyncio.run(at_once(address, questions, turns, (0, 0)))
    for name, value in rows:
        table.add_row(name, value)
    table.add_row("load average at the end", f"{os.getloadavg()[0]:.1f}")
    Console().print(table)


@contextmanager
def serving() -> Iterator[str]:
    """`python -m bot web` with data of its own and without limits; its address."""
    with tempfile.TemporaryDirectory() as data:
        limits = {"RATE_PER_MINUTE": "100000", "RATE_PER_MINUTE_ALL": "1000000"}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "web", "--port", "0"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": data, **limits},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert process.stdout
        found = ADDRESS.search(process.stdout.readline())
        assert found, "the web chat did not start"
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def first_paint(browser: Browser, address: str) -> list[tuple[str, str]]:
    """First contentful paint of a first visit, nothing in the cache."""
    paints, weights = [], []
    for _ in range(FIRST_PAINTS):
        context = browser.new_context(viewport={"width": 360, "height": 800}, is_mobile=True)
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        limits = {"downloadThroughput": FAST_3G["down"], "uploadThroughput": FAST_3G["up"]}
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": FAST_3G["latency"], **limits},
        )
        page.goto(address)
        page.locator(".chips").wait_for(timeout=60_000)
        paints.append(
            page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        )
        weights.append(
            page.evaluate(
                """[...performance.getEntriesByType('resource'),
                    ...performance.getEntriesByType('navigation')]
                    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
            )
        )
        context.close()
    return [
        ("first contentful paint, 150 ms and 1.6 Mbit/s, median", f"{_median(paints):.0f} ms"),
        ("first contentful paint, slowest", f"{max(paints):.0f} ms"),
        ("sent over the line for it all", f"{_median(weights) / 1000:.0f} kB"),
    ]


def turns_in_browser(
    browser: Browser, address: str, questions: Sequence[str]
) -> list[tuple[str, str]]:
    """From Enter until the answer is on the page."""
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(address)
    page.locator(".chips").wait_for(timeout=60_000)
    spent = [
        page.evaluate(
            """async (text) => {
              const bubbles = () => document.querySelectorAll(".bubble:not(.mine, .dots)").length;
              const before = bubbles();
              const seen = new Promise((done) => {
                new MutationObserver((_, watch) => {
                  if (bubbles() === before) return;
                  watch.disconnect();
                  requestAnimationFrame(() => done(performance.now()));
                }).observe(document.getElementById("talk"), { childList: true });
              });
              document.getElementById("words").value = text;
              const start = performance.now();
              document.getElementById("composer").requestSubmit();
              return (await seen) - start;
            }""",
            question,
        )
        for question in questions[:TURNS]
    ]
    return [
        (f"a turn in the browser, median of {len(spent)}", f"{_median(spent):.0f} ms"),
        ("a turn in the browser, 95th percentile", f"{_percentile(spent):.0f} ms"),
    ]


async def at_once(
    address: str, questions: Sequence[str], turns: int, reading: tuple[float, float]
) -> list[tuple[str, str]]:
    """Visitors who each ask one question after the other, all at the same time.

    Those who read come one after the other within the time of one reading. No question is asked
    twice in a run: what is remembered of one helps nobody here.
    """
    spent: list[float] = []
    failed = 0
    chance = random.Random(1)

    async def visitor(number: int) -> None:
        nonlocal failed
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=120) as client:
            token = (await client.get("/api/session")).json()["token"]
            await everybody_is_here.wait()
            await asyncio.sleep(chance.uniform(0, reading[1]))
            for turn in range(turns):
                text = questions[(number * turns + turn) % len(questions)]
                start = time.perf_counter()
                answer = await client.post(
                    "/api/turn",
                    json={"id": f"{turn}", "text": text},
                    headers={"x-page-token": token},
                )
                spent.append((time.perf_counter() - start) * 1000)
                failed += answer.status_code != 200
                await asyncio.sleep(chance.uniform(*reading))

    everybody_is_here = asyncio.Barrier(SESSIONS)
    started = time.perf_counter()
    await asyncio.gather(*(visitor(number) for number in range(SESSIONS)))
    whole = time.perf_counter() - started
    pace = "no pause" if not reading[1] else f"{reading[0]:.0f}-{reading[1]:.0f} s between"
    what = f"{turns} turns each, {pace}" if turns > 1 else "one turn each, in the same moment"
    return [
        (f"{SESSIONS} sessions, {what}: turns, errors", f"{len(spent)}, {failed}"),
        ("… median", f"{_median(spent):.0f} ms"),
        ("… 95th percentile", f"{_percentile(spent):.0f} ms"),
        ("… turns a second", f"{len(spent) / whole:.1f}"),
    ]


def _median(numbers: Sequence[float]) -> float:
    return statistics.median(numbers)


def _percentile(numbers: Sequence[float]) -> float:
    return statistics.quantiles(numbers, n=20)[-1]


if __name__ == "__main__":
    main()
