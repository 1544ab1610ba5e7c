"""The bot behind a webhook: what it takes, what it shows of itself, several processes at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from channel_fakes import run
from strict_bot_api import TOKEN
from telegram_stage import Served, Stage, echoed, open_stage, serving

from bot.channels.telegram_bot import webhook_secret
from bot.settings import Settings

PATH = "/telegram/updates"
WEBHOOK = {"TELEGRAM_WEBHOOK_URL": f"https://bot.example{PATH}", "WEB_PORT": "0"}
SECRET = webhook_secret(Settings(_env_file=None, telegram_token=TOKEN))  # type: ignore[arg-type]
GOOD = {"x-telegram-bot-api-secret-token": SECRET}
WORDS = "đơn vị Hòn Đất"


@contextmanager
def behind_webhook(
    stage: Stage, environment: dict[str, str] | None = None
) -> Iterator[tuple[Served, httpx.Client]]:
    """`python -m bot` with a webhook, and the way to its port once it listens."""
    with serving(stage, "", environment={**WEBHOOK, **(environment or {})}) as bot:
        assert bot.process.stdout is not None
        address = bot.process.stdout.readline().split("address=")[1].strip(" ]\n")
        with httpx.Client(base_url=address, trust_env=False, timeout=20) as client:
            yield bot, client


def _until(is_so: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_ready(client: httpx.Client) -> bool:
    return client.get("/readyz").status_code == 200


def _figure(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def test_webhook_takes_only_what_telegram_brings_and_shows_how_it_is() -> None:
    with open_stage() as stage, behind_webhook(stage, {"RATE_PER_MINUTE": "3"}) as (bot, client):
        _until(lambda: _is_ready(client))
        assert stage.api.webhook["secret_token"] == SECRET
        update = stage.say(101, WORDS)
        assert client.post(PATH, json=update).status_code == 403
        forged = {"x-telegram-bot-api-secret-token": "x" * len(SECRET)}
        assert client.post(PATH, json=update, headers=forged).status_code == 403
        assert client.post(PATH, content=b"x" * 2_000_000, headers=GOOD).status_code == 413
        assert client.post(PATH, content=b"{", headers=GOOD).status_code == 400
        for _ in range(2):  # the second time it is known
            assert client.post(PATH, json=update, headers=GOOD).status_code == 200
        assert stage.wait(101, 1)[0].startswith(f"text={WORDS}")
        for _ in range(3):
            client.post(PATH, json=stage.say(101, WORDS), headers=GOOD)
        stage.wait(101, 3)
        assert client.get("/").status_code == 200
        assert client.get("/healthz").json() == {"status": "ok", "ready": True}
        assert client.get("/readyz").json() == {"index": "ok", "store": "ok", "telegram": "ok"}
        assert _figure(client, 'bot_turns_total{channel="telegram"') == 2
        assert _figure(client, 'bot_turn_seconds_count{channel="telegram"') == 2
        assert _figure(client, 'bot_refused_messages_total{channel="telegram"') == 2
        assert _figure(client, "bot_store_ok") == 1
        assert WORDS not in client.get("/metrics").text
        assert WORDS not in bot.stop()
    assert stage.api.calls["getUpdates"] == 0


def test_without_telegram_the_process_lives_but_is_not_ready() -> None:
    with open_stage() as stage:
        stage.api.is_down = True
        with behind_webhook(stage) as (bot, client):
            stage.until(lambda: bot.count("cannot be reached"))
            refused = client.get("/readyz")
            assert refused.status_code == 503
            assert refused.json()["telegram"].startswith("Telegram cannot be reached")
            assert client.get("/healthz").status_code == 200
            assert client.post(PATH, json={}, headers=GOOD).status_code == 503
            stage.api.is_down = False
            _until(lambda: _is_ready(client))
            bot.stop()


@pytest.mark.parametrize(
    "address", ["http://bot.example/telegram/updates", "https://bot.example:9443/telegram/updates"]
)
def test_an_address_that_telegram_does_not_take_is_one_line(address: str) -> None:
    with open_stage() as stage:
        done = run(environment={**stage.environment, **WEBHOOK, "TELEGRAM_WEBHOOK_URL": address})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"TELEGRAM_WEBHOOK_URL: {address} — Telegram says: ")


@pytest.mark.parametrize("secret", ["a b", "é", "x" * 257])
def test_a_secret_that_telegram_does_not_take_is_one_line_without_it(secret: str) -> None:
    with open_stage() as stage:
        settings = {**stage.environment, **WEBHOOK, "TELEGRAM_WEBHOOK_SECRET": secret}
        done = run(environment=settings)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("TELEGRAM_WEBHOOK_SECRET: ")
    assert secret not in done.stderr.partition(":")[2].partition(";")[0]


def test_two_processes_on_one_database_lose_and_repeat_nothing_when_one_is_killed(
    postgresql_url: str, tmp_path: Path
) -> None:
    chats, turns = range(1, 9), 12
    shared = {"DATABASE_URL": postgresql_url, "STORE_KEY": "shared", "FAKE_LEASE": "3"}
    with open_stage() as stage, ExitStack() as stack:
        bots, clients = [], []
        for name in ("one", "other"):
            environment = {**shared, "DATA_DIR": str(tmp_path / name)}
            bot, client = stack.enter_context(behind_webhook(stage, environment))
            bots.append(bot)
            clients.append(client)
        for client in clients:
            _until(lambda client=client: _is_ready(client))
        half_done = threading.Event()

        def talk(chat: int) -> None:
            """As Telegram: the next update once this one was taken by either process."""
            for number in range(turns):
                update = stage.say(chat, f"bước {number}")
                while not _is_taken(random.choice(clients), update):
                    time.sleep(0.05)
                if number == turns // 2:
                    half_done.set()

        with ThreadPoolExecutor(len(chats)) as people:
            talks = [people.submit(talk, chat) for chat in chats]
            half_done.wait(20)
            # Both do some of the work
            _until(lambda: all(_figure(client, "bot_turns_total") for client in clients))
            bots[0].kill()
            for each in talks:
                each.result(timeout=30)
        for chat in chats:
            stage.wait(chat, turns, 30)
        stage.until_quiet()
        bots[1].stop()
        expected = [f"thứ {number}" for number in range(1, turns + 1)]
        assert {chat: stage.api.texts(chat) for chat in chats} == dict.fromkeys(chats, expected)


def test_polling_over_postgresql(postgresql_url: str) -> None:
    environment = {"DATABASE_URL": postgresql_url, "STORE_KEY": "shared", "FAKE_LEASE": "2"}
    with open_stage() as stage:
        with serving(stage, environment=environment) as bot:
            stage.say(5, "bước")
            stage.wait(5, 1)
            stage.say(5, "xin chào")
            assert echoed(stage.wait(5, 2)[1:]) == ["xin"]
            bot.kill()
        with serving(stage, environment=environment) as bot:
            stage.say(5, "bước")
            assert stage.wait(5, 3)[2] == "thứ 2"
            bot.stop()


def _is_taken(client: httpx.Client, update: dict[str, Any]) -> bool:
    try:
        return client.post(PATH, json=update, headers=GOOD).status_code == 200
    except httpx.TransportError:  # killed just now
        return False
