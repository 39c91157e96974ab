"""How are figures, their standards and what they can still bear said to a person?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from babel.dates import format_skeleton

from app.analytics.kpis.rows_behind import Counted, Part
from app.analytics.kpis.standing import Standing
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, percent, span
from app.domain.kpis.kinds import Dimension, Kpi
from app.domain.kpis.standards import Standard, State
from app.ui.lists.columns import Pill
from app.ui.tokens import Tone
from app.ui.words import count_of, day, locale, number

BY: Final = {
    Dimension.KIND: "Marketplaces and own stores", Dimension.CHANNEL: "Channel",
    Dimension.LOCATION: "Location", Dimension.CARRIER: "Carrier", Dimension.FAMILY: "SKU family",
}  # fmt: skip
_PILLS: Final = {
    State.GOOD: Pill("Kept", Tone.GOOD, "done"),
    State.WARNING: Pill("Near its limit", Tone.WARN, "late"),
    State.BREACH: Pill("Broken", Tone.BAD, "exceptions"),
    State.TOO_FEW: Pill("Too few to say", Tone.NEUTRAL, "info"),
}


def week(monday: date) -> str:
    """Return a week by its Monday."""
    return str(format_skeleton("MMMd", monday, locale=locale()))


def value(kpi: Kpi, figure: Figure) -> str:
    """Return a figure."""
    if not figure.rows:
        return "–"
    return percent(figure.hits, figure.rows) if kpi.is_share else span(figure.median)


def rows_of(kpi: Kpi, count: int) -> str:
    """Return "46 orders"."""
    return count_of(count, kpi.grain.value, kpi.grain.plural)


def pill(state: State) -> Pill:
    """Return how a standard stands."""
    return _PILLS[state]


def worst(standings: tuple[Standing, ...]) -> State | None:
    """Return the worst of several; those with too few rows say nothing."""
    order = (State.BREACH, State.WARNING, State.GOOD)
    found = {each.state for each in standings}
    return next((state for state in order if state in found), None)


def standing_title(each: Standing) -> str:
    """Return what is promised and what it came to: "Late orders at Amazon: 1.2 %, at most 4 %"."""
    standard = each.standard
    limit = "at least" if standard.wants_more else "at most"
    came = standard.said_of(each.figure) if each.figure.rows else "nothing counted"
    return f"{standard.title}: {came}, {limit} {standard.said(standard.limit)} in {standard.window_days} days"


def resting_title(standard: Standard, now: datetime) -> str:
    """Return what a standard will promise, or did: "Late orders at Amazon counts from Dec 1 on"."""
    is_over = bool(standard.ends) and standard.ends < now.astimezone().date().isoformat()
    since = (
        f"counted until {_date(standard.ends)}"
        if is_over
        else f"counts from {_date(standard.begins)} on"
    )
    limit = "at least" if standard.wants_more else "at most"
    return f"{standard.title} {since}: {limit} {standard.said(standard.limit)}"


def _date(said: str) -> str:
    return str(format_skeleton("yMMMd", date.fromisoformat(said), locale=locale()))


def standing_more(each: Standing, now: datetime) -> str:
    """Return what it can still bear, when that eases, and what is on its way."""
    said = [_left(each)]
    if each.eases_at is not None and each.left is not None and each.left <= 4:
        said.append(f"the oldest one drops out {_on(each.eases_at, now)}")
    if each.coming:
        said.append(
            f"{count_of(each.coming, 'open order')} will be late by tomorrow as things stand"
        )
    return "; ".join(part for part in said if part)


def _left(each: Standing) -> str:
    """Return how much more it can bear."""
    if each.left is None or each.state is State.TOO_FEW:
        return ""
    one, many = _bad(each)
    if each.left < 0:
        return f"{count_of(-each.left, one, many)} too many"
    if each.left == 0:
        return f"the next {one} breaks it"
    return f"{number(each.left)} more {one if each.left == 1 else many} before it breaks"


def _bad(each: Standing) -> tuple[str, str]:
    """Return what one row against it is called, and several."""
    names = {
        "on_time_ship": ("late order", "late orders"),
        "on_time_delivery": ("late parcel", "late parcels"),
        "seller_cancel": ("cancelled order", "cancelled orders"),
        "valid_tracking": ("parcel without a scan", "parcels without a scan"),
        "scan_compliance": ("parcel scanned late", "parcels scanned late"),
        "inventory_accuracy": ("wrong shelf", "wrong shelves"),
        "oversells": ("oversold order", "oversold orders"),
        "override_rate": ("override", "overrides"),
    }
    grain = KPIS[each.standard.measure].grain
    return names.get(each.standard.measure, (grain.value, grain.plural))


def _on(at: datetime, now: datetime) -> str:
    words = day(at.astimezone().date(), now)
    return words if words in ("today", "tomorrow") else f"on {words}"


def counted_words(counted: Counted, titles: dict[str, str], count: int) -> str:
    """Return what rows are shown: "2 of them: orders, Shipped on time, late; Etsy"."""
    kpi = KPIS[counted.measure]
    parts = {Part.ALL: "", Part.HITS: f" ({kpi.counts})", Part.MISSES: " (the others)"}
    where = ", ".join(titles.get(each, each) or "Not known" for each in counted.slices)
    lasting = ""
    if counted.lasting is not None:
        lasting = f", {span(counted.lasting[0])} to {span(counted.lasting[1])}"
    head = f"{rows_of(kpi, count)}: {kpi.title}"
    return f"{head}{f', {where}' if where else ''}{lasting}{parts[counted.part]}"
