"""Is this file what a carrier's API answered, or sent by itself? Then it reports like any tracking file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from app.domain.importing import FileKind, ParsedFile, TrackingRow
from app.domain.tracking.timeline import ParcelReport
from app.sync.carriers.answers import parcels
from app.sync.live.channel import NotReadableError

FORMAT: Final = "carrier-answer"
_BEGINNINGS: Final = (b"{", b"[", b"<")


def answered(name: str, data: bytes, today: date) -> ParsedFile | None:
    """Return the file as reports about parcels, or nothing if it is no answer of a carrier."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_BEGINNINGS):
        return None
    try:
        found = parcels(data, datetime.combine(today, time(), UTC))
    except NotReadableError:
        return None
    rows = tuple(_numbered(row for report in found for row in rows_of(report)))
    if not rows:
        return None
    return ParsedFile(name, FORMAT, FileKind.TRACKING, "own", rows=len(rows), tracking=rows)


def rows_of(report: ParcelReport) -> Iterator[TrackingRow]:
    """Give what a carrier reports of one parcel, as rows of a tracking file."""
    for event in report.events:
        yield TrackingRow(
            report.number, event.at, event.is_zone_known, event.stated, event.code, event.words,
            event.place, event.carrier, report.expected_at,
        )  # fmt: skip


def _numbered(rows: Iterator[TrackingRow]) -> Iterator[TrackingRow]:
    """Give each report a line of its own, as if the file were a table."""
    for line, row in enumerate(rows, 1):
        yield TrackingRow(
            row.tracking_number, row.at, row.is_zone_known, row.stated, row.code, row.words,
            row.place, row.carrier, row.expected_at, line,
        )  # fmt: skip
