"""Does a file in the neutral format say what the format allows, in every field that is read?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app.planning.neutral.fields import (
    CLOCK,
    DAY,
    FLAG,
    MOMENT,
    MOST,
    NEAR_DAY,
    NEAR_MOMENT,
    TEXT,
    ZONE,
    FieldError,
    Leaf,
    Record,
    Rows,
    Shape,
    Table,
    check,
    number,
    whole,
)  # fmt: skip

Row = Mapping[str, Any]
COUNT, CENTS, GRAMS, POSITIVE = whole(), whole(), whole(), whole(1)
UNITS = whole(1, 10**6)  # of one line
WEEKDAY = whole(0, 6)
LONGEST = 366  # days that a parcel may take
AHEAD = 3660  # days from now to the last ship date
POSITION: dict[str, Shape] = {
    "lat": number(-90, 90).or_null(), "lon": number(-180, 180).or_null(),
}  # fmt: skip

CHANNEL = Record(
    {
        "id": TEXT, "split_allowed": FLAG, "max_packages": COUNT, "split_cents": CENTS,
        "substitution_allowed": FLAG, "backorder_allowed": FLAG, "backorder_cents": CENTS,
        "unfilled_cents": CENTS, "allowed_levels": Rows(TEXT), "late_ship_cents": CENTS,
        "late_delivery_cents": CENTS,
    },
    {
        "fee_bp": whole(0, 10**6), "partial_backorder_allowed": FLAG.or_null(),
        "backorder_margin_loss_bp": whole(0, 10**6), "late_delivery_per_day_cents": CENTS,
    },
)  # fmt: skip
LOCATION = Record(
    {
        "id": TEXT, "region": TEXT, "timezone": ZONE, "cutoff": CLOCK, "pickup": CLOCK,
        "workdays": Rows(WEEKDAY), "priority": COUNT, "serves": Rows(TEXT),
        "handling_cents": Record(
            {"order": CENTS, "line": CENTS, "unit": CENTS}, {"fragile_unit": CENTS}
        ),
    },
    {
        **POSITION, "zip": TEXT, "closed": Rows(DAY), "handling_days": COUNT,
        "capacity_per_day": COUNT.or_null(), "capacity_by_date": Table(COUNT, DAY),
    },
)  # fmt: skip
SKU = Record(
    {"id": TEXT, "weight_g": GRAMS, "price_cents": CENTS, "unit_cost_cents": CENTS},
    {"fragile": FLAG.or_null(), "hazmat": FLAG.or_null()},
)
KIT = Record(
    {
        "id": TEXT, "price_cents": CENTS,
        "components": Rows(Record({"sku": TEXT, "qty": UNITS}), least=1),
    },
    {"ship_together": FLAG},
)  # fmt: skip
SERVICE = Record(
    {
        "id": TEXT, "level": TEXT, "zone_upper_miles": Rows(number(0, MOST)),
        "base_cents": Rows(CENTS.or_null()), "per_kg_cents": Rows(CENTS.or_null()),
        "transit_days": Rows(whole(0, LONGEST).or_null()), "max_weight_g": GRAMS,
        "delivery_weekdays": Rows(WEEKDAY, least=1),
    },
    {
        "locations": Rows(TEXT, null=True), "channels": Rows(TEXT, null=True),
        "dest_zip3": Rows(TEXT, null=True), "region_zone": Table(POSITIVE, TEXT, null=True),
        "billing_increment_g": POSITIVE, "min_billed_g": GRAMS, "hazmat_ok": FLAG,
    },
)  # fmt: skip
STOCK = Record(
    {"sku": TEXT, "location": TEXT, "on_hand": whole(-MOST)},  # below nothing: oversold
    {"reserved": COUNT, "safety": COUNT, "unit_cost_cents": CENTS},
)
RESERVE = Record({"sku": TEXT, "location": TEXT, "channel": TEXT, "qty": COUNT})
SUBSTITUTION = Record(
    {"sku": TEXT, "substitute": TEXT, "channels": Rows(TEXT)}, {"cost_cents": CENTS}
)
ORDER = Record(
    {
        "id": TEXT, "channel": TEXT, "placed_at": MOMENT, "ship_by": MOMENT, "deliver_by": DAY,
        "ship_to": Record({"zip": TEXT, "region": TEXT}, POSITION),
        "lines": Rows(
            Record({"line": TEXT, "sku": TEXT, "qty": UNITS}, {"price_cents": CENTS.or_null()}),
            least=1,
        ),
    },
    {
        "selected_level": TEXT.or_null(),
        "hold": Leaf("a text, or null", lambda value: value == "" or TEXT.or_null().fits(value)),
    },
)  # fmt: skip
INSTANCE = Record(
    {
        "id": TEXT, "now": NEAR_MOMENT, "last_ship_date": NEAR_DAY,
        "level_rank": Table(COUNT, TEXT), "channels": Rows(CHANNEL), "locations": Rows(LOCATION),
        "skus": Rows(SKU), "services": Rows(SERVICE), "stock": Rows(STOCK), "orders": Rows(ORDER),
    },
    {
        "carrier_holidays": Rows(DAY), "kits": Rows(KIT), "channel_reserves": Rows(RESERVE),
        "substitutions": Rows(SUBSTITUTION),
    },
)  # fmt: skip


def check_instance(found: Row) -> None:
    """Look at every field of a file, then at what its rows say of each other.

    Raises:
        FieldError: a field says what cannot be; the sentence names it.
    """
    check(found, INSTANCE)
    _check_horizon(found)
    for name in ("channels", "locations", "skus", "services", "orders"):
        _once(
            ((f"{name}[{nth}].id", row["id"]) for nth, row in enumerate(found[name])),
            "an id that no other row has",
        )
    _Known(found).check(found)


def _check_horizon(found: Row) -> None:
    last = date.fromisoformat(found["last_ship_date"])
    if (last - datetime.fromisoformat(found["now"]).date()).days > AHEAD:
        raise FieldError("last_ship_date", str(last), f"a date at most {AHEAD:,} days after “now”")


def _once(fields: Iterable[tuple[str, object]], wanted: str) -> None:
    seen: set[object] = set()
    for where, value in fields:
        if value in seen:
            raise FieldError(where, value, wanted)
        seen.add(value)


class _Known:
    """What a file's rows may speak of."""

    def __init__(self, found: Row) -> None:
        self.skus, self.places, self.channels = (
            {row["id"] for row in found[name]} for name in ("skus", "locations", "channels")
        )
        self.kits = {row["id"] for row in found.get("kits", ())}
        self.levels = found["level_rank"]

    def check(self, found: Row) -> None:
        for where, row in _rows(found, "kits"):
            self._kit(where, row)
        for where, row in _rows(found, "services"):
            _among(f"{where}.level", row["level"], self.levels, "a level of “level_rank”")
            _check_tariff(where, row)
        self._shelves(found)
        for where, row in _rows(found, "substitutions"):
            _among(f"{where}.sku", row["sku"], self.skus | self.kits, "the id of a SKU")
            _among(f"{where}.substitute", row["substitute"], self.skus, "the id of a SKU")
        for where, row in _rows(found, "orders"):
            self._order(where, row)

    def _kit(self, where: str, row: Row) -> None:
        if row["id"] in self.skus:
            raise FieldError(f"{where}.id", row["id"], "an id that no SKU has")
        for there, part in _rows(row, "components", where):
            _among(f"{there}.sku", part["sku"], self.skus,
                   "the id of a SKU; a kit holds neither itself nor another kit")  # fmt: skip
        _once(
            ((f"{there}.sku", part["sku"]) for there, part in _rows(row, "components", where)),
            "a SKU that the kit does not have yet",
        )

    def _shelves(self, found: Row) -> None:
        for name in ("stock", "channel_reserves"):
            for where, row in _rows(found, name):
                _among(f"{where}.sku", row["sku"], self.skus, "the id of a SKU")
                _among(f"{where}.location", row["location"], self.places, "the id of a location")
        for where, row in _rows(found, "channel_reserves"):
            _among(f"{where}.channel", row["channel"], self.channels, "the id of a channel")
        _once(
            ((where, (row["sku"], row["location"])) for where, row in _rows(found, "stock")),
            "one row for a SKU at a location",
        )

    def _order(self, where: str, row: Row) -> None:
        _among(f"{where}.channel", row["channel"], self.channels, "the id of a channel")
        if row.get("selected_level") is not None:
            _among(f"{where}.selected_level", row["selected_level"], self.levels,
                   "a level of “level_rank”")  # fmt: skip
        for there, line in _rows(row, "lines", where):
            _among(f"{there}.sku", line["sku"], self.skus | self.kits, "the id of a SKU or a kit")
        _once(
            ((f"{there}.line", line["line"]) for there, line in _rows(row, "lines", where)),
            "a name that no other line of the order has",
        )


def _rows(found: Row, name: str, within: str = "") -> Iterator[tuple[str, Row]]:
    start = f"{within}." if within else ""
    for nth, row in enumerate(found.get(name, ())):
        yield f"{start}{name}[{nth}]", row


def _among(where: str, value: str, known: Collection[str], wanted: str) -> None:
    if value not in known:
        raise FieldError(where, value, wanted)


def _check_tariff(where: str, row: Row) -> None:
    """Every zone that has a base has the rest too, and the zones' edges rise."""
    edges = row["zone_upper_miles"]
    if edges != sorted(edges):
        raise FieldError(f"{where}.zone_upper_miles", edges, "distances that rise")
    for name in ("per_kg_cents", "transit_days"):
        for zone, base in enumerate(row["base_cents"]):
            if base is not None and (zone >= len(row[name]) or row[name][zone] is None):
                raise FieldError(f"{where}.{name}", row[name],
                                 f"a number for zone {zone + 1}, which has a base")  # fmt: skip
