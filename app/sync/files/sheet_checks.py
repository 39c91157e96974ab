"""What does one cell prove about the whole file?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from operator import contains, itemgetter

from app.sync.files.amounts import decimal_sign
from app.sync.files.cells import SCIENTIFIC
from app.sync.files.layout import Layout
from app.sync.files.moments import is_day_first
from app.sync.files.refusals import WITHOUT_EXCEL, UnreadableFileError
from app.sync.files.sheet import Sheet


def refuse_rounded_identities(sheet: Sheet, layout: Layout) -> None:
    """Refuse a file whose order ids Excel has rounded: different orders would become one."""
    for column in layout.identity:
        place = sheet.place(column)
        for at, text in enumerate(map(itemgetter(place), sheet.rows)):
            if "+" in text and SCIENTIFIC.fullmatch(text.strip()):
                raise UnreadableFileError(
                    "SCI_NOTATION_ID",
                    f"Excel has rounded the order ids: {sheet.where(sheet.lines[at])}, column "
                    f"“{sheet.column_name(place)}”, says “{text.strip()[:40]}”. Different orders "
                    "can no longer be told apart.",
                    WITHOUT_EXCEL,
                )


def refuse_day_first(sheet: Sheet, layout: Layout) -> None:
    """Refuse a file whose dates have the day first where the channel writes the month first.

    One impossible date proves it for all: the others would silently be months off.
    """
    for column in layout.month_first:
        place = sheet.place(column)
        for at, cells in enumerate(sheet.rows):
            if "/" in cells[place] and is_day_first(cells[place]):
                raise UnreadableFileError(
                    "DAY_FIRST",
                    f"The dates have the day before the month: {sheet.where(sheet.lines[at])}, "
                    f"column “{sheet.column_name(place)}”, says “{cells[place].strip()[:40]}”, and "
                    "this export writes the month first. The other dates would be read wrong.",
                    "Set the shop's language to English (US). " + WITHOUT_EXCEL,
                )


def settle_decimal_sign(sheet: Sheet, layout: Layout, chosen: str = "") -> None:
    """Decide for the whole file whether a comma or a point is the decimal sign."""
    sheet.decimal = chosen or decimal_sign(_amounts(sheet, layout))
    if sheet.decimal == ",":
        sheet.notices["DECIMAL_COMMA"] = None


def _amounts(sheet: Sheet, layout: Layout) -> Iterator[str]:
    """Yield the amounts that may tell: a file without any comma in them uses the point."""
    columns = [itemgetter(sheet.places[x]) for x in layout.money if sheet.has(x)]
    if any(any(map(contains, map(x, sheet.rows), repeat(","))) for x in columns):
        for column in columns:
            yield from set(map(column, sheet.rows))
