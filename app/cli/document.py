"""How does a frozen value become a JSON document?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any


def as_json(document: object) -> str:
    """Return one JSON document, in ASCII, so that no terminal or pipe can garble it."""
    return json.dumps(plain(document), ensure_ascii=True, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """Return a value as dictionaries, lists, texts and numbers; times as ISO 8601 in UTC."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else _whole(value)


def _whole(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value]
