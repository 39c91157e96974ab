"""How do the rows of a sheet become orders? An order is the unit: one bad row keeps it all back.

How the amounts of an order add up, here and in every mapper: the lines' unit price x quantity, less
each line's discount, plus shipping, plus tax (all of it; a line's tax is its part of that), less
the order's discount (what is not already on a line).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.importing import Reject
from app.domain.orders import ChannelState, IncomingOrder, MapperHold
from app.sync.files.address_checks import address_holds, missing_sku
from app.sync.files.rejection import rejected
from app.sync.files.sheet import CellError, Mapped, Sheet

Rows = list[list[str]]
NO_HOLDS: tuple[MapperHold, ...] = ()


@dataclass(slots=True)
class Group:
    """The rows of one order: the label that people know it by, and where its rows are."""

    label: str
    at: list[int] = field(default_factory=list)
    fault: CellError | None = None


Build = Callable[[Rows, tuple[int, ...]], IncomingOrder]


def group_rows(sheet: Sheet, place: int) -> list[Group]:
    """Group the rows by the text of one column, in file order, wherever in the file they are."""
    groups: dict[str, Group] = {}
    for at, cells in enumerate(sheet.rows):
        label = cells[place].strip()
        group = groups.get(label)
        if group is None:
            group = groups[label] = Group(label)
        group.at.append(at)
    return list(groups.values())


def build_orders(sheet: Sheet, groups: Iterable[Group], build: Build) -> Mapped:
    """Build the order of every group; those with a fault are rejected whole."""
    orders: list[IncomingOrder] = []
    refused: list[Reject] = []
    refused_at: list[int] = []
    rows, lines, faults = sheet.rows, sheet.lines, sheet.faults
    for group in groups:
        at = group.at
        try:
            if group.fault or faults:
                _raise_fault(group, faults)
            order = build([rows[i] for i in at], tuple([lines[i] for i in at]))
        except CellError as error:
            refused.append(rejected(sheet, group.label, at, error))
            refused_at.extend(at)
            continue
        holds = _holds(order, sheet.mojibake)
        orders.append(replace(order, holds=order.holds + holds) if holds else order)
    return Mapped(
        orders=tuple(orders), rejected=tuple(refused), rejected_at=tuple(sorted(refused_at))
    )


def _raise_fault(group: Group, faults: dict[int, CellError]) -> None:
    for at in group.at:
        if at in faults:
            raise faults[at]
    if group.fault:
        raise group.fault


def _holds(order: IncomingOrder, look_for_mojibake: bool) -> tuple[MapperHold, ...]:
    """Return what must be cleared before the order may be released; nothing if it never will."""
    if order.state in (ChannelState.SHIPPED, ChannelState.CANCELLED) or order.fulfilled_by_channel:
        return NO_HOLDS
    return missing_sku(order) + address_holds(order, look_for_mojibake)


def unique_lines(rows: Rows, sheet: Sheet, key: Callable[[list[str]], str], place: int) -> Rows:
    """Return the rows of an order without those that say the same line again.

    Raises:
        CellError: two rows carry the same line id but differ.
    """
    if len(rows) == 1:
        return rows
    seen: dict[str, list[str]] = {}
    for cells in rows:
        before = seen.setdefault(key(cells), cells)
        if before is cells:
            continue
        if before != cells:
            why = (
                "the same line stands in the file twice with different content. "
                "Keep the right row, or download the file again."
            )
            raise CellError("CONFLICTING_LINES", cells, place, why)
        sheet.notices["DUPLICATE_ROW_COLLAPSED"] = None
    return list(seen.values())


def same_throughout(rows: Rows, places: Sequence[int]) -> None:
    """Refuse an order whose rows disagree on what belongs to it as a whole; they may leave it out."""
    first = rows[0]
    for cells in rows[1:]:
        for place in places:
            if cells[place].strip() and cells[place] != first[place]:
                why = (
                    f"another row of the same order says “{first[place][:40]}”. "
                    "Give separate orders separate ids, or make the rows agree."
                )
                raise CellError("CONFLICTING_LINES", cells, place, why)


def most(amounts: Iterable[int]) -> int:
    """Return an amount of the order that its rows repeat, or that only one of them carries."""
    return max(amounts, default=0)


class LineIds:
    """Builds line ids where the channel has none: the line's code and its how-manieth it is.

    They stay the same when the order is exported again, in whatever order of rows.
    """

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def next(self, code: str) -> str:
        """Return the id of the next line with this code."""
        count = self._seen[code] = self._seen.get(code, 0) + 1
        return f"{code}:{count}"
