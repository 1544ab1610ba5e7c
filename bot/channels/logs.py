"""What the log looks like, and what never gets into it."""

from __future__ import annotations

import logging

# At INFO some of these print request addresses; Telegram's hold the bot token.
_CHATTY = ("httpx", "httpcore", "telegram", "uvicorn", "asyncio", "faiss", "alembic")


class RedactingFormatter(logging.Formatter):
    """Writes a record, traceback included, with every secret blotted out.

    It works on the finished line: whatever way a secret got into a record, it comes by here.
    """

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, with "***" for each secret."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _shorten(record: logging.LogRecord) -> bool:
    """Make one line of what Telegram or the network refused: the library adds its own frames."""
    error = record.exc_info[1] if record.exc_info else None
    if any(kind.__name__ == "TelegramError" for kind in type(error).__mro__):
        first_line = record.getMessage().partition("\n")[0]
        record.msg, record.args = "%s (%s)", (first_line, type(error).__name__)
        record.exc_info = None
    return True


def configure_logging(level: str, *secrets: str) -> None:
    """Log to stderr from `level` up, without the secrets or what follows a colon in them."""
    parts = [part for secret in secrets for part in (secret, secret.partition(":")[2])]
    formatter = RedactingFormatter(tuple(part for part in parts if len(part) > 3))
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_shorten)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It quotes, with a traceback, whatever a gateway said; what follows from that is said by us.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)
