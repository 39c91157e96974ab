"""What the channels paid the demo's brand: fortnight by fortnight, and not always right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.importing import FileKind, ImportReport, ParsedFile, Verdict
from app.domain.payouts.lines import LineType, PayoutLine
from app.domain.roles import Actor
from app.models.orders import order_lines, orders
from app.services import goods_files, importing

# What each takes: hundredths of a per cent of the sale, and a fixed amount.
_FEES: Final[Mapping[str, tuple[str, int, int]]] = {
    "amazon": ("Commission", 1_500, 0), "walmart": ("Commission on Product", 1_200, 0),
    "ebay": ("Final Value Fee - variable", 1_325, 0), "etsy": ("Transaction fee", 650, 0),
    "shopify": ("Payment fee", 290, 30),
}  # fmt: skip
_FORMATS: Final = {
    "amazon": "amazon-settlement", "walmart": "walmart-payments", "ebay": "ebay-transactions",
    "etsy": "etsy-statement", "shopify": "shopify-payments",
}  # fmt: skip
_PERIOD: Final = timedelta(days=14)


def pay(db: Connection, actor: Actor, *, now: datetime) -> None:
    """Let each channel pay what has shipped, and keep its settlement file."""
    for channel in _FEES:
        lines = tuple(_wrong(channel, list(_lines(channel, _shipped(db, channel), now))))
        if not lines:
            continue
        parsed = ParsedFile(f"{channel} payments.csv", _FORMATS[channel], FileKind.SETTLEMENT, channel,
                            rows=len(lines), payouts=lines)  # fmt: skip
        packed = importing.pack(f"The demo's payments of {channel}, {now:%Y-%m-%d}\n".encode())
        file_id = importing.keep(
            db, actor, parsed=parsed, packed=packed, today=now.date(), now=now, state="done"
        )
        goods_files.take_goods(db, actor, parsed=parsed, source=f"file:{file_id}", now=now)
        report = ImportReport(parsed.name, parsed.format, parsed.kind, Verdict.ACCEPT, parsed.rows)
        importing.finish(db, file_id, report, state="done", now=now)


def _shipped(db: Connection, channel: str) -> Sequence[Any]:
    line, order = order_lines.c, orders.c
    query = (
        select(
            order.number, order.external_id, order.placed_at, order.currency, order.shipping, order.discount,
            order.tax, order.total,
            func.sum(line.quantity * line.unit_price - line.discount).label("goods"),
        )
        .join(order_lines, line.order_id == order.id)
        .where(order.channel == channel, order.status == "shipped")
        .group_by(
            order.id, order.number, order.external_id, order.placed_at, order.currency, order.shipping,
            order.discount, order.tax, order.total,
        )
        .order_by(order.placed_at, order.id)
    )  # fmt: skip
    return db.execute(query).all()


def _lines(channel: str, rows: Iterable[Any], now: datetime) -> Iterator[PayoutLine]:
    """Pay each fortnight's orders three days after its end; the last ones are not paid out yet."""
    label, share, fixed = _FEES[channel]
    by_payout: dict[tuple[str, str], list[PayoutLine]] = {}
    for row in rows:
        posted = row.placed_at + timedelta(days=2)
        ref, paid_at = _payout(channel, posted, now)
        whole = row.total if channel == "shopify" and row.total is not None else None
        sale = int(row.goods) - row.discount + row.shipping if whole is None else whole
        number = row.number if channel == "shopify" else row.external_id
        lines = by_payout.setdefault((ref, row.currency), [])
        lines.append(
            PayoutLine(
                ref,
                LineType.SALE,
                "Item price",
                sale,
                row.currency,
                posted,
                number,
                paid_at=paid_at,
            )
        )
        fee = (sale * share + 5_000) // 10_000 + fixed
        lines.append(
            PayoutLine(
                ref, LineType.FEE, label, -fee, row.currency, posted, number, paid_at=paid_at
            )
        )
    at = 1
    for (ref, currency), lines in by_payout.items():
        total, paid_at = sum(line.amount for line in lines), lines[-1].paid_at
        if paid_at is not None:
            lines.append(
                PayoutLine(
                    ref, LineType.TRANSFER, "Paid out", -total, currency, paid_at, paid_at=paid_at
                )
            )
        for line in lines:
            at += 1
            yield _at(line, at)


def _payout(channel: str, posted: datetime, now: datetime) -> tuple[str, datetime | None]:
    age = (now - posted) // _PERIOD
    ends = now - _PERIOD * age
    paid_at = ends + timedelta(days=3)
    if channel == "etsy":
        return f"{posted:%Y-%m}", None
    if paid_at > now:
        return "", None
    return (
        f"{paid_at:%Y-%m-%d}" if channel in ("shopify", "walmart") else f"1{paid_at:%y%m%d}4407"
    ), paid_at


def _at(line: PayoutLine, at: int) -> PayoutLine:
    return replace(line, source_line=at)


def _wrong(channel: str, lines: list[PayoutLine]) -> list[PayoutLine]:
    """Let a cent be missing at eBay, a fee be taken twice at Etsy, an order be unknown at Walmart."""
    if len(lines) < 12:
        return lines
    sale = next(at for at in range(8, len(lines)) if lines[at].type is LineType.SALE)
    if channel == "ebay":
        lines[sale] = replace(lines[sale], amount=lines[sale].amount - 1)
        rest = next((at for at, x in enumerate(lines) if x.type is LineType.TRANSFER
                     and x.payout == lines[sale].payout), None)  # fmt: skip
        if rest is not None:
            lines[rest] = replace(lines[rest], amount=lines[rest].amount + 1)
    elif channel == "etsy":
        lines.append(replace(lines[sale + 1], source_line=len(lines) + 2))
    elif channel == "walmart":
        lines[sale] = replace(lines[sale], order_ref="109000000000001")
    return lines
