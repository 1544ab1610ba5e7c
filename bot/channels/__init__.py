"""Translate one way of talking each — Telegram, web page, terminal — to the dialogue and back."""
