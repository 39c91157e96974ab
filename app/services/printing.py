"""Which papers were printed, and where in a location does a SKU lie?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.papers import PaperKind
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.fulfilment import document_prints
from app.models.identity import Identity
from app.models.inventory import bins, locations
from app.models.orders import orders
from app.models.sets import among
from app.services import audit

_WORDS = {
    PaperKind.SLIP: ("packing slip", "packing slips"),
    PaperKind.PICK: ("pick list", "pick lists"),
}
LONGEST_BIN = 30


def log_prints(
    db: Connection,
    actor: Actor,
    *,
    kind: str,
    order_ids: Sequence[int],
    reason: str = "",
    now: datetime,
) -> Changes:
    """Keep that a paper is printed for these orders; a second time has a reason.

    Raises:
        RefusedError: one of them was printed before, and nobody says why again.
    """
    actor.must(Permission.WORK)
    paper, why = PaperKind(kind), reason.strip()
    rows = db.execute(_NUMBERS, {"ids": list(order_ids)}).all()
    before = _times(db, paper, [row.id for row in rows])
    again = [row.number for row in rows if row.id in before]
    one, many = _WORDS[paper]
    if again and not why:
        raise RefusedError(
            f"The {one} of {_named(again)} was printed before; nothing was printed.",
            "Say why it is printed again.",
        )
    ids = Identity(db, document_prints)
    if rows:
        db.execute(
            document_prints.insert(),
            [{"id": ids.take(document_prints), "kind": paper.value, "order_id": row.id,
              "printed_by": actor.name, "printed_at": now,
              "reason": why if row.id in before else ""} for row in rows],
        )  # fmt: skip
    deeds = (
        audit.Deed(f"print {one}", f"order:{row.id}", why if row.id in before else "",
                   after={"time": before.get(row.id, 0) + 1})
        for row in rows
    )  # fmt: skip
    audit.record(db, actor, now, *deeds)
    done = tuple(row.id for row in rows)
    # What is on paper stays on paper: there is nothing to undo.
    label = f"Print {counted(len(done), one, many)}"
    if paper is PaperKind.PICK:
        label = f"Print the pick list of {counted(len(done), 'order')}"
    return Changes(label, Touched.ORDERS, done)


def _times(db: Connection, paper: PaperKind, order_ids: Sequence[int]) -> dict[int, int]:
    table = document_prints.c
    query = (
        select(table.order_id, func.count())
        .where(table.kind == paper.value, among(table.order_id, "ids"))
        .group_by(table.order_id)
    )
    return dict(db.execute(query, {"ids": list(order_ids)}).all())


_NUMBERS = (
    select(orders.c.id, orders.c.number).where(among(orders.c.id, "ids")).order_by(orders.c.id)
)


def _named(numbers: Sequence[str]) -> str:
    more = len(numbers) - 2
    shown = ", ".join(numbers[:2])
    return f"{shown} and {more} more" if more > 0 else shown


def set_bin(
    db: Connection,
    actor: Actor,
    *,
    sku: str,
    location: str,
    name: str,
    now: datetime,
) -> Changes:
    """Say where in a location a SKU lies; an empty bin says that nobody knows.

    Raises:
        NotFoundError: there is no such SKU or location.
        RefusedError: the bin's name is too long, or the SKU is a kit.
    """
    actor.must(Permission.WORK)
    goods = db.execute(select(skus.c.id, skus.c.is_kit).where(skus.c.code == sku)).first()
    place = db.execute(select(locations.c.id).where(locations.c.code == location)).scalar()
    if goods is None or place is None:
        what = f"no SKU “{sku}”" if goods is None else f"no location “{location}”"
        raise NotFoundError(
            f"There is {what}; nothing was changed.",
            "Select what is to be printed, and print again.",
        )
    bin_ = " ".join(name.split())
    if goods.is_kit:
        raise RefusedError(f"{sku} is a kit and lies nowhere; nothing was changed.",
                           "Say where its components lie.")  # fmt: skip
    if len(bin_) > LONGEST_BIN:
        raise RefusedError(f"A bin's name has at most {LONGEST_BIN} letters; nothing was changed.",
                           "Use what stands on the shelf, such as A-12-3.")  # fmt: skip
    before = _write_bin(db, goods.id, place, bin_)
    audit.record(
        db, actor, now,
        audit.Deed("set bin", f"sku:{goods.id}", "", {"location": location, "bin": before},
                   {"location": location, "bin": bin_}),
    )  # fmt: skip
    label = f"Put {sku} into bin {bin_}" if bin_ else f"Take {sku} out of its bin"
    undo = Undo("set_bin", {"sku": sku, "location": location, "name": before})
    return Changes(label, Touched.STOCK, (goods.id,), undo=undo)


def _write_bin(db: Connection, sku_id: int, location_id: int, name: str) -> str:
    """Store a bin, or forget it, and return the one before."""
    here = (bins.c.sku_id == sku_id) & (bins.c.location_id == location_id)
    before = db.execute(select(bins.c.bin).where(here)).scalar()
    if before is not None:
        db.execute(bins.delete().where(here))
    if name:
        db.execute(bins.insert(), [{"sku_id": sku_id, "location_id": location_id, "bin": name}])
    return str(before or "")
