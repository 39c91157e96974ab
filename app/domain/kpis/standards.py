"""Which figures are promised, to whom, and from when on does missing them hurt?

A standard is data: the owner changes it, and each change is a version. Those of channels come with
their source and the day it was read; a channel may have changed them since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, Rounding, percent, reaches, span
from app.domain.kpis.kinds import Good, Measure
from app.errors import RefusedError


class Action(StrEnum):
    """What a breach asks for."""

    CYCLE_COUNT = "cycle_count"
    FREEZE = "freeze"
    ROUTING_REVIEW = "routing_review"
    CARRIER_AUDIT = "carrier_audit"


class State(StrEnum):
    """How a figure stands against its standard."""

    GOOD = "good"
    WARNING = "warning"
    BREACH = "breach"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Standard:
    """What a figure has to be for a channel, a kind of channel, or the whole desk.

    ``scope`` is ``channel:amazon``, ``kind:own_store`` or empty. ``target``, ``warning`` and ``limit``
    are hundredths of a percent of a share, or seconds of the 90th percentile; where more is better
    they fall, else they rise. ``counts_misses`` turns a share round: so many late of a hundred, as
    the channel says it. It is judged over ``window_days`` whole days of ``zone`` (empty: the desk's)
    and today, if there are ``least`` rows. ``check_days`` after the breach it is asked whether the
    action worked. ``owner`` is whose task a breach is.
    """

    code: str
    measure: Measure
    scope: str
    title: str
    counts_misses: bool
    target: int
    warning: int
    limit: int
    window_days: int
    action: Action
    owner: str
    check_days: int = 14
    least: int = 10
    rounding: Rounding = Rounding.EXACT
    zone: str = ""
    source: str = "your own"
    dated: str = ""
    begins: str = ""
    ends: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is about a share."""
        return KPIS[self.measure].is_share

    @property
    def wants_more(self) -> bool:
        """Whether the number it speaks of has to be high."""
        return (KPIS[self.measure].good is Good.HIGH) != self.counts_misses

    @property
    def channel(self) -> str:
        """The channel that it is about, if it is about one."""
        return self.scope.removeprefix("channel:") if self.scope.startswith("channel:") else ""

    @property
    def kind(self) -> str:
        """The kind of channel that it is about, if it is about one."""
        return self.scope.removeprefix("kind:") if self.scope.startswith("kind:") else ""

    def is_in_force(self, on: date) -> bool:
        """Return whether it counts on a day."""
        day = on.isoformat()
        return (not self.begins or self.begins <= day) and (not self.ends or day <= self.ends)

    def counted(self, figure: Figure) -> int:
        """Return the rows of a figure that it speaks of."""
        return figure.misses if self.counts_misses else figure.hits

    def said(self, value: int) -> str:
        """Return one of its limits as a person reads it."""
        if not self.is_share:
            return span(value)
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"

    def said_of(self, figure: Figure) -> str:
        """Return a figure as this standard counts and rounds it."""
        if not self.is_share:
            return span(figure.ninetieth)
        return percent(self.counted(figure), figure.rows, _shown(self.rounding))


def _shown(rule: Rounding) -> Rounding:
    return Rounding.HUNDREDTH if rule is Rounding.EXACT else rule


def judged(standard: Standard, figure: Figure) -> State:
    """Return how a figure stands."""
    if figure.rows < standard.least:
        return State.TOO_FEW
    if not _keeps(standard, figure, standard.limit):
        return State.BREACH
    return State.GOOD if _keeps(standard, figure, standard.warning) else State.WARNING


def _keeps(standard: Standard, figure: Figure, limit: int) -> bool:
    """Return whether a figure is on the good side of a limit; the limit itself is."""
    if not standard.is_share:
        value = figure.ninetieth or 0
        return value >= limit if standard.wants_more else value <= limit
    counted, rule = standard.counted(figure), standard.rounding
    if standard.wants_more:
        return reaches(counted, figure.rows, limit, rule)
    return reaches(figure.rows - counted, figure.rows, 10_000 - limit, rule)


def budget(standard: Standard, figure: Figure) -> int | None:
    """Return how many more bad rows a share can bear; below 0, how many too many there are.

    Each of them is one more row as well. A duration has no such number.
    """
    if not standard.is_share or not figure.rows:
        return None
    step = 1 if _keeps(standard, figure, standard.limit) else -1
    more = 0
    while abs(more) <= figure.rows:
        tried = _with(standard, figure, more + step)
        if tried is None or _keeps(standard, tried, standard.limit) != (step > 0):
            break
        more += step
    return more if step > 0 else more - 1


def _with(standard: Standard, figure: Figure, more: int) -> Figure | None:
    """Return a figure with so many more bad rows, or with so many of them good instead."""
    bad_are_hits = KPIS[standard.measure].good is Good.LOW
    rows = figure.rows + max(0, more)
    hits = figure.hits + (more if bad_are_hits else min(0, more) * -1)
    return Figure(rows, hits) if 0 <= hits <= rows else None


# ---- as they are kept ----------------------------------------------------------------------------

_AMAZON: Final = "Amazon Seller Central, account health targets"
_WALMART: Final = "Walmart Marketplace Learn, seller performance standards"
_EBAY: Final = "eBay seller centre, Top Rated requirements"
_READ: Final = "2026-11-23"


def _of(code: str, measure: Measure, scope: str, title: str, numbers: tuple[int, int, int, int],
        action: Action, **more: Any) -> Standard:  # fmt: skip
    target, warning, limit, days = numbers
    owner = "Service" if action is Action.CARRIER_AUDIT else "Operations"
    misses = more.pop("counts_misses", False)
    return Standard(
        code, measure, scope, title, misses, target, warning, limit, days, action, owner, **more
    )


STARTING: Final[tuple[Standard, ...]] = (
    _of("amazon-late", Measure.ON_TIME_SHIP, "channel:amazon", "Late orders at Amazon",
        (100, 300, 400, 30), Action.FREEZE, counts_misses=True, source=_AMAZON, dated=_READ),
    _of("amazon-cancel", Measure.SELLER_CANCEL, "channel:amazon", "Cancelled by you at Amazon",
        (50, 180, 250, 7), Action.CYCLE_COUNT, source=_AMAZON, dated=_READ),
    _of("amazon-tracking", Measure.VALID_TRACKING, "channel:amazon", "Valid tracking at Amazon",
        (9900, 9600, 9500, 30), Action.CARRIER_AUDIT, source=_AMAZON, dated=_READ),
    _of("amazon-delivery", Measure.ON_TIME_DELIVERY, "channel:amazon", "Delivered on time at Amazon",
        (9700, 9250, 9000, 30), Action.ROUTING_REVIEW, source=_AMAZON, dated=_READ),
    _of("walmart-cancel", Measure.SELLER_CANCEL, "channel:walmart", "Cancelled by you at Walmart",
        (50, 150, 200, 30), Action.CYCLE_COUNT, source=_WALMART, dated=_READ),
    _of("walmart-tracking", Measure.VALID_TRACKING, "channel:walmart", "Valid tracking at Walmart",
        (9950, 9920, 9900, 30), Action.CARRIER_AUDIT, source=_WALMART, dated=_READ),
    _of("walmart-delivery", Measure.ON_TIME_DELIVERY, "channel:walmart",
        "Delivered on time at Walmart", (9700, 9250, 9000, 30), Action.ROUTING_REVIEW,
        source=_WALMART, dated=_READ),
    _of("etsy-on-time", Measure.ON_TIME_SHIP, "channel:etsy", "Shipped on time at Etsy",
        (9800, 9600, 9500, 90), Action.FREEZE, rounding=Rounding.WHOLE_DOWN, zone="UTC",
        source="Etsy help centre, Star Seller", dated=_READ),
    _of("ebay-late", Measure.ON_TIME_SHIP, "channel:ebay", "Late orders at eBay",
        (100, 250, 300, 90), Action.FREEZE, counts_misses=True, zone="America/Los_Angeles",
        source=_EBAY, dated=_READ),
    _of("ebay-cancel", Measure.SELLER_CANCEL, "channel:ebay", "Cancelled by you at eBay",
        (50, 150, 200, 90), Action.CYCLE_COUNT, zone="America/Los_Angeles", source=_EBAY,
        dated=_READ),
    _of("ebay-tracking", Measure.VALID_TRACKING, "channel:ebay", "Valid tracking at eBay",
        (9900, 9600, 9500, 90), Action.CARRIER_AUDIT, zone="America/Los_Angeles", source=_EBAY,
        dated=_READ),
    _of("own-on-time", Measure.ON_TIME_SHIP, "kind:own_store", "Shipped on time in your own stores",
        (9800, 9600, 9500, 30), Action.FREEZE),
    _of("own-tracking", Measure.VALID_TRACKING, "kind:own_store", "Valid tracking in your own stores",
        (9900, 9600, 9500, 30), Action.CARRIER_AUDIT),
    _of("accuracy", Measure.INVENTORY_ACCURACY, "", "Shelves that hold what the desk says",
        (9900, 9750, 9700, 90), Action.CYCLE_COUNT),
    _of("oversells", Measure.OVERSELLS, "", "Orders for what was not there", (0, 50, 100, 30),
        Action.CYCLE_COUNT, least=20),
    _of("scans", Measure.SCAN_COMPLIANCE, "", "Parcels scanned within a day", (9800, 9600, 9500, 30),
        Action.CARRIER_AUDIT),
    _of("overrides", Measure.OVERRIDE_RATE, "", "Suggestions not followed", (500, 1500, 2000, 30),
        Action.ROUTING_REVIEW, least=20),
    _of("acceptance", Measure.ACCEPTANCE_TIME, "kind:marketplace",
        "Nine of ten marketplace orders are decided within", (86_400, 172_800, 259_200, 30),
        Action.ROUTING_REVIEW, least=20),
)  # fmt: skip


_NUMBERS: Final = ("target", "warning", "limit", "window_days", "check_days", "least")


def as_data(standards: Iterable[Standard]) -> list[dict[str, Any]]:
    """Return standards as they are kept."""
    return [
        {name: getattr(value, "value", value) for name, value in asdict(each).items()}
        for each in standards
    ]


def standards_from(body: Sequence[Mapping[str, Any]]) -> tuple[Standard, ...]:
    """Read standards as they are kept.

    Raises:
        RefusedError: one of them makes no sense.
    """
    return tuple(standard_from(each) for each in body)


def standard_from(said: Mapping[str, Any]) -> Standard:
    """Read one standard; its numbers must stand in their order."""
    try:
        read = Standard(**{
            **said, "measure": Measure(said["measure"]), "action": Action(said["action"]),
            "rounding": Rounding(said.get("rounding", Rounding.EXACT)),
            **{name: int(said[name]) for name in _NUMBERS if name in said},
        })  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError(f"A standard could not be read: {error}.", "Correct it and try again.") from error  # fmt: skip
    _must_make_sense(read)
    return read


def _must_make_sense(each: Standard) -> None:
    order = (each.target, each.warning, each.limit)
    expected = sorted(order, reverse=each.wants_more)
    if list(order) != expected or min(order) < 0 or (each.is_share and max(order) > 10_000):
        raise RefusedError(
            f"“{each.title}” was not changed: target, warning and limit are in no order.",
            "The warning stands between the target and the limit.",
        )
    if not 1 <= each.window_days <= 400 or not 1 <= each.check_days <= 120:
        raise RefusedError(f"“{each.title}” was not changed: its days make no sense.",
                           "A window has 1 to 400 days, a check comes after 1 to 120.")  # fmt: skip
    if not _has_days(each):
        raise RefusedError(f"“{each.title}” was not changed: it counts on no day.",
                           "Write days as 2026-12-01; it ends after it begins.")  # fmt: skip


def _has_days(each: Standard) -> bool:
    """Return whether the days from and until which it counts are days, in their order."""
    try:
        begins, ends = (
            date.fromisoformat(said) if said else None for said in (each.begins, each.ends)
        )
    except (TypeError, ValueError):
        return False
    return begins is None or ends is None or begins <= ends


def changed(
    standards: Sequence[Standard], code: str, changes: Mapping[str, Any]
) -> tuple[Standard, ...]:
    """Return the standards with one of them changed.

    Raises:
        RefusedError: there is none of this code, or the change makes no sense.
    """
    found = next((each for each in standards if each.code == code), None)
    if found is None:
        raise RefusedError(f"There is no standard {code}; nothing was changed.",
                           "“orderdeck standards” lists them.")  # fmt: skip
    after = standard_from({**as_data([found])[0], **changes})
    if replace(after, code=code) != after:
        raise RefusedError("A standard keeps its name; nothing was changed.", "Change its title.")
    return tuple(after if each.code == code else each for each in standards)
