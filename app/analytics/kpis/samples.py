"""How is a sample of seconds kept small? Sorted, as the steps between its values, packed."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise


def packed(values: Iterable[int]) -> bytes:
    """Return seconds, in any order, as few bytes."""
    ordered = sorted(values)
    steps = array("q", [*ordered[:1], *(later - earlier for earlier, later in pairwise(ordered))])
    return zlib.compress(steps.tobytes(), 1)


def unpacked(content: bytes | None) -> Sequence[int]:
    """Return the seconds, the smallest first."""
    if not content:
        return ()
    steps = array("q")
    steps.frombytes(zlib.decompress(content))
    return list(accumulate(steps))
