"""What can go wrong in the bot before a conversation starts.

BotError
├── SettingsError         a setting has a value that is not allowed
└── MissingWordingError   a sentence that the code uses is not in the messages file
"""

from __future__ import annotations


class BotError(Exception):
    """Base of every error of this package; its text is one line for a person."""


class SettingsError(BotError):
    """A setting has a value that is not allowed."""


class MissingWordingError(BotError):
    """A sentence that the code uses is not in the messages file."""
