"""Tell the rules about orders: those that come in, and those that are stored."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.domain.delivery import ServiceLevel
from app.domain.orders import IncomingLine, IncomingOrder
from app.domain.rulebook.facts import LineFacts, Moment, OrderFacts
from app.models import house
from app.models.catalogue import skus
from app.models.inventory import locations
from app.models.orders import channel_accounts, order_lines, order_tags, orders, total_of_order
from app.models.sets import among
from app.services.policies import Policies
from app.services.rules import alike
from app.services.rules.alike import Alike

_BOX: Final = re.compile(r"\b(p\W?\s?o\W?\s*box|post\s+office\s+box|postfach)\b", re.IGNORECASE)
_MILITARY: Final = ("AA", "AE", "AP")
_REMOTE: Final = ("AK", "HI", "PR", "VI", "GU", "AS", "MP")


class Served(Protocol):
    """What knows the policies, and which service a channel's words ask for."""

    policies: Policies

    def service(self, wanted: str) -> ServiceLevel:
        """Return the service level that words ask for."""


class Goods(NamedTuple):
    """What a rule may ask of a SKU; ``cost`` is minor units."""

    code: str
    title: str
    category: str
    weight_g: int | None
    cost: int | None
    currency: str
    is_kit: bool
    is_hazmat: bool
    is_fragile: bool
    minimum_age: int | None
    supplier: str
    family: str
    velocity: str

    @property
    def states(self) -> tuple[str, ...]:
        """What a rule may ask of it by a word."""
        there = {
            "kit": self.is_kit, "hazmat": self.is_hazmat, "fragile": self.is_fragile,
            "adult": bool(self.minimum_age),
        }  # fmt: skip
        return tuple(word for word, is_so in there.items() if is_so)


