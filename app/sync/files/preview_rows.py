"""What does a person see of a file before it is imported? Its first rows, each with what would happen.

The first hundred of each verdict, so that the one row that is kept back is seen in a long file too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from app.domain.cases import OF_HOLD
from app.domain.casework.kinds import TEMPLATES
from app.domain.importing import (
    KitRow,
    ListingRow,
    ParsedFile,
    PreviewRow,
    Reject,
    RowVerdict,
    SkuRow,
    StockRow,
    TrackingRow,
    line_key,
)
from app.domain.orders import HoldCode, IncomingOrder
from app.domain.payouts.lines import PayoutLine
from app.domain.rate_tables import RateRow
from app.services.foreseeing import Foreseen
from app.services.goods_plans import GoodsPlan

FIRST: Final = 100
_SHOWN_ITEMS: Final = 3
_VERDICTS: Final[Mapping[str, RowVerdict]] = {
    "new": RowVerdict.ADD, "updated": RowVerdict.UPDATE, "changed": RowVerdict.LOOK,
    "unchanged": RowVerdict.SKIP,
}  # fmt: skip


Record = SkuRow | StockRow | KitRow | ListingRow | TrackingRow | RateRow
Records = tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Foreground:
    """The first rows of each verdict, and how many there are of each in the whole file."""

    rows: tuple[PreviewRow, ...] = ()
    counts: Mapping[RowVerdict, int] = field(default_factory=dict)


def order_rows(parsed: ParsedFile, foreseen: Foreseen) -> Foreground:
    """Return the orders of a file, and those that are kept back, in the order of the file."""
    held: dict[str, list[str]] = defaultdict(list)
    for number, code in foreseen.holds:
        held[number].append(code)
    kept_back = _first(_rejects(parsed.rejected))
    counts = Counter(kept_back.counts)
    chosen = list(kept_back.rows)
    for order in sorted(parsed.orders, key=_line):
        codes = held.get(order.number, [])
        verdict = _verdict(foreseen.outcomes.get(order.external_id, "unchanged"), codes)
        counts[verdict] += 1
        if counts[verdict] <= FIRST:
            chosen.append(_order(order, verdict, codes))
    return Foreground(tuple(sorted(chosen, key=_place)), counts)


def goods_rows(parsed: ParsedFile, plan: GoodsPlan) -> Foreground:
    """Return the rows of a file about goods, and those that are kept back."""
    if parsed.payouts:
        return _first([*_rejects(parsed.rejected), *_booked(parsed.payouts, plan)])
    records: Records = (
        *parsed.skus,
        *parsed.stock,
        *parsed.kits,
        *parsed.listings,
        *parsed.tracking,
        *parsed.rates,
    )
    rows = (_record(x, plan.states.get(x.source_line, "unchanged")) for x in records)
    return _first([*_rejects((*parsed.rejected, *plan.rejected)), *rows])


def _first(rows: Iterable[PreviewRow]) -> Foreground:
    counts: Counter[RowVerdict] = Counter()
    chosen: list[PreviewRow] = []
    for row in sorted(rows, key=_place):
        counts[row.verdict] += 1
        if counts[row.verdict] <= FIRST:
            chosen.append(row)
    return Foreground(tuple(chosen), counts)


def _place(row: PreviewRow) -> tuple[int, str]:
    return row.line, row.subject


def _line(order: IncomingOrder) -> tuple[int, str]:
    return min(order.source_lines, default=0), order.number


def _verdict(outcome: str, codes: list[str]) -> RowVerdict:
    verdict = _VERDICTS[outcome]
    if codes and verdict in (RowVerdict.ADD, RowVerdict.UPDATE):
        return RowVerdict.LOOK
    return verdict


def _order(order: IncomingOrder, verdict: RowVerdict, codes: list[str]) -> PreviewRow:
    to, (line, _number) = order.ship_to, _line(order)
    where = " ".join(x for x in (to.city, to.state, to.postcode) if x)
    return PreviewRow(
        id=line, key=order.external_id, line=line, subject=order.number, verdict=verdict,
        who=", ".join(x for x in (order.buyer_name or to.name, where) if x), what=_items(order),
        at=order.placed_at, units=sum(x.quantity for x in order.lines), amount=order.worth,
        currency=order.currency, problem=" ".join(map(_why, codes)),
    )  # fmt: skip


def _items(order: IncomingOrder) -> str:
    said = [f"{x.quantity} × {x.sku_text or x.title}" for x in order.lines[:_SHOWN_ITEMS]]
    more = len(order.lines) - _SHOWN_ITEMS
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def _why(code: str) -> str:
    kind = OF_HOLD.get(HoldCode(code)) if code in HoldCode.__members__ else None
    return f"{TEMPLATES[kind].title}." if kind else f"{code.replace('_', ' ').capitalize()}."


def _rejects(rejects: Iterable[Reject]) -> list[PreviewRow]:
    """Return one row for each thing that is kept back; ids below zero, for a line may hold both."""
    return [
        PreviewRow(
            id=-at, key="", line=x.row, subject=x.order, verdict=RowVerdict.KEPT_BACK,
            problem=x.message, column=x.column, value=x.value,
        )
        for at, x in enumerate(rejects, 1)
    ]  # fmt: skip


def _booked(lines: Iterable[PayoutLine], plan: GoodsPlan) -> Iterable[PreviewRow]:
    """Return one row for each row of a settlement file: what is left of its amounts."""
    for line, group in groupby(lines, key=lambda x: x.source_line):
        parts = list(group)
        first = parts[0]
        yield PreviewRow(
            id=line, key=line_key(line), line=line, subject=first.order_ref,
            verdict=_VERDICTS[plan.states.get(line, "unchanged")], who=first.payout,
            what=", ".join(dict.fromkeys(x.label for x in parts[:_SHOWN_ITEMS])), at=first.posted_at,
            amount=sum(x.amount for x in parts), currency=first.currency,
        )  # fmt: skip


def _record(record: Record, state: str) -> PreviewRow:
    line, verdict = record.source_line, _VERDICTS[state]
    if isinstance(record, TrackingRow):
        return _report(record, verdict)
    if isinstance(record, RateRow):
        return PreviewRow(id=line, key="", line=line, subject=record.service, verdict=verdict,
                          what=record.label)  # fmt: skip
    key = "" if isinstance(record, KitRow) else line_key(line)
    units: int | None
    if isinstance(record, KitRow):
        subject, who, what, units = record.kit, "", record.component, record.quantity
    elif isinstance(record, ListingRow):
        subject, who, what = record.sku_text, record.location, record.title
        units = record.quantity
    elif isinstance(record, SkuRow):
        subject, who, what = record.sku, record.location, record.title or ""
        units = record.on_hand
    else:
        subject, who, what, units = record.sku, record.location, "", record.on_hand
    return PreviewRow(id=line, key=key, line=line, subject=subject, verdict=verdict, who=who,
                      what=what, units=units)  # fmt: skip


def _report(row: TrackingRow, verdict: RowVerdict) -> PreviewRow:
    said = row.words if not row.code else f"{row.words} ({row.code})".strip()
    return PreviewRow(
        id=row.source_line, key=line_key(row.source_line), line=row.source_line,
        subject=row.tracking_number, verdict=verdict, who=row.place, what=said, at=row.at,
    )  # fmt: skip
