"""Takes work from a queue in the store and does it, a bounded number of pieces at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.channels.turn import log_failure, new_reference
from bot.store import StoreUnavailableError, leases

if TYPE_CHECKING:
    from bot.store import Outgoing, Store, Update

    Taken = Update | Outgoing

W = TypeVar("W")
_IDLE_SECONDS = 0.5  # how soon work is found that nobody announced: postponed, or of a dead process
_log = logging.getLogger(__name__)


class Workers(Generic[W]):
    """Runs `work` on what `take` hands out, so many pieces at most; `take` runs in a thread."""

    def __init__(
        self, take: Callable[[int], list[W]], work: Callable[[W], Awaitable[None]], at_once: int
    ) -> None:
        self._take = take
        self._work = work
        self._at_once = at_once
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self._pause_until = 0.0

    def wake(self) -> None:
        """Say that there may be work."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more; `run` ends."""
        self._is_stopping = True
        self._wake.set()

    def pause(self, seconds: float) -> None:
        """Take nothing for so long."""
        until = asyncio.get_running_loop().time() + seconds
        self._pause_until = max(self._pause_until, until)

    async def run(self) -> None:
        """Hand out work until told to stop."""
        while not self._is_stopping:
            self._wake.clear()
            await self._hand_out()
            wait = self._pause_until - asyncio.get_running_loop().time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
            if wait > 0 and not self._is_stopping:
                await asyncio.sleep(min(wait, _IDLE_SECONDS))

    async def drain(self, seconds: float) -> None:
        """Do what can be done at once, and finish what is under way; give up after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._hand_out(is_last=True)
                    if not self._tasks:
                        return
                    await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def finish(self, seconds: float) -> None:
        """Finish what is under way, taking nothing more; give up after `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    async def _hand_out(self, *, is_last: bool = False) -> None:
        """Take work for every free hand until there is none."""
        loop = asyncio.get_running_loop()
        while is_last or not (self._is_stopping or loop.time() < self._pause_until):
            n_free = self._at_once - len(self._tasks)
            taken = await store_call(partial(self._take, n_free)) if n_free else []
            for piece in taken:
                self._tasks.add(asyncio.create_task(self._do(piece)))
            if not taken:
                return

    async def _do(self, piece: W) -> None:
        try:
            await self._work(piece)
        except Exception as error:  # its lease runs out, and it is taken up again
            log_failure(new_reference(), error)
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._tasks.discard(task)
            self._wake.set()


class _Outage:
    is_said = False


_T = TypeVar("_T")


async def store_call(call: Callable[[], _T]) -> _T:
    """The call's result, from a thread; while the store does not answer it is tried again.

    One line says that it does not, one that it does again.
    """
    wait = 0.2
    while True:
        try:
            result = await asyncio.to_thread(call)
        except StoreUnavailableError as error:
            if not _Outage.is_said:
                _log.warning("store: %s; trying again until it answers", error)
            _Outage.is_said = True
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)
            continue
        if _Outage.is_said:
            _log.warning("store: answers again")
            _Outage.is_said = False
        return result


@contextlib.asynccontextmanager
async def held(store: Store, taken: Taken) -> AsyncIterator[None]:
    """Keep the lease on a piece of work for as long as the block runs."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(leases.LEASE_SECONDS / 3)
            if not await store_call(lambda: store.renew(taken)):
                return

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
