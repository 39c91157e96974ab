"""What is one way out of a case, as a button has it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Way(NamedTuple):
    """One button. ``kind``: the filled (primary) one is the safe one, never the one that risks."""

    title: str
    icon: str
    run: Callable[[], object]
    kind: str = ""
