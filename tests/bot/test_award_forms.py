"""The question what one can be commended with, answered from the plan's awards."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import FULL_TEXT, AnswerWriter
from bot.award_forms import AwardFormsDesk
from bot.wording import Wording
from indexer.evaluate import load_questions
from indexer.examples import load_examples
from indexer.search import Searcher
from knowledge.new_plan import new_plan
from knowledge.plan import Plan, load_plan


@pytest.fixture(scope="module")
def desk(whole_plan: Plan) -> AwardFormsDesk:
    wording = Wording.load()
    return AwardFormsDesk(whole_plan, wording, AnswerWriter(whole_plan, wording))


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("có mấy hình thức khen thưởng", True),
        ("phong trao nay co nhung hinh thuc khen nao v ad", True),
        ("cuối kỳ có những bằng khen nào", True),
        ("Khen thưởng gồm mấy đợt?", True),
        ("xã có những hình thức khen nào", False),
        ("hộ nghèo được khen những gì", False),
        ("vượt 10% thì được hình thức khen nào", False),
        ("mỗi hình thức khen thưởng mấy bộ hồ sơ", False),
        ("hình thức khen thưởng do ai quyết định", False),
        ("các đợt khen thưởng vào lúc nào", False),
        ("khi nào có đợt khen", False),
        ("mỗi năm được mấy bằng khen", False),
        ("chào em", False),
    ],
)
def test_a_question_for_all_awards_is_told_from_those_about_some(
    desk: AwardFormsDesk, searcher: Searcher, question: str, is_asked: bool
) -> None:
    assert desk.is_asked(searcher.read(question)) == is_asked


def test_no_question_that_a_clause_answers_is_taken_for_one(
    desk: AwardFormsDesk, whole_plan: Plan, searcher: Searcher
) -> None:
    asked = [example.question for example in load_examples(whole_plan)]
    path = whole_plan.folder / "evaluation_questions.tsv"
    asked += [question.text for question in load_questions(path)]
    assert [q for q in asked if desk.is_asked(searcher.read(q))] == []


def test_every_award_is_listed_under_each_of_its_occasions(
    desk: AwardFormsDesk, whole_plan: Plan, searcher: Searcher
) -> None:
    reply = desk.reply(searcher.read("có những hình thức khen thưởng nào"))
    lines = {block.text for block in reply.blocks if block.kind == "item"}
    for award in whole_plan.rules.awards:
        for occasion in award.occasions:
            place = whole_plan.place(whole_plan.rules.subjects.occasions[occasion].clause)
            assert any(f"({place}): " in line and award.label in line for line in lines)
    assert len(lines) == len(whole_plan.rules.subjects.occasions)


def test_an_occasion_that_is_named_is_listed_alone(
    desk: AwardFormsDesk, searcher: Searcher
) -> None:
    reply = desk.reply(searcher.read("dip tong ket co may hinh thuc khen"))
    (line,) = [block.text for block in reply.blocks if block.kind == "item"]
    assert line.index("Chủ tịch") < line.index("Thủ tướng") < line.index("Huân chương")
    assert [citation.clause for citation in reply.citations] == ["IV.2.c"]
    assert reply.buttons[0][0].action == f"{FULL_TEXT}IV.2.c"


def test_a_plan_without_awards_leaves_the_question_to_search(
    tmp_path: Path, searcher: Searcher
) -> None:
    new_plan("without_awards", tmp_path)
    plan, wording = load_plan("without_awards", tmp_path), Wording.load()
    desk = AwardFormsDesk(plan, wording, AnswerWriter(plan, wording))
    assert not desk.is_asked(searcher.read("có mấy hình thức khen thưởng"))
