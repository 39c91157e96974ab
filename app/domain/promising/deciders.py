"""Who decides what? The system of record of each kind of data, who may write it, and who wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.errors import RefusedError


class Record(StrEnum):
    """Which system has the last word."""

    DESK = "desk"
    CHANNEL = "channel"
    LOCATION = "location"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


class Conflict(StrEnum):
    """What happens when two systems say different things."""

    KEEP_OURS = "keep_ours"
    TAKE_THEIRS = "take_theirs"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the table: data and field, who decides it, who may write it, and what if not."""

    data: str
    field: str
    decides: Record
    writers: tuple[str, ...]
    on_conflict: Conflict
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What the line is about."""
        return (self.data, self.field)


def _duty(
    data: str, field: str, decides: Record, writers: str, conflict: Conflict, note: str
) -> Duty:
    return Duty(data, field, decides, tuple(writers.split(", ")), conflict, note)


_D, _C, _L = Record.DESK, Record.CHANNEL, Record.LOCATION
_OURS, _THEIRS, _ASK = Conflict.KEEP_OURS, Conflict.TAKE_THEIRS, Conflict.ASK
# How the desk works as it comes; the owner changes what is different in their house.
USUAL: Final[Sequence[Duty]] = (
    _duty("Product", "title", _D, "people here, catalogue files", _OURS, "A listing never makes a product."),
    _duty("Product", "barcode", _D, "people here, catalogue files", _ASK, "Two barcodes for one SKU are asked about."),
    _duty("Product", "cost", _D, "people here, catalogue files", _OURS, ""),
    _duty("Product", "weight and size", _D, "people here, catalogue files", _OURS, ""),
    _duty("Product", "what is in a kit", _D, "people here, kit files", _OURS, ""),
    _duty("Listing", "code and title", _C, "the channel's listing export", _THEIRS, "Ours link to it by alias."),
    _duty("Listing", "price", _C, "the channel", _THEIRS, "Shown here, not written there."),
    _duty("Listing", "quantity shown", _D, "the numbers published from here", _OURS, "A change by hand there is a mismatch."),
    _duty("Stock", "units on hand", _D, "people here, stock files, shipments", _OURS, "Every change is a movement with a reason."),
    _duty("Stock", "at another company's warehouse", _L, "its stock files", _THEIRS, "Taken over as a count."),
    _duty("Stock", "at a channel's own warehouse", _C, "the channel's reports", _THEIRS, "Sold on that channel only."),
    _duty("Stock", "safety stock", _D, "people here, stock files", _OURS, ""),
    _duty("Order", "that it exists", _C, "order files, order downloads", _THEIRS, ""),
    _duty("Order", "lines and amounts", _C, "order files, order downloads", _ASK, "A change after it was accepted is a case."),
    _duty("Order", "address", _C, "order files, people here", _ASK, "What was corrected here stays until somebody says so."),
    _duty("Order", "payment", _C, "order files, order downloads", _THEIRS, ""),
    _duty("Order", "where it ships from", _D, "suggestions, people here", _OURS, ""),
    _duty("Order", "that it has shipped", _D, "people here, shipment files", _ASK, "Shipped there and not here is a case."),
    _duty("Order", "that it is cancelled", _C, "the channel, people here", _ASK, "Cancelled there after it was accepted is a case."),
    _duty("Parcel", "tracking number", _D, "people here, shipment files", _OURS, ""),
    _duty("Parcel", "where it is", Record.ELSEWHERE, "the carrier", _THEIRS, ""),
    _duty("Customer", "messages", _C, "people on the channel", _THEIRS, ""),
    _duty("Money", "fees and payouts", _C, "settlement files", _THEIRS, ""),
)  # fmt: skip


def duties_from(said: Sequence[Mapping[str, Any]]) -> tuple[Duty, ...]:
    """Read the table as it is stored; what it does not speak of is as usual.

    Raises:
        RefusedError: it speaks of data that nobody knows, or a value cannot stand there.
    """
    found = {duty.key: duty for duty in USUAL}
    for line in said:
        key = (str(line.get("data", "")), str(line.get("field", "")))
        if key not in found:
            raise RefusedError(
                f"“{key[0]}: {key[1]}” is not in the table; nothing was changed.",
                "Take one of its lines.",
            )
        found[key] = _line(line, found[key])
    return tuple(found.values())


def duty_as_said(duty: Duty) -> dict[str, Any]:
    """Return a line as it is stored."""
    return {
        "data": duty.data, "field": duty.field, "decides": duty.decides.value,
        "writers": list(duty.writers), "on_conflict": duty.on_conflict.value,
    }  # fmt: skip


def _line(said: Mapping[str, Any], usual: Duty) -> Duty:
    try:
        decides = Record(said.get("decides", usual.decides))
        conflict = Conflict(said.get("on_conflict", usual.on_conflict))
    except ValueError as error:
        raise RefusedError(
            f"“{usual.data}: {usual.field}” cannot say that; nothing was changed.",
            f"Who decides: {', '.join(Record)}. In a conflict: {', '.join(Conflict)}.",
        ) from error
    writers = tuple(str(each).strip() for each in said.get("writers", usual.writers))
    return Duty(usual.data, usual.field, decides, writers, conflict, usual.note)
