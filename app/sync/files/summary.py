"""What does the owner read about an import: counts, what was kept back and why, what is next?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.importing import FileKind, ImportReport, Reject

SHOWN_REJECTS: Final = 20

_NOUNS: Final[Mapping[FileKind, tuple[str, str]]] = {
    FileKind.ORDERS: ("order", "orders"),
    FileKind.CATALOGUE: ("SKU", "SKUs"),
    FileKind.STOCK: ("stock level", "stock levels"),
    FileKind.KITS: ("kit", "kits"),
    FileKind.LISTINGS: ("listing", "listings"),
    FileKind.SETTLEMENT: ("row", "rows"),
    FileKind.TRACKING: ("report", "reports"),
    FileKind.RATES: ("rate row", "rate rows"),
    FileKind.UNKNOWN: ("row", "rows"),
}
_NOTICES: Final[Mapping[str, str]] = {
    "ENCODING_GUESSED": "The file does not say how its letters are encoded; look at the names.",
    "DECIMAL_COMMA": "Amounts were read with a decimal comma.",
    "BIDI_CONTROL": "Some text holds marks that turn the direction of writing; it is kept as it is.",
    "ZERO_PRICE": "Some lines are free of charge.",
    "DUPLICATE_ROW_COLLAPSED": "Rows that stand in the file twice were counted once.",
    "UNMAPPED_CODES": "Some codes have no meaning yet; Shipments lists them, and what you say is read into the past.",
    "SHEETS_JOINED": "All sheets of the workbook that hold this export were read, as one file.",
    "HIDDEN_SHEET_SKIPPED": "A hidden sheet of the workbook looks like an export too; it was left out.",
}


def summary(report: ImportReport, new: int, new_locations: Sequence[str] = ()) -> str:
    """Put a report into sentences; ``new`` counts what the file is about, orders or others."""
    parts = [_counts(report, new), *_held(report), *_new_places(new_locations)]
    parts += [words for code, words in _NOTICES.items() if code in report.notices]
    text = " ".join(parts)
    return "\n".join([text, *_kept_back(report.kind, report.rejected)])


def imported_before(report: ImportReport) -> str:
    """Say that the very same file was imported before."""
    text = f"This file was imported before; nothing was changed. {_counts(report, 0)}"
    return "\n".join([text, *_kept_back(report.kind, report.rejected)])


def cancelled(report: ImportReport, total: int) -> str:
    """Say how far an import came before it was cancelled."""
    reached = report.orders_new + report.updated + report.unchanged + report.changed
    return (
        f"Cancelled after {reached:,} of {_some(total, FileKind.ORDERS)}. What was taken in stays: "
        f"{_counts(report, report.orders_new)} Import the file again to go on."
    )


def with_left_out(report: ImportReport, keys: Collection[str], kind: FileKind) -> ImportReport:
    """Say how many a person has left out of an import."""
    if not keys:
        return report
    head, *rest = report.message.split("\n")
    head = f"{head} Left out by hand: {_some(len(keys), kind)}."
    extra = {**report.extra, "left_out": len(keys)}
    return replace(report, message="\n".join([head, *rest]), extra=extra)


def how_far(file: str, done: int, total: int) -> str:
    """Say how far an import came that the store stopped."""
    orders = _some(total, FileKind.ORDERS)
    return f"{done:,} of {orders} of {file} are in; the rest follows by itself at the next start."


def _counts(report: ImportReport, new: int) -> str:
    counts = {
        "new": new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "changed": report.changed,
    }
    total = sum(counts.values())
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return f"{_some(total, report.kind)}: {said}." if said else f"{_some(total, report.kind)}."


def _held(report: ImportReport) -> list[str]:
    held = len({number for number, code in report.holds if code != "ORDER_CHANGED"})
    said = []
    if report.changed:
        said.append("Decide in Exceptions which version of what changed counts.")
    if held:
        verb = "is" if held == 1 else "are"
        said.append(f"{_some(held, report.kind)} {verb} on hold; Exceptions says why.")
    return said


def _new_places(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    what = "New location" if len(names) == 1 else "New locations"
    return [f"{what}: {', '.join(names)}. Give each its ZIP, so that postage is worked out right."]


def _kept_back(kind: FileKind, rejected: Sequence[Reject]) -> list[str]:
    if not rejected:
        return []
    things = {reject.order or reject.row for reject in rejected}
    lines = [f"Kept back, and not stored: {_some(len(things), kind)}."]
    lines += [reject.message for reject in rejected[:SHOWN_REJECTS]]
    if len(rejected) > SHOWN_REJECTS:
        lines.append(f"… and {len(rejected) - SHOWN_REJECTS:,} more.")
    lines.append("Repair these rows and import the file again; what is stored stays as it is.")
    return lines


def _some(count: int, kind: FileKind) -> str:
    one, many = _NOUNS[kind]
    return f"{count:,} {one if count == 1 else many}"
