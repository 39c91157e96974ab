"""What does each figure count, exactly? ``docs/kpis.md`` is written from this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.kpis.kinds import Good, Grain, Kpi, Measure

# A parcel that was never scanned after so long has no valid number, as far as anybody can tell.
SCAN_GRACE_HOURS: Final = 48
# The first scan is expected within so long of saying that a parcel has left.
SCAN_WITHIN_HOURS: Final = 24
_OURS: Final = (
    "orders that the channel ships from its own stock; orders whose import was taken back"
)

_ALL: Final = (
    Kpi(
        Measure.ON_TIME_SHIP, "Shipped on time", "Did orders leave when they had to?", True,
        Good.HIGH, Grain.ORDER,
        "orders whose last parcel left at or before their ship-by time",
        "orders whose ship-by time has passed", "the ship-by time",
        f"cancelled orders; orders shipped elsewhere; {_OURS}", "orders, shipments",
    ),
    Kpi(
        Measure.ON_TIME_DELIVERY, "Delivered on time", "Did parcels arrive when they were promised?",
        True, Good.HIGH, Grain.PARCEL,
        "parcels that their carrier delivered at or before the promised time",
        "parcels whose promised time has passed and that a carrier has scanned",
        "the promised delivery time", "parcels without any scan: of those nobody knows",
        "shipments, tracking_events, orders",
    ),
    Kpi(
        Measure.FILL_RATE, "Lines filled", "Was there stock for what was ordered?", True, Good.HIGH,
        Grain.LINE, "lines of which every unit has shipped",
        "lines of orders whose ship-by time has passed", "the ship-by time",
        "lines with nothing to ship; orders that were cancelled for the buyer or by the channel; "
        f"{_OURS}",
        "order_lines, orders, fulfilment_order_lines",
    ),
    Kpi(
        Measure.CYCLE_TIME, "Order to ship", "How long does an order take?", False, Good.LOW,
        Grain.ORDER, "from the moment an order was placed to its last parcel",
        "orders that have shipped whole", "the moment the last parcel left",
        _OURS, "orders, shipments",
    ),
    Kpi(
        Measure.ACCEPTANCE_TIME, "Order to accepted", "How long does an order wait for a decision?",
        False, Good.LOW, Grain.DECISION, "from the moment an order was placed to the decision on it",
        "decisions that stand", "the moment of the decision", "decisions that were taken back",
        "routing_decisions, orders",
    ),
    Kpi(
        Measure.LABEL_TIME, "Accepted to label", "How long until a parcel has its number?", False,
        Good.LOW, Grain.PARCEL, "from the decision to the moment the parcel got its number here",
        "parcels that left", "the moment the parcel left", "parcels that were voided",
        "shipments, fulfilment_orders, routing_decisions",
    ),
    Kpi(
        Measure.PICK_PACK, "Pick and pack", "How long from the printed slip to the parcel?", False,
        Good.LOW, Grain.PARCEL, "from the first slip or pick list printed to the parcel leaving",
        "parcels whose papers were printed here before they left", "the moment the parcel left",
        "parcels that were voided, or left without papers", "shipments, document_prints",
    ),
    Kpi(
        Measure.SELLER_CANCEL, "Cancelled by us", "How many orders did we let down?", True, Good.LOW,
        Grain.ORDER, "orders that this desk cancelled before they shipped, unless the buyer had asked",
        "orders", "the moment an order was placed", _OURS, "orders, outbox_messages, holds",
        short="Cancelled by us",
    ),
    Kpi(
        Measure.CANCELLATION, "Cancelled at all", "How many orders are cancelled, by anybody?", True,
        Good.LOW, Grain.ORDER, "orders that are cancelled, whoever did it", "orders",
        "the moment an order was placed", _OURS, "orders",
    ),
    Kpi(
        Measure.OVERSELLS, "Sold what was not there", "How often was more sold than there was?", True,
        Good.LOW, Grain.ORDER, "orders that there was not enough stock for", "orders",
        "the moment an order was placed", _OURS, "orders, exception_cases", short="Oversold",
    ),
    Kpi(
        Measure.SPLIT_RATE, "Split", "How many orders need more than one parcel?", True, Good.LOW,
        Grain.ORDER, "orders that left in more than one parcel", "orders that have shipped whole",
        "the moment the last parcel left", _OURS, "orders, shipments",
    ),
    Kpi(
        Measure.VALID_TRACKING, "Valid tracking", "Can customers follow their parcels?", True,
        Good.HIGH, Grain.PARCEL, "parcels with a number that their carrier has scanned",
        f"parcels that left at least {SCAN_GRACE_HOURS} hours ago", "the moment the parcel left",
        "parcels that were voided", "shipments, tracking_events",
    ),
    Kpi(
        Measure.SCAN_COMPLIANCE, "Scanned in time", "Does the carrier take parcels when we say so?",
        True, Good.HIGH, Grain.PARCEL,
        f"parcels first scanned within {SCAN_WITHIN_HOURS} hours of leaving",
        f"parcels that left at least {SCAN_WITHIN_HOURS} hours ago", "the moment the parcel left",
        "parcels that were voided", "shipments, tracking_events",
    ),
    Kpi(
        Measure.INVENTORY_ACCURACY, "Counts that fit", "Is there what the desk says there is?", True,
        Good.HIGH, Grain.SHELF, "shelves where as many lay as the desk said", "shelves counted",
        "the moment of the count", "shelves that nobody has counted yet", "stock_count_lines",
        short="Stock accuracy",
    ),
    Kpi(
        Measure.SYNC_LAG, "Sync lag", "How long do channels show old numbers?", False, Good.LOW,
        Grain.NUMBER, "from a number's change here to the moment the channel was told",
        "numbers that channels were told", "the moment the number changed here",
        "numbers that another one replaced before they went out", "published_quantities",
    ),
    Kpi(
        Measure.OVERRIDE_RATE, "Overridden", "How often is a suggestion not followed?", True, Good.LOW,
        Grain.DECISION, "decisions that chose otherwise than suggested", "decisions that stand",
        "the moment of the decision", "decisions that were taken back", "routing_decisions, orders",
    ),
    Kpi(
        Measure.EXCEPTION_RATE, "Orders with a case", "How many orders need a person?", True, Good.LOW,
        Grain.ORDER, "orders about which a case was ever opened", "orders",
        "the moment an order was placed", _OURS, "orders, exception_cases", short="With a case",
    ),
    Kpi(
        Measure.TIME_TO_RESOLVE, "Time to resolve", "How long is something wrong?", False, Good.LOW,
        Grain.CASE, "from the moment a case was opened to the moment it was closed",
        "cases that are closed", "the moment the case was closed", "open cases", "exception_cases",
    ),
    Kpi(
        Measure.RETURN_RATE, "Returned", "How many orders come back?", True, Good.LOW, Grain.ORDER,
        "orders of which the customer sent units back that came in", "orders that have shipped whole",
        "the moment the last parcel left", f"parcels that no carrier could deliver; {_OURS}",
        "orders, shipments, returns, return_units",
    ),
)  # fmt: skip

KPIS: Final[Mapping[Measure, Kpi]] = {kpi.measure: kpi for kpi in _ALL}
