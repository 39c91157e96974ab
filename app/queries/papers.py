"""What has to stand on the papers of these orders, and what was printed of them before?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from app.domain.changes import Skipped
from app.domain.orders import Address, OrderStatus
from app.domain.papers import PackingSlip, Pick, Sender, SlipItem, SlipPart, is_gift
from app.models import house
from app.models.catalogue import skus
from app.models.fulfilment import document_prints, fulfilment_order_lines, fulfilment_orders
from app.models.inventory import bins, locations
from app.models.kits import contents
from app.models.orders import order_lines, order_tags, orders, reservations, sales_channels

_CHUNK: Final = 500
_ADDRESS: Final = (
    "name", "company", "line1", "line2", "line3", "city", "state", "postcode", "country", "phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SlipPapers:
    """The packing slips, in the order asked for, and the orders without one and why."""

    slips: tuple[PackingSlip, ...]
    left_out: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class PickPapers:
    """What is to be picked, in the order asked for, and the orders without any and why."""

    picks: tuple[Pick, ...]
    left_out: tuple[Skipped, ...]

    @property
    def order_ids(self) -> tuple[int, ...]:
        """The orders that something is picked for."""
        return tuple(dict.fromkeys(pick.order_id for pick in self.picks))


@dataclass(frozen=True, slots=True)
class PrintRow:
    """How often and when first a paper was printed for an order, and by whom."""

    order_id: int
    number: str
    times: int
    first_by: str
    first_at: datetime


def packing_slips(db: Connection, order_ids: Sequence[int]) -> SlipPapers:
    """Return a slip for each parcel of these orders; parcels that left only if nothing else is here."""
    sender = house.sender(db)
    slips: list[PackingSlip] = []
    left_out: list[Skipped] = []
    for chunk in _chunks(order_ids):
        found = {row.id: row for row in db.execute(_ORDERS.where(orders.c.id.in_(chunk)))}
        facts = _Facts(db, chunk)
        for row in (found[each] for each in chunk if each in found):
            made = [] if _why_no_slip(row) else list(_slips(row, facts, sender))
            slips.extend(made)
            if not made:
                reason = _why_no_slip(row) or "nothing of it has to be packed"
                left_out.append(Skipped(row.number, reason))
    return SlipPapers(tuple(slips), tuple(left_out))


def picks(db: Connection, order_ids: Sequence[int]) -> PickPapers:
    """Return what has to be taken from the shelves for these orders, by decided location."""
    found: list[Pick] = []
    left_out: list[Skipped] = []
    for chunk in _chunks(order_ids):
        rows = {row.id: row for row in db.execute(_ORDERS.where(orders.c.id.in_(chunk)))}
        facts = _Facts(db, chunk)
        for row in (rows[each] for each in chunk if each in rows):
            mine = [] if _why_no_pick(row) else list(_picks(row, facts))
            found.extend(mine)
            if not mine:
                left_out.append(
                    Skipped(row.number, _why_no_pick(row) or "nothing waits to be picked")
                )
    return PickPapers(tuple(found), tuple(left_out))


def country_of_the_desk(db: Connection) -> str:
    """Return the country that most places ship from, the first of them if it is even; or nothing."""
    found = db.execute(
        select(locations.c.country).where(locations.c.ships, locations.c.country != "")
        .group_by(locations.c.country)
        .order_by(func.count().desc(), func.min(locations.c.id)).limit(1)
    ).scalar()  # fmt: skip
    return str(found or "")


def printed_before(db: Connection, kind: str, order_ids: Sequence[int]) -> tuple[PrintRow, ...]:
    """Return what of these orders was printed before: how often, when first and by whom."""
    rows = [row for chunk in _chunks(order_ids) for row in db.execute(_printed(kind, chunk))]
    found: dict[int, PrintRow] = {}
    for row in rows:
        first = found.get(row.order_id)
        found[row.order_id] = PrintRow(
            row.order_id, row.number, first.times + 1 if first else 1,
            first.first_by if first else row.printed_by,
            first.first_at if first else row.printed_at,
        )  # fmt: skip
    return tuple(found.values())


def _printed(kind: str, order_ids: Sequence[int]) -> Select[Any]:
    table = document_prints.c
    return (
        select(table.order_id, orders.c.number, table.printed_by, table.printed_at)
        .join(orders, orders.c.id == table.order_id)
        .where(table.kind == kind, table.order_id.in_(order_ids))
        .order_by(table.id)
    )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(ids), _CHUNK):
        yield ids[at : at + _CHUNK]


_ORDERS = select(orders, sales_channels.c.name.label("channel_name")).join(
    sales_channels, sales_channels.c.code == orders.c.channel
)


def _why_no_slip(row: Any) -> str:
    """Say why nothing may be packed for an order, or nothing."""
    if row.status == OrderStatus.CANCELLED:
        return "it is cancelled"
    if row.status == OrderStatus.TAKEN_BACK:
        return "its import was taken back"
    if row.fulfilled_by_channel:
        return "the channel ships it"
    return "it is on hold" if row.is_held and row.status != OrderStatus.SHIPPED else ""


def _why_no_pick(row: Any) -> str:
    if row.status == OrderStatus.OPEN and not _why_no_slip(row):
        return "accept it first: no location has been decided"
    if row.status == OrderStatus.SHIPPED:
        return "it has left already"
    return _why_no_slip(row)


# ---- what belongs to the orders ------------------------------------------------------------------


class _Facts:
    """Lines, parts, bins, kits and tags of a few hundred orders, each in one statement."""

    def __init__(self, db: Connection, order_ids: Sequence[int]) -> None:
        self.lines = _by_order(db.execute(_LINES.where(order_lines.c.order_id.in_(order_ids))))
        self.parts = _by_order(
            db.execute(_PARTS.where(fulfilment_orders.c.order_id.in_(order_ids)))
        )
        tags = select(order_tags).where(order_tags.c.order_id.in_(order_ids))
        self.tags = _by_order(db.execute(tags))
        self.suggested = _suggested(db, order_ids)
        concerned = {row.sku_id for rows in self.parts.values() for row in rows}
        concerned |= {row.sku_id for rows in self.lines.values() for row in rows if row.sku_id}
        self.bins: dict[tuple[int, int], str] = {
            (row.sku_id, row.location_id): row.bin
            for row in db.execute(select(bins).where(bins.c.sku_id.in_(concerned)))
        }
        self.kits = contents(db, concerned)

    def bin(self, sku_id: int | None, location_id: int | None) -> str:
        """Return where a SKU lies in a location, if somebody has said so."""
        if sku_id is None or location_id is None:
            return ""
        return self.bins.get((sku_id, location_id), "")


def _by_order(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


_LINES = (
    select(order_lines, skus.c.code)
    .outerjoin(skus, skus.c.id == order_lines.c.sku_id)
    .where(order_lines.c.requires_shipping, order_lines.c.quantity > 0)
    .order_by(order_lines.c.order_id, order_lines.c.position, order_lines.c.id)
)
_PARTS = (
    select(
        fulfilment_orders.c.id.label("part_id"),
        fulfilment_orders.c.order_id,
        fulfilment_orders.c.location_id,
        fulfilment_orders.c.state,
        locations.c.name.label("location"),
        fulfilment_order_lines.c.order_line_id,
        fulfilment_order_lines.c.sku_id,
        fulfilment_order_lines.c.quantity,
        skus.c.code,
        skus.c.title,
        skus.c.barcode,
    )
    .join(
        fulfilment_order_lines,
        fulfilment_order_lines.c.fulfilment_order_id == fulfilment_orders.c.id,
    )
    .join(locations, locations.c.id == fulfilment_orders.c.location_id)
    .join(skus, skus.c.id == fulfilment_order_lines.c.sku_id)
    .where(fulfilment_orders.c.state != "cancelled")
    .order_by(fulfilment_orders.c.id, fulfilment_order_lines.c.id)
)


def _suggested(db: Connection, order_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return the one location that would ship all of an undecided order, where there is one."""
    place = reservations.c.suggested_location_id
    query = (
        select(reservations.c.order_id, func.min(place).label("place"), func.min(locations.c.name))
        .join(locations, locations.c.id == place)
        .where(reservations.c.order_id.in_(order_ids), reservations.c.state == "held")
        .group_by(reservations.c.order_id)
        .having(func.count(place.distinct()) == 1)
    )
    return {order_id: (place_id, name) for order_id, place_id, name in db.execute(query)}


