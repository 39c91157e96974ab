"""What stands on the board of a launch? The list, who would go short, how it does, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.analytics.kpis.rows_behind import Counted
from app.analytics.kpis.watched import ALL
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, percent, span
from app.domain.kpis.kinds import Kpi
from app.domain.launching.checklist import SIGNABLE, Checked, Finding, Point
from app.domain.launching.starving import Starved
from app.services.launching.closing import WareCourse
from app.services.launching.launches import Launch
from app.ui import statuses
from app.ui.lists.columns import Pill
from app.ui.pages.insights.launch.reading import Board, Launches
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down, frame
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Text
from app.ui.words import count_of, number

SHOWN = 5
STATES = {
    "planned": Pill("Being prepared", Tone.INFO, "clock"),
    "open": Pill("Open", Tone.GOOD, "done"),
    "closed": Pill("Over", Tone.NEUTRAL, "book"),
}
_FINE, _OPEN = Pill("Fine", Tone.GOOD, "done"), Pill("Open", Tone.WARN, "exceptions")
_LINKED = {
    Point.CODES: "Link…", Point.LISTINGS: "Import…", Point.BARCODES: "Open the SKU",
    Point.SAME_BARCODE: "Find it", Point.VARIANTS: "Open the SKU", Point.KITS: "Open the SKU",
    Point.POLICY: "Open the policy", Point.ALLOCATION: "Open the policy", Point.RULES: "Open the rules",
    Point.SHADOW_ORDERS: "Open the order",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the board's buttons and numbers do."""

    show: Callable[[Point, Finding], object]
    sign: Callable[[Point, bool], object]
    open_sku: Callable[[str], object]
    rows: Callable[[Counted], object]
    lines: Callable[[str, str], object]


def board(found: Launches, verbs: Verbs) -> QWidget:
    """Return the board of the launch that is shown."""
    shown = found.board
    assert shown is not None
    if shown.launch.state == "planned":
        parts = [_list(shown, verbs), _starved(shown, verbs)]
    else:
        parts = [_centre(shown, found, verbs), _course(shown, verbs)]
    made = boxed(down(*parts, None, spacing=14, margins=(16, 10, 16, 20)))
    made.setObjectName("body")
    return made


def says(shown: Board) -> str:
    """Return where a launch stands, in one sentence."""
    launch = shown.launch
    if launch.state == "planned":
        ready = "Everything on the list is fine" if not shown.left else \
            f"{count_of(shown.left, 'point')} of {len(shown.checks)} on the list open"  # fmt: skip
        return f"{ready}. It is expected to sell {launch.uplift} % of what all channels sell now."
    sold = sum(each.sold for each in shown.course)
    sent = sum(each.shipped for each in shown.course)
    return f"{count_of(sold, 'unit')} sold, {number(sent)} of them shipped."


def title(launch: Launch) -> str:
    """Return what a launch is called where one is chosen."""
    return f"{launch.account.name}: {STATES[launch.state].text.lower()}"


# ---- before it opens -------------------------------------------------------------------------------


def _list(shown: Board, verbs: Verbs) -> QWidget:
    parts: list[QWidget | QLayout] = []
    for each in shown.checks:
        parts.append(_point(each, shown, verbs))
        parts += [_finding(each.point, one, verbs) for one in each.findings[:SHOWN] if one.sentence]
        if len(each.findings) > SHOWN:
            parts.append(
                Text(f"and {count_of(len(each.findings) - SHOWN, 'more', 'more')}", quiet=True)
            )
    return _card("Before it opens", *parts)


def _point(each: Checked, shown: Board, verbs: Verbs) -> QLayout:
    title = Text(each.title, step="strong")
    looked = Text(f"{number(each.looked_at)} looked at" if each.looked_at > 1 else "", quiet=True)
    ways: list[QWidget] = []
    if each.point in SIGNABLE and not each.is_fine:
        ways.append(button("Sign", partial(verbs.sign, each.point, True), name=f"Sign: {each.title}",
                           hint="Say that it is right; your name is kept with it"))  # fmt: skip
    elif each.point in shown.signed:
        ways.append(button("Take back", partial(verbs.sign, each.point, False), kind="link",
                           name=f"Take the signature back: {each.title}"))  # fmt: skip
    return across(_state(each), title, looked, None, *ways)


def _state(each: Checked) -> QWidget:
    """Return the pill of a point, as wide as the widest: the titles begin at one edge."""
    pill = PillLabel(_FINE if each.is_fine else _OPEN)
    pill.setMinimumWidth(max(PillLabel(one).sizeHint().width() for one in (_FINE, _OPEN)))
    return pill


def _finding(point: Point, one: Finding, verbs: Verbs) -> QWidget:
    words = Text(f"{one.sentence} {one.fix}", wraps=True, quiet=True)
    if point not in _LINKED:
        return boxed(across(words, margins=(26, 0, 0, 0)))
    link = button(_LINKED[point], partial(verbs.show, point, one), kind="link",
                  name=f"{_LINKED[point]}: {one.subject or point.value}")  # fmt: skip
    row = across(words, link, margins=(26, 0, 0, 0))
    row.setStretch(0, 1)
    return boxed(row)


