"""Writes the papers of one plan, from its data and what the conversation knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

from bot.award.report import AwardReport
from bot.award.state import AwardState
from bot.dossier import DossierDesk
from bot.papers.page import Page
from bot.papers.template import Part, Template
from bot.plan_standing import PlanStanding
from bot.requests import DossierRequest
from bot.turns import Attachment, Block
from bot.wording import Wording
from knowledge.dossiers import Source
from knowledge.plan import Plan

WORDS = Path(__file__).with_name("words.yaml")
_CHECKLIST_WIDTHS = (10, 62, 76, 12)  # mm


class PaperWriter:
    """Writes papers as they are on one day."""

    def __init__(
        self,
        plan: Plan,
        report: AwardReport,
        dossiers: DossierDesk,
        standing: PlanStanding,
        today: date,
    ) -> None:
        self._plan = plan
        self._report = report
        self._dossiers = dossiers
        self._standing = standing
        self._today = today
        self._words = Wording.load(WORDS)

    def result(self, state: AwardState) -> Attachment:
        """The verdicts of an award conversation with its figures and quotes."""
        words = self._words
        foot = words("foot.result", council=self._plan.rules.readings.decided_by)
        page = Page(words("result.title"), foot)
        page.title(words("result.title"), self._standing.name)
        page.center(words("result.made", date=f"{self._today:%d/%m/%Y}"), italic=True)
        blocks = self._report.sheet(state, self._today)
        _put(page, [block for block in blocks if block.kind != "notice"])
        notices = [block for block in blocks if block.kind == "notice"]
        over = self._standing.notice(self._today)
        if over and over not in {block.text for block in notices}:
            notices.append(Block(kind="notice", text=over))
        self._put_notices(page, notices)
        return Attachment(name=words("result.file"), content=page.content())

    def checklist(self, award_id: str, route_id: str) -> Attachment:
        """The dossier of an award: papers to tick, sets, route, derived confirmations."""
        words, book = self._words, self._plan.dossiers
        award = book.award(award_id)
        page = Page(words("checklist.title"), words("foot.checklist"))
        page.title(words("checklist.title"), words("checklist.about", award=award.name))
        page.center(words("checklist.plan", plan=self._plan.info.title), italic=True)
        page.heading(words("checklist.papers"))
        self._put_ticks(page, [(paper.name, [paper.source]) for paper in book.papers])
        page.heading(words("checklist.sets"))
        page.text(self._dossiers.sets(award))
        if award.sets_source:
            page.source(self._quoted([award.sets_source]))
        page.heading(words("checklist.routes"))
        routes = [r for r in book.routes if route_id in ("", r.id)] if award.has_route else []
        for route in routes:
            _put(page, self._dossiers.ways(award, route.id))
            page.source(self._quoted(route.sources))
        if not routes:
            _put(page, self._dossiers.ways(award, None))
        wanted = book.confirmations_for(award_id, route_id or None)
        if wanted:
            page.heading(words("checklist.confirmations"))
            page.text(words("checklist.derived"), italic=True)
            self._put_ticks(page, [(each.text, each.sources) for each in wanted])
        page.heading(words("checklist.registration"))
        page.text(book.registration.text)
        page.source(self._quoted(book.registration.sources))
        self._put_notices(page, self._dossier_notices(award_id, route_id))
        return Attachment(
            name=words("checklist.file", award=award_id.replace("_", "-")), content=page.content()
        )

    def sample(
        self, form: Template, award_id: str, route_id: str, state: AwardState | None
    ) -> Attachment:
        """The skeleton of an administrative paper; what is not known stays blank."""
        words = self._words
        page = Page(form.title, words("foot.sample"))
        page.mark(words("mark.sample"))
        page.head(
            words("head.parent"),
            words("head.issuer"),
            words("motto.country"),
            words("motto.words"),
            form.number,
            words("head.place_and_date") if form.is_dated else "",
        )
        fields = self._fields(award_id, route_id, state)
        page.title(form.title, form.about.format(**fields))
        grounds = self._report.grounds_met(state, award_id) if state else []
        remarks = _unquoted(grounds)
        told = [block for block in grounds if block not in remarks]
        for part in form.body:
            self._put_part(page, part, fields, told, state)
        page.signatures(words("recipients.title"), form.recipients, *form.signers)
        if not any(part.kind == "grounds" for part in form.body):
            remarks = []
        self._put_notices(page, [*remarks, *self._dossier_notices(award_id, route_id)])
        name = f"{form.file}-{award_id.replace('_', '-')}.docx"
        return Attachment(name=name, content=page.content())

    def _fields(self, award_id: str, route_id: str, state: AwardState | None) -> dict[str, str]:
        blank, book = self._words("blank"), self._plan.dossiers
        named = self._plan.rules.subjects
        return {
            "award": book.award(award_id).name,
            "plan": self._plan.info.title,
            "issuer": self._plan.info.issuer,
            "receiver": (book.route(route_id).receiver if route_id else "") or blank,
            "subject": named.subjects[state.subject].label if state else blank,
            "occasion": named.occasions[state.occasion].label if state else blank,
        }

    def _put_part(
        self,
        page: Page,
        part: Part,
        fields: dict[str, str],
        grounds: Sequence[Block],
        state: AwardState | None,
    ) -> None:
        text = part.text.format(**fields)
        if part.kind == "table":
            blank_rows = [
                [f"{n}", *("" for _ in part.columns[1:])] for n in range(1, part.rows + 1)
            ]
            page.table(part.columns, part.widths, blank_rows)
        elif part.kind == "entered":
            figures = self._report.figures(state) if state else []
            _put(page, figures or [Block(kind="item", text=self._words("blank"))])
        elif part.kind == "grounds":
            _put(page, grounds or [Block(kind="item", text=self._words("grounds.unknown"))])
        elif part.kind == "papers":
            _put(page, [Block(kind="item", text=p.name) for p in self._plan.dossiers.papers])
        elif part.kind == "basis":
            page.text(text, italic=True)
        elif part.kind == "center":
            page.center(text)
        else:
            _put(page, [Block(kind=part.kind, text=text)])

    def _put_ticks(self, page: Page, entries: Iterable[tuple[str, Sequence[Source]]]) -> None:
        words = self._words
        columns = [words(f"checklist.{name}") for name in ("number", "paper", "basis", "have")]
        rows = [
            [f"{number}", text, self._quoted(sources), words("checklist.box")]
            for number, (text, sources) in enumerate(entries, start=1)
        ]
        page.table(columns, _CHECKLIST_WIDTHS, rows)

    def _quoted(self, sources: Iterable[Source]) -> str:
        """The sources as clause and quote; clauses with the same words share one quote."""
        places: dict[str, list[str]] = {}
        for source in sources:
            places.setdefault(source.quote, []).append(self._plan.place(source.clause))
        return "\n".join(
            self._words("checklist.quoted", place=", ".join(dict.fromkeys(found)), quote=quote)
            for quote, found in places.items()
        )

    def _dossier_notices(self, award_id: str, route_id: str) -> list[Block]:
        reply = self._dossiers.checklist(DossierRequest(award_id, route_id or None), self._today)
        marked = self._standing.marked(reply, self._today)
        return [block for block in marked.blocks if block.kind == "notice"]

    def _put_notices(self, page: Page, notices: Sequence[Block]) -> None:
        if notices:
            page.heading(self._words("notices.title"))
        for notice in notices:
            page.note(notice.text)


def _unquoted(blocks: Sequence[Block]) -> list[Block]:
    """The sentences that no quote follows: remarks on the grounds, not grounds."""
    return [
        block
        for block, after in zip_longest(blocks, blocks[1:])
        if block.kind == "text" and (after is None or after.kind != "quote")
    ]


def _put(page: Page, blocks: Sequence[Block]) -> None:
    write = {
        "heading": page.heading,
        "item": page.item,
        "quote": page.quote,
        "source": page.source,
        "notice": page.note,
    }
    following = [*blocks[1:], None]
    for block, after in zip(blocks, following, strict=True):
        if block.kind == "text":
            is_quoted = after is not None and after.kind == "quote"
            page.text(block.text, stays_with_next=is_quoted)
        else:
            write[block.kind](block.text)
