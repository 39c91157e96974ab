"""The time machine: drag to any minute, and see what was there, what channels were told and showed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QWidget

from app.queries.stock_history import MovementRow
from app.queries.time_machine import Level, Then, ToldThen, at_moment, levels
from app.services.desk import Desk
from app.ui.charts.stock import AXES, Span, sold_by_day, span_of, stock_chart
from app.ui.days import NotADayError, read_moment, written_moment
from app.ui.overlay import Overlay
from app.ui.pages.page import Shell
from app.ui.theme import tokens
from app.ui.timers import once
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down, empty_out, line, scrolling
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, exact, moment, number, signed

LONGEST: Final = timedelta(days=120)
CHART: Final = (1000, 190)
SOON_MS: Final = 60


@dataclass(frozen=True, slots=True)
class Curve:
    """The chart of a SKU, drawn, and what it was drawn from."""

    span: Span
    levels: Sequence[Level]
    picture: bytes


def read_curve(desk: Desk, sku: str, width: int, scale: float) -> Curve:
    """Read and draw, away from the window's thread."""
    now = desk.now()
    found = desk.read(levels, sku, since=now - LONGEST)
    span = span_of(found, now, LONGEST)
    picture = stock_chart(found, span, tokens(), (width, CHART[1]), scale=scale)
    return Curve(span, found, picture)


