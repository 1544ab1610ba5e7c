"""Three-valued logic keeps its laws, and never passes for a bool."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.truth import Truth, all_of, any_of, truth_of

truths = st.sampled_from(Truth)


@pytest.mark.parametrize("truth", Truth)
def test_truth_refuses_to_be_a_bool(truth: Truth) -> None:
    with pytest.raises(TypeError, match="compare"):
        bool(truth)


def test_all_of_is_the_lowest_and_any_of_the_highest() -> None:
    for left, right in itertools.product(Truth, Truth):
        assert all_of([left, right]).value == min(left.value, right.value)
        assert any_of([left, right]).value == max(left.value, right.value)


@given(st.lists(truths, min_size=1))
def test_order_does_not_matter(values: list[Truth]) -> None:
    assert all_of(values) is all_of(reversed(values))
    assert any_of(values) is any_of(reversed(values))


@pytest.mark.parametrize("fold", [all_of, any_of])
def test_an_empty_group_is_refused(fold: object) -> None:
    with pytest.raises(ValueError, match="empty"):
        fold([])  # type: ignore[operator]


def test_what_is_known_converts() -> None:
    assert truth_of(True) is Truth.TRUE
    assert truth_of(False) is Truth.FALSE
