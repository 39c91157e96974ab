"""Which fields of a payload make no difference to the order that is mapped from it?

Each leaf is changed in turn, to something of its own kind; if the order stays the same, the mapper
drops that field. A path names the field, with ``[]`` for any place of a list.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.domain.orders import IncomingOrder
from app.sync.live.channel import NotReadableError

Path = tuple[str | int, ...]
Understand = Callable[[Mapping[str, Any]], IncomingOrder]


def dropped(understand: Understand, payloads: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the fields that never make a difference, in any of the payloads."""
    made, made_none = set[str](), set[str]()
    for payload in payloads:
        before = understand(payload)
        for path in leaves(payload):
            told = any(_differs(understand, x, before) for x in _changed(payload, path))
            (made if told else made_none).add(field(path))
    return made_none - made


def unexplained(fields: Iterable[str], reasons: Mapping[str, str]) -> set[str]:
    """Return the fields that no reason is given for, and the reasons that explain no field.

    A reason is given for a field, for the object or list that holds it, or (``*.name``) for every
    field of a name.
    """
    used = {name: next((r for r in _holders(name) if r in reasons), "") for name in fields}
    return {name for name, by in used.items() if not by} | (set(reasons) - set(used.values()))


def _holders(name: str) -> Iterator[str]:
    yield f"*.{name.rpartition('.')[2]}"
    while name:
        yield name
        name = name.removesuffix("[]") if name.endswith("[]") else name.rpartition(".")[0]


def field(path: Path) -> str:
    """Return a path as the table of dropped fields writes it."""
    return ".".join("[]" if isinstance(x, int) else x for x in path).replace(".[]", "[]")


def _differs(understand: Understand, payload: Mapping[str, Any], before: IncomingOrder) -> bool:
    try:
        return understand(payload) != before
    except NotReadableError:
        return True


def _changed(payload: Mapping[str, Any], path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the payload with another value at a place, and with none."""
    for put in (_other, lambda _: None):
        changed = copy.deepcopy(payload)
        target: Any = changed
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = put(target[path[-1]])
        yield changed


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every single value of a payload."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    elif value not in (None, ""):
        yield path


def _other(value: Any) -> Any:
    """Return another value of the same kind: a later day, one more unit, a longer word."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        return f"{float(value) + 1:.2f}"
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return re.sub(r"^[0-9]{4}", lambda year: str(int(year[0]) - 1), value)
    return f"{value}7" if value.isdigit() else f"{value}X"
