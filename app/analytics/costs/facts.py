"""What do the rows say of the money of shipped orders? One question a table, for many orders at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select

from app.domain.costs.policy import Rates
from app.domain.costs.serving import Facts, SentBack, SoldLine, Work
from app.domain.costs.sharing import Part, split
from app.domain.delivery import RatePolicy, postage
from app.domain.orders import OrderStatus
from app.domain.routing.policy import RoutingPolicy
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import (
    fulfilment_order_lines,
    fulfilment_orders,
    routing_decisions,
    shipments,
)
from app.models.inventory import locations
from app.models.kits import contents
from app.models.orders import order_lines, order_refunds, orders
from app.models.payouts import payout_lines
from app.models.returns import (
    carrier_claims,
    is_a_sale,
    recoveries,
    refunds,
    return_units,
    returns,
)
from app.models.sets import among

MID_ZONE: Final = 5  # of an order of which nobody knows any more from where it went
USUAL_WEIGHT_G: Final = 400
_order, _line, _payout = orders.c, order_lines.c, payout_lines.c


class Served(NamedTuple):
    """A shipped order: who it was for, what is known of its money, and who sent which part of it."""

    id: int
    number: str
    channel: str
    placed_at: datetime
    facts: Facts
    parts: Sequence[Part]


def shipped(currency: str) -> Select[Any]:
    """Return the orders that count: sold, all of it on its way, in the desk's currency."""
    return select(_order.id).where(
        _order.status == OrderStatus.SHIPPED.value, _order.currency == currency, is_a_sale()
    )


def load(db: Connection, order_ids: Sequence[int], known: Rates) -> list[Served]:
    """Return what is known of these orders, in their order."""
    ids = {"orders": list(order_ids)}
    lines, work = _lines(db, ids), _work(db, ids)
    booked, parcels = _booked(db, ids), _by_order(db, _PARCELS, ids)
    quoted, cases = _by_order(db, _QUOTED, ids), _by_order(db, _CASES, ids)
    refunded, again = _refunded(db, ids), _made_good(db, ids)
    back = _sent_back(db, ids)
    found = []
    for row in db.execute(_HEADS, ids):
        mine, did = lines.get(row.id, []), work.get(row.id, [])
        fees, labels = booked.get(row.id, (None, None))
        handled = sum(each.handling for each in did)
        facts = Facts(
            tuple(each.sold for each in mine), row.shipping, row.discount,
            known.fee_bp(row.channel),
            known.kinds.get(row.channel) == "own_store", fees, labels,
            max(0, quoted[row.id] - handled - _boxes(known, row.id, parcels)) if row.id in quoted else None,
            0 if row.fulfilled_by_channel else _estimate(known.rates, mine),
            parcels.get(row.id, 0), known.routing.packaging,
            tuple(_worked(each, known.routing) for each in did), cases.get(row.id, 0),
            refunded.get(row.id, 0), back.get(row.id, ()), again.get(row.id, 0),
        )  # fmt: skip
        found.append(
            Served(row.id, row.number, row.channel, row.placed_at, facts, _parts(mine, did))
        )
    return found


class _Line(NamedTuple):
    id: int
    sold: SoldLine
    weight_g: int


class _Did(NamedTuple):
    location: str
    handling: int
    units: dict[int, int]  # by order line


