"""By which fields can a rule tell orders apart? The search's own words where there are such."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.rulebook.facts import LineFacts, OrderFacts
from app.domain.search_fields import FieldKind, Known, SearchField, Vocabulary

RULE_STATES: Final[Mapping[str, str]] = {
    "marketplace": "it was sold on a marketplace",
    "ownstore": "it was sold in a store of your own",
    "abroad": "it goes to another country than the desk's own",
    "pobox": "it goes to a post office box",
    "military": "it goes to an APO, FPO or DPO address",
    "remote": "it goes to Alaska, Hawaii, Puerto Rico or another island",
    "company": "a company is part of the address",
    "short": "not enough stock",
    "duplicate": "looks like another open order again",
    "express": "a faster service than the usual one was paid for",
}
LINE_STATES: Final[Mapping[str, str]] = {
    "kit": "made of other SKUs",
    "short": "not enough stock",
    "unknown": "its code is no SKU of yours",
    "hazmat": "dangerous goods, such as a lithium battery",
    "fragile": "it breaks easily",
    "adult": "only for buyers of a certain age",
}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MEANINGS: Final = {
    **dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
               strict=True)),
    "weekend": "Saturday or Sunday",
}  # fmt: skip
_BELONGINGS: Final[Mapping[str, str]] = {
    "note": "the buyer wrote something",
    "tag": "some tag is on it",
    "assignee": "somebody takes care of it",
    "promise": "a day of arrival was promised",
    "discount": "the buyer paid less than the price",
}
_K = FieldKind
LINE_FIELDS: Final = Vocabulary(
    of="lines",
    fields=(
        SearchField("sku", _K.CODE, "The SKU's code: sku:MUG-*", known=Known.SKUS),
        SearchField("title", _K.WORDS, "The title: title:mug"),
        SearchField("category", _K.WORDS, "The category: category:tea", known=Known.CATEGORIES),
        SearchField("supplier", _K.WORDS, "Who supplies it: supplier:kiln"),
        SearchField("family", _K.WORDS, "The family that it belongs to: family:tide"),
        SearchField("velocity", _K.CODE, "How fast it sells, A to D: velocity:A,B"),
        SearchField("qty", _K.NUMBER, "Units of the line: qty:>3", aliases=("units", "quantity")),
        SearchField("price", _K.MONEY, "The price of one: price:>50"),
        SearchField("worth", _K.MONEY, "The price of all its units: worth:>100"),
        SearchField("margin", _K.MONEY, "That price less what the units cost: margin:<5"),
        SearchField("weight", _K.NUMBER, "Grams of one: weight:>2000"),
        SearchField("is", _K.CHOICE, "A state: is:kit, is:short", tuple(LINE_STATES),
                    meanings=LINE_STATES),
    ),
)  # fmt: skip
RULE_FIELDS: Final = Vocabulary(
    of="rules",
    lines=LINE_FIELDS,
    fields=(
        SearchField("channel", _K.CODE, "The sales channel: channel:amazon,walmart",
                    known=Known.CHANNELS),
        SearchField("account", _K.CODE, "The channel's account by its name: account:main"),
        SearchField("is", _K.CHOICE, "A state: is:marketplace, is:pobox", tuple(RULE_STATES),
                    meanings=RULE_STATES),
        SearchField("sku", _K.CODE, "A SKU of one of its lines: sku:MUG-*", known=Known.SKUS),
        SearchField("title", _K.WORDS, "A line's title: title:mug"),
        SearchField("category", _K.WORDS, "A line's category: category:tea",
                    known=Known.CATEGORIES),
        SearchField("qty", _K.NUMBER, "Units in the order: qty:>3", aliases=("units", "quantity")),
        SearchField("lines", _K.NUMBER, "Lines of the order: lines:1"),
        SearchField("weight", _K.NUMBER, "Grams of all units: weight:>2000"),
        SearchField("total", _K.MONEY, "The order's total: total:50..100"),
        SearchField("shipping", _K.MONEY, "What the buyer paid for shipping: shipping:0"),
        SearchField("discount", _K.MONEY, "What was taken off: discount:>10"),
        SearchField("tax", _K.MONEY, "The tax on it: tax:0"),
        SearchField("margin", _K.MONEY, "Price of the goods less their cost: margin:<5"),
        SearchField("rate", _K.NUMBER, "The margin in per cent of that price: rate:<20"),
        SearchField("currency", _K.CODE, "The currency: currency:USD"),
        SearchField("country", _K.CODE, "The country that it goes to: country:US",
                    known=Known.COUNTRIES),
        SearchField("state", _K.CODE, "The state that it goes to: state:NY", known=Known.STATES),
        SearchField("city", _K.WORDS, "The city that it goes to: city:brooklyn", known=Known.CITIES),
        SearchField("zip", _K.CODE, "The ZIP that it goes to: zip:100*", aliases=("postcode",)),
        SearchField("service", _K.WORDS, "The shipping service asked for: service:express",
                    known=Known.SERVICES),
        SearchField("shipby", _K.MOMENT, "When it must ship: shipby:<+4h, shipby:today"),
        SearchField("deliverby", _K.MOMENT, "When it must arrive: deliverby:<+2d"),
        SearchField("placed", _K.MOMENT, "When it was ordered: placed:>2026-10-01"),
        SearchField("age", _K.AGE, "How long ago it was ordered: age:>2d"),
        SearchField("day", _K.CHOICE, "The day on which the rule is asked: day:sat,sun",
                    tuple(_DAY_MEANINGS), meanings=_DAY_MEANINGS),
        SearchField("tag", _K.CODE, "A tag that is on it: tag:vip, -tag:vip", known=Known.TAGS),
        SearchField("note", _K.WORDS, "What the buyer wrote: note:gift"),
        SearchField("assigned", _K.CODE, "Who takes care of it: assigned:Ann", known=Known.PEOPLE),
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("has", _K.CHOICE, "Something is there: has:note, -has:tag", tuple(_BELONGINGS),
                    meanings=_BELONGINGS),
    ),
)  # fmt: skip

# What is said of the order, and asked of its lines: one of them is enough.
OF_LINES: Final = ("sku", "title", "category")


@dataclass(frozen=True, slots=True)
class Reading:
    """How each field is read off an order or a line; texts may be several, the rest is one value."""

    texts: Mapping[str, Callable[[Any], str | tuple[str, ...]]]
    numbers: Mapping[str, Callable[[Any], int | None]]
    money: Mapping[str, Callable[[Any], int | None]]
    moments: Mapping[str, Callable[[Any], datetime | None]]
    choices: Mapping[str, Callable[[Any], tuple[str, ...]]]


def _day(order: OrderFacts) -> tuple[str, ...]:
    number = order.at.today.weekday()
    return (DAYS[number], "weekend") if number >= 5 else (DAYS[number],)


def _belongings(order: OrderFacts) -> tuple[str, ...]:
    there = {
        "note": order.note, "tag": order.tags, "assignee": order.assigned,
        "promise": order.deliver_by, "discount": order.discount > 0,
    }  # fmt: skip
    return tuple(name for name, value in there.items() if value)


OF_ORDER: Final = Reading(
    texts={
        "channel": lambda o: o.channel,
        "account": lambda o: o.account,
        "currency": lambda o: o.currency,
        "country": lambda o: o.country,
        "state": lambda o: o.state,
        "city": lambda o: o.city,
        "zip": lambda o: o.postcode,
        "service": lambda o: o.service,
        "tag": lambda o: o.tags,
        "note": lambda o: o.note,
        "assigned": lambda o: o.assigned,
        "order": lambda o: o.number,
    },
    numbers={
        "qty": lambda o: o.units,
        "lines": lambda o: len(o.lines),
        "weight": lambda o: o.weight_g,
        "rate": lambda o: o.rate,
    },
    money={
        "total": lambda o: o.total,
        "shipping": lambda o: o.shipping,
        "discount": lambda o: o.discount,
        "tax": lambda o: o.tax,
        "margin": lambda o: o.margin,
    },
    moments={
        "shipby": lambda o: o.ship_by,
        "deliverby": lambda o: o.deliver_by,
        "placed": lambda o: o.placed_at,
        "age": lambda o: o.placed_at,
    },
    choices={"is": lambda o: o.states, "day": _day, "has": _belongings},
)


def _line_text(name: str) -> Callable[[LineFacts], str]:
    return lambda line: str(getattr(line, name))


OF_LINE: Final = Reading(
    texts={name: _line_text(name) for name in (*OF_LINES, "supplier", "family", "velocity")},
    numbers={"qty": lambda x: x.quantity, "weight": lambda x: x.weight_g},
    money={"price": lambda x: x.price, "worth": lambda x: x.worth, "margin": lambda x: x.margin},
    moments={},
    choices={"is": lambda x: x.states},
)
