"""The award conversation over Telegram with the real program, across a kill."""

from __future__ import annotations

from pathlib import Path

from strict_markup import Content
from telegram_stage import Stage, open_stage, serving

from bot.wording import Wording

STICKER = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}


class Person:
    """One chat: what is said and pressed in it, and the last message of the bot."""

    def __init__(self, stage: Stage, chat: int) -> None:
        self._stage = stage
        self._chat = chat
        self._seen = 0

    def say(self, text: str, **more: object) -> Content:
        self._stage.say(self._chat, text, **more)
        return self._answer()

    def press(self, action: str) -> Content:
        number = self._stage.api.sent[self._chat][-1][0]
        self._stage.do(self._stage.api.press, self._chat, number, action)
        return self._answer()

    def _answer(self) -> Content:
        self._stage.wait(self._chat, self._seen + 1, 60)
        self._seen = len(self._stage.api.sent[self._chat])
        content = self._stage.api.contents[self._chat, self._stage.api.sent[self._chat][-1][0]]
        assert content is not None
        return content


def test_a_button_of_an_older_conversation_writes_nothing_into_the_new_one(
    tmp_path: Path, index_dir: Path, wording: Wording
) -> None:
    environment = {"DATA_DIR": str(tmp_path), "INDEX_DIR": str(index_dir)}
    with open_stage() as stage:
        person, other = Person(stage, 1), Person(stage, 2)
        with serving(stage, fake=False, environment=environment) as bot:
            menu = person.say("/dieukien")
            question = person.press(first(menu))
            old = [button["callback_data"] for button in (*menu.buttons[1:3], *question.buttons)]
            bot.kill()
        with serving(stage, fake=False, environment=environment) as bot:
            menu = person.say("/DIEUKIEN")
            for action in old:
                assert person.press(action).text.strip()
            # Where no old button was pressed, what comes is what has to come.
            expected = other.press(first(other.say("/dieukien")))
            question = person.press(first(menu))
            assert question.text == expected.text
            # What the bot cannot read is one line, and the question still stands.
            sticker = {"file_id": "x", "file_unique_id": "x", **STICKER}
            assert person.say("", sticker=sticker).text == wording("telegram.unsupported")
            assert person.press(first(question)).text == other.press(first(expected)).text
            assert person.say("/HUY").text.startswith(wording("award.cancelled"))
            bot.stop()


def first(content: Content) -> str:
    """The action of the first button."""
    return content.buttons[0]["callback_data"]
