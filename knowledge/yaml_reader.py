"""YAML files -> checked models; duplicate keys, unknown keys and floats are refused or avoided."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import PlanDataError

Model = TypeVar("Model", bound="DataModel")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataModel(BaseModel):
    """Base of everything read from a plan's folder: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """Safe loader that refuses equal keys and reads decimal numbers as Decimal."""


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in mapping:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(
                None, None, f"line {line}: key {key!r} stands twice", key_node.start_mark
            )
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_StrictLoader.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node))
)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """The file's content as `model`.

    Raises PlanDataError in one line that names the file, the key, the value and what is allowed.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError as error:
        raise PlanDataError(f"{path}: the file is missing; restore it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanDataError(f"{path}: cannot be read ({error}); restore the file") from error
    except yaml.YAMLError as error:
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark and not problem.startswith("line") else ""
        raise PlanDataError(f"{path}: {place}{problem}; correct the file") from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        raise PlanDataError(
            f"{path}: {key}: {first['input']!r:.80} — {first['msg']}; correct the file"
        ) from error
