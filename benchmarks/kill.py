"""Telegram under load, killed at random: what is lost, and what comes twice.

Run it on a quiet machine: python benchmarks/kill.py. It needs the test extra and Linux. The bot is
ended by `kill -9` at random moments and started again over the same data.
"""

from __future__ import annotations

import asyncio
import os
import random

from crowd import Bot, Crowd, People, conversations, show

KILLS = 30
READING_SECONDS = 6.0
LIFE_SECONDS = (0.8, 5.0)  # of a process, its start included


def main() -> None:
    """Measure and print one table."""
    load, dice, kills = os.getloadavg()[0], random.Random(), 0

    async def kill(bot: Bot) -> None:
        nonlocal kills
        while kills < KILLS:
            await asyncio.sleep(dice.uniform(*LIFE_SECONDS))
            bot.kill()
            bot.start()
            kills += 1

    crowd = Crowd(reading=READING_SECONDS)
    run = asyncio.run(conversations(People(crowd), kill))
    title = f"kill: {crowd.chats} chats, {crowd.turns} turns each"
    show(title, load, [("kills", str(kills)), *run.rows()])


if __name__ == "__main__":
    main()
