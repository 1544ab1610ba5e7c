"""What can go wrong in the bot before a conversation starts.

BotError
├── ExportError           a table cannot be written where it was asked for
├── SettingsError         a setting has a value that is not allowed
└── MissingWordingError   a sentence that the code uses is not in the messages file
"""

from __future__ import annotations


class BotError(Exception):
    """Base of every error of this package; its text is one line for a person."""


class ExportError(BotError):
    """A table cannot be written where it was asked for."""


class SettingsError(BotError):
    """A setting has a value that is not allowed."""


class MissingWordingError(BotError):
    """A sentence that the code uses is not in the messages file."""
