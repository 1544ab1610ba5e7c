"""Results of the award conversation: verdicts, their grounds, what it would take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.answer import AnswerWriter
from bot.award.questions import AwardQuestions
from bot.award.state import AwardState
from bot.dossier import DOSSIER
from bot.turns import AwardVerdict, Block, Button, Reply
from bot.wording import Wording
from knowledge import wording as grounds
from knowledge.assessment import Assessment, Verdict, assess
from knowledge.gauges import gauges
from knowledge.plan import Plan
from knowledge.questions import offered_facts
from knowledge.routes import routes, standard_steps

NOTICE_KIND = "award"
RESULT_PAPER = "giay:kq"  # the action that asks for the verdicts on paper
_MARKS = {Verdict.MET: "✅", Verdict.UNDECIDED: "❔", Verdict.NOT_MET: "✖️"}


class AwardReport:
    """Words the results of one plan's award conversation."""

    def __init__(
        self, plan: Plan, wording: Wording, writer: AnswerWriter, questions: AwardQuestions
    ) -> None:
        self._plan = plan
        self._rules = plan.rules
        self._say = wording
        self._writer = writer
        self._questions = questions

    def verdicts(self, state: AwardState, today: date) -> Reply:
        """The verdicts, highest award first, what they rest on, and what to do next."""
        unit = state.unit(self._rules.facts)
        found = assess(self._rules, unit)
        blocks = [_heading(self._say("award.summary")), *self._questions.entered(state)]
        for assessment in found:
            blocks += [
                block.model_copy(update={"is_drawn": True})
                for block in self._verdict(state, assessment)
            ]
        met = [a for a in found if a.verdict is Verdict.MET]
        if len(met) > 1:
            blocks.append(_text(self._say("award.once", award=met[0].award.label)))
        blocks += self._checklist(state)
        council = self._rules.readings.decided_by
        blocks.append(_notice(self._say("award.council", council=council)))
        offered = grounds.fact_labels(self._rules, self.offered(state))
        if offered:
            blocks.append(_notice(self._say("award.offered", facts="; ".join(offered))))
        clauses = [a.clause for a in found]
        blocks += self._writer.notices(NOTICE_KIND, clauses, "", today)
        citations = dict.fromkeys(citation for a in found for citation in a.citations)
        return Reply(
            status="award",
            blocks=tuple(blocks),
            citations=tuple(citations),
            buttons=tuple(self._next_steps(state, found)),
            verdicts=tuple(self._drawn(state, assessment) for assessment in found),
        )

    def why(self, state: AwardState, award_id: str) -> Reply:
        """The grounds of one verdict, each with the plan's words."""
        unit = state.unit(self._rules.facts)
        assessment = next((a for a in assess(self._rules, unit) if a.award.id == award_id), None)
        if assessment is None:
            return self._not_given(state, award_id)
        found = grounds.reasons(self._rules, unit, assessment)
        return Reply(
            status="award",
            blocks=(_heading(self._title(assessment)), *self._worded(found)),
            citations=tuple(reason.citation for reason in found if reason.citation),
            buttons=(self._result_row(state),),
        )

    def sheet(self, state: AwardState, today: date) -> list[Block]:
        """The whole result for a paper: figures, every verdict with its grounds, notices."""
        reply = self.verdicts(state, today)
        unit = state.unit(self._rules.facts)
        found = assess(self._rules, unit)
        blocks = [_heading(self._say("award.summary")), *self._questions.entered(state)]
        for assessment in found:
            blocks.append(_heading(self._title(assessment, marked=False)))
            blocks += self._worded(grounds.grounds(self._rules, unit, assessment))
        met = [a for a in found if a.verdict is Verdict.MET]
        if len(met) > 1:
            blocks.append(_text(self._say("award.once", award=met[0].award.label)))
        presumed = grounds.presumptions(self._rules, met)
        if presumed:
            blocks.append(_heading(self._say("award.presumed")))
            blocks += [Block(kind="item", text=text) for text in presumed]
        blocks += self._checklist(state)
        return blocks + [block for block in reply.blocks if block.kind == "notice"]

    def figures(self, state: AwardState) -> list[Block]:
        """The facts answered so far, a line each; not subject, occasion or what is unknown."""
        facts_alone = {"subject": "", "occasion": "", "declined": ()}
        return self._questions.entered(state.model_copy(update=facts_alone))

    def grounds_met(self, state: AwardState, award_id: str) -> list[Block]:
        """The grounds of an award whose criteria are met, with quotes; none for another."""
        unit = state.unit(self._rules.facts)
        met = (a for a in assess(self._rules, unit) if a.verdict is Verdict.MET)
        return [
            block
            for assessment in met
            if assessment.award.id == award_id
            for block in self._worded(grounds.grounds(self._rules, unit, assessment))
        ]

    def offered(self, state: AwardState) -> tuple[str, ...]:
        """Facts that nobody has to give, yet that could change a verdict."""
        return offered_facts(self._rules, state.unit(self._rules.facts), state.declined)

    def routes(self, state: AwardState, award_id: str) -> Reply:
        """What it would take to reach an award: each way with its thresholds."""
        unit = state.unit(self._rules.facts)
        assessment = next((a for a in assess(self._rules, unit) if a.award.id == award_id), None)
        if assessment is None or not assessment.criteria:
            return self._not_given(state, award_id)
        ways = routes(self._rules, award_id, unit)
        blocks = [_heading(self._say("award.routes", award=assessment.award.label))]
        for number, way in enumerate(ways, start=1):
            blocks.append(_text(self._say("award.route", number=number)))
            blocks += [
                Block(kind="item", text=self._say("award.step", label=step.label, need=step.need))
                for step in way.steps
            ]
            blocks.append(Block(kind="quote", text=way.citation.quote))
            blocks.append(self._writer.source(way.citation.clause, way.citation.bullet))
        standards = standard_steps(self._rules, unit, assessment)
        if standards:
            blocks.append(_text(self._say("award.also_needed")))
            blocks += [Block(kind="item", text=step.now) for step in standards]
        return Reply(
            status="award",
            blocks=tuple(blocks),
            citations=tuple(dict.fromkeys(way.citation for way in ways)),
            buttons=(self._result_row(state),),
        )

    def _verdict(self, state: AwardState, assessment: Assessment) -> list[Block]:
        unit = state.unit(self._rules.facts)
        blocks = [_heading(self._title(assessment))]
        found = grounds.grounds(self._rules, unit, assessment)
        blocks += [Block(kind="item", text=reason.text) for reason in found if reason.citation]
        needed = grounds.needed(self._rules, assessment)
        for key, facts in zip(("award.missing", "award.awaiting"), needed, strict=True):
            if facts:
                text = self._say(key, facts="; ".join(grounds.fact_labels(self._rules, facts)))
                blocks.append(Block(kind="item", text=text))
        return blocks

    def _worded(self, reasons: Iterable[grounds.Reason]) -> list[Block]:
        blocks: list[Block] = []
        for reason in reasons:
            blocks.append(_text(reason.text))
            if reason.citation:
                blocks.append(Block(kind="quote", text=reason.citation.quote))
                blocks.append(self._writer.source(reason.citation.clause, reason.citation.bullet))
        return blocks

    def _drawn(self, state: AwardState, assessment: Assessment) -> AwardVerdict:
        unit = state.unit(self._rules.facts)
        found = gauges(self._rules, unit.facts, assessment)
        note = "" if found else grounds.grounds(self._rules, unit, assessment)[0].text
        missing, awaiting = grounds.needed(self._rules, assessment)
        return AwardVerdict(
            award=assessment.award.id,
            label=assessment.award.label,
            verdict=assessment.verdict,
            verdict_label=grounds.verdict_label(assessment.verdict),
            gauges=found,
            missing=tuple(grounds.fact_labels(self._rules, missing)),
            awaiting=tuple(grounds.fact_labels(self._rules, awaiting)),
            note=note,
        )

    def _title(self, assessment: Assessment, *, marked: bool = True) -> str:
        title = self._say(
            "award.verdict",
            mark=_MARKS[assessment.verdict] if marked else "",
            award=assessment.award.label,
            verdict=grounds.verdict_label(assessment.verdict),
        )
        return title.strip()

    def _checklist(self, state: AwardState) -> list[Block]:
        items = self._rules.ready[(state.subject, state.occasion)].checklist
        if not items:
            return []
        guide = self._plan.guides.for_subject(state.subject)
        if guide:
            blocks = [_heading(guide.title)]
            for item in guide.items:
                text = self._say("award.guide_item", plain=item.plain, bring=item.bring)
                blocks.append(Block(kind="item", text=text))
            return [*blocks, self._writer.source(guide.clause, None)]
        places = "; ".join(dict.fromkeys(self._plan.place(item.clause) for item in items))
        return [_text(self._say("award.checklist", places=places))]

    def _next_steps(
        self, state: AwardState, found: Iterable[Assessment]
    ) -> Iterable[tuple[Button, ...]]:
        for assessment in found:
            award = assessment.award
            row = [self._questions.button(state, "award.why", "why", award.id, award.label)]
            if assessment.verdict is Verdict.MET:
                label = self._say("award.dossier", award=award.label)
                row.append(Button(label=label, action=f"{DOSSIER}:{award.id}"))
            elif assessment.criteria:
                row.append(
                    self._questions.button(state, "award.what_if", "routes", award.id, award.label)
                )
            yield tuple(row)
        yield (Button(label=self._say("button.paper_result"), action=RESULT_PAPER),)
        if self.offered(state):
            yield (self._questions.button(state, "award.more", "do", "more"),)
        yield (
            self._questions.button(state, "award.change", "do", "change"),
            self._questions.button(state, "award.restart", "do", "restart"),
        )

    def _not_given(self, state: AwardState, award_id: str) -> Reply:
        text = self._say(
            "award.not_given",
            award=self._rules.award(award_id).label,
            occasion=self._rules.subjects.occasions[state.occasion].label,
        )
        return Reply(status="award", blocks=(_text(text),), buttons=(self._result_row(state),))

    def _result_row(self, state: AwardState) -> tuple[Button, ...]:
        return (self._questions.button(state, "award.result", "do", "result"),)


def _text(text: str) -> Block:
    return Block(kind="text", text=text)


def _heading(text: str) -> Block:
    return Block(kind="heading", text=text)


def _notice(text: str) -> Block:
    return Block(kind="notice", text=text)
