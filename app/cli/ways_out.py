"""Which line does a person type for each way out of a case?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.cli.command import Call
from app.cli.program import named, typed
from app.domain.cases import OF_PARCELS, CaseKind
from app.queries.cases import CaseRow
from app.queries.order_detail import order_detail

_Lines = Callable[[CaseRow], list[str]]
WHY = ("--reason", "WHY")


def lines_to_type(call: Call, row: CaseRow) -> list[str]:
    """Return the lines, best first; capitals stand for what only a person knows."""
    kind = CaseKind(row.kind)
    if kind is CaseKind.UNKNOWN_SKU and row.order_id is not None:
        return _links(call, row.order_id)
    find = _WAYS.get(kind)
    if find is not None:
        return find(row)
    return [typed("order", named(row.order_number))] if row.order_number else []


def _links(call: Call, order_id: int) -> list[str]:
    """Return a line for each code of the order that is not linked."""
    order = call.desk.read(order_detail, order_id, now=call.desk.now())
    codes = dict.fromkeys(line.sku_text for line in order.lines if line.claim == "unmapped")
    where = ("--channel", order.channel, "--account", order.account)
    return [typed("link", *where, "--code", code, "--sku", "SKU") for code in codes if code]


def _of_order(command: str, *words: str) -> _Lines:
    return lambda row: [typed(command, named(row.order_number), *words)]


def _of_sku(command: str, *words: str) -> _Lines:
    """Return a command on the case's SKU; one that is not named there has to be filled in."""
    return lambda row: [
        typed("stock", command, "--sku", row.sku or "SKU", "--location", "LOCATION", *words)
    ]


def _any(*ways: _Lines) -> _Lines:
    return lambda row: [line for way in ways for line in way(row)]


_release = _of_order("release", *WHY)
_cancel = _of_order("cancel", *WHY)
_receive = _of_sku("receive", "--quantity", "N")

_WAYS: Mapping[CaseKind, _Lines] = {
    CaseKind.SHORTFALL: _any(_receive, _cancel),
    CaseKind.NO_LOCATION: _of_order("split", "1=LOCATION", "2=LOCATION", *WHY),
    CaseKind.ADDRESS_INVALID: _any(_of_order("address", "--zip", "ZIP", *WHY), _release),
    CaseKind.TEXT_SUSPECT: _any(_release, _of_order("address", "--name", "NAME", *WHY)),
    CaseKind.PAYMENT_PENDING: _release,
    CaseKind.TOTAL_MISMATCH: _any(_release, _cancel),
    CaseKind.ORDER_CHANGED: _any(_of_order("change", "--take-over"), _of_order("change", "--keep")),
    CaseKind.STATUS_UNCLEAR: _any(_release, _cancel),
    CaseKind.CANCELLED_LATE: _cancel,
    CaseKind.CANCEL_REQUESTED: _any(_cancel, _release),
    CaseKind.NEGATIVE_STOCK: _any(_of_sku("count", "--counted", "N"), _receive),
    CaseKind.OVERSOLD: _any(_receive, _of_sku("count", "--counted", "N")),
    CaseKind.FRAUD_HOLD: _any(_cancel, _release),
    CaseKind.ADDRESS_CHANGED: _any(
        _of_order("change", "--take-over"), _of_order("change", "--keep")
    ),
    CaseKind.RULE_REVIEW: lambda _: [typed("rules", "review")],
    CaseKind.RULE_ASKS: lambda row: [typed("rules", "answer", named(row.order_number))],
    CaseKind.QUANTITIES_STOPPED: lambda row: [
        typed("quantities", way, "--account", str(row.subject_id), *WHY)
        for way in ("keep", "release")
    ],
    CaseKind.MISMATCH: lambda _: [typed("report", "daily")],
    **dict.fromkeys(
        (CaseKind.PAYOUT_DIFFERENCE, CaseKind.DOUBLE_FEE, CaseKind.ORDER_NOT_PAID),
        lambda _: [typed("payouts", "check"), typed("payouts", "accept", "DIFFERENCE", *WHY)],
    ),
    CaseKind.BUYER_UNTOLD: lambda row: [
        typed("messages", "again", str(row.subject_id)),
        typed("messages", "drop", str(row.subject_id)),
    ],
    CaseKind.PAYMENT_UNKNOWN: lambda _: [typed("payouts"), typed("import", "FILE")],
    CaseKind.PARCEL_UNKNOWN: lambda row: [
        typed("returns", "show", f"RET-{row.subject_id}"),
        typed("returns", "match", f"RET-{row.subject_id}", "ORDER"),
    ],
    CaseKind.RETURN_WAITS: lambda row: [
        typed("returns", "inspect", f"RET-{row.subject_id}", "--grade", "GRADE")
    ],
    CaseKind.REFUND_DUE: lambda row: [typed("refunds", "paid", str(row.subject_id))],
    CaseKind.CLAIM_DUE: lambda row: [
        typed("claims", "file", str(row.subject_id), "--reference", "NUMBER")
    ],
    **dict.fromkeys(OF_PARCELS, lambda row: [typed("order", named(row.order_number))]),
    CaseKind.STANDARD_BROKEN: lambda row: [
        typed("standards", "act", str(row.subject_id)),
        typed("standards"),
    ],
    CaseKind.FILE_PROBLEM: lambda _: [typed("import", "FILE")],
    CaseKind.ORDER_UNREADABLE: lambda _: [typed("import", "FILE")],
    **dict.fromkeys(
        (
            CaseKind.CHANNEL_TROUBLE,
            CaseKind.SIGNED_OUT,
            CaseKind.ACKNOWLEDGE_LATE,
            CaseKind.LISTING_ERROR,
        ),
        lambda _: [typed("sync", "--once")],
    ),
}
