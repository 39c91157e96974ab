"""Which conditions need a person, how urgent are they, and what can be done?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.orders import HoldCode


class CaseKind(StrEnum):
    """A condition that needs a person."""

    UNKNOWN_SKU = "unknown_sku"
    MISSING_SKU = "missing_sku"
    SHORTFALL = "shortfall"
    NO_LOCATION = "no_location"
    ADDRESS_INVALID = "address_invalid"
    TEXT_SUSPECT = "text_suspect"
    PAYMENT_PENDING = "payment_pending"
    STATUS_UNCLEAR = "status_unclear"
    TOTAL_MISMATCH = "total_mismatch"
    ORDER_CHANGED = "order_changed"
    CANCELLED_LATE = "cancelled_late"
    CANCEL_REQUESTED = "cancel_requested"
    SHIPPED_ELSEWHERE = "shipped_elsewhere"
    RULE_ASKS = "rule_asks"
    RULE_REVIEW = "rule_review"
    FRAUD_HOLD = "fraud_hold"
    ADDRESS_CHANGED = "address_changed"
    NEGATIVE_STOCK = "negative_stock"
    OVERSOLD = "oversold"
    FILE_PROBLEM = "file_problem"
    ORDER_UNREADABLE = "order_unreadable"
    MESSAGE_REFUSED = "message_refused"
    ACKNOWLEDGE_LATE = "acknowledge_late"
    LISTING_ERROR = "listing_error"
    CHANNEL_TROUBLE = "channel_trouble"
    SIGNED_OUT = "signed_out"
    SIGN_IN_ENDS = "sign_in_ends"
    QUANTITIES_STOPPED = "quantities_stopped"
    MISMATCH = "mismatch"
    PARCEL_UNKNOWN = "parcel_unknown"
    RETURN_WAITS = "return_waits"
    REFUND_DUE = "refund_due"
    CLAIM_DUE = "claim_due"
    LOW_STOCK = "low_stock"
    DUPLICATE_SUSPECT = "duplicate_suspect"
    OVER_CAPACITY = "over_capacity"
    SYNC_STALE = "sync_stale"
    IN_DOUBT = "in_doubt"
    PAYOUT_DIFFERENCE = "payout_difference"
    DOUBLE_FEE = "double_fee"
    ORDER_NOT_PAID = "order_not_paid"
    PAYMENT_UNKNOWN = "payment_unknown"
    BUYER_UNTOLD = "buyer_untold"
    UNSCANNED = "unscanned"
    PARCEL_STUCK = "parcel_stuck"
    ETA_SLIPPED = "eta_slipped"
    NOT_DELIVERED = "not_delivered"
    PARCEL_RETURNED = "parcel_returned"
    PARCEL_LOST = "parcel_lost"
    PARCEL_DAMAGED = "parcel_damaged"
    STANDARD_BROKEN = "standard_broken"


class Severity(StrEnum):
    """How bad it is if nobody acts."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


# What is wrong with a parcel on its way: a case about a shipment.
OF_PARCELS: Final = (
    CaseKind.UNSCANNED, CaseKind.PARCEL_STUCK, CaseKind.ETA_SLIPPED, CaseKind.NOT_DELIVERED,
    CaseKind.PARCEL_RETURNED, CaseKind.PARCEL_LOST, CaseKind.PARCEL_DAMAGED,
)  # fmt: skip

OF_HOLD: Mapping[HoldCode, CaseKind] = {
    HoldCode.ADDRESS_ZIP: CaseKind.ADDRESS_INVALID,
    HoldCode.AWAITING_PAYMENT: CaseKind.PAYMENT_PENDING,
    HoldCode.MISSING_SKU: CaseKind.MISSING_SKU,
    HoldCode.MOJIBAKE_SUSPECT: CaseKind.TEXT_SUSPECT,
    HoldCode.ORDER_CHANGED: CaseKind.ORDER_CHANGED,
    HoldCode.BY_RULE: CaseKind.RULE_ASKS,
    HoldCode.STATUS_UNCLEAR: CaseKind.STATUS_UNCLEAR,
    HoldCode.TOTAL_MISMATCH: CaseKind.TOTAL_MISMATCH,
    HoldCode.UNKNOWN_SKU: CaseKind.UNKNOWN_SKU,
    HoldCode.SHIPPED_ELSEWHERE: CaseKind.SHIPPED_ELSEWHERE,
    HoldCode.CANCELLED_ON_CHANNEL: CaseKind.CANCELLED_LATE,
    HoldCode.CANCEL_REQUESTED: CaseKind.CANCEL_REQUESTED,
    HoldCode.FRAUD_RISK: CaseKind.FRAUD_HOLD,
    HoldCode.REFUNDED_IN_PART: CaseKind.STATUS_UNCLEAR,
}


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case about to be opened. ``money_at_risk`` is minor units of ``currency``.

    ``due_at`` is when the harm is done (the order's ship-by, a channel's own deadline); how long before
    somebody must decide is the kind's own. ``cause`` is the same for what one cause has hit, and makes
    it one card: "manifest:ups:2026-11-23". ``pattern`` is what it has in common with earlier cases of
    its kind where that is neither the SKU nor the channel: "carrier:ups". ``impact`` is what the customer
    feels, if that is more than is true of the kind, and ``owner`` whose it is where that is not whose the
    kind is. Which of several accounts and places it is about say
    ``account_id`` and ``location_id``.
    """

    kind: CaseKind
    subject_kind: str
    subject_id: int
    title: str
    money_at_risk: int = 0
    currency: str = "USD"
    order_id: int | None = None
    sku_id: int | None = None
    due_at: datetime | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    cause: str = ""
    impact: str = ""
    account_id: int | None = None
    location_id: int | None = None
    pattern: str = ""
    owner: str = ""

    @property
    def group(self) -> str:
        """What makes several cases one card: the kind, and the cause or else what it is about."""
        return f"{self.kind.value}/{self.cause or self._about}"

    @property
    def link(self) -> str:
        """Where it is dealt with: the order, else the SKU, else what it is about."""
        if self.order_id is not None:
            return f"order:{self.order_id}"
        return self._about

    @property
    def _about(self) -> str:
        if self.sku_id is not None:
            return f"sku:{self.sku_id}"
        return f"{self.subject_kind}:{self.subject_id}"
