"""Two processes behind one webhook on one PostgreSQL, one of them killed amid the load.

Run it with python benchmarks/processes.py; it needs the test extra, Linux and a PostgreSQL server
(TEST_POSTGRESQL, else postgresql://postgres@127.0.0.1:5432/test) on which it may make a database.
As Telegram does, the peer brings a chat's next update once this one was taken, to either process.
The chats that the killed process held go on after its leases have run out, half a minute later.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
from pathlib import Path
from typing import Any

import aiohttp
from crowd import Bot, Crowd, People, conversations, show
from sqlalchemy import create_engine, text

from bot.channels.telegram_bot import webhook_secret
from bot.settings import Settings

from strict_bot_api import TOKEN  # isort: skip (found once crowd is imported)

SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")
PATH = "/telegram/updates"
CROWD = Crowd(reading=6.0)
KILLED_AFTER_SECONDS = 40.0
BACK_AFTER_SECONDS = 20.0


class Pair:
    """Two processes with a data directory each and one database."""

    def __init__(self, folder: Path, port: int, database: str, ports: list[int]) -> None:
        self.bots = [
            Bot(
                folder / str(number),
                port,
                arguments=(),
                environment={
                    "DATABASE_URL": database,
                    "STORE_KEY": "shared",
                    "TELEGRAM_WEBHOOK_URL": f"https://bot.example{PATH}",
                    "WEB_PORT": str(number),
                },
            )
            for number in ports
        ]

    def stop(self) -> None:
        """End both in good order."""
        for bot in self.bots:
            bot.stop()

    def megabytes(self) -> float:
        """What the two hold together."""
        return sum(bot.megabytes() for bot in self.bots)

    def failures(self) -> int:
        """How many unhandled exceptions their logs hold."""
        return sum(bot.failures() for bot in self.bots)


class Deliverers(People):
    """The peer, bringing updates instead of being asked for them."""

    def __init__(self, crowd: Crowd, ports: list[int]) -> None:
        super().__init__(crowd)
        self._ports = ports
        secret = webhook_secret(Settings(_env_file=None, telegram_token=TOKEN))  # type: ignore[arg-type]
        self._headers = {"x-telegram-bot-api-secret-token": secret}
        self._last: dict[int, asyncio.Task[None]] = {}
        self._client: aiohttp.ClientSession | None = None

    def is_ready(self) -> bool:
        """Whether both processes are known to the peer."""
        return self.calls["setMyCommands"] >= len(self._ports)

    def put(self, content: dict[str, Any]) -> dict[str, Any]:
        """An update, brought at once."""
        update = super().put(content)
        self._bring(update)
        return update

    def repeat(self, update: dict[str, Any]) -> None:
        """The update, brought again."""
        self._bring(update)

    def _bring(self, update: dict[str, Any]) -> None:
        chat = int(update["message"]["chat"]["id"])
        task = asyncio.create_task(self._deliver(update, self._last.get(chat)))
        self._last[chat] = task

    async def _deliver(self, update: dict[str, Any], before: asyncio.Task[None] | None) -> None:
        if before:
            await before
        self._client = self._client or aiohttp.ClientSession()
        while True:
            address = f"http://127.0.0.1:{random.choice(self._ports)}{PATH}"
            try:
                async with self._client.post(address, json=update, headers=self._headers) as taken:
                    if taken.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        """Hang up."""
        if self._client:
            await self._client.close()


def main() -> None:
    """Measure and print one table."""
    load, ports = os.getloadavg()[0], [_free_port(), _free_port()]
    driver = SERVER.replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(driver, isolation_level="AUTOCOMMIT")
    name = f"processes_{secrets.token_hex(4)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = f"{SERVER.rpartition('/')[0]}/{name}"

    async def kill(pair: Pair) -> None:
        await asyncio.sleep(KILLED_AFTER_SECONDS)
        pair.bots[0].kill()
        await asyncio.sleep(BACK_AFTER_SECONDS)
        pair.bots[0].start()

    async def all_of_it() -> list[tuple[str, str]]:
        people = Deliverers(CROWD, ports)
        run = await conversations(
            people, kill, lambda folder, port: Pair(folder, port, database, ports)
        )
        await people.close()
        return run.rows()

    try:
        rows = asyncio.run(all_of_it())
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    show(f"two processes, one killed: {CROWD.chats} chats, {CROWD.turns} turns each", load, rows)


def _free_port() -> int:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        return int(reserved.getsockname()[1])


if __name__ == "__main__":
    main()