class Telling:
    """What the orders of one write unit share: the moment, the goods, the channels' accounts."""

    def __init__(
        self, db: Connection, now: datetime, served: Served, sku_ids: Collection[int],
        reads: Collection[str] = (),
    ) -> None:  # fmt: skip
        """``reads`` are the words of the rules that will be asked: what costs something waits for them."""
        self._served = served
        self._alike = Alike(db) if alike.ASKED in reads else None
        self.at = Moment(now, ZoneInfo(house.time_zone(db)))
        self._accounts = dict(
            db.execute(select(channel_accounts.c.id, channel_accounts.c.name)).all()
        )
        self._home = set(db.execute(select(locations.c.country).distinct()).scalars())
        rows = db.execute(_GOODS, {"skus": list(sku_ids)}) if sku_ids else ()
        self._goods = {row.id: Goods(*tuple(row)[1:]) for row in rows}

    def of_incoming(
        self, order: IncomingOrder, account_id: int, due: datetime,
        lines: Sequence[tuple[IncomingLine, int | None, str]],
    ) -> OrderFacts:  # fmt: skip
        """Return what the rules know of an order that comes in; lines with SKU id and claim."""
        to, currency = order.ship_to, order.currency
        told = tuple(
            self._line(
                line.sku_text, sku_id, line.title, line.quantity, line.unit_price, currency, claim
            )
            for line, sku_id, claim in lines
        )
        return OrderFacts(
            self.at, told, order.channel, self._accounts.get(account_id, ""), order.number, currency,
            order.service, to.country, to.state, to.city, to.postcode, order.note, "", (),
            self._states(order.channel, order.service, to.country, to.state,
                         f"{to.line1} {to.line2} {to.line3}", to.company, told,
                         is_again=self._comes_again(order, lines)),
            order.worth or None, order.shipping, order.discount,
            self._margin(lines, [line.discount for line, _sku, _claim in lines]),
            order.placed_at, due, order.deliver_by, order.tax,
        )  # fmt: skip

    def _comes_again(
        self, order: IncomingOrder, lines: Sequence[tuple[IncomingLine, int | None, str]]
    ) -> bool:
        if self._alike is None:
            return False
        goods = alike.goods_of((sku, line.sku_text, line.quantity) for line, sku, _claim in lines)
        return self._alike.comes_again(order, goods)

    def stored(self, db: Connection, order_ids: Sequence[int]) -> dict[int, OrderFacts]:
        """Return what the rules know of stored orders; one without lines is left out."""
        wanted = {"orders": list(order_ids)}
        lines: dict[int, list[Any]] = defaultdict(list)
        for row in db.execute(_LINES, wanted):
            lines[row.order_id].append(row)
        tags: dict[int, list[str]] = defaultdict(list)
        for order_id, tag in db.execute(_TAGS, wanted):
            tags[order_id].append(tag)
        rows = db.execute(_ORDERS, wanted).all()
        if self._alike is not None:
            self._alike.read([row.ship_postcode for row in rows])
        return {
            row.id: self._stored(row, lines[row.id], tuple(tags.get(row.id, ())))
            for row in rows
            if lines.get(row.id)
        }

    def _stored(self, row: Any, lines: Sequence[Any], tags: tuple[str, ...]) -> OrderFacts:
        told = tuple(
            self._line(
                x.sku_text, x.sku_id, x.title, x.quantity, x.unit_price, row.currency, x.claim
            )
            for x in lines
        )
        return OrderFacts(
            self.at, told, row.channel, self._accounts.get(row.account_id, ""), row.number,
            row.currency, row.service, row.ship_country, row.ship_state, row.ship_city,
            row.ship_postcode, row.note, row.assigned_to or "", tags,
            self._states(row.channel, row.service, row.ship_country, row.ship_state,
                         f"{row.ship_line1} {row.ship_line2} {row.ship_line3}", row.ship_company,
                         told,
                         is_again=self._alike is not None and self._alike.is_stored_again(row, lines)),
            row.worth, row.shipping, row.discount,
            self._margin([(x, x.sku_id, x.claim) for x in lines], [x.discount for x in lines]),
            row.placed_at, row.ship_by, row.deliver_by, row.tax,
        )  # fmt: skip

    def _line(
        self, text: str, sku_id: int | None, title: str, quantity: int, price: int, currency: str,
        claim: str,
    ) -> LineFacts:  # fmt: skip
        goods = self._goods.get(sku_id) if sku_id is not None else None
        states: tuple[str, ...] = ("short",) if claim == "short" else ()
        if goods is None:
            strange = ("unknown",) if claim == "unmapped" else ()
            return LineFacts(text, quantity, title, "", price, None, currency, states + strange)
        states += goods.states
        return LineFacts(
            goods.code, quantity, title or goods.title, goods.category, price, goods.weight_g,
            currency, states, goods.supplier, goods.family, goods.velocity,
            None if goods.cost is None else quantity * (price - goods.cost),
        )  # fmt: skip

    def _states(
        self, channel: str, service: str, country: str, state: str, street: str, company: str,
        lines: Sequence[LineFacts], *, is_again: bool,
    ) -> tuple[str, ...]:  # fmt: skip
        is_market = self._served.policies.channel(channel).kind == "marketplace"
        there = {
            "marketplace": is_market,
            "ownstore": not is_market,
            "abroad": bool(country) and country not in self._home,
            "pobox": _BOX.search(street) is not None,
            "military": state.upper() in _MILITARY,
            "remote": state.upper() in _REMOTE,
            "company": bool(company),
            "short": any("short" in line.states for line in lines),
            "duplicate": is_again,
            "express": self._served.service(service) is self._served.policies.rates.expedited,
        }
        return tuple(name for name, is_so in there.items() if is_so)

    def _margin(
        self, lines: Sequence[tuple[Any, int | None, str]], discounts: Sequence[int]
    ) -> int | None:
        """Return the goods' price less their cost; nothing where a cost is not known."""
        found = -sum(discounts)
        for line, sku_id, _claim in lines:
            goods = self._goods.get(sku_id) if sku_id is not None else None
            if goods is None or goods.cost is None:
                return None
            found += line.quantity * (line.unit_price - goods.cost)
        return found


Known = Mapping[int, OrderFacts]
_GOODS = select(
    skus.c.id, skus.c.code, skus.c.title, skus.c.category, skus.c.weight_g, skus.c.cost,
    skus.c.currency, skus.c.is_kit, skus.c.is_hazmat, skus.c.is_fragile, skus.c.minimum_age,
    skus.c.supplier, skus.c.family, skus.c.velocity,
).where(among(skus.c.id, "skus"))  # fmt: skip
_LINES = (
    select(order_lines)
    .where(among(order_lines.c.order_id, "orders"), order_lines.c.quantity > 0)
    .order_by(order_lines.c.position, order_lines.c.id)
)
_TAGS = (
    select(order_tags.c.order_id, order_tags.c.tag)
    .where(among(order_tags.c.order_id, "orders"))
    .order_by(order_tags.c.order_id, order_tags.c.tag)
)
_ORDERS = (
    select(orders, total_of_order().label("worth"))
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.id)
)


def sku_ids_of(db: Connection, order_ids: Sequence[int]) -> set[int]:
    """Return the SKUs of stored orders' lines."""
    query = select(order_lines.c.sku_id).where(
        among(order_lines.c.order_id, "orders"), order_lines.c.sku_id.is_not(None)
    )
    return set(db.execute(query, {"orders": list(order_ids)}).scalars())