def _starved(shown: Board, verbs: Verbs) -> QWidget:
    if not shown.starved:
        return _card("Who would go short", Text("Nothing would run out in the first two weeks because of it.",
                                                quiet=True))  # fmt: skip
    grid = _grid("SKU", "Runs out", "Without it", "Wanted", "There", "Buyers who would go without")
    for at, each in enumerate(shown.starved, 1):
        cells = (
            _sku(each.sku, verbs), Text(_day(each.runs_out_on), tone=Tone.BAD), Text(_day(each.without_on)),
            Text(number(each.demand)), Text(number(each.there)), Text(_missed(each, shown.launch), wraps=True),
        )  # fmt: skip
        for column, cell in enumerate(cells):
            grid.addWidget(cell, at, column)
    words = f"{count_of(len(shown.starved), 'SKU')} would run out within two weeks, with what sold in the last four."
    return _card("Who would go short", Text(words, quiet=True, wraps=True), grid)


def _day(day: int | None) -> str:
    return "never" if day is None else f"day {day + 1}"


def _missed(each: Starved, launch: Launch) -> str:
    return ", ".join(
        f"{statuses.channel(channel)} {number(units)}"
        for channel, units in each.missed_at(launch.account.channel).items()
    )


# ---- once it is open -------------------------------------------------------------------------------


def _centre(shown: Board, found: Launches, verbs: Verbs) -> QWidget:
    places = sorted({name for each in shown.watched for name in each.by_place} - {ALL})
    titles = [
        statuses.short_places(found.places.get(each, each)) or "No place yet" for each in places
    ]
    grid = _grid("The first two weeks", "All places", *titles)
    for at, each in enumerate(shown.watched, 1):
        kpi = KPIS[each.measure]
        grid.addWidget(Text(kpi.name).hint(kpi.question), at, 0)
        for column, name in enumerate((ALL, *places), 1):
            if name not in each.by_place:
                grid.addWidget(Text("–", quiet=True), at, column)
                continue
            figure, counted = each.by_place[name]
            grid.addWidget(_value(kpi, figure, name, partial(verbs.rows, counted)), at, column)
    return _card("How it does", grid)


def _value(kpi: Kpi, figure: Figure, place: str, show: Callable[[], object]) -> QWidget:
    """Return a figure, how many rows it is of, and below it how long nine of ten take."""
    rows = button(f"of {number(figure.rows)}", show, kind="link",
                  name=f"{kpi.name}, {'all places' if place == ALL else place}: show its rows")  # fmt: skip
    if kpi.is_share:
        return boxed(across(Text(percent(figure.hits, figure.rows)), rows, None, spacing=4))
    most = Text(f"nine of ten: {span(figure.ninetieth)}", quiet=True, step="small")
    return boxed(down(across(Text(span(figure.median)), rows, None, spacing=4), most, spacing=0))


def _course(shown: Board, verbs: Verbs) -> QWidget:
    if not shown.course:
        return _card(
            "Promised, sold, shipped", Text("Nothing was told to it or sold there yet.", quiet=True)
        )
    grid = _grid("SKU", "Promised at most", "Sold", "Shipped", "Cancelled", "")
    for at, each in enumerate(shown.course, 1):
        grid.addWidget(_sku(each.sku, verbs), at, 0)
        grid.addWidget(Text("–" if each.promised is None else number(each.promised)), at, 1)
        for column, what in enumerate(("sold", "shipped", "cancelled"), 2):
            grid.addWidget(_units(each, what, verbs), at, column, Qt.AlignmentFlag.AlignLeft)
        if each.is_oversold:
            grid.addWidget(
                PillLabel(Pill("Sold more than promised", Tone.BAD, "exceptions")), at, 5
            )
    return _card("Promised, sold, shipped", grid)


def _units(each: WareCourse, what: str, verbs: Verbs) -> QWidget:
    units = getattr(each, what)
    if not units:
        return Text("0", quiet=True)
    return button(number(units), partial(verbs.lines, each.sku, what), kind="link",
                  name=f"{each.sku}, {what}: show the orders")  # fmt: skip


# ---- how all of it looks ---------------------------------------------------------------------------


def _sku(code: str, verbs: Verbs) -> QWidget:
    return button(code, partial(verbs.open_sku, code), kind="link", name=f"Open {code}")


def _grid(*heads: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    for at, words in enumerate(heads):
        grid.addWidget(Text(words, quiet=True, step="small"), 0, at)
    grid.setColumnStretch(len(heads) - 1, 1)
    return grid


def _card(title: str, *parts: QWidget | QLayout) -> QWidget:
    card = frame("card")
    card.setLayout(down(Text(title, step="heading"), *parts, spacing=7, margins=(14, 10, 14, 12)))
    return card


def shown_titles(launches: Sequence[Launch]) -> list[tuple[object, str]]:
    """Return the launches to choose from."""
    return [(each.id, title(each)) for each in launches]
