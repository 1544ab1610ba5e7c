"""Sessions that another version of the program, or of the plan, has written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.award.state import FLOW, AwardState, session_with
from bot.sessions import Session
from bot.store import open_memory_store
from bot.store.schema import sessions

if TYPE_CHECKING:
    from tests.bot.conftest import Talk

SAID = Session(flow="award", data={"state": "{}"}, last=("hồ", "sơ"))


@pytest.mark.parametrize(
    "state",
    [
        "",
        "not JSON",
        "[]",
        "null",
        '{"flow": 3}',
        '{"flow": "award", "data": {"state": 5}}',
        '{"flow": "award", "data": "x"}',
        '{"last": "hồ sơ"}',
    ],
)
def test_a_session_that_cannot_be_read_is_an_empty_one(state: str) -> None:
    with open_memory_store() as store:
        store.save("web", "a", SAID)
        store._database.run(lambda c: c.execute(update(sessions).values(state=state)))
        assert store.load("web", "a") == Session()


def test_what_a_newer_program_adds_is_left_out() -> None:
    with open_memory_store() as store:
        store.save("web", "a", SAID)
        newer = json.dumps({**SAID.model_dump(), "mood": "good"})
        store._database.run(lambda c: c.execute(update(sessions).values(state=newer)))
        assert store.load("web", "a") == SAID


@pytest.mark.parametrize(
    "session",
    [
        Session(flow="wizard", data={"state": "{}"}),
        Session(flow=FLOW),
        Session(flow=FLOW, data={"state": "no JSON"}),
        Session(flow=FLOW, data={"state": '{"asking": 5}'}),
        session_with(AwardState(subject="planet")),
        session_with(AwardState(subject="commune", occasion="never")),
        session_with(AwardState(asking="no_such_fact")),
        session_with(AwardState(asked=("no_such_fact",))),
        session_with(AwardState(declined=("no_such_fact",))),
        session_with(AwardState(unsure=("no_such_fact",))),
        session_with(AwardState(heard={"no_such_fact": "1"})),
        session_with(AwardState(facts={"no_such_fact": "1"})),
    ],
)
def test_a_conversation_that_the_plan_does_not_know_is_over(talk: Talk, session: Session) -> None:
    for text in ("50", "có", "quay lại", "kết quả", "tổng kết khi nào", "/huy"):
        talk.session = session
        assert talk.say(text).blocks
    talk.session = session
    assert talk.act("award:zzzz:subject:commune").blocks
    talk.session = session
    assert talk.say("/dieukien").buttons


@pytest.mark.parametrize("value", ["abc", "NaN", "Infinity", "", "1|2|x"])
def test_a_figure_that_is_none_ends_the_conversation(talk: Talk, value: str) -> None:
    talk.say("/dieukien")
    rules = talk.dialogue._plan.rules
    number = next(name for name, fact in rules.facts.items() if not fact.codes)
    subject = rules.facts[number].subjects[0]
    occasion = next(iter(rules.subjects.occasions))
    state = AwardState(subject=subject, occasion=occasion, facts={number: value})
    assert not state.fits(rules)
    talk.session = session_with(state)
    assert talk.say("kết quả").blocks


VALUES = st.sampled_from(
    ["", "1", "-5", "NaN", "Infinity", "1|2", "1||2", "abc", "yes", "1e999999"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_of_a_known_fact_breaks_the_conversation(talk: Talk, data: st.DataObject) -> None:
    rules = talk.dialogue._plan.rules
    names = st.sampled_from(sorted(rules.facts))
    some = st.dictionaries(names, VALUES, max_size=4)
    state = AwardState(
        subject=data.draw(st.sampled_from(["", *rules.subjects.subjects])),
        occasion=data.draw(st.sampled_from(["", *rules.subjects.occasions])),
        facts=data.draw(some),
        heard=data.draw(some),
        asking=data.draw(st.sampled_from(["subject", "occasion", "confirm", "done", *rules.facts])),
    )
    for text in ("50", "kết quả", "quay lại", "sửa"):
        talk.session = session_with(state)
        assert talk.say(text).blocks
