"""The pane of one parcel: what is in it, where it is, and whether the channel knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.parcels import AT_REST
from app.domain.tracking.statuses import TrackingStatus
from app.domain.tracking.wording import in_words
from app.queries.shipments import ParcelDetail, ParcelRow, ParcelTrouble, ScanRow
from app.ui import statuses
from app.ui.pages.shipments.columns import STATES, parcel, told, told_hint
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner, IconLabel
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import DetailPane, section
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, count_of, exact, left, moment, sentence


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the buttons of the pane do."""

    open_order: Callable[[], object]
    copy: Callable[[], object]
    void: Callable[[], object]
    tell: Callable[[], object]
    note: Callable[[], object]
    cases: Callable[[], object]


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

    def show_codes(
        self, head: Sequence[QWidget | QLayout], body: Sequence[QWidget | QLayout]
    ) -> None:
        """Show the codes that have no meaning, in the place of a parcel."""
        self.close_question()
        self._shown = 0
        self.fill(head, body)

    def show_parcel(self, detail: ParcelDetail) -> None:
        """Show one parcel."""
        is_same = self._shown == detail.row.id
        if not is_same:
            self.close_question()
        self._shown = detail.row.id
        self.fill(self._head_of(detail.row), self._body_of(detail), keeps_place=is_same)

    def _head_of(self, row: ParcelRow) -> list[QWidget | QLayout]:
        carrier = f"{row.carrier} {row.service}".strip()
        line = (
            f"Order {row.number} · {carrier} · shipped {moment(row.shipped_at, self._now())} · "
            f"{row.location}"
        )
        copy = button("Copy", self._verbs.copy, kind="quiet", icon_name="copy",
                      hint="Copy the tracking number (C)", name="Copy the tracking number")  # fmt: skip
        made: list[QWidget] = [
            button("Open order", self._verbs.open_order, icon_name="orders",
                   hint=f"Open order {row.number} (Enter)", name=f"Open order {row.number}")
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
        body += [self._trouble(each) for each in detail.troubles]
        body += self._more_of(detail)
        body.append(self._travel(detail))
        body.append(self._told(detail))
        units = Text(count_of(row.units, "unit"), quiet=True)
        items = [Text(each, wraps=True) for each in row.items.split(", ") if each]
        body.append(section("In the parcel", *items, more=units))
        goes = ", ".join(part for part in (row.city, row.region) if part)
        body.append(section("To", Text(row.buyer_name), Text(goes, quiet=True)))
        return body

    def _trouble(self, trouble: ParcelTrouble) -> QWidget:
        """Say what is wrong, what is usual, and until when somebody must decide."""
        usual = f"{sentence(trouble.usual)} " if trouble.usual else ""
        by = f"Decide by {moment(trouble.due_at, self._now())}."
        return Banner(sentence(trouble.title), f"{usual}{trouble.impact} {by}",
                      actions=(("Open its case", self._verbs.cases),))  # fmt: skip

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
        return section(
            f"What {statuses.channel(row.channel)} knows", *rows, more=PillLabel(told(row))
        )

    def _travel(self, detail: ParcelDetail) -> QWidget:
        row, now = detail.row, self._now()
        parts: list[QWidget | QLayout] = []
        parts += [Text(words, wraps=True, tone=tone) for words, tone in _dates(row, now)]
        if detail.scans:
            parts.append(_scans(detail.scans, now))
        else:
            parts.append(Text(f"{row.carrier} has not reported a scan of it yet.", wraps=True))
        note = button("Note a scan…", self._verbs.note, kind="link", hint="Say where it is (N)")
        return section("Where it is", *parts, more=None if row.voided_at else note)


def _voided(detail: ParcelDetail, now: datetime) -> QWidget:
    at = detail.row.voided_at
    who = f" by {detail.voided_by}" if detail.voided_by else ""
    when = f"{moment(at, now)}{who}."
    return Banner(f"Taken back {when}", detail.void_reason or "Its units went back to their shelf.")


def _dates(row: ParcelRow, now: datetime) -> list[tuple[str, Tone | None]]:
    """Say what was promised, how long is left of it, and what the carrier expects."""
    said: list[tuple[str, Tone | None]] = []
    is_over = row.state in AT_REST
    if row.arrive_by is not None:
        rest = "" if is_over else f": {left(row.arrive_by, now)}"
        tone = None if is_over else statuses.urgency(row.arrive_by, now)
        said.append((f"Promised by {moment(row.arrive_by, now)}{rest}.", tone))
    if row.expected_at is not None and not is_over:
        is_late = row.arrive_by is not None and row.expected_at > row.arrive_by
        later = ", later than you promised" if is_late else ""
        words = f"{row.carrier} expects it {moment(row.expected_at, now)}{later}."
        said.append((words, Tone.BAD if is_late else None))
    return said


def _scans(scans: tuple[ScanRow, ...], now: datetime) -> QWidget:
    """Show where it was, newest first: what happened, what the carrier wrote, where and when."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(9)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for at, scan in enumerate(reversed(scans)):
        state = STATES[scan.state]
        tone = state.tone if scan.is_telling else ""
        grid.addWidget(IconLabel(state.icon, tone, size=15), at, 0, top)
        grid.addLayout(_scan(scan), at, 1)
        when = Text(moment(scan.at, now), quiet=True, step="small")
        grid.addWidget(when.hint(f"{exact(scan.at)}, {ago(scan.at, now)}"), at, 2, top)
    return boxed(grid)


def _scan(scan: ScanRow) -> QLayout:
    title = in_words(scan.means, scan.incident)
    words = down(Text(title, wraps=True, quiet=not scan.is_telling), spacing=0)
    own = scan.words if scan.words.casefold() != title.casefold() else ""
    code = f"code {scan.code}" if scan.means == TrackingStatus.UNMAPPED and scan.code else ""
    below = " · ".join(part for part in (own, scan.place, code) if part)
    if below:
        words.addWidget(Elided(below, quiet=True, step="small"))
    if not scan.is_telling and scan.means != TrackingStatus.UNMAPPED:
        words.addWidget(Text("Came later than what it says: it changes nothing.", quiet=True,
                             step="small", wraps=True))  # fmt: skip
    return words
