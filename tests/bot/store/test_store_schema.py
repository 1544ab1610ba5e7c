"""The schema: made, brought up to date, and left alone when a newer program made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from bot.sessions import Session
from bot.settings import Settings, load_settings
from bot.store import StoreError, open_store
from bot.store.engines import one_connection
from bot.store.opening import DATABASE_FILE
from bot.store.schema import HEAD, metadata
from bot.store.versions import MIGRATIONS, current_version, upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings for a database without any table."""
    if request.param == "sqlite":
        return load_settings(data_dir=tmp_path)
    url = request.getfixturevalue("postgresql_url")
    return load_settings(data_dir=tmp_path, database_url=url)


@pytest.fixture
def database(store_settings: Settings) -> Iterator[Engine]:
    """The database that the settings name, without any table yet."""
    if store_settings.database_url:
        url = store_settings.database_url.get_secret_value()
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    else:
        engine = one_connection(f"sqlite:///{store_settings.data_dir / DATABASE_FILE}")
    yield engine
    engine.dispose()


def test_an_empty_database_gets_the_tables_that_the_program_knows(
    store_settings: Settings, database: Engine
) -> None:
    open_store(store_settings).close()
    with database.begin() as connection:
        assert current_version(connection) == HEAD
        assert _differences(connection) == []


def test_a_database_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows(
    store_settings: Settings, database: Engine
) -> None:
    with database.begin() as connection:
        upgrade(connection, "0001")
        assert not inspect(connection).has_table("turns")
        connection.execute(
            text(
                "INSERT INTO updates (channel, update_id, position, attempts, received_at)"
                " VALUES ('telegram', '77', 77, 1, 0)"
            )
        )
    with open_store(store_settings) as store:
        assert not store.receive("telegram", "77", "5", "again")
    with database.begin() as connection:
        assert current_version(connection) == HEAD
        assert _differences(connection) == []


def test_a_newer_schema_is_refused_in_one_line_and_left_alone(
    store_settings: Settings, database: Engine
) -> None:
    open_store(store_settings).close()
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema version 9999 is newer") as refused:
        open_store(store_settings)
    assert "\n" not in str(refused.value)
    with database.begin() as connection:
        assert current_version(connection) == "9999"


def test_the_newest_migration_is_the_one_that_the_schema_names() -> None:
    files = sorted((MIGRATIONS / "versions").glob("v*.py"))
    assert files[-1].stem.startswith(f"v{HEAD}_")


def test_opening_again_changes_nothing_and_keeps_what_was_said(store_settings: Settings) -> None:
    with open_store(store_settings) as store:
        store.save("web", "a", Session(last=("hồ", "sơ")))
    with open_store(store_settings) as store:
        assert store.load("web", "a").last == ("hồ", "sơ")


def test_another_key_on_a_shared_database_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgresql_url, store_key="one")
    open_store(settings).close()
    other = load_settings(data_dir=tmp_path, database_url=postgresql_url, store_key="another")
    with pytest.raises(StoreError, match=r"^STORE_KEY: the database was written with another key"):
        open_store(other)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:geheim@h/d",
        "sqlite:///x",
        "postgresql://u:geheim@127.0.0.1:1/none",
        "postgresql://u:geheim@[::1",
        "postgres",
    ],
)
def test_an_address_that_does_not_work_is_one_line_without_the_password(
    url: str, tmp_path: Path
) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError) as refused:
        open_store(load_settings(data_dir=tmp_path, database_url=url))
    assert str(refused.value).startswith("DATABASE_URL")
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def _differences(connection: Connection) -> list[object]:
    """What Alembic would change to make the database what the schema says."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))
