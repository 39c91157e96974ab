"""Which rules are in force, ready to be asked?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, select

from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Runner
from app.domain.rulebook.text import parsed
from app.models.base import is_state
from app.models.damage import readable
from app.models.inventory import locations
from app.models.rules import rulebooks

MEND = (
    "Put another version in force (orderdeck rules versions, orderdeck rules activate), or restore a"
    " backup."
)
Places = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The version that decides, and its rules made ready for many orders."""

    version: int
    runner: Runner


def in_force(db: Connection) -> RulesInForce | None:
    """Return the rules in force; nothing where there are none."""
    row = db.execute(_ACTIVE).first()
    if row is None:
        return None
    at = places(db)
    with readable(f"The rules in force (version {row.version}) are", MEND):
        runner = ready(row.text, at)
    return RulesInForce(row.version, runner) if runner.rules else None


def stored_book(version: int, text: str) -> Rulebook:
    """Return the rules of a stored version.

    Raises:
        DamagedError: they cannot be read.
    """
    with readable(f"Version {version} of the rules is", MEND):
        return parsed(text)


_ACTIVE = select(rulebooks.c.version, rulebooks.c.text).where(is_state(rulebooks.c.state, "active"))


@lru_cache(maxsize=8)
def ready(text: str, at: Places) -> Runner:
    """Return a rulebook made ready; the same text is read once for many batches."""
    return Runner(parsed(text), dict(at))


def places(db: Connection) -> Places:
    """Return which locations a code, or "@kind", means; only those that ship."""
    found: dict[str, list[int]] = {}
    for row in db.execute(_SHIPPING):
        found.setdefault(row.code, []).append(row.id)
        found.setdefault(f"@{row.kind}", []).append(row.id)
    return tuple((code, tuple(ids)) for code, ids in found.items())


_SHIPPING = (
    select(locations.c.id, locations.c.code, locations.c.kind)
    .where(locations.c.ships)
    .order_by(locations.c.id)
)
