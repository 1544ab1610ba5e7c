"""Stores to test with: an SQLite file, and PostgreSQL where a server answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from bot.store import Store, open_store


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(params=["sqlite", "postgresql"])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for an empty store; a test that uses it runs on both databases."""
    if request.param == "sqlite":
        return load_settings(data_dir=tmp_path)
    url = request.getfixturevalue("postgresql_with_tables")
    return load_settings(data_dir=tmp_path, database_url=url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(store_settings: Settings, clock: Clock) -> Iterator[Callable[[], Store]]:
    """Opens the store again and again, as processes would; all are closed afterwards."""
    stores: list[Store] = []

    def open_one() -> Store:
        store = open_store(store_settings)
        store._clock = clock
        stores.append(store)
        return store

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()
