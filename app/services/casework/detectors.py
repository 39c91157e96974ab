"""What is wrong now? One table of detectors; each names its kinds and reads what is true of them.

A detector is a question to the store, ``(db, now) -> drafts``: it writes nothing, and finds each time
everything that is true of its kinds. What it does not find any more is over. It is asked about the whole
store after every change and once a minute, so an index has to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.domain.cases import CaseDraft, CaseKind
from app.services.casework import channels, noticing, returning
from app.services.messaging import untold
from app.services.payouts import cases as money
from app.services.stockroom import moving
from app.services.tracking import alerting as parcels

Find = Callable[[Connection, datetime], Sequence[CaseDraft]]


@dataclass(frozen=True, slots=True)
class Detector:
    """Finds everything that is true of some kinds; a case that is over says ``over``."""

    kinds: tuple[CaseKind, ...]
    find: Find
    over: str


DETECTORS: Final = (
    Detector((CaseKind.LOW_STOCK,), noticing.running_low, "There is enough of it again, or none."),
    Detector(
        (CaseKind.DUPLICATE_SUSPECT,), noticing.came_twice, "Only one of the two is still open."
    ),
    Detector((CaseKind.FRAUD_HOLD,), noticing.held_for_fraud, "It is not held for that any more."),
    Detector((CaseKind.OVERSOLD,), moving.oversold, "The stock covers it again."),
    Detector(
        (CaseKind.SIGN_IN_ENDS,), channels.permission_ends, "Somebody has signed in, or it is over."
    ),
    Detector((CaseKind.OVER_CAPACITY,), noticing.over_capacity, "It all fits into a day again."),
    Detector((CaseKind.SYNC_STALE,), channels.not_looked_at, "The channel is looked at again."),
    Detector((CaseKind.IN_DOUBT,), channels.in_doubt, "It is known what became of the message."),
    Detector((CaseKind.PARCEL_UNKNOWN,), returning.of_nobody_known, "It is known whose it is."),
    Detector((CaseKind.RETURN_WAITS,), returning.not_looked_at, "Somebody has looked at it."),
    Detector((CaseKind.REFUND_DUE,), returning.not_given, "The money was given, or withdrawn."),
    Detector((CaseKind.CLAIM_DUE,), returning.claims_running_out, "It was handed in, or dropped."),
    Detector((CaseKind.PAYOUT_DIFFERENCE,), money.differences, "What was paid fits."),
    Detector((CaseKind.DOUBLE_FEE,), money.double_fees, "No fee is counted twice any more."),
    Detector((CaseKind.ORDER_NOT_PAID,), money.unpaid_orders, "A payout pays for the order."),
    Detector((CaseKind.BUYER_UNTOLD,), untold.buyers_untold, "It has left, or is not sent."),
    Detector((CaseKind.PAYMENT_UNKNOWN,), money.unknown_orders, "The orders are here."),
    Detector(parcels.KINDS, parcels.in_trouble, "The parcel has moved on."),
)
