"""Which cases of the fault suite run on PostgreSQL in the everyday suite? Those that hang on the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest

from tests.beginnings import Begun
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, world

# Kills, crossings of edges, doubles, what is told once: where transactions and locks decide.
ON_BOTH: Final = (
    "test_f006_", "test_f019_", "test_f021_", "test_f028_", "test_f036_", "test_f041_", "test_f067_",
    "test_a_kill_around_a_confirmation",
)  # fmt: skip


@pytest.fixture
def shopify(begun: Begun) -> Iterator[World]:
    with world(begun, "shopify") as made:
        made.stock("MUG", 400)
        yield made
        assert broken(made) == []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other cases to one command, for their time."""
    if os.environ.get("ORDERDECK_FAULTS") == "everywhere":
        return
    left = [x for x in items if _is_only_transport(x)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [x for x in items if x not in left]


def _is_only_transport(item: pytest.Item) -> bool:
    is_of_faults = item.path.name.startswith("test_faults") and "postgresql" in item.name
    return is_of_faults and not item.name.startswith(ON_BOTH)
