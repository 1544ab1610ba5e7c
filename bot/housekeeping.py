"""What people ask about the assistant itself: what it keeps, to delete it, how well it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.feedback import read_vote
from bot.records import Vote
from bot.turns import Block, Message, Reply

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Statistics, Store
    from bot.wording import Wording

PRIVACY, DELETE, STATISTICS = "riengtu", "xoa", "thongke"
ANSWERED = ("answered", "dossier", "award")
REFUSED = ("not_in_plan", "unclear")


class Housekeeping:
    """Answers the commands about the assistant itself; None for every other message."""

    def __init__(self, wording: Wording, settings: Settings, store: Store | None) -> None:
        self._wording = wording
        self._store = store
        self._hours = f"{settings.session_hours:g}"
        self._days = f"{settings.learning_days:g}"
        self._admins = {name.strip() for name in settings.admin_ids.split(",") if name.strip()}

    def reply(self, message: Message) -> Reply | None:
        """The reply to a command or vote of ours."""
        command = command_of(message)
        if command == PRIVACY:
            return self._privacy()
        if command == DELETE:
            return self._say("privacy.deleted")
        if command == STATISTICS and self._is_admin(message) and self._store is not None:
            return self._statistics(self._store.statistics())
        vote = vote_of(message)
        return None if vote is None else self._thanked(vote)

    def _privacy(self) -> Reply:
        if self._store is None:
            return self._say("privacy.memory")
        return self._say("privacy.kept", hours=self._hours, days=self._days)

    def _thanked(self, vote: Vote) -> Reply:
        if self._store is None or not self._store.is_votable(vote.answer):
            return self._say("feedback.too_old")
        return self._say("feedback.thanks" if vote.is_good else "feedback.sorry")

    def _is_admin(self, message: Message) -> bool:
        return f"{message.channel}:{message.chat}" in self._admins

    def _statistics(self, found: Statistics) -> Reply:
        n_answered = sum(found.outcomes.get(outcome, 0) for outcome in ANSWERED)
        n_refused = sum(found.outcomes.get(outcome, 0) for outcome in REFUSED)
        n_asked = max(n_answered + n_refused, 1)
        lines = [
            self._wording("statistics.title", days=self._days),
            self._wording("statistics.turns", turns=sum(found.outcomes.values())),
            *(
                self._wording("statistics.channel", channel=channel, turns=turns)
                for channel, turns in sorted(found.channels.items())
            ),
            self._wording("statistics.answered", share=round(100 * n_answered / n_asked)),
            self._wording("statistics.refused", share=round(100 * n_refused / n_asked)),
            self._wording("statistics.votes", good=found.good_votes, bad=found.bad_votes),
        ]
        if found.median_ms is not None:
            lines.append(
                self._wording("statistics.latency", median=found.median_ms, p95=found.p95_ms)
            )
        blocks = [Block(kind="text", text=line) for line in lines]
        blocks += self._list(
            "statistics.bad_clauses",
            [
                self._wording("statistics.times", what=clause, times=times)
                for clause, times in found.bad_clauses
            ],
        )
        blocks += self._list(
            "statistics.unanswered",
            [
                self._wording("statistics.times", what=asked.question, times=asked.times)
                for asked in found.top_unanswered
            ],
        )
        return Reply(status="menu", blocks=tuple(blocks))

    def _list(self, title: str, entries: list[str]) -> list[Block]:
        if not entries:
            return []
        items = [Block(kind="item", text=entry) for entry in entries]
        return [Block(kind="heading", text=self._wording(title)), *items]

    def _say(self, key: str, **fields: object) -> Reply:
        lines = self._wording(key, **fields).splitlines()
        return Reply(status="menu", blocks=tuple(Block(kind="text", text=line) for line in lines))


def command_of(message: Message) -> str:
    """The command that a message is ("/XOA@a_bot now" is "xoa"), "" for any other message."""
    if message.action or message.attachment or not message.text.startswith("/"):
        return ""
    first = message.text[1:].split(maxsplit=1)
    return first[0].partition("@")[0].lower() if first else ""


def vote_of(message: Message) -> Vote | None:
    """The vote that a message casts, if it does."""
    return read_vote(message.action) if message.action else None