_HEADS = (
    select(_order.id, _order.number, _order.channel, _order.placed_at, _order.shipping,
           _order.discount, _order.fulfilled_by_channel)
    .where(among(_order.id, "orders"))
    .order_by(_order.placed_at, _order.id)
)  # fmt: skip
_LINES = (
    select(_line.id, _line.order_id, _line.quantity, _line.unit_price, _line.discount, _line.pack,
           _line.sku_text, _line.sku_id, skus.c.code)
    .outerjoin(skus, skus.c.id == _line.sku_id)
    .where(among(_line.order_id, "orders"))
    .order_by(_line.order_id, _line.position)
)  # fmt: skip
_part, _of = fulfilment_orders.c, fulfilment_order_lines.c
_WORK = (
    select(_part.id, _part.order_id, locations.c.code, locations.c.handling_cost,
           _of.order_line_id, func.sum(_of.quantity).label("units"))
    .join(fulfilment_order_lines, _of.fulfilment_order_id == _part.id)
    .join(locations, locations.c.id == _part.location_id)
    .where(among(_part.order_id, "orders"), _part.state == "shipped")
    .group_by(_part.id, _part.order_id, locations.c.code, locations.c.handling_cost, _of.order_line_id)
    .order_by(_part.id, _of.order_line_id)
)  # fmt: skip
_parcel = shipments.c
_PARCELS = (
    select(_parcel.order_id, func.count(func.distinct(_parcel.tracking_number)))
    .where(among(_parcel.order_id, "orders"), _parcel.voided_at.is_(None))
    .group_by(_parcel.order_id)
)
_decided = routing_decisions.c
_QUOTED = (
    select(_decided.order_id, func.sum(_decided.cost))
    .where(among(_decided.order_id, "orders"), _decided.withdrawn_at.is_(None))
    .group_by(_decided.order_id)
)
_CASES = (
    select(exception_cases.c.order_id, func.count())
    .where(among(exception_cases.c.order_id, "orders"))
    .group_by(exception_cases.c.order_id)
)
_BOOKED = (
    select(_payout.order_id, _payout.type, func.sum(_payout.amount).label("amount"))
    .where(among(_payout.order_id, "orders"), _payout.is_live)
    .group_by(_payout.order_id, _payout.type)
)
_TOLD = (
    select(order_refunds.c.order_id, func.sum(order_refunds.c.amount))
    .where(among(order_refunds.c.order_id, "orders"))
    .group_by(order_refunds.c.order_id)
)
# What the channel tells as well is counted there.
_OURS = (
    select(refunds.c.order_id, func.sum(refunds.c.amount))
    .where(
        among(refunds.c.order_id, "orders"),
        refunds.c.state == "paid",
        refunds.c.order_refund_id.is_(None),
    )
    .group_by(refunds.c.order_id)
)
_AGAIN = (
    select(recoveries.c.order_id, func.sum(recoveries.c.goods_cost + recoveries.c.postage_cost))
    .where(among(recoveries.c.order_id, "orders"), recoveries.c.state != "withdrawn")
    .group_by(recoveries.c.order_id)
)
_CLAIMED = (
    select(carrier_claims.c.order_id, func.sum(carrier_claims.c.paid))
    .where(among(carrier_claims.c.order_id, "orders"), carrier_claims.c.state == "paid")
    .group_by(carrier_claims.c.order_id)
)
_BACK = (
    select(returns.c.order_id, return_units.c.disposition, skus.c.cost)
    .join(return_units, return_units.c.return_id == returns.c.id)
    .join(skus, skus.c.id == return_units.c.sku_id)
    .where(among(returns.c.order_id, "orders"), return_units.c.custody == "disposed")
)


class _Goods(NamedTuple):
    cost: int | None
    weight_g: int | None


_NOTHING_KNOWN: Final = _Goods(None, None)
_GOODS = select(skus.c.id, skus.c.cost, skus.c.weight_g).where(among(skus.c.id, "skus"))


def _lines(db: Connection, ids: Mapping[str, Any]) -> dict[int, list[_Line]]:
    rows = db.execute(_LINES, ids).all()
    goods = _goods(db, {row.sku_id for row in rows if row.sku_id})
    found: dict[int, list[_Line]] = defaultdict(list)
    for row in rows:
        each = goods.get(row.sku_id, _NOTHING_KNOWN)
        cost = None if each.cost is None else each.cost * row.pack
        sold = SoldLine(row.code or row.sku_text, row.quantity, row.unit_price, row.discount, cost)
        weight = row.quantity * row.pack * (each.weight_g or USUAL_WEIGHT_G)
        found[row.order_id].append(_Line(row.id, sold, weight))
    return found


def _goods(db: Connection, sku_ids: set[int]) -> dict[int, _Goods]:
    """Return what a unit of each SKU costs and weighs; a kit is as much as what is in it."""
    kits = contents(db, sku_ids)
    wanted = {*sku_ids, *(part for inside in kits.values() for part in inside)}
    found = {row.id: _Goods(row.cost, row.weight_g)
             for row in db.execute(_GOODS, {"skus": list(wanted)})}  # fmt: skip
    for kit, inside in kits.items():
        own, parts = found[kit], [(found[part], units) for part, units in inside.items()]
        found[kit] = _Goods(
            _total(own.cost, [(part.cost, units) for part, units in parts]),
            _total(own.weight_g, [(part.weight_g, units) for part, units in parts]),
        )
    return found


