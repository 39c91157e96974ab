"""What would become of a file's orders if it were imported now? Nothing is written.

The rules are those of ``intake`` and ``revising``; a test holds each preview against what the import
then does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection

from app.domain.orders import HoldCode, IncomingOrder, OrderStatus
from app.domain.recognising import Code, Meant
from app.domain.revision import Content, Here, Progress, Verdict, judge
from app.services.bringing_back import is_taken_back
from app.services.master import codes
from app.services.order_rows import code_of, reserves_stock, still_held
from app.services.revising import is_known, known_orders
from app.services.stored_orders import versions_here

_CHUNK = 5_000  # well below the most values that either engine takes in one statement
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import would do: outcome by external id, new lines, and (number, hold code)."""

    outcomes: dict[str, str]
    lines_new: int
    holds: tuple[tuple[str, str], ...]


def foresee(db: Connection, account_id: int | None, incoming: Sequence[IncomingOrder]) -> Foreseen:
    """Compare a file's orders with the store; ``account_id`` is empty before its first order."""
    orders = list({order.external_id: order for order in reversed(incoming)}.values())[::-1]
    known = _known(db, account_id, [order.external_id for order in orders])
    here = _here(db, orders, known)
    new = [order for order in orders if order.external_id not in known]
    asked = dict.fromkeys(code_of(order, line) for order in new for line in order.lines)
    meant = _meant(db, account_id, asked)
    unknown = asked.keys() - meant.keys()
    outcomes: dict[str, str] = {}
    raised: list[tuple[str, str]] = []
    lines = 0
    for order in orders:
        stored = known.get(order.external_id)
        if stored is None:
            outcomes[order.external_id] = "new"
            lines += len(order.lines)
            raised.extend((order.number, code) for code in _holds_of_new(order, meant, unknown))
        else:
            outcome, held = _revised(order, stored, here)
            outcomes[order.external_id] = outcome
            raised.extend((order.number, code) for code in held)
    return Foreseen(outcomes, lines, tuple(raised))


def chunks(items: Iterable[Item], size: int = _CHUNK) -> Iterator[list[Item]]:
    """Cut a long list into parts that a statement, or a short transaction, can carry."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _known(db: Connection, account_id: int | None, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if account_id is not None:
        for part in chunks(ids):
            found.update(known_orders(db, account_id, part))
    return {key: row for key, row in found.items() if not is_taken_back(row)}


def _here(
    db: Connection, incoming: Sequence[IncomingOrder], known: Mapping[str, Any]
) -> dict[int, Here]:
    """Return the versions here of those orders about which the channel says something new."""
    wanted = [
        known[order.external_id].id
        for order in incoming
        if order.external_id in known and not is_known(order, known[order.external_id])
    ]
    return versions_here(db, wanted) if wanted else {}


def _meant(db: Connection, account_id: int | None, asked: Iterable[Code]) -> dict[Code, Meant]:
    found: dict[Code, Meant] = {}
    for part in chunks(asked):
        found.update(codes.recognise(db, account_id or 0, part))
    return found


def _holds_of_new(
    order: IncomingOrder, meant: Mapping[Code, Meant], unknown: Set[Code]
) -> list[str]:
    held = [problem.code for problem in still_held(order, meant)]
    if unknown and reserves_stock(order) and any(
        line.requires_shipping and line.quantity and line.sku_text
        and code_of(order, line) in unknown
        for line in order.lines
    ):  # fmt: skip
        held.append(HoldCode.UNKNOWN_SKU)
    return list(dict.fromkeys(code.value for code in held))


def _revised(order: IncomingOrder, stored: Any, here: Mapping[int, Here]) -> tuple[str, list[str]]:
    """Return the outcome for an order that is here already, and the holds it would raise."""
    if stored.id not in here:
        return "unchanged", []
    verdict = judge(order, here[stored.id])
    if verdict.is_nothing:
        return "unchanged", []
    held = _holds_of_progress(verdict, here[stored.id].status)
    if verdict.content is Content.CHANGED:
        return "changed", [*held, HoldCode.ORDER_CHANGED.value]
    return "updated", held


def _holds_of_progress(verdict: Verdict, status: OrderStatus) -> list[str]:
    if verdict.progress is Progress.PAID:
        return list(dict.fromkeys(problem.code.value for problem in verdict.version.holds))
    left = status in (OrderStatus.SHIPPED, OrderStatus.CANCELLED)
    if verdict.progress is Progress.SHIPPED and not left:
        return [HoldCode.SHIPPED_ELSEWHERE.value]
    if verdict.progress is Progress.CANCELLED and not left and status is not OrderStatus.OPEN:
        return [HoldCode.CANCELLED_ON_CHANNEL.value]
    return []
