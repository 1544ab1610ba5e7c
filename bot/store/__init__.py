"""What outlives a process: sessions, the inbox and the outbox of every channel.

A channel keeps each update with `receive`, takes the next one with `claim`, and commits the turn
with `finish`: session, replies and "handled" in one transaction. It then sends what
`next_outgoing` hands out, and says `sent` or `postpone`. Whatever happens to the process between
two of these calls, the update is handled once, and of each chat at most one message is in doubt.

The methods block for about a millisecond; call them off the event loop.
"""

from __future__ import annotations

from bot.store.downloads import DOWNLOAD_SECONDS, Download
from bot.store.errors import StoreError, StoreUnavailableError
from bot.store.inbox import Arrival, Update
from bot.store.learning import Statistics, Unanswered
from bot.store.leases import LEASE_SECONDS
from bot.store.opening import open_memory_store, open_store
from bot.store.outbox import Outgoing
from bot.store.queues import Backlog
from bot.store.serving import serving_store
from bot.store.store import Store

__all__ = [
    "DOWNLOAD_SECONDS",
    "LEASE_SECONDS",
    "Arrival",
    "Backlog",
    "Download",
    "Outgoing",
    "Statistics",
    "Store",
    "StoreError",
    "StoreUnavailableError",
    "Unanswered",
    "Update",
    "open_memory_store",
    "open_store",
    "serving_store",
]