def _total(own: int | None, parts: Sequence[tuple[int | None, int]]) -> int | None:
    """Return what was said of the kit itself, or else what its parts add up to, if all are known."""
    known = [(amount, units) for amount, units in parts if amount is not None]
    if own is not None or not parts or len(known) < len(parts):
        return own
    return sum(amount * units for amount, units in known)


def _work(db: Connection, ids: Mapping[str, Any]) -> dict[int, list[_Did]]:
    found: dict[int, dict[int, _Did]] = defaultdict(dict)
    for row in db.execute(_WORK, ids):
        did = found[row.order_id].setdefault(row.id, _Did(row.code, row.handling_cost, {}))
        did.units[row.order_line_id] = int(row.units)
    return {order_id: list(each.values()) for order_id, each in found.items()}


def _worked(did: _Did, routing: RoutingPolicy) -> Work:
    """Return what a location did: at its own price, or (where it has none) by the minute."""
    units, of = sum(did.units.values()), routing.work(did.location)
    price = did.handling + of.line * len(did.units) + of.unit * units
    return Work(did.location, units, price or None)


def _boxes(known: Rates, order_id: int, parcels: Mapping[int, int]) -> int:
    """Return the packaging in what was quoted."""
    return known.routing.packaging * parcels.get(order_id, 0)


def _booked(db: Connection, ids: Mapping[str, Any]) -> dict[int, tuple[int | None, int | None]]:
    """Return fees and postage as settlements book them, above zero; of an order that is settled."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for order_id, kind, amount in db.execute(_BOOKED, ids):
        found[order_id][kind] = int(amount)
    return {
        order_id: (
            -(by.get("fee", 0) + by.get("adjustment", 0)) if "sale" in by else None,
            -by["postage"] if "postage" in by else None,
        )
        for order_id, by in found.items()
    }


def _refunded(db: Connection, ids: Mapping[str, Any]) -> dict[int, int]:
    told, ours = _by_order(db, _TOLD, ids), _by_order(db, _OURS, ids)
    return {order_id: told.get(order_id, 0) + ours.get(order_id, 0) for order_id in told | ours}


def _made_good(db: Connection, ids: Mapping[str, Any]) -> dict[int, int]:
    again, claimed = _by_order(db, _AGAIN, ids), _by_order(db, _CLAIMED, ids)
    return {order_id: again.get(order_id, 0) - claimed.get(order_id, 0)
            for order_id in again | claimed}  # fmt: skip


def _sent_back(db: Connection, ids: Mapping[str, Any]) -> dict[int, list[SentBack]]:
    found: dict[int, list[SentBack]] = defaultdict(list)
    for order_id, disposition, cost in db.execute(_BACK, ids):
        found[order_id].append(SentBack(cost or 0, disposition))
    return found


def _by_order(db: Connection, query: Select[Any], ids: Mapping[str, Any]) -> dict[int, int]:
    return {order_id: int(amount or 0) for order_id, amount in db.execute(query, ids)}


def _estimate(rates: RatePolicy, lines: Sequence[_Line]) -> int:
    return postage(rates.standard, MID_ZONE, sum(line.weight_g for line in lines))


def _parts(lines: Sequence[_Line], did: Sequence[_Did]) -> list[Part]:
    """Return who sent which part of each line; what no location of ours sent has no location."""
    found: list[Part] = []
    for line in lines:
        senders = [(each.location, each.units[line.id]) for each in did if line.id in each.units]
        places, pieces = zip(*senders, strict=True) if senders else (("",), (1,))
        sold = line.sold
        whole = (sold.units, sold.goods - sold.discount, (sold.unit_cost or 0) * sold.units)
        shares = zip(places, *(split(amount, pieces) for amount in whole), strict=True)
        found += [Part(sold.sku, *share) for share in shares]
    return found
