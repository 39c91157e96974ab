"""Which ways out has each kind of case, best first? One table; how each is done is in ``doing.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from app.domain.cases import OF_PARCELS, CaseKind
from app.domain.kpis.breaches import ACTIONS
from app.domain.kpis.standards import Action
from app.queries.cases import CaseRow
from app.ui.pages.exceptions.doing import Doing
from app.ui.pages.exceptions.way import Way

Ways = Callable[[Doing, CaseRow], Sequence[Way]]
_Of = Callable[[CaseRow], Any]


def _runs(title: str, icon: str, operation: str, kind: str = "", **of: _Of) -> Ways:
    """Return a way that is done at once; ``of`` says what the operation needs of the case."""

    def ways(doing: Doing, row: CaseRow) -> Sequence[Way]:
        said = {name: find(row) for name, find in of.items()}
        return (Way(title, icon, partial(doing.run, operation, **said), kind),)

    return ways


def _asks(
    title: str, icon: str, ask: Callable[[Doing, CaseRow], object], kind: str = "primary"
) -> Ways:
    """Return a way that asks something first, or looks something up."""
    return lambda doing, row: (Way(title, icon, partial(ask, doing, row), kind),)


def _leads(title: str, icon: str, page: str, query: str = "", kind: str = "primary") -> Ways:
    """Return a way that leads to a page, and there to what a search finds."""

    def ways(doing: Doing, row: CaseRow) -> Sequence[Way]:
        found = query.format(subject_id=row.subject_id, order=row.order_number)
        return (Way(title, icon, partial(doing.shell.go, page, found or None), kind),)

    return ways


def _release(title: str, kind: str = "") -> Ways:
    return _runs(title, "release", "release", kind, order_ids=_orders, reason=lambda _: f"{title}.")


def _orders(row: CaseRow) -> list[int | None]:
    return [row.order_id]


def _order(row: CaseRow) -> int | None:
    return row.order_id


def _subject(row: CaseRow) -> int:
    return row.subject_id


def _receive(doing: Doing, row: CaseRow) -> Sequence[Way]:
    if not row.sku:
        return ()
    run = partial(doing.shell.open_sku, row.sku)
    return (Way(f"Receive {row.sku}…", "receive", run, "primary"),)


def _standard(doing: Doing, row: CaseRow) -> Sequence[Way]:
    """Offer what the standard asks for, and where it is looked into."""
    action = Action(str(row.facts.get("action", Action.ROUTING_REVIEW)))
    title, _effect = ACTIONS[action]
    act = _runs(title, "accept", "act_on_breach", "primary", breach_id=_subject)
    return (*act(doing, row), *(way for find in _LOOKED_INTO.get(action, ()) for way in find(doing, row)))  # fmt: skip


_LOOKED_INTO: Final[Mapping[Action, tuple[Ways, ...]]] = {
    Action.ROUTING_REVIEW: (_leads("Open the rules", "rules", "rules", "", ""),),
    Action.CARRIER_AUDIT: (_leads("Open the parcels", "shipments", "shipments", "", ""),),
}
_MEND: Final = (
    _asks("Correct the address…", "location", Doing.mend_address),
    _release("It is right, release it", "quiet"),
)
_CHANGED: Final = (
    _runs("Take over the new version", "change", "take_over_change", "primary", order_id=_order),
    _runs("Keep the old version", "withdraw", "keep_as_it_is", order_id=_order),
)
_CANCEL: Final = _asks("Cancel it…", "cancel", Doing.cancel, "danger")
_PARCEL: Final = _leads("Open the parcel", "shipments", "shipments", 'order:"{order}"')
_RETURN: Final = "return:RET-{subject_id}"
_PAYOUTS: Final = _leads("Look at the payouts", "channels", "channels", "payouts:look")


def _channels(title: str) -> Ways:
    return _leads(title, "channels", "channels", "")


BY_KIND: Final[Mapping[CaseKind, tuple[Ways, ...]]] = {
    CaseKind.UNKNOWN_SKU: (_asks("Link the code to a SKU…", "link", Doing.link),),
    CaseKind.ADDRESS_INVALID: _MEND,
    CaseKind.TEXT_SUSPECT: _MEND,
    CaseKind.PAYMENT_PENDING: (_release("Release by hand"),),
    CaseKind.STATUS_UNCLEAR: (_release("It is to be shipped, release it"),),
    CaseKind.TOTAL_MISMATCH: (_release("Confirm the channel's total"),),
    CaseKind.ORDER_CHANGED: _CHANGED,
    CaseKind.ADDRESS_CHANGED: _CHANGED,
    CaseKind.FRAUD_HOLD: (_CANCEL, _release("It is genuine, release it", "quiet")),
    CaseKind.OVERSOLD: (_receive,),
    CaseKind.ACKNOWLEDGE_LATE: (_channels("Look at the channel, and send it again"),),
    CaseKind.LISTING_ERROR: (_channels("Look at the channel, send it again or drop it"),),
    CaseKind.SIGNED_OUT: (_channels("Sign in again"),),
    CaseKind.SIGN_IN_ENDS: (_channels("Sign in again"),),
    CaseKind.SHORTFALL: (
        _receive,
        _runs("Ship what is there", "split", "accept", order_ids=_orders, part_is_enough=lambda _: True),
    ),
    CaseKind.CANCELLED_LATE: (_asks("Cancel it here too…", "cancel", Doing.cancel, "danger"),),
    CaseKind.CANCEL_REQUESTED: (_CANCEL, _release("Ship it all the same", "quiet")),
    CaseKind.SHIPPED_ELSEWHERE: (_asks("Close it here…", "accept", Doing.close, ""),),
    CaseKind.LOW_STOCK: (_receive,),
    CaseKind.DUPLICATE_SUSPECT: (_CANCEL,),
    CaseKind.OVER_CAPACITY: (_leads("See what ships from there", "orders", "orders", "is:toship"),),
    CaseKind.SYNC_STALE: (_channels("Look at the channel"),),
    CaseKind.IN_DOUBT: (_channels("Look it up, send it again or drop it"),),
    CaseKind.RULE_REVIEW: (_leads("Look at the rule that was drafted", "rules", "rules", ""),),
    CaseKind.RULE_ASKS: (
        _runs("Looked at, it may go on", "accept", "answer_rules", "primary", order_ids=_orders),
    ),
    CaseKind.QUANTITIES_STOPPED: (
        _runs("Keep what the channel shows", "withdraw", "drop_quantities", "primary",
              account_id=_subject, reason=lambda _: "They are not right."),
        _asks("The new numbers are right, let them go…", "accept", Doing.let_go, ""),
    ),
    CaseKind.MISMATCH: (_asks("Open the report", "adjust", Doing.mismatches),),
    CaseKind.PARCEL_UNKNOWN: (_leads("See who fits", "undo", "returns", _RETURN),),
    CaseKind.RETURN_WAITS: (_leads("Inspect it", "undo", "returns", _RETURN),),
    CaseKind.REFUND_DUE: (
        _runs("The money was given", "accept", "pay_refund", "primary", refund_id=_subject),
    ),
    CaseKind.CLAIM_DUE: (
        _runs("It was handed in", "accept", "file_claim", "primary", claim_id=_subject),
        _runs("Claim nothing", "cancel", "drop_claim", claim_id=_subject, reason=lambda _: "Not worth it."),
    ),
    CaseKind.BUYER_UNTOLD: (_leads("Look at the message", "note", "channels", "messages"),),
    CaseKind.PAYOUT_DIFFERENCE: (_PAYOUTS,),
    CaseKind.DOUBLE_FEE: (_PAYOUTS,),
    CaseKind.ORDER_NOT_PAID: (_PAYOUTS,),
    CaseKind.PAYMENT_UNKNOWN: (_PAYOUTS,),
    CaseKind.STANDARD_BROKEN: (
        _standard, _leads("See the figures", "insights", "insights", "", ""),
    ),
    CaseKind.FILE_PROBLEM: (_asks("Mark as settled…", "accept", Doing.settle_file, ""),),
    CaseKind.ORDER_UNREADABLE: (_asks("Mark as settled…", "accept", Doing.settle_unread, ""),),
    CaseKind.MESSAGE_REFUSED: (_channels("Correct it, send it again or drop it"),),
    CaseKind.CHANNEL_TROUBLE: (_channels("Look at the channel"),),
    **dict.fromkeys(OF_PARCELS, (_PARCEL,)),
}  # fmt: skip
