"""How far a piece of work is: counts as they come -> done and total."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int], None]  # told how many texts are done, and how many there are
Advance = Callable[[int], None]  # told how many texts were done since the last call


def counting(total: int, report: Report | None) -> Advance:
    """A function that adds up what is done and reports it, if anybody listens."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if report:
            report(done, total)

    return advance