# ---- packing slips -------------------------------------------------------------------------------


def _slips(row: Any, facts: _Facts, sender: Sender) -> Iterator[PackingSlip]:
    parts: dict[int, list[Any]] = {}
    for part in facts.parts.get(row.id, ()):
        parts.setdefault(part.part_id, []).append(part)
    if not parts:
        place = facts.suggested.get(row.id, (None, ""))
        items = tuple(_whole_line(line, facts, place[0]) for line in facts.lines.get(row.id, ()))
        if items:
            yield _slip(row, facts, sender, items, place[1], (1, 1))
        return
    is_any_here = any(inside[0].state == "open" for inside in parts.values())
    for at, inside in enumerate(parts.values(), 1):
        if inside[0].state == "open" or not is_any_here:
            items = tuple(_items(facts.lines.get(row.id, ()), inside, facts))
            yield _slip(row, facts, sender, items, inside[0].location, (at, len(parts)))


def _slip(
    row: Any, facts: _Facts, sender: Sender, items: tuple[SlipItem, ...], location: str,
    parcel: tuple[int, int],
) -> PackingSlip:  # fmt: skip
    fields: Mapping[str, Any] = row._mapping  # noqa: SLF001  (the only way to a row's names)
    return PackingSlip(
        order_id=row.id,
        number=row.number,
        channel=row.channel,
        channel_name=row.channel_name,
        sender=sender,
        address=Address(**{name: fields[f"ship_{name}"] for name in _ADDRESS}),
        placed_at=row.placed_at,
        service=row.service,
        location=location,
        parcel=parcel[0],
        parcels=parcel[1],
        currency=row.currency,
        note=row.note,
        is_gift=is_gift(row.note, [each.tag for each in facts.tags.get(row.id, ())]),
        is_decided=row.status != OrderStatus.OPEN,
        items=items,
    )


