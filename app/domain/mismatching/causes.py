"""What can be the cause of a number that does not fit, is it an error, and what is the one fix?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Reason(StrEnum):
    """The one cause of a mismatch."""

    UNMAPPED_ALIAS = "unmapped_alias"
    LAG = "lag"
    PUSH_WAITING = "push_waiting"
    NOT_APPLIED = "not_applied"
    MANUAL_EDIT = "manual_edit"
    ORDER_NOT_IMPORTED = "order_not_imported"
    CANCEL_NOT_RESTOCKED = "cancel_not_restocked"
    RETURN_NOT_LOOKED_AT = "return_not_looked_at"
    KIT_NOT_TAKEN_APART = "kit_not_taken_apart"
    DUPLICATE_IMPORT = "duplicate_import"
    RECEIPT_LATE = "receipt_late"
    COUNT_VARIANCE = "count_variance"
    BY_POLICY = "by_policy"
    UNKNOWN = "unknown"


class Told(NamedTuple):
    """How a cause is said: in a list, above several, and what its fix is called."""

    words: str
    together: str
    fix: str
    is_error: bool = True


_R = Reason
CAUSES: Final[Mapping[Reason, Told]] = {
    _R.UNMAPPED_ALIAS: Told("Code not linked", "listings mean no SKU of yours", "Link the code…"),
    _R.LAG: Told("On its way", "numbers are on their way", "Look again", is_error=False),
    _R.PUSH_WAITING: Told("Not told", "numbers were not told in time", "Tell the channel"),
    _R.NOT_APPLIED: Told("Told, not taken over", "numbers were not taken over", "Tell it again"),
    _R.MANUAL_EDIT: Told("Changed on the channel", "numbers were changed on the channel",
                         "Tell it again"),
    _R.ORDER_NOT_IMPORTED: Told("Order not here yet", "orders are there and not here",
                                "Get the orders"),
    _R.CANCEL_NOT_RESTOCKED: Told("Cancelled, still kept", "cancelled orders still keep units",
                                  "Give the units back"),
    _R.RETURN_NOT_LOOKED_AT: Told("Return not looked at", "returns wait to be looked at",
                                  "Put them back on sale"),
    _R.KIT_NOT_TAKEN_APART: Told("Kit not taken apart", "kits took nothing from their parts",
                                 "Take the parts"),
    _R.DUPLICATE_IMPORT: Told("Came in twice", "orders came in twice", "Void the second one"),
    _R.RECEIPT_LATE: Told("Receipt written down late", "receipts were written down late",
                          "Put the receipt right"),
    _R.COUNT_VARIANCE: Told("Count differs", "counts differ", "Settle the count"),
    _R.BY_POLICY: Told("By your policy", "numbers differ because your policy says so",
                       "Open the policy", is_error=False),
    _R.UNKNOWN: Told("Cause not known", "numbers nobody can explain yet", "Put it right…"),
}  # fmt: skip
# A number for each cause, for the one case that stands for all of it; never give one away twice.
NUMBERS: Final[Mapping[Reason, int]] = {reason: at for at, reason in enumerate(Reason, 1)}
