"""Where we are: how each channel is worked, what is done by hand, and what is likeliest to go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.kpis.figures import span
from app.domain.whereabouts import ChannelSpot, Gap, Mode, Risk
from app.queries.whereabouts import PlaceSpot, Whereabouts, whereabouts
from app.ui.pages.insights.part import InsightsPart
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Text
from app.ui.words import ago, count_of, number

MODES: Final = {
    Mode.NETWORK: "Over the network", Mode.FOLDER: "Watched folder", Mode.BY_HAND: "Files by hand",
}  # fmt: skip
_RISKS: Final = {Risk.OVERSELL: "inventory", Risk.LATE: "late", Risk.TRACKING: "shipments"}
_CHANNELS: Final = (
    "Channel",
    "Worked",
    "Usually every",
    "Orders last",
    "Numbers last",
    "Known after",
)
_PLACES: Final = ("Location", "Orders ship from it", "SKUs there")
_COUNTED: Final = {
    Risk.OVERSELL: ("order for what was not there in four weeks", "orders for what was not there in four weeks"),
    Risk.LATE: ("order now", "orders now"), Risk.TRACKING: ("parcel", "parcels"),
}  # fmt: skip
NEVER: Final = "never"


class WhereWeAre(InsightsPart):
    """The map of the desk, the likeliest trouble first."""

    key = "where"
    title = "Where we are"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.found: Whereabouts | None = None
        self._inside = down(spacing=18, margins=(20, 14, 22, 22))
        body = boxed(down(self._inside, None))
        body.setObjectName("body")
        self._area = scrolling(body, self.title)
        self.setLayout(down(self._area))

    def refresh(self) -> None:
        """Read the map again."""
        self.operations.query(whereabouts, now=self.operations.now(), then=self._told,
                              slot=("insights", "where"))  # fmt: skip

    def lists(self) -> Sequence[QWidget]:
        """Return where plain letters are commands."""
        return (self._area,)

    def start(self) -> None:
        """Begin at the top."""
        self._area.setFocus()

    def _told(self, found: Whereabouts) -> None:
        self.found = found
        empty_out(self._inside)
        now = self.operations.now()
        for title, rows in (
            ("What is likeliest to go wrong", self._gaps(found.gaps)),
            (
                "How each channel is worked",
                _grid(_CHANNELS, [_channel(e, now) for e in found.channels]),
            ),
            ("Still done by hand", _by_hand(found)),
            ("Where stock lies", _grid(_PLACES, [_place(each) for each in found.places])),
            ("Who may decide otherwise", Text(_people(found), wraps=True)),
        ):
            self._inside.addWidget(boxed(down(Text(title, step="strong"), rows, spacing=6)))

    def _gaps(self, found: Sequence[Gap]) -> QWidget:
        if not found:
            return Text(
                "Nothing went wrong in four weeks, and nothing is likely to.",
                quiet=True,
                wraps=True,
            )
        return boxed(down(*(self._gap(each) for each in found), spacing=6))

    def _gap(self, gap: Gap) -> QWidget:
        times = f": {count_of(gap.count, *_COUNTED[gap.risk])}" if gap.count else ""
        goes = button(gap.step, partial(self.shell.go, gap.page, gap.query), kind="link",
                      name=f"{gap.step}: {gap.account}")  # fmt: skip
        icon = IconLabel(_RISKS[gap.risk], Tone.WARN if gap.count else Tone.NEUTRAL, 16)
        said = Text(f"{gap.account} {gap.why}{times}.", wraps=True)
        line = across(icon, said, goes, spacing=10)
        line.setStretch(1, 1)
        return boxed(line)


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(22)
    for column, words in enumerate(head):
        grid.addWidget(Text(words, quiet=True), 0, column)
    for at, row in enumerate(rows, 1):
        for column, words in enumerate(row):
            grid.addWidget(Text(words), at, column)
    grid.setColumnStretch(len(head), 1)
    return boxed(grid)


def _channel(spot: ChannelSpot, now: datetime) -> tuple[str, ...]:
    return (
        spot.name, MODES[spot.mode], _span(spot.every), _ago(spot.last_in, now),
        _ago(spot.last_told, now), _span(spot.known_after),
    )  # fmt: skip


def _place(place: PlaceSpot) -> tuple[str, ...]:
    return place.name, "yes" if place.ships else "no", number(place.skus)


def _by_hand(found: Whereabouts) -> QWidget:
    lines = [
        Text(f"{step[0].upper()}{step[1:]}: {', '.join(names)}", wraps=True)
        for step, names in found.by_hand.items()
    ]
    return boxed(down(*(lines or [Text("Nothing.", quiet=True)]), spacing=3))


def _people(found: Whereabouts) -> str:
    names = ", ".join(
        name if name.casefold() == role else f"{name} ({role})" for name, role in found.overriders
    )
    return names or "Only the owner."


def _span(value: timedelta | None) -> str:
    return "–" if value is None else span(round(value.total_seconds()))


def _ago(at: datetime | None, now: datetime) -> str:
    return NEVER if at is None else ago(at, now)
