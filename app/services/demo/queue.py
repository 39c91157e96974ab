"""Today's open queue: what waits for the owner, one of each kind that a desk has to deal with.

Each story is an order that arrives like any other, with what is wrong about it, and what happens
to it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.importing import FileKind, ImportReport, ParsedFile, Verdict
from app.domain.orders import (
    Address,
    ChannelState,
    HoldCode,
    IncomingLine,
    IncomingOrder,
    MapperHold,
)
from app.services import deciding, holding, importing, stock, watched
from app.services.demo.premises import RENO, SHOP, STUDIO
from app.services.demo.selling import Customers
from app.services.demo.working import Workday

Basket = Sequence[tuple[str, int]]
Then = Callable[[Workday, IncomingOrder, datetime], None]


@dataclass(frozen=True, slots=True)
class Story:
    """An order of the open queue, and what happens to it after it came in."""

    order: IncomingOrder
    then: Then | None = None


def stories(customers: Customers, worked: datetime, now: datetime, count: int) -> list[Story]:
    """Return the orders that need a person, oldest first; ``count`` is how busy the brand is."""
    span = now - worked
    early, later = worked + span * 0.2, worked + span * 0.7
    draw = customers.order
    found = [
        *_addresses(customers, worked, early),
        *_codes(customers, early, later),
        *_payments(customers, early, later),
        *_changes(customers, early, later),
        *_stock(customers, early, later, 12 + count // 50),
        *_tastings(customers, early, later),
        Story(
            replace(
                draw("walmart", later, [("TEA-BRK-100", 1)]),
                holds=_held(HoldCode.CANCEL_REQUESTED, "The buyer asked Walmart to cancel it."),
            )
        ),
        Story(draw("shopify", worked - timedelta(days=2), [("MUG-TID-012", 2)]), _wait_for_friday),
        Story(draw("etsy", worked - timedelta(days=4), [("TEA-SAM-006", 1)]), _released_late),
        Story(
            draw("shopify", early, [("TEA-BRK-100", 2), ("LIN-NAP-002", 1), ("HNY-BLU-250", 1)]),
            _split,
        ),
        Story(
            replace(
                draw("shopify", later, [("TEA-EGR-100", 3)]),
                holds=_held(
                    HoldCode.STATUS_UNCLEAR,
                    "Shopify says “partial”: part of it was sent from there. Look what is still to be sent.",
                ),
            )
        ),
    ]
    return sorted(found, key=lambda story: story.order.placed_at)


def _addresses(customers: Customers, worked: datetime, early: datetime) -> list[Story]:
    """Two ZIPs that a spreadsheet has eaten, and a name in the wrong letters."""
    boston = customers.order("etsy", early, [("MUG-DOR-008", 2)])
    late = customers.order("ebay", worked - timedelta(days=3), [("TEA-CHM-040", 1)])
    lost = _held(HoldCode.ADDRESS_ZIP, "The ZIP “2139” has 4 digits. Did it lose a zero: 02139?")
    wrong = _held(HoldCode.ADDRESS_ZIP, "The ZIP 60614 lies in IL, the order says CA.")
    garbled = customers.order("shopify", early, [("POT-KYU-300", 1)])
    doubt = _held(HoldCode.MOJIBAKE_SUSPECT, "The name “ZoÃ« Lindqvist” looks garbled: Zoë?")
    return [
        Story(_at(replace(boston, holds=lost), "Cambridge", "MA", "2139")),
        Story(_at(replace(late, holds=wrong), "Oakland", "CA", "60614")),
        Story(
            replace(
                garbled,
                buyer_name="ZoÃ« Lindqvist",
                holds=doubt,
                ship_to=replace(garbled.ship_to, name="ZoÃ« Lindqvist"),
            )
        ),
    ]


def _codes(customers: Customers, early: datetime, later: datetime) -> list[Story]:
    """A letter O for a zero, a code that nobody knows, and a line without any code."""
    near = customers.order("shopify", early, [("TEA-SEN-050", 1), ("STR-BSK-001", 1)])
    new = customers.order("ebay", later, [("VAS-BUD-140", 1)])
    again = customers.order("ebay", later, [("VAS-BUD-140", 2), ("TEA-BRK-100", 1)])
    none = customers.order("etsy", later, [("MUG-TID-010", 1)])
    reason = "The line “Name engraved on your Tide mug” has no SKU. Say what has to be packed."
    engraving = IncomingLine("4990000001", "", "Name engraved on your Tide mug", 1, 600)
    return [
        Story(_with_code(near, "TEA-SEN-05O")),
        Story(_with_code(new, "VASBUD140-STORM")),
        Story(_with_code(again, "VASBUD140-STORM", "TEA-BRK-100-6PK")),
        Story(
            replace(
                none,
                lines=(*none.lines, engraving),
                total=(none.total or 0) + 600,
                holds=_held(HoldCode.MISSING_SKU, reason),
            )
        ),
    ]


def _payments(customers: Customers, early: datetime, later: datetime) -> list[Story]:
    """An order that Amazon has no payment for, and one whose sums do not agree."""
    pending = customers.order("amazon", later, [("MUG-TID-112", 2)])
    odd = customers.order("woocommerce", early, [("PLT-DES-200", 4)])
    stated = (odd.total or 0) - 1000
    sums = (
        f"Lines, shipping and tax come to {(odd.total or 0) / 100:.2f} USD, "
        f"the shop says {stated / 100:.2f}."
    )
    return [
        Story(_unpaid(pending)),
        Story(replace(odd, total=stated, holds=_held(HoldCode.TOTAL_MISMATCH, sums))),
    ]


def _changes(customers: Customers, early: datetime, later: datetime) -> list[Story]:
    """What channels say differently afterwards: more units, cancelled, shipped by someone."""
    draw = customers.order
    return [
        Story(draw("etsy", early, [("CUP-ESP-003", 2)]), _wants_four),
        Story(draw("walmart", early, [("TEA-EGR-100", 2)]), _cancelled_after_acceptance),
        Story(draw("shopify", later, [("SHR-BRD-150", 1)]), _shipped_by_someone),
    ]


def _stock(customers: Customers, early: datetime, later: datetime, many: int) -> list[Story]:
    """Too few teapots, a count that finds less than was sold, and lines that lie far apart."""
    draw = customers.order
    cafe = draw("shopify", early, [("POT-TID-900", many)])
    return [
        Story(replace(cafe, note="For the opening of our tea room; all of them, please.")),
        Story(draw("amazon", later, [("LIN-NAP-002", 1), ("HNY-BLU-250", 2)])),
        Story(draw("own", early, [("SUG-RCK-200", 3)]), _counted_less),
    ]


def _tastings(customers: Customers, early: datetime, later: datetime) -> list[Story]:
    """Three orders to the far west that somebody packs in the studio: a rule is worth drafting."""
    times = (early, early + (later - early) * 0.5, later)
    drawn = [customers.order("etsy", at, [("TEA-EGR-100", 1)]) for at in times]
    return [Story(_at(each, "Reno", "NV", "89509"), _from_the_studio) for each in drawn]


def _from_the_studio(day: Workday, order: IncomingOrder, now: datetime) -> None:
    for place in (STUDIO, RENO):
        stock.receive(
            day.db, day.actor, sku="TEA-EGR-100", location=place, quantity=2,
            reason="Packed for the tasting.", now=now,
        )  # fmt: skip
    deciding.override(
        day.db, day.actor, order_id=day.find(order.number), location_id=day.premises.places[STUDIO],
        reason="Goes with the tasting box, which we pack here.", now=now,
    )  # fmt: skip


def _wants_four(day: Workday, order: IncomingOrder, now: datetime) -> None:
    line = order.lines[0]
    more = replace(line, quantity=4)
    total = (order.total or 0) + 2 * line.unit_price
    day.take_in([replace(order, lines=(more, *order.lines[1:]), total=total)], now)


def _cancelled_after_acceptance(day: Workday, order: IncomingOrder, now: datetime) -> None:
    key = day.find(order.number)
    deciding.accept(day.db, day.actor, order_ids=[key], now=now)
    day.take_in([replace(order, state=ChannelState.CANCELLED)], now)


def _shipped_by_someone(day: Workday, order: IncomingOrder, now: datetime) -> None:
    day.kept_open.add(day.find(order.number))
    day.take_in([replace(order, state=ChannelState.SHIPPED)], now)


def _counted_less(day: Workday, _order: IncomingOrder, now: datetime) -> None:
    stock.receive(
        day.db, day.actor, sku="SUG-RCK-200", location=STUDIO, quantity=3,
        reason="The small delivery of this morning.", now=now,
    )  # fmt: skip
    stock.count(
        day.db, day.actor, sku="SUG-RCK-200", location=STUDIO, counted=1,
        reason="Counted: a jar had broken behind the shelf.", now=now,
    )  # fmt: skip


def _wait_for_friday(day: Workday, order: IncomingOrder, now: datetime) -> None:
    key = day.find(order.number)
    why = "She is away until Friday and asked us to wait."
    holding.hold(day.db, day.actor, order_ids=[key], reason=why, now=now)
    note = "Wrote back: we ship on Friday morning."
    holding.write_note(day.db, day.actor, order_id=key, text=note, now=now)


def _released_late(day: Workday, order: IncomingOrder, now: datetime) -> None:
    """Leave it as the one that was forgotten: nothing is wrong, it is only late."""
    day.kept_open.add(day.find(order.number))
    note = "Box was on the wrong shelf. Ship first thing!"
    key = day.find(order.number)
    holding.write_note(day.db, day.actor, order_id=key, text=note, now=now)


def _split(day: Workday, order: IncomingOrder, now: datetime) -> None:
    key = day.find(order.number)
    places = day.premises.places
    where = {
        line: places[at] for line, at in zip(day.lines(key), (STUDIO, SHOP, RENO), strict=True)
    }
    deciding.split(
        day.db, day.actor, order_id=key, assignment=where,
        reason="Napkins lie in Austin and honey in Reno; the tea leaves from here today.", now=now,
    )  # fmt: skip
    day.ship_from(key, places[STUDIO], now)


def damaged_download(day: Workday, now: datetime) -> None:
    """Let a file of the watched folder be one that did not come down whole."""
    name, where = "orders_export (2).csv", "line 3 ends inside a quoted cell"
    text = (
        "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,"
        "Lineitem price,Lineitem sku\n"
        "#2398,june@example.com,paid,USD,37.95,2025-11-20 18:02:11 -0500,1,Tide mug,32.00,MUG-TID-010\n"
        '#2399,omar@example.com,paid,USD,21.95,2025-11-20 18:40:52 -0500,1,"Harbor Brea'
    )
    message = (
        f"The file was cut off while it was downloaded or copied: {where}. Nothing was imported. "
        "Download it again."
    )
    parsed = ParsedFile(
        name, "shopify-orders", FileKind.ORDERS, "shopify", rows=1, refusal=message,
        refusal_code="CUT_OFF",
    )  # fmt: skip
    report = ImportReport(name, parsed.format, parsed.kind, Verdict.REFUSE, rows=1, message=message)
    watched.keep_refused(
        day.db, day.actor, parsed=parsed, report=report, packed=importing.pack(text.encode()),
        today=now.date(), now=now,
    )  # fmt: skip


def _held(code: HoldCode, reason: str) -> tuple[MapperHold, ...]:
    return (MapperHold(code, reason),)


def _at(order: IncomingOrder, city: str, state: str, postcode: str) -> IncomingOrder:
    return replace(order, ship_to=replace(order.ship_to, city=city, state=state, postcode=postcode))


def _with_code(order: IncomingOrder, *codes: str) -> IncomingOrder:
    """Return the order with other codes on its first lines."""
    named = [replace(line, sku_text=code) for line, code in zip(order.lines, codes, strict=False)]
    return replace(order, lines=(*named, *order.lines[len(named) :]))


def _unpaid(order: IncomingOrder) -> IncomingOrder:
    """Return the order as Amazon shows it before the payment: no prices, no address."""
    return replace(
        order, lines=tuple(replace(line, unit_price=0) for line in order.lines),
        ship_to=Address(), buyer_name="", buyer_email="", tax=0, total=None,
        state=ChannelState.AWAITING_PAYMENT,
        holds=_held(HoldCode.AWAITING_PAYMENT, "Amazon has not confirmed the payment yet."),
    )  # fmt: skip
