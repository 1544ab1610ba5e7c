"""Updates as Telegram could send them, and as it should not: drawn from the library's own classes.

Every field of every class that an Update can hold may be there or not, of its type or of another.
"""

from __future__ import annotations

import collections.abc
import datetime
import enum
import functools
import inspect
import time
import types
import typing
from typing import Any

import telegram
from hypothesis import strategies as st
from telegram import TelegramObject, Update, constants

CHAT, GROUP = 5, -1_000_000_000_005
_MOST_FIELDS, _DEEPEST = 4, 3
_IS_BROKEN = st.sampled_from([False] * 19 + [True])  # one value in twenty, of every other update
_RENAMED = {"from_user": "from"}
# What a bot hears most: drawn as often as all other fields together.
_COMMON = {
    Update: ("message", "callback_query"),
    telegram.Message: ("from_user", "text", "caption", "document", "reply_to_message", "photo"),
    telegram.CallbackQuery: ("message", "data"),
}
_WORDS = sorted(
    {
        str(member.value)
        for kind in vars(constants).values()
        if isinstance(kind, type) and issubclass(kind, enum.Enum) and issubclass(kind, str)
        for member in kind
    }
)
_texts = st.one_of(
    st.sampled_from(["/start", "/hoi@tro_ly_thu_bot x", "@tro_ly_thu_bot", "bước", "hồ sơ", "nút"]),
    st.sampled_from(["\ud800", "\0", "", " ", "x" * 5000, "<b>&", "😀" * 3000, "/" * 70]),
    st.sampled_from(_WORDS),
    st.text(max_size=20),
)
_integers = st.one_of(st.sampled_from([1, 5, 7, CHAT, GROUP]), st.integers(-(2**52), 2**52))
_moments = st.one_of(st.just(int(time.time())), st.integers(0, 2**33))
_junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(2**70),
    _texts,
    st.floats(),
    st.just([]),
    st.just({}),
    st.just([None, [1], {"a": "b"}]),
)


def updates() -> st.SearchStrategy[Any]:
    """What a bot may find in the list of its updates."""
    sound, broken = _objects(Update, 0, may_break=False), _objects(Update, 0, may_break=True)
    return st.one_of(*[sound] * 5, *[broken] * 4, _junk)


@st.composite
def _objects(draw: st.DrawFn, kind: type[TelegramObject], depth: int, *, may_break: bool) -> Any:
    fields = _fields(_some_kind(draw, kind))
    needed = [name for name, (_, is_needed) in fields.items() if is_needed]
    others = [name for name in fields if name not in needed]
    common = [name for name in _COMMON.get(kind, ()) if name in fields]
    some: st.SearchStrategy[list[str]] = st.just([])
    if others and depth < _DEEPEST:
        names = st.sampled_from(others)
        some = st.lists(
            st.one_of(st.sampled_from(common), names) if common else names, max_size=_MOST_FIELDS
        )
    made = {}
    for name in dict.fromkeys([*needed, *draw(some)]):
        hint, _ = fields[name]
        is_broken = may_break and draw(_IS_BROKEN)
        value = _junk if is_broken else _values(name, hint, depth, may_break=may_break)
        made[_RENAMED.get(name, name)] = draw(value)
    if needed and may_break and draw(_IS_BROKEN):
        made.pop(_RENAMED.get(needed[0], needed[0]), None)
    return made


def _some_kind(draw: st.DrawFn, kind: type[TelegramObject]) -> type[TelegramObject]:
    """The class, or one of those that stand for it."""
    below = kind.__subclasses__()
    return draw(st.sampled_from([kind, *below])) if below else kind


@functools.cache
def _fields(kind: type[TelegramObject]) -> dict[str, tuple[Any, bool]]:
    """The fields with their types, and whether each has to be there."""
    names = {**vars(telegram), "datetime": datetime, "dtm": datetime, "collections": collections}
    hints = typing.get_type_hints(kind.__init__, localns={**names, "JSONDict": dict})
    return {
        name: (hints.get(name, str), parameter.default is inspect.Parameter.empty)
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if name not in ("self", "api_kwargs", "kwargs", "args")
    }


def _values(name: str, hint: Any, depth: int, *, may_break: bool) -> st.SearchStrategy[Any]:
    if name == "chat":
        kinds = st.sampled_from(["private", "group", "supergroup", "channel"])
        ids = st.one_of(st.sampled_from([CHAT, -5, GROUP]), _integers)
        return st.fixed_dictionaries({"id": ids, "type": kinds})
    if name in ("type", "status", "source"):
        return st.sampled_from(_WORDS)
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [each for each in typing.get_args(hint) if each is not type(None)]
        return st.one_of([_values("", each, depth, may_break=may_break) for each in inner])
    if origin is not None and issubclass(origin, collections.abc.Sequence):
        inner = next(iter(typing.get_args(hint)))
        return st.lists(_values("", inner, depth + 1, may_break=may_break), max_size=2)
    if inspect.isclass(hint) and issubclass(hint, TelegramObject):
        return _objects(hint, depth + 1, may_break=may_break)
    return _simple(hint)


def _simple(hint: Any) -> st.SearchStrategy[Any]:
    found: dict[Any, st.SearchStrategy[Any]] = {
        int: _integers,
        bool: st.booleans(),
        float: st.floats(),
        str: _texts,
        datetime.datetime: _moments,
    }
    return found.get(hint, _texts)
