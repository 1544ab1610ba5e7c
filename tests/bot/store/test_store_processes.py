"""Several real processes on one database: every update once, every chat in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store import Store, open_store

ROOT = Path(__file__).parents[3]
N_CHATS, N_UPDATES = 6, 10
N_KILLS = 2

# Handles whatever is there, writes down each message it sends, ends when nothing is left (or
# nothing ever comes).
WORKER = """\
import os, sys, time
from bot.sessions import Session
from bot.settings import load_settings
from bot.store import leases, open_store

leases.LEASE_SECONDS = float(sys.argv[2])
store = open_store(load_settings())
sent = open(sys.argv[1], "a", buffering=1)
quiet_since = time.monotonic() + 15
while time.monotonic() - quiet_since < 0.8:
    update = store.claim("telegram")
    if update is not None:
        time.sleep(0.001)
        said = (*update.session.last, update.payload)
        store.finish(update, Session(last=said), [f"{update.payload} a", f"{update.payload} b"])
    message = store.next_outgoing("telegram")
    if message is not None:
        sent.write(f"{message.payload} {'?' if message.in_doubt else '!'}\\n")
        store.sent(message)
    if update is not None or message is not None:
        quiet_since = time.monotonic()
    else:
        time.sleep(0.02)
store.close()
"""


def test_two_processes_share_the_chats_of_one_database(
    store_settings: Settings, tmp_path: Path
) -> None:
    workers = [_start(store_settings, tmp_path / f"sent{number}") for number in range(2)]
    with open_store(store_settings) as store:
        deadline = time.monotonic() + 30
        while not all((tmp_path / f"sent{number}").exists() for number in range(2)):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        for number in range(N_UPDATES):
            for chat in range(N_CHATS):
                assert _receive(store, chat, number)
                assert not _receive(store, chat, number)
        for worker in workers:
            assert worker.wait(timeout=60) == 0
        for chat in range(N_CHATS):
            said = store.load("telegram", str(chat)).last
            assert said == tuple(f"{chat} {number}" for number in range(N_UPDATES))
        assert store.backlogs() == {}
    lines = [(tmp_path / f"sent{number}").read_text().splitlines() for number in range(2)]
    everything = sorted(line for sent in lines for line in sent)
    assert len(everything) == N_CHATS * N_UPDATES * 2
    assert len(set(everything)) == len(everything)
    assert all(lines), "one process did all the work"
    for sent in lines:  # each process saw its part of every chat in order
        by_chat: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for line in sent:
            chat, number, part, _ = line.split()
            by_chat[chat].append((int(number), part))
        assert all(numbers == sorted(numbers) for numbers in by_chat.values())


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_killed_processes_lose_nothing_and_leave_one_message_a_chat_in_doubt(
    store_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "sent"
    with open_store(store_settings) as store:
        for number in range(N_UPDATES):
            for chat in range(N_CHATS):
                _receive(store, chat, number)
        for _ in range(N_KILLS):
            worker = _start(store_settings, path, lease=0.5)
            before = _size(path)
            deadline = time.monotonic() + 30
            while _size(path) < before + 150 and worker.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert _start(store_settings, path, lease=0.5).wait(timeout=60) == 0
        for chat in range(N_CHATS):
            said = store.load("telegram", str(chat)).last
            assert said == tuple(f"{chat} {number}" for number in range(N_UPDATES))
    lines = path.read_text().splitlines()
    sent = {line.rpartition(" ")[0] for line in lines}
    assert len(sent) == N_CHATS * N_UPDATES * 2
    doubtful = [line for line in lines if line.endswith("?")]
    repeated = len(lines) - len(sent)
    assert repeated <= len(doubtful) <= N_KILLS  # only what a killed process was sending


def _receive(store: Store, chat: int, number: int) -> bool:
    update_id = number * N_CHATS + chat
    return store.receive("telegram", str(update_id), str(chat), f"{chat} {number}", update_id)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _start(settings: Settings, sent: Path, lease: float = 30) -> subprocess.Popen[bytes]:
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": url,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(sent), str(lease)], cwd=ROOT, env=environment
    )
