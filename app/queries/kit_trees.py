"""What is in a kit, level by level, what limits it, and who else wants the same units?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.kits import flat
from app.models.catalogue import skus
from app.models.kits import Contents, contents, kits_with, parts
from app.models.sets import among
from app.queries.inventory import levels_of, reserved_of, told_to_channels


@dataclass(frozen=True, slots=True)
class KitNode:
    """A component of a kit at some depth; ``units`` of it are in one of the kit above it.

    ``atp`` is what channels may be told of it; of a kit, what its own components allow.
    """

    sku: str
    title: str
    units: int
    atp: int
    depth: int
    is_kit: bool
    is_scarcest: bool = False


@dataclass(frozen=True, slots=True)
class Contention:
    """A component that several kits want: what one of each offers would ask, and what is there."""

    sku: str
    there: int
    asked: int
    kits: tuple[str, ...]


def kit_tree(db: Connection, kit_code: str) -> tuple[KitNode, ...]:
    """Return what is in a kit, each kit in it followed by its own parts; the scarcest is marked."""
    found = db.execute(select(skus.c.id).where(skus.c.code == kit_code)).scalar()
    if found is None:
        return ()
    direct = parts(db, [found])
    if found not in direct:
        return ()
    inside = {part for each in direct.values() for part in each}
    named, there = _named(db, inside), available(db, inside, direct)
    return tuple(_nodes(found, 0, direct, named, there))


def contentions(db: Connection, sku_code: str) -> tuple[Contention, ...]:
    """Return the components that several kits promise together more often than they are there.

    Asked for a kit: its components. Asked for a component: itself. Each kit offers what its scarcest
    component allows, so what they ask together may be more than lies on the shelf.
    """
    sku_id = db.execute(select(skus.c.id).where(skus.c.code == sku_code)).scalar()
    if sku_id is None:
        return ()
    mine = contents(db, [sku_id]).get(sku_id) or {sku_id: 1}
    users = kits_with(db, mine)
    recipes = contents(db, users)
    parts_ = {part for recipe in recipes.values() for part in recipe}
    there = available(db, parts_ | set(mine), {})
    named = _named(db, users | set(mine))
    found = [_contention(part, recipes, there, named) for part in mine]
    return tuple(each for each in found if len(each.kits) > 1 and each.asked > each.there)


def used_in(db: Connection, sku_code: str) -> tuple[tuple[str, int], ...]:
    """Return the kits that a SKU is in, and its units in one of each."""
    sku_id = db.execute(select(skus.c.id).where(skus.c.code == sku_code)).scalar()
    if sku_id is None:
        return ()
    users = kits_with(db, [sku_id])
    recipes, direct, named = contents(db, users), parts(db, users), _named(db, users)
    return tuple(
        sorted(
            (named[kit][0], recipes[kit].get(sku_id) or direct[kit].get(sku_id, 0)) for kit in users
        )
    )


def available(
    db: Connection, sku_ids: Collection[int], direct: Mapping[int, Mapping[int, int]]
) -> dict[int, int]:
    """Return what channels may be told of SKUs and of the kits among them."""
    kept = {sku for sku in sku_ids if sku not in direct}
    levels, reserved = levels_of(db, kept), reserved_of(db, kept)
    found = {sku: told_to_channels(levels.get(sku, ()), reserved.get(sku, 0)) for sku in kept}
    for kit in direct:
        inside = flat(direct, kit)
        found[kit] = min((found.get(sku, 0) // units for sku, units in inside.items()), default=0)
    return found


def _nodes(
    kit: int, depth: int, direct: Mapping[int, Mapping[int, int]],
    named: Mapping[int, tuple[str, str]], there: Mapping[int, int], around: frozenset[int] = frozenset(),
) -> Iterator[KitNode]:  # fmt: skip
    inside, around = direct[kit], around | {kit}
    makes = {part: there.get(part, 0) // units for part, units in inside.items()}
    fewest = min(makes.values())
    for part, units in sorted(inside.items(), key=lambda each: named[each[0]][0]):
        code, title = named[part]
        is_scarcest = makes[part] == fewest and len(inside) > 1
        yield KitNode(code, title, units, there.get(part, 0), depth, part in direct, is_scarcest)
        if part in direct and part not in around:
            yield from _nodes(part, depth + 1, direct, named, there, around)


def _contention(
    part: int, recipes: Contents, there: Mapping[int, int], named: Mapping[int, tuple[str, str]]
) -> Contention:
    wanting = {kit: recipe[part] for kit, recipe in recipes.items() if part in recipe}
    offered = {
        kit: min(there.get(sku, 0) // units for sku, units in recipes[kit].items())
        for kit in wanting
    }
    asked = sum(offered[kit] * units for kit, units in wanting.items())
    kits = tuple(sorted(named[kit][0] for kit in wanting if offered[kit]))
    return Contention(named[part][0], there.get(part, 0), asked, kits)


def _named(db: Connection, sku_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return (code, title) of SKUs."""
    query = select(skus.c.id, skus.c.code, skus.c.title).where(among(skus.c.id, "skus"))
    rows = db.execute(query, {"skus": list(sku_ids)})
    return {row.id: (row.code, row.title) for row in rows}
