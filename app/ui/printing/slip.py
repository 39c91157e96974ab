"""How does a packing slip look?"""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import format_date

from app.domain.papers import PackingSlip, SlipItem, SlipPart, ship_to
from app.ui.printing.barcodes import barcode
from app.ui.printing.sheet import (
    Bars,
    Cell,
    Frame,
    Page,
    Paper,
    Writer,
    line_height,
    lines_of,
    mm,
    width_of,
)
from app.ui.words import count_of, locale, money, number, visible

MODULE = 0.33  # millimetres of one bar: read from a hand's distance


def lay_out_slip(slip: PackingSlip, paper: Paper) -> list[Page]:
    """Return the pages of one parcel's slip: one, unless the parcel is large."""
    return _Slip(slip, paper).pages()


class _Slip:
    """Writes one slip."""

    def __init__(self, slip: PackingSlip, paper: Paper) -> None:
        self._slip, self._paper = slip, paper
        self._to = Writer(paper, f"Order {slip.number}")
        self._size = 9.0 if paper.is_narrow else 10.0

    def pages(self) -> list[Page]:
        """Write everything and return it."""
        self._head()
        self._addresses()
        self._note()
        self._items()
        self._end()
        return self._to.pages()

    # ---- who, where, which ----------------------------------------------------------------------

    def _head(self) -> None:
        to, slip = self._to, self._slip
        half = to.width * 0.5
        start = to.y
        name = slip.sender.name or "Packing slip"
        to.y = to.cell(to.left, Cell(name, self._size + 6, is_bold=True), half - mm(4))
        to.y = to.cell(
            to.left, Cell(_below(name, slip.sender.address), 8.5, is_quiet=True), half - mm(4)
        )
        left_end, to.y = to.y, start
        right = to.left + half
        number_ = Cell(f"Order {slip.number}", self._size + 3, is_bold=True, is_right=True)
        to.y = to.cell(right, number_, half)
        if slip.parcels > 1:
            part = f"Parcel {number(slip.parcel)} of {number(slip.parcels)}"
            to.y = to.cell(right, Cell(part, self._size + 1, is_bold=True, is_right=True), half)
        to.space(1.5)
        if not self._paper.is_narrow:
            self._barcode(right, half)
        to.y = max(left_end, to.y)
        if self._paper.is_narrow:  # half a label is too narrow for the bars of a long number
            self._barcode(to.left, to.width)
        to.space(3)
        to.rule(is_strong=True)
        to.space(1)

    def _barcode(self, x: float, width: float) -> None:
        code = barcode(self._slip.number)
        if code is None:
            return
        to = self._to
        wide = min(width - mm(3), code.columns * mm(MODULE if not code.is_square else 0.7))
        tall = wide if code.is_square else mm(11)
        to.put(Bars(x + width - wide, to.y, wide, tall, code))
        to.y += tall + mm(1)

    def _addresses(self) -> None:
        to, slip = self._to, self._slip
        half, start = to.width * 0.56, to.y
        to.y = to.cell(to.left, Cell("Ship to", 8, is_quiet=True), half)
        for at, line in enumerate(ship_to(slip.address)):
            cell = Cell(visible(line), self._size + 2, is_bold=at == 0)
            to.y = to.cell(to.left, cell, half - mm(4))
        end, to.y = to.y, start
        facts = [
            ("Ordered", format_date(slip.placed_at.astimezone().date(), "long", locale=locale())),
            ("Sold on", slip.channel_name),
            ("Service", slip.service),
            ("From", slip.location),
        ]
        for label, value in facts:
            if value:
                self._fact(to.left + half, label, value, to.width - half)
        to.y = max(end, to.y)
        to.space(3)

    def _fact(self, x: float, label: str, value: str, width: float) -> None:
        to = self._to
        indent = mm(15)
        to.cell(x, Cell(label, 8.5, is_quiet=True), indent)
        to.y = to.cell(x + indent, Cell(visible(value), 8.5), width - indent)

    def _note(self) -> None:
        if not self._slip.note.strip():
            return
        to, pad = self._to, mm(2)
        text = f"The buyer writes: {self._slip.note.strip()}"
        tall = len(lines_of(text, self._size, to.width - 2 * pad)) * line_height(self._size)
        if tall > mm(self._paper.height) / 3:  # longer than a box: it may go over pages
            to.paragraph(text, self._size)
        else:
            to.need(tall + 2 * pad)
            to.put(Frame(to.left, to.y, to.width, tall + 2 * pad))
            to.y += pad
            to.y = to.cell(to.left + pad, Cell(text, self._size), to.width - 2 * pad) + pad
        to.space(3)

    # ---- what -----------------------------------------------------------------------------------

    @property
    def _has_prices(self) -> bool:
        return any(item.unit_price is not None for item in self._slip.items)

    def _widths(self) -> Sequence[float]:
        return (0.11, 0.52, 0.15, 0.22) if self._has_prices else (0.11, 0.69, 0.2)

    def _items(self) -> None:
        to = self._to
        self._table_head()
        to.repeat(self._table_head)
        for item in self._slip.items:
            self._item(item)
            to.space(0.8)
            to.rule()
        to.repeat(None)

    def _table_head(self) -> None:
        titles = [Cell(text, 8, is_quiet=True) for text in ("Units", "Item", "Bin")]
        if self._has_prices:
            titles.append(Cell("Price", 8, is_quiet=True, is_right=True))
        self._to.row(titles, self._widths())
        self._to.rule()

    def _item(self, item: SlipItem) -> None:
        count = f"{number(item.quantity)} ×" if item.quantity else "Part"
        cells = [
            Cell(count, self._size + 1, is_bold=True),
            Cell(_named(item.title, item.sku), self._size),
            Cell(visible(item.bin), self._size, is_bold=True),
        ]
        if self._has_prices:
            cells.append(Cell(self._price(item), self._size, is_right=True))
        self._to.row(cells, self._widths())
        for part in item.parts:
            self._part(part)

    def _part(self, part: SlipPart) -> None:
        cells = [
            Cell("", self._size - 1),
            Cell(f"{number(part.quantity)} × {_named(part.title, part.sku, ' · ')}", self._size - 1,
                 is_quiet=True),
            Cell(visible(part.bin), self._size - 1, is_bold=True),
        ]  # fmt: skip
        if self._has_prices:
            cells.append(Cell("", self._size - 1))
        self._to.row(cells, self._widths())

    def _price(self, item: SlipItem) -> str:
        if item.unit_price is None or not item.quantity:
            return ""
        return money(item.unit_price * item.quantity, self._slip.currency)

    def _end(self) -> None:
        to, slip = self._to, self._slip
        to.need(line_height(self._size) * 2)
        words = f"{count_of(slip.units, 'piece')} in this parcel"
        to.cell(to.left, Cell(words, self._size, is_bold=True), to.width)
        if self._has_prices:
            total = sum((item.unit_price or 0) * item.quantity for item in slip.items)
            text = f"Items {money(total, slip.currency)}"
            wide = width_of(text, self._size, is_bold=True)
            x = to.left + to.width - mm(2) - wide
            to.cell(x, Cell(text, self._size, is_bold=True), wide + mm(2))
        to.y += line_height(self._size)
        if slip.thanks:
            to.space(5)
            to.paragraph(slip.thanks, self._size)


def _below(name: str, address: str) -> str:
    """Return an address as it stands below a name: without the name, if it begins with it."""
    first, _end, rest = address.strip().partition("\n")
    return rest if first.strip().casefold() == name.strip().casefold() else address


def _named(title: str, sku: str, between: str = "\n") -> str:
    """Return title and SKU; a thing without a title is called by its SKU."""
    return between.join(visible(part) for part in (title, sku) if part.strip())
