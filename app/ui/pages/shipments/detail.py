"""The pane of one parcel: what is in it, where it is, and whether the channel knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.queries.shipments import ParcelDetail, ParcelRow, ScanRow
from app.ui import statuses
from app.ui.pages.shipments.columns import STATES, parcel, told, told_hint
from app.ui.widgets.banner import Banner, IconLabel
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, count_of, exact, moment, sentence


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    open_order: Callable[[], object]
    copy: Callable[[], object]
    void: Callable[[], object]
    tell: Callable[[], object]


class ParcelPane(DetailPane):
    """Everything about one parcel."""

    def __init__(
        self, verbs: Verbs, now: Callable[[], datetime],
        more_of: Callable[[ParcelDetail], list[QWidget | QLayout]],
    ) -> None:  # fmt: skip
        super().__init__("Parcel")
        self._more_of = more_of
        self._verbs, self._now, self._shown = verbs, now, 0

    def show_nothing(self) -> None:
        """Say that no parcel is selected."""
        self._shown = 0
        self.close_question()
        self.fill([], [Text("Select a parcel to see where it is.", quiet=True)])

    def show_parcel(self, detail: ParcelDetail) -> None:
        """Show one parcel."""
        is_same = self._shown == detail.row.id
        if not is_same:
            self.close_question()
        self._shown = detail.row.id
        self.fill(self._head_of(detail.row), self._body_of(detail), keeps_place=is_same)

    def _head_of(self, row: ParcelRow) -> list[QWidget | QLayout]:
        carrier = f"{row.carrier} {row.service}".strip()
        line = f"{carrier} · shipped {moment(row.shipped_at, self._now())} · {row.location}"
        copy = button("Copy", self._verbs.copy, kind="quiet", icon_name="copy",
                      hint="Copy the tracking number (C)", name="Copy the tracking number")  # fmt: skip
        made: list[QWidget] = [
            button(f"Open order {row.number}", self._verbs.open_order, icon_name="orders",
                   hint="Open the order (Enter)")
        ]  # fmt: skip
        if row.told == "pending" and row.voided_at is None:
            made.append(button("Void…", self._verbs.void, icon_name="cancel",
                               hint="It did not leave: take it back (V)"))  # fmt: skip
        return [
            across(Text(row.tracking_number, step="heading", copies=True), copy, None, spacing=6),
            across(PillLabel(parcel(row)), None),
            Text(line, quiet=True, wraps=True),
            across(*made, None, spacing=6),
        ]

    def _body_of(self, detail: ParcelDetail) -> list[QWidget | QLayout]:
        row = detail.row
        body: list[QWidget | QLayout] = []
        if row.voided_at is not None:
            body.append(_voided(detail, self._now()))
        body += self._more_of(detail)
        body.append(self._told(detail))
        units = Text(count_of(row.units, "unit"), quiet=True)
        items = [Text(each, wraps=True) for each in row.items.split(", ") if each]
        body.append(_section("In the parcel", *items, more=units))
        goes = ", ".join(part for part in (row.city, row.region) if part)
        body.append(_section("To", Text(row.buyer_name), Text(goes, quiet=True)))
        body.append(self._travel(detail))
        return body

    def _told(self, detail: ParcelDetail) -> QWidget:
        row = detail.row
        words = [Text(told_hint(row), wraps=True)]
        if row.told_at is not None:
            when = Text(f"{sentence(moment(row.told_at, self._now()))} {detail.told_in}".strip(),
                        quiet=True, wraps=True, step="small")  # fmt: skip
            words.append(when.hint(exact(row.told_at)))
        rows: list[QWidget | QLayout] = [*words]
        if row.told == "pending" and row.voided_at is None:
            tell = button("Write its file on Channels", self._verbs.tell, kind="link")
            rows.append(across(tell, None))
        return _section(
            f"What {statuses.channel(row.channel)} knows", *rows, more=PillLabel(told(row))
        )

    def _travel(self, detail: ParcelDetail) -> QWidget:
        row, now = detail.row, self._now()
        parts: list[QWidget | QLayout] = []
        if row.arrive_by is not None:
            parts.append(Text(f"Promised to arrive by {moment(row.arrive_by, now)}.", quiet=True,
                              wraps=True))  # fmt: skip
        if detail.scans:
            parts.append(_scans(detail.scans, now))
        else:
            parts.append(Text(f"{row.carrier} has not reported a scan of it yet.", wraps=True))
        return _section("Where it is", *parts)


def _voided(detail: ParcelDetail, now: datetime) -> QWidget:
    at = detail.row.voided_at
    who = f" by {detail.voided_by}" if detail.voided_by else ""
    when = f"{moment(at, now)}{who}."
    return Banner(f"Taken back {when}", detail.void_reason or "Its units went back to their shelf.")


def _section(title: str, *parts: QWidget | QLayout, more: QWidget | None = None) -> QWidget:
    head = across(Text(title, step="strong"), None, *([more] if more else []))
    return boxed(down(head, *parts, spacing=4))


def _scans(scans: tuple[ScanRow, ...], now: datetime) -> QWidget:
    """Show where it was, newest first."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(9)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for at, scan in enumerate(reversed(scans)):
        state = STATES[scan.state]
        grid.addWidget(IconLabel(state.icon, state.tone, size=15), at, 0, top)
        words = down(Text(scan.words or state.text, wraps=True), spacing=0)
        if scan.place:
            words.addWidget(Elided(scan.place, quiet=True, step="small"))
        grid.addLayout(words, at, 1)
        when = Text(moment(scan.at, now), quiet=True, step="small")
        grid.addWidget(when.hint(f"{exact(scan.at)}, {ago(scan.at, now)}"), at, 2, top)
    return boxed(grid)
