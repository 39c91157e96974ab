"""How does the packet look that goes with a claim at a carrier?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_date, format_datetime

from app.domain.papers import ship_to
from app.queries.shipments import ScanRow
from app.services.recovering.packet import ClaimPacket
from app.ui.printing.sheet import Cell, Page, Paper, Writer, mm
from app.ui.words import locale, money, number, visible

_THIRDS = (0.16, 0.62, 0.22)


def lay_out_claim(packet: ClaimPacket, scans: Sequence[ScanRow], paper: Paper) -> list[Page]:
    """Return the pages of a claim."""
    to = Writer(paper, f"Claim {packet.tracking_number}")
    _head(to, packet)
    _addresses(to, packet)
    _facts(to, packet)
    _goods(to, packet)
    _scans(to, packet, scans)
    to.space(6)
    to.paragraph("Signature", 8.5, is_quiet=True)
    to.space(10)
    to.rule()
    return to.pages()


def _head(to: Writer, packet: ClaimPacket) -> None:
    to.paragraph(f"Claim for a parcel that is {packet.situation}", 16, is_bold=True)
    to.space(1)
    to.paragraph(
        f"{packet.carrier} {packet.service}".strip() + f", {visible(packet.tracking_number)}", 12
    )
    to.paragraph(f"Claimed: {money(packet.amount, packet.currency)}", 12, is_bold=True)
    to.space(2)
    to.rule(is_strong=True)
    to.space(1)


def _addresses(to: Writer, packet: ClaimPacket) -> None:
    half, start = to.width * 0.5, to.y
    lines = [packet.sender.name, *packet.sender.address.splitlines(), packet.sent_from]
    sender = list(dict.fromkeys(line.strip() for line in lines))
    to.y = _block(to, to.left, "Sender", [line for line in sender if line], half)
    end, to.y = to.y, start
    to.y = _block(to, to.left + half, "Recipient", list(ship_to(packet.address)), half)
    to.y = max(end, to.y)
    to.space(4)


def _block(to: Writer, x: float, title: str, lines: Sequence[str], width: float) -> float:
    to.y = to.cell(x, Cell(title, 8.5, is_quiet=True), width)
    for line in lines:
        to.y = to.cell(x, Cell(visible(line), 10), width - mm(4))
    return to.y


def _facts(to: Writer, packet: ClaimPacket) -> None:
    facts = [
        ("Order", f"{visible(packet.order_number)}, ordered {_day(packet.placed_at)}"),
        ("Handed over", _day(packet.shipped_at)),
        ("Promised", _day(packet.promised_at) if packet.promised_at else ""),
        ("Hand in", _when(packet)),
        ("Sent again", f"as order {visible(packet.replaced_by)}" if packet.replaced_by else ""),
        ("Their number", visible(packet.reference)),
    ]
    for label, words in facts:
        if words:
            to.row([Cell(label, 9, is_quiet=True), Cell(words, 10)], (0.16, 0.84))
    to.space(4)


def _when(packet: ClaimPacket) -> str:
    begins = f"from {_day(packet.opens_at)} " if packet.opens_at else ""
    source = (
        f" ({packet.source})" if packet.source else " (nobody has looked this carrier up: ask it)"
    )
    return f"{begins}until {_day(packet.due_at)}{source}"


def _goods(to: Writer, packet: ClaimPacket) -> None:
    to.paragraph("What was in it", 11, is_bold=True)
    to.row([Cell("Units", 8, is_quiet=True), Cell("Item", 8, is_quiet=True),
            Cell("Paid by the customer", 8, is_quiet=True, is_right=True)], _THIRDS)  # fmt: skip
    to.rule()
    for line in packet.lines:
        named = "\n".join(part for part in (visible(line.title), visible(line.sku)) if part)
        to.row([Cell(number(line.quantity), 10), Cell(named, 10),
                Cell(money(line.value, packet.currency), 10, is_right=True)], _THIRDS)  # fmt: skip
    to.rule()
    if packet.postage:
        to.row([Cell("", 10), Cell("Postage and handling, as worked out when it left", 9, is_quiet=True),
                Cell(money(packet.postage, packet.currency), 9, is_quiet=True, is_right=True)], _THIRDS)  # fmt: skip
    to.space(4)


def _scans(to: Writer, packet: ClaimPacket, scans: Sequence[ScanRow]) -> None:
    to.paragraph("What the carrier reported", 11, is_bold=True)
    to.rule()
    if not scans:
        to.paragraph(f"{packet.carrier} has not reported a scan.")
    for scan in scans:
        words = ", ".join(part for part in (scan.words or scan.state, scan.place) if part)
        at = format_datetime(scan.at.astimezone().replace(tzinfo=None), "medium", locale=locale())
        to.row([Cell(at, 9), Cell(visible(words), 10)], (0.3, 0.7))


def _day(at: datetime) -> str:
    return format_date(at.astimezone().date(), "long", locale=locale())
