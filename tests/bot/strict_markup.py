"""What Telegram checks of a message's text and buttons, with its own words for what is wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LONGEST_TEXT = 4096  # UTF-16 units, after the entities are parsed
LONGEST_ACTION = 64  # bytes
_TAGS = {
    *("a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji"),
    *("span", "pre", "code", "blockquote"),
}
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(?:x([0-9a-fA-F]+)|(\d+)));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_PORTS = {80, 88, 443, 8443}


class Refused(Exception):  # noqa: N818 (Telegram's answer, not a failure of ours)
    """What Telegram answers instead of a result."""

    def __init__(self, text: str, code: int = 400, parameters: dict[str, Any] | None = None):
        super().__init__(text)
        self.text, self.code, self.parameters = text, code, parameters


@dataclass(frozen=True)
class Content:
    """A message as Telegram keeps it: two that are equal are "not modified"."""

    text: str
    entities: tuple[tuple[str, int, int], ...] = ()
    markup: str = ""
    sent_as: str = field(default="", compare=False)

    @property
    def keyboard(self) -> dict[str, Any]:
        """The markup as the Bot API knows it."""
        found: dict[str, Any] = json.loads(self.markup) if self.markup else {}
        return found

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons under it, row by row."""
        return [button for row in self.keyboard.get("inline_keyboard", ()) for button in row]


def content_of(fields: dict[str, Any]) -> Content:
    """The text of sendMessage or editMessageText. Raises Refused."""
    said, entities = str(fields.get("text", "")), ()
    text = said
    if fields.get("parse_mode") == "HTML":
        text, entities = parse_html(said)
    if not text.strip():
        raise Refused("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise Refused("Bad Request: message is too long")
    return Content(text, entities, _checked_markup(fields.get("reply_markup")), said)


def parse_html(html: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Text and entities (tag, offset, length in UTF-16 units). Raises Refused."""
    text: list[str] = []
    entities: list[tuple[str, int, int]] = []
    is_open: list[tuple[str, int]] = []
    units, at = 0, 0
    while at < len(html):
        if html[at] == "<":
            at = _tag(html, at, is_open, entities, units)
            continue
        found = _ENTITY.match(html, at)
        letter = _letter(found) if found else html[at]
        at = found.end() if found else at + 1
        text.append(letter)
        units += 1 + (ord(letter) > 0xFFFF)
    if is_open:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{is_open[-1][0]}"')
    return "".join(text), tuple(sorted(entities))


def check_webhook(fields: dict[str, Any]) -> None:
    """The address and the secret of setWebhook. Raises Refused."""
    address = urlsplit(str(fields.get("url", "")))
    if address.scheme != "https":
        raise Refused("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in _WEBHOOK_PORTS:
        raise Refused(
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        )
    secret = fields.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(str(secret)):
        raise Refused("Bad Request: secret token contains unallowed characters")


def _tag(
    html: str,
    start: int,
    is_open: list[tuple[str, int]],
    entities: list[tuple[str, int, int]],
    units: int,
) -> int:
    """Opens or closes the tag that starts there; where it ends."""
    offset = len(html[:start].encode())
    is_end = html.startswith("</", start)
    end = html.find(">", start)
    if is_end:
        if not is_open:
            raise _unparsable(f"Unexpected end tag at byte offset {offset}")
        if end < 0:
            raise _unparsable(f"Unclosed end tag at byte offset {offset}")
        found = html[start + 2 : end].strip()
        name, begun = is_open.pop()
        if found and found != name:
            raise _unparsable(
                f'Unmatched end tag at byte offset {offset}, expected "</{name}>", '
                f'found "</{found}>"'
            )
        if units > begun:
            entities.append((name, begun, units - begun))
        return end + 1
    name = re.split(r"[\s>]", html[start + 1 :], maxsplit=1)[0].lower()
    if end < 0:
        raise _unparsable(f"Unclosed start tag at byte offset {offset}")
    if name not in _TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
    is_open.append((name, units))
    return end + 1


def _letter(found: re.Match[str]) -> str:
    name, hexadecimal, decimal = found.groups()
    return _NAMED[name] if name else chr(int(hexadecimal or decimal, 16 if hexadecimal else 10))


def _unparsable(what: str) -> Refused:
    return Refused(f"Bad Request: can't parse entities: {what}")


def _checked_markup(markup: Any) -> str:
    """The inline keyboard. Raises Refused for a button that Telegram does not take."""
    if not markup:
        return ""
    content = Content("", markup=str(markup))
    for button in content.buttons:
        if not button.get("text"):
            raise Refused(
                "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in "
                "the inline keyboard"
            )
        if not 1 <= len(button["callback_data"].encode()) <= LONGEST_ACTION:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    return content.markup
