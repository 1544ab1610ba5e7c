"""The web chat as a process of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from channel_fakes import running

NO_LIMIT = {"RATE_PER_MINUTE": "100000", "RATE_PER_MINUTE_ALL": "1000000"}


@contextmanager
def serving(environment: dict[str, str], *, fake: bool = False) -> Iterator[str]:
    """A web chat for as long as the block runs; its address."""
    with running("web", "--port", "0", fake=fake, environment=environment) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found
        yield found[0]
