"""Say what is in a kit; no kit ever contains itself, however many kits lie between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.kits import a_loop
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import kit_components, skus
from app.models.sets import among
from app.services import audit, reclaiming
from app.services.master.contents import write_contents
from app.services.master.own_stock import refuse_own_stock
from app.services.since import refuse_changed_since

_TOUCHED = Touched.STOCK | Touched.ORDERS | Touched.CASES
_TABLE = kit_components.c
_MOST_UNITS = 100_000


def set_kit(
    db: Connection, actor: Actor, *, kit: str, contents: Mapping[str, int], now: datetime,
    left: Mapping[str, int] | None = None,
) -> Changes:  # fmt: skip
    """Say what is in one kit, by code; without contents it is a SKU like any other.

    What orders have reserved stays as it was; the orders that wait are looked at again.

    Raises:
        NotFoundError: a code is not in the catalogue.
        RefusedError: it would contain itself, has stock of its own, or what is to be undone (``left``
            is how it left the kit) was changed since.
    """
    actor.must(Permission.WORK)
    ids = _ids(db, [kit, *contents])
    if any(not 1 <= units <= _MOST_UNITS for units in contents.values()):
        raise RefusedError("A kit holds at least 1 of each of its parts; nothing was changed.",
                           "Leave a part out that is not in it.")  # fmt: skip
    kit_id = ids[kit]
    before = _contents(db, kit_id)
    refuse_changed_since(before, left, f"What is in {kit}")
    if contents:
        refuse_own_stock(db, [kit_id])
    refuse_loops(db, {kit_id: {ids[code] for code in contents}})
    inside = {ids[code]: units for code, units in contents.items()}
    write_contents(db, {kit_id: inside}, now=now)
    audit.record(
        db, actor, now,
        audit.Deed("set kit", f"sku:{kit_id}", "", {"contents": before}, {"contents": dict(contents)}),
    )  # fmt: skip
    reclaiming.reclaim_for_skus(db, actor, [kit_id], now=now)
    words = ", ".join(f"{units} × {code}" for code, units in contents.items())
    return Changes(f"{kit} holds {words or 'nothing'}", _TOUCHED, (kit_id,),
                   undo=Undo("set_kit", {"kit": kit, "contents": before,
                                         "left": dict(contents)}))  # fmt: skip


def refuse_loops(db: Connection, wanted: Mapping[int, Collection[int]]) -> None:
    """Refuse contents by which a kit would contain itself.

    Raises:
        RefusedError: one would.
    """
    parts: dict[int, set[int]] = {}
    for kit, component in db.execute(select(_TABLE.kit_id, _TABLE.component_id)):
        parts.setdefault(kit, set()).add(component)
    parts.update({kit: set(inside) for kit, inside in wanted.items()})
    if (loop := a_loop(parts, list(wanted))) is not None:
        code = db.execute(select(skus.c.code).where(skus.c.id == loop)).scalar_one()
        raise RefusedError(
            f"The kit “{code}” would contain itself; no kit was stored.",
            "Remove the component from the kit, or the kit from the component.",
        )


def _ids(db: Connection, codes: Iterable[str]) -> dict[str, int]:
    wanted = list(codes)
    query = select(skus.c.code, skus.c.id).where(among(skus.c.code, "codes"))
    found: dict[str, int] = dict(db.execute(query, {"codes": wanted}).all())
    for code in wanted:
        if code not in found:
            raise NotFoundError(f"There is no SKU “{code}”; no kit was stored.",
                                "Add it to the catalogue first, or correct the code.")  # fmt: skip
    return found


def _contents(db: Connection, kit_id: int) -> dict[str, int]:
    query = (
        select(skus.c.code, _TABLE.quantity)
        .join(skus, skus.c.id == _TABLE.component_id)
        .where(_TABLE.kit_id == kit_id)
        .order_by(skus.c.code)
    )
    return dict(db.execute(query).all())