class LookingBack(Overlay):
    """One SKU at any minute."""

    def __init__(self, parent: QWidget, shell: Shell) -> None:
        super().__init__(parent, "Look back in time")
        self._shell, self._operations = shell, shell.operations
        self._sku, self._curve, self._then = "", None, None  # type: str, Curve | None, Then | None
        self._title = Text(step="title")
        self._says = Text(quiet=True, wraps=True)
        self.chart = ChartView(self._pointed)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName("Moment")
        self._slider.setPageStep(24 * 60)
        self._slider.valueChanged.connect(self._moved)
        self._moment = line("Day and time")
        self._moment.returnPressed.connect(self._typed)
        self._moment.setFixedWidth(170)
        self._body = down(spacing=14)
        inside = boxed(down(self._body, None))
        inside.setObjectName("body")
        close = button("Close", self.close_overlay, hint="Esc")
        tools = across(
            button("Event before", self.earlier, icon_name="previous"), self._moment,
            button("Event after", self.later, icon_name="next"), None,
            button("Save picture…", self.save_picture, kind="link"),
            button("Save numbers…", self.save_numbers, kind="link"),
        )  # fmt: skip
        layout = down(
            across(self._title, None, close), self._says, self.chart, self._slider, tools,
            scrolling(inside, "What was true then"), spacing=8, margins=(22, 16, 18, 16),
        )  # fmt: skip
        layout.setStretch(5, 1)
        self.setLayout(layout)
        self._soon = once(self, SOON_MS, self._read_then)

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide, tall = min(1080, room.width() - 40), min(860, room.height() - 60)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    def show_sku(self, sku: str, at: datetime | None = None) -> None:
        """Look back at one SKU, first at now or at a moment."""
        self._sku, self._curve, self._at = sku, None, at or self._operations.now()
        self._title.say(sku)
        self._says.say("")
        self.chart.show_nothing()
        empty_out(self._body)
        self.open()
        self._slider.setFocus()
        width, scale = self.width() - 40, self.devicePixelRatioF()
        self._operations.ask(
            partial(read_curve, self._operations.desk, sku, width, scale), then=self._drawn,
            slot="curve of a SKU",
        )  # fmt: skip

    # ---- which moment ---------------------------------------------------------------------------

    def _drawn(self, curve: Curve) -> None:
        self._curve = curve
        self.chart.show_curve(curve)
        minutes = int((curve.span.ends - curve.span.begins).total_seconds() // 60)
        self._slider.setRange(0, max(1, minutes))
        self.look(min(self._at, curve.span.ends))

    def look(self, at: datetime) -> None:
        """Look at a moment."""
        if self._curve is None:
            return
        self._at = at
        value = int((at - self._curve.span.begins).total_seconds() // 60)
        self._slider.blockSignals(True)
        self._slider.setValue(value)
        self._slider.blockSignals(False)
        self._show_moment()
        self._soon.start()

    def _moved(self, minutes: int) -> None:
        if self._curve is not None:
            self._at = min(
                self._curve.span.begins + timedelta(minutes=minutes), self._curve.span.ends
            )
            self._show_moment()
            self._soon.start()

    def _show_moment(self) -> None:
        self._title.say(f"{self._sku}, {moment(self._at, self._operations.now())}")
        self._title.hint(exact(self._at))
        self._moment.setText(written_moment(self._at))
        self.chart.point_at(self._at)

    def _typed(self) -> None:
        try:
            self.look(read_moment(self._moment.text()))
        except NotADayError as error:
            self._says.say(str(error))

    def _pointed(self, share: float) -> None:
        if self._curve is not None:
            self.look(self._curve.span.moment(share))

    def earlier(self) -> None:
        """Go to the movement before this moment."""
        self._step([each.at for each in self._levels() if each.at < self._at - _A_MOMENT], -1)

    def later(self) -> None:
        """Go to the movement after this moment."""
        self._step([each.at for each in self._levels() if each.at > self._at], 0)

    def _step(self, moments: Sequence[datetime], which: int) -> None:
        if moments:
            self.look(moments[which])

    def _levels(self) -> Sequence[Level]:
        return self._curve.levels if self._curve is not None else ()

    # ---- what was true then ---------------------------------------------------------------------

    def _read_then(self) -> None:
        self._operations.query(
            at_moment, sku_code=self._sku, at=self._at, then=self._show, slot="a SKU then"
        )

    def _show(self, then: Then) -> None:
        self._then = then
        self._says.say(
            f"{count_of(then.for_sale, 'unit')} could be sold. {_verdict(then.accounts)}"
        )
        self.setUpdatesEnabled(False)
        empty_out(self._body)
        for title, part in (
            ("What channels were told, and what they showed", self._told(then.accounts)),
            ("What lay where", _balances(then)),
            ("What happened around it", self._events(then.events)),
        ):
            self._body.addWidget(boxed(down(Text(title, step="strong"), part, spacing=5)))
        self.setUpdatesEnabled(True)

    def _told(self, accounts: Sequence[ToldThen]) -> QWidget:
        now = self._operations.now()
        grid = _grid(("Channel", "Right then", "Told", "since", "Waited", "Showed", "since", ""))
        for at, each in enumerate(accounts, 1):
            grid.addWidget(Text(each.account), at, 0)
            figures = (_units(each.right), _units(each.told), moment(each.told_at, now), _units(each.waiting),
                       _units(each.shows), moment(each.shown_at, now))  # fmt: skip
            for column, words in enumerate(figures, 1):
                grid.addWidget(
                    Text(words, quiet=words == "–"), at, column, Qt.AlignmentFlag.AlignRight
                )
            words, tone = _off(each)
            grid.addWidget(Text(words, tone=tone, step="strong"), at, len(figures) + 1)
        return boxed(grid)

    def _events(self, events: Sequence[MovementRow]) -> QWidget:
        if not events:
            return Text("Nothing, two hours before and after.", quiet=True)
        now, grid = self._operations.now(), _grid(())
        for at, row in enumerate(events, 1):
            grid.addWidget(Text(moment(row.at, now), quiet=True).hint(exact(row.at)), at, 0)
            grid.addWidget(
                Text(signed(row.quantity), step="strong"), at, 1, Qt.AlignmentFlag.AlignRight
            )
            where = f"{row.bucket_words}, {row.location}" if row.location else row.bucket_words
            grid.addWidget(Text(where), at, 2)
            grid.addWidget(Elided(row.cause_words, quiet=True), at, 3)
            if row.order_id is not None:
                grid.addWidget(button(f"Order {row.order_number}", partial(self._open, row.order_id),
                                      kind="link"), at, 4)  # fmt: skip
        grid.setColumnStretch(3, 1)
        return boxed(grid)

    def _open(self, order_id: int) -> None:
        self.close_overlay()
        self._shell.open_order(order_id)

    # ---- to keep --------------------------------------------------------------------------------

    def save_picture(self) -> None:
        """Save the chart as a drawing that stays sharp at any size."""
        curve = self._curve
        if curve is not None:
            draw = partial(stock_chart, curve.levels, curve.span, tokens(), CHART, kind="svg")
            self._operations.ask(
                draw, then=partial(self._shell.save_file, f"{_file(self._sku)}.svg")
            )

    def save_numbers(self) -> None:
        """Save what the chart shows as a table."""
        curve = self._curve
        if curve is not None:
            sold = sold_by_day(curve.levels, curve.span)
            rows = ["moment,could_be_sold,sold"]
            rows += [f"{each.at.isoformat()},{each.units},{each.sold}" for each in curve.levels]
            rows += ["", "day,sold", *(f"{day},{units}" for day, units in sold.items())]
            self._shell.save_file(f"{_file(self._sku)}.csv", "\r\n".join(rows).encode("utf-8-sig"))


_A_MOMENT: Final = timedelta(seconds=1)


class ChartView(QWidget):
    """Shows a chart, and a line at the moment that is looked at; a click goes to another one."""

    def __init__(self, pointed: Callable[[float], object]) -> None:
        super().__init__()
        self.setAccessibleName("Stock against sales")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(CHART[1])
        self._pointed, self._picture = pointed, QPixmap()
        self._span: Span | None = None
        self._at: datetime | None = None

    def show_nothing(self) -> None:
        """Show nothing yet."""
        self._picture, self._span = QPixmap(), None
        self.update()

    def show_curve(self, curve: Curve) -> None:
        """Show a chart that was drawn."""
        self._picture.loadFromData(curve.picture)
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._span = curve.span
        self.update()

    def point_at(self, at: datetime) -> None:
        """Mark a moment."""
        self._at = at
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture and the mark."""
        painter = QPainter(self)
        if self._picture.isNull() or self._span is None:
            return
        painter.drawPixmap(self.rect(), self._picture)
        if self._at is not None:
            left, bottom, wide, tall = AXES
            x = round((left + wide * self._span.share(self._at)) * self.width())
            painter.setPen(QPen(QColor(tokens().ink(Tone.BAD)), 2))
            high = self.height()
            painter.drawLine(x, round((1 - bottom - tall) * high), x, round((1 - bottom) * high))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment that was clicked."""
        left, _bottom, wide, _tall = AXES
        self._pointed((event.position().x() / max(1, self.width()) - left) / wide)


def _verdict(accounts: Sequence[ToldThen]) -> str:
    """Say who was told too many: that is how things are sold that are not there."""
    many = [f"{each.account} {number(each.off)}" for each in accounts if each.off and each.off > 0]
    if many:
        return f"Told too many: {', '.join(many)}."
    told = [each for each in accounts if each.told is not None]
    return (
        "No channel had been told too many." if told else "No channel had been told a number yet."
    )


def _off(row: ToldThen) -> tuple[str, Tone | None]:
    if not row.off:
        return ("", None)
    return (
        (f"{number(row.off)} too many", Tone.BAD)
        if row.off > 0
        else (f"{number(-row.off)} too few", Tone.WARN)
    )


def _balances(then: Then) -> QWidget:
    if not then.balances:
        nothing = (
            "A kit has no stock of its own: it is packed from its parts."
            if then.is_kit
            else "Nothing had moved yet."
        )
        return Text(nothing, quiet=True)
    grid = _grid(())
    for at, each in enumerate(then.balances):
        grid.addWidget(Text(each.location or "Everywhere"), at, 0)
        grid.addWidget(Text(each.bucket_words, quiet=True), at, 1)
        grid.addWidget(Text(number(each.quantity)), at, 2, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(3, 1)
    return boxed(grid)


def _grid(titles: Sequence[str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    for column, title in enumerate(titles):
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        grid.addWidget(Text(title, quiet=True, step="small"), 0, column, side)
    if titles:
        grid.setColumnStretch(len(titles) - 1, 1)
    return grid


def _units(units: int | None) -> str:
    return "–" if units is None else number(units)


def _file(sku: str) -> str:
    """Return a name for a file about a SKU: letters, digits and dashes only."""
    return "stock-" + "".join(letter if letter.isalnum() else "-" for letter in sku)[:60]
