"""A broken file, a full disk, a read-only folder, a database that is gone: the bot goes on."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.channels.turn import clean_text
from bot.masking import masked
from bot.records import TurnRecord
from bot.sessions import Session
from bot.settings import load_settings
from bot.store import Store, StoreUnavailableError, engines, open_store
from bot.store.opening import DATABASE_FILE

ROOT = Path(__file__).parents[3]
SAID = Session(last=("hồ", "sơ"))


@pytest.mark.parametrize("damage", ["text", "header", "middle", "cut"])
def test_a_broken_file_is_moved_aside_and_the_bot_starts_with_a_new_one(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / DATABASE_FILE
    settings = load_settings(data_dir=tmp_path)
    with open_store(settings) as store:
        for chat in range(400):
            store.save("web", str(chat), SAID)
    broken = bytearray(path.read_bytes())
    if damage == "text":
        broken = bytearray(b"this is no database at all" * 100)
    elif damage == "header":
        broken[:64] = bytes(64)
    elif damage == "middle":
        broken[4096:-4096] = b"\xa5" * (len(broken) - 8192)
    else:
        del broken[len(broken) // 2 :]
    path.write_bytes(broken)
    with caplog.at_level(logging.WARNING), open_store(settings) as store:
        store.save("web", "a", SAID)
        assert store.load("web", "a") == SAID
        assert store.check() == ""
    aside = [file for file in tmp_path.iterdir() if ".broken-" in file.name]
    assert [file.read_bytes() for file in aside if file.name[-1].isdigit()] == [bytes(broken)]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert aside[0].name.split("-wal")[0] in lines[0]


def test_a_file_that_breaks_while_serving_is_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / DATABASE_FILE
    with open_store(load_settings(data_dir=tmp_path)) as store:
        for chat in range(400):
            store.save("web", str(chat), SAID)
        store.tidy()  # everything is in the file itself now
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (path.stat().st_size - 4096))
        store._database._engine.dispose()  # as a cache that has been dropped
        with caplog.at_level(logging.WARNING):
            store.save("web", "a", SAID)
            assert store.load("web", "a") == SAID
    assert [file.name for file in tmp_path.glob("*.broken-*")]
    assert len(caplog.records) == 1


FULL_DISK = """\
import logging, os, resource, signal, sys
from pathlib import Path
from bot.sessions import Session
from bot.settings import load_settings
from bot.store import open_store

logging.basicConfig(stream=sys.stdout, format="LOG %(message)s")
folder, opens_full = Path(sys.argv[1]), sys.argv[2] == "open"

def fill() -> None:
    size = sum(file.stat().st_size for file in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000 if opens_full else size + 8192, -1))

def empty() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))

if opens_full:
    fill()
store = open_store(load_settings(data_dir=folder, store_key="k"))
store.save("web", "before", Session(last=("trước",)))
store.receive("telegram", "1", "5", "waiting")
if not opens_full:
    fill()
for number in range(200):
    store.save("web", str(number), Session(last=("hồ sơ" * 100,)))
for number in range(200):
    assert store.load("web", str(number)).last, number
assert store.load("web", "before").last == ("trước",)
update = store.claim("telegram")
assert update.payload == "waiting"
assert store.finish(update, Session(last=("sau",)), ["reply"])
assert not store.receive("telegram", "1", "5", "again")
message = store.next_outgoing("telegram")
assert message.payload == "reply"
store.sent(message)
print("CHECK", store.check())
store.tidy()
print("CHECK", store.check())
empty()
store.tidy()
print("CHECK", store.check())
store.save("web", "after", Session(last=("cuối",)))
store.close()
store = open_store(load_settings(data_dir=folder, store_key="k"))
for chat in ("before", "after", "7"):
    assert store.load("web", chat).last, chat
assert not store.receive("telegram", "1", "5", "again")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("when", ["open", "later"])
def test_on_a_full_disk_answers_go_on_and_everything_is_kept_once_there_is_room(
    when: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path), when],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    log = [line for line in lines if line.startswith("LOG")]
    assert len(log) == 2, lines
    assert DATABASE_FILE in log[0]
    assert "not kept after a restart" in log[0]
    assert log[1].endswith("can be written again; everything is kept")
    checks = [line.removeprefix("CHECK").strip() for line in lines if line.startswith("CHECK")]
    assert ["cannot be written" in check for check in checks] == [True, True, False]
    assert "hồ sơ" not in done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX")
def test_a_folder_that_cannot_be_made_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    settings = load_settings(data_dir=in_the_way / "data", store_key="k")
    with caplog.at_level(logging.WARNING), open_store(settings) as store:
        store.save("web", "a", SAID)
        assert store.load("web", "a") == SAID
        assert "cannot be written" in store.check()
    assert len(caplog.records) == 1


def test_without_its_postgresql_conversations_go_on_and_nothing_else_pretends_to(
    postgresql_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(data_dir=tmp_path, database_url=postgresql_url)
    server, _, name = postgresql_url.rpartition("/")
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://") + "/postgres",
        isolation_level="AUTOCOMMIT",
    )
    with open_store(settings) as store, engine.connect() as admin:
        store.save("web", "a", SAID)
        admin.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        admin.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        )
        with caplog.at_level(logging.WARNING):
            store.save("web", "a", Session(last=("mới",)))
            assert store.load("web", "a").last == ("mới",)
            with pytest.raises(StoreUnavailableError, match="does not answer"):
                store.receive("telegram", "1", "5", "a")
            assert "does not answer" in store.check()
        admin.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        assert store.load("web", "a") == SAID
        assert store.check() == ""
        assert store.receive("telegram", "1", "5", "a")
    engine.dispose()
    assert len([r for r in caplog.records if "conversations go on" in r.getMessage()]) == 1


def test_a_file_held_by_another_process_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    with open_store(load_settings(data_dir=tmp_path)) as store:
        store.save("web", "a", SAID)
        with contextlib.closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailableError, match="does not answer"):
                store.receive("telegram", "1", "5", "a")
            store.save("web", "a", Session(last=("mới",)))  # an answer goes on
        assert store.receive("telegram", "1", "5", "a")


@pytest.mark.parametrize(
    "odd", ["\0", "a\ud800b", "x" * 5000, "\u202e٣", "", "'; DROP TABLE updates"]
)
def test_nothing_that_comes_in_breaks_the_store(store: Store, odd: str) -> None:
    assert store.receive("zalo", odd, odd, json.dumps(odd))
    assert not store.receive("zalo", odd, odd, json.dumps(odd))
    update = store.claim("zalo")
    assert update is not None
    record = TurnRecord("unclear", 1, clause="x" * 99, unanswered=masked(odd))
    session = Session(last=(clean_text(odd),))
    assert store.finish(update, session, [json.dumps(odd)], record)
    assert store.load("zalo", odd) == session
    store.forget("zalo", odd)
    assert store.load("zalo", odd) == Session()