def _whole_line(line: Any, facts: _Facts, place: int | None) -> SlipItem:
    code, title = line.code or line.sku_text, line.title
    bin_ = facts.bin(line.sku_id, place)
    return SlipItem(code, title, line.quantity, bin_, line.unit_price)


def _items(lines: Sequence[Any], inside: Sequence[Any], facts: _Facts) -> Iterator[SlipItem]:
    """Yield what of each order line is in the parcel."""
    for line in lines:
        mine = [each for each in inside if each.order_line_id == line.id]
        if not mine:
            continue
        kit = facts.kits.get(line.sku_id) if line.sku_id else None
        if kit is None:
            packed = sum(each.quantity for each in mine)
            # In packs, as they were sold; a pack that is split into two parcels counts in units.
            units = packed // line.pack if packed % line.pack == 0 else packed
            bin_ = facts.bin(mine[0].sku_id, mine[0].location_id)
            yield SlipItem(line.code or line.sku_text, line.title, units, bin_, line.unit_price)
        else:
            yield _kit(line, mine, kit, facts)


def _kit(line: Any, mine: Sequence[Any], kit: Mapping[int, int], facts: _Facts) -> SlipItem:
    packed: dict[int, int] = {}
    for each in mine:
        packed[each.sku_id] = packed.get(each.sku_id, 0) + each.quantity
    complete = min((packed.get(sku, 0) // units for sku, units in kit.items()), default=0)
    is_exact = all(packed.get(sku, 0) == units * complete for sku, units in kit.items())
    named = {each.sku_id: each for each in mine}
    parts = tuple(
        SlipPart(named[sku].code, named[sku].title, units, facts.bin(sku, named[sku].location_id))
        for sku, units in packed.items()
    )
    quantity = complete // line.pack if is_exact and complete % line.pack == 0 else 0
    return SlipItem(line.code, line.title, quantity, "", line.unit_price, parts)


# ---- pick lists ----------------------------------------------------------------------------------


def _picks(row: Any, facts: _Facts) -> Iterator[Pick]:
    for part in facts.parts.get(row.id, ()):
        if part.state == "open":
            yield Pick(
                row.id, row.number, part.location, facts.bin(part.sku_id, part.location_id),
                part.code, part.title, part.barcode, part.quantity,
            )  # fmt: skip
