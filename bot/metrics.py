"""Figures of a serving process, for Prometheus; nothing in them leads to a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from bot.store import StoreError

if TYPE_CHECKING:
    from bot.store import Store

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class Metrics:
    """Counts turns by channel and outcome, measures them, and shows how long the queues are."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._turns = Counter(
            "bot_turns", "Turns taken", ("channel", "outcome"), registry=self._registry
        )
        self._seconds = Histogram(
            "bot_turn_seconds",
            "Time from a message to its reply, sending aside",
            ("channel",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._refused = Counter(
            "bot_refused_messages",
            "Messages beyond the rate limits",
            ("channel",),
            registry=self._registry,
        )
        self._registry.register(_Queues(store))

    def count_turn(self, channel: str, outcome: str, seconds: float) -> None:
        """Count a turn; `outcome` is a reply's status, or "failed"."""
        self._turns.labels(channel, outcome).inc()
        self._seconds.labels(channel).observe(seconds)

    def count_refused(self, channel: str) -> None:
        """Count a message that went beyond a rate limit."""
        self._refused.labels(channel).inc()

    def render(self) -> tuple[bytes, str]:
        """What a scrape gets, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Queues(Collector):
    """Reads the queues when they are asked for; nothing when the store does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The names alone, so that registering reads no queue."""
        return iter(self._families())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The lengths by channel."""
        waiting, unsent, is_kept = self._families()
        try:
            for channel, backlog in self._store.backlogs().items():
                waiting.add_metric([channel], backlog.waiting)
                unsent.add_metric([channel], backlog.outgoing)
            problem = self._store.check()
        except StoreError as error:
            problem = str(error)
        is_kept.add_metric([], 0 if problem else 1)
        yield from (waiting, unsent, is_kept)

    def _families(self) -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("bot_waiting_updates", "Updates not handled yet", labels=["channel"]),
            GaugeMetricFamily("bot_unsent_messages", "Messages not sent yet", labels=["channel"]),
            GaugeMetricFamily("bot_store_ok", "1 while what is said is kept, else 0"),
        )
