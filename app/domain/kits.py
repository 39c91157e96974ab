"""What is in a kit, through kits within kits, and does any contain itself?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", int, str)


def a_loop(parts: Mapping[Key, Iterable[Key]], kits: Iterable[Key] | None = None) -> Key | None:
    """Return a kit that contains itself through others, of these or of all; or nothing."""
    sound: set[Key] = set()
    for kit in list(parts) if kits is None else kits:
        if (found := _loop_from(kit, parts, sound)) is not None:
            return found
    return None


def _loop_from(kit: Key, parts: Mapping[Key, Iterable[Key]], sound: set[Key]) -> Key | None:
    """Walk down from a kit, depth first without recursion; what is on the path twice is a loop."""
    path: list[Key] = []
    todo: list[tuple[Key, bool]] = [(kit, False)]
    while todo:
        here, is_over = todo.pop()
        if is_over:
            path.pop()
            sound.add(here)
        elif here in path:
            return here
        elif here not in sound:
            path.append(here)
            todo.append((here, True))
            todo.extend((part, False) for part in parts.get(here, ()))
    return None


def flat(
    parts: Mapping[Key, Mapping[Key, int]], kit: Key, around: frozenset[Key] = frozenset()
) -> dict[Key, int]:
    """Return the units of each stock-kept SKU in one kit, however deep it lies.

    A kit that contains itself needs one of itself from a shelf, where no kit lies: it can never be packed.
    """
    total: dict[Key, int] = {}
    around |= {kit}
    for part, units in parts[kit].items():
        inner = flat(parts, part, around) if part in parts and part not in around else {part: 1}
        for sku, count in inner.items():
            total[sku] = total.get(sku, 0) + count * units
    return total
