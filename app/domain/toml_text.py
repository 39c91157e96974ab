"""How is a value written in a TOML file, so that reading it gives the same again, and what does a file say?"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def read_toml(text: str) -> dict[str, Any]:
    """Return what a file says.

    Raises:
        ValueError: it is no TOML, or no reader takes so deep a list or so long a number.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it holds lists within lists within lists") from error


def pairs(said: Mapping[str, Any], names: Iterable[str] | None = None) -> list[str]:
    """Return these answers, or all of them, one a line."""
    return [f"{name} = {written(said[name])}" for name in (said if names is None else names)]


def written(value: Any) -> str:
    """Return a value as it is written; TOML has no nothing, which is written as an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {written(value[key])}" for key in value) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return quoted(value or "") if value is None or isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    """Return a text in quotes; TOML forbids one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)
