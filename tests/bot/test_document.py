"""Questions about the plan as a document, answered from its head and foot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.document import DocumentDesk
from bot.plan_standing import PlanStanding
from bot.requests import document_request
from bot.turns import Reply
from bot.wording import Wording
from indexer.evaluate import load_questions
from indexer.examples import load_examples
from indexer.search import Searcher
from knowledge.plan import Plan
from knowledge.plan_info import Period

LATER = date(2026, 11, 25)


def answer(plan: Plan, searcher: Searcher, question: str, **changes: object) -> Reply | None:
    """The answer of a plan with some of plan.yaml changed."""
    changed = replace(plan, info=plan.info.model_copy(update=changes))
    wording = Wording.load()
    desk = DocumentDesk(changed, wording, PlanStanding(changed, wording))
    return desk.reply(searcher.read(question).tokens, LATER)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("phong trao nay ten gi vay em", "title"),
        ("Tên đầy đủ của kế hoạch là gì?", "title"),
        ("ghi tên phong trào ở đâu trong tờ trình", None),
        ("em tên gì", None),
        ("Ai ký kế hoạch này?", "signer"),
        ("kh nay ai ky v ad", "signer"),
        ("ban hanh ke hoach nay ngay nao", "number"),
        ("kh nay so may z", "number"),
        ("nơi nhận kế hoạch gồm những ai", "recipients"),
        ("kh nay het hieu luc chua", "validity"),
        ("kế hoạch này còn áp dụng không", "validity"),
        ("ai ký giấy khen", None),
        ("kế hoạch phát động của xã do ai ký", None),
        ("kh 42 cua tinh uy ban hanh ngay nao z", None),
        ("Sở Nội vụ phải trình tỉnh ban hành kế hoạch vào lúc nào?", None),
        ("các đơn vị gửi kế hoạch này ngày nào", None),
    ],
)
def test_questions_about_the_document_are_told_from_those_about_its_words(
    searcher: Searcher, question: str, part: str | None
) -> None:
    assert document_request(searcher.read(question).tokens) == part


def test_no_question_that_a_clause_answers_is_taken_for_one(
    whole_plan: Plan, searcher: Searcher
) -> None:
    path = whole_plan.folder / "evaluation_questions.tsv"
    asked = {example.question: example.clause for example in load_examples(whole_plan)}
    asked |= {question.text: question.expected for question in load_questions(path)}
    taken = {q: clause for q, clause in asked.items() if document_request(searcher.read(q).tokens)}
    assert all(clause == "NONE" for clause in taken.values()), taken


@pytest.mark.parametrize(
    ("changes", "question", "words"),
    [
        ({}, "tên phong trào là gì", "chung tay vì người nghèo"),
        ({}, "ai ký kế hoạch này", "Nguyễn Lưu Trung"),
        ({"number": "12/KH-UBND"}, "kế hoạch này số mấy", "số 12/KH-UBND. Bản"),
        ({"date_signed": date(2022, 7, 1)}, "kế hoạch này ban hành ngày nào", "ngày 01/07/2022"),
        (
            {"number": "12/KH-UBND", "date_signed": date(2022, 7, 1)},
            "kế hoạch này số mấy",
            "số 12/KH-UBND, ký ngày 01/07/2022",
        ),
        ({}, "kế hoạch này còn hiệu lực không", "đã kết thúc"),
        (
            {"period": Period(first=date(2026, 1, 1), last=date(2030, 12, 31))},
            "kế hoạch này còn hiệu lực không",
            "2026-2030; hiện vẫn trong",
        ),
    ],
)
def test_what_the_document_says_is_answered(
    whole_plan: Plan, searcher: Searcher, changes: dict[str, object], question: str, words: str
) -> None:
    reply = answer(whole_plan, searcher, question, **changes)
    assert reply is not None
    assert reply.status == "answered"
    assert words in reply.blocks[0].text


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"signer": None}, "ai ký kế hoạch này"),
        ({}, "kế hoạch này số mấy"),
        ({"recipients": []}, "nơi nhận kế hoạch"),
        ({"period": None}, "kế hoạch này còn hiệu lực không"),
    ],
)
def test_what_the_document_does_not_say_is_said_not_to_be_there(
    whole_plan: Plan, searcher: Searcher, changes: dict[str, object], question: str
) -> None:
    reply = answer(whole_plan, searcher, question, **changes)
    assert reply is not None
    assert reply.status == "not_in_plan"
    assert whole_plan.info.contact in reply.blocks[0].text


def test_signer_and_recipients_are_the_texts_own(whole_plan: Plan, searcher: Searcher) -> None:
    info = whole_plan.info
    assert info.signer
    assert all(words in whole_plan.flat_text for words in (info.signer, *info.recipients))
    reply = answer(whole_plan, searcher, "nơi nhận kế hoạch này")
    assert reply is not None
    assert [block.text for block in reply.blocks[1:]] == info.recipients
