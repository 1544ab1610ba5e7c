"""What can go wrong in the store.

StoreError                  the store cannot be opened or used; one line for a person
└── StoreUnavailableError   the database does not answer at the moment; try again later
"""

from __future__ import annotations

from bot.errors import BotError


class StoreError(BotError):
    """The store cannot be opened or used."""


class StoreUnavailableError(StoreError):
    """The database does not answer at the moment; nothing was written."""
