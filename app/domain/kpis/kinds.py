"""Which figures are there, and by what can they be told apart?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What is counted or timed."""

    INVENTORY_ACCURACY = "inventory_accuracy"
    FILL_RATE = "fill_rate"
    ON_TIME_SHIP = "on_time_ship"
    ON_TIME_DELIVERY = "on_time_delivery"
    CANCELLATION = "cancellation"
    SELLER_CANCEL = "seller_cancel"
    SPLIT_RATE = "split_rate"
    VALID_TRACKING = "valid_tracking"
    SCAN_COMPLIANCE = "scan_compliance"
    OVERRIDE_RATE = "override_rate"
    EXCEPTION_RATE = "exception_rate"
    OVERSELLS = "oversells"
    RETURN_RATE = "return_rate"
    CYCLE_TIME = "cycle_time"
    ACCEPTANCE_TIME = "acceptance_time"
    LABEL_TIME = "label_time"
    PICK_PACK = "pick_pack"
    SYNC_LAG = "sync_lag"
    TIME_TO_RESOLVE = "time_to_resolve"


class Dimension(StrEnum):
    """By what figures are told apart; a week is always one."""

    CHANNEL = "channel"
    KIND = "kind"
    LOCATION = "location"
    CARRIER = "carrier"
    FAMILY = "family"


class Grain(StrEnum):
    """What one counted row is."""

    ORDER = "order"
    LINE = "order line"
    PARCEL = "parcel"
    DECISION = "decision"
    CASE = "case"
    SHELF = "counted shelf"
    NUMBER = "number told to a channel"

    @property
    def plural(self) -> str:
        """Return several of them."""
        many = {
            "counted shelf": "counted shelves",
            "number told to a channel": "numbers told to channels",
        }
        return many.get(self.value, f"{self.value}s")


class Good(StrEnum):
    """Which way is better."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure, as data: what is divided by what, when a row counts, and where it is read.

    A *share* has a numerator (rows that are a hit) of a denominator (all its rows). A *duration* has
    a sample: one value in seconds for each row; its figures are percentiles, never a mean.
    ``at`` says by which moment a row falls into a week; ``left_out`` names what is not counted.
    ``scale`` 10,000 shows a share in percent with two decimals.
    """

    measure: Measure
    title: str
    question: str
    is_share: bool
    good: Good
    grain: Grain
    counts: str  # the numerator, or what is timed
    of: str  # the denominator, or the sample
    at: str
    left_out: str
    reads: str  # the tables that it is read from
    short: str = ""

    @property
    def is_duration(self) -> bool:
        """Whether it is a sample of times instead of a share."""
        return not self.is_share

    @property
    def name(self) -> str:
        """Its short name, for a tile."""
        return self.short or self.title
