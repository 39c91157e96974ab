"""How is each part of an order shown: lines, suggestion, parts to ship, address, notes, timeline?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.explaining import Alternative, Explanation, Wording
from app.queries.order_detail import OrderDetail
from app.queries.order_parts import FulfilmentRow, LineRow, ShipmentRow
from app.queries.order_siblings import SiblingRow
from app.ui.lists.columns import Pill
from app.ui.pages.orders.choices import Choice, numbered
from app.ui.statuses import short_place
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner, IconLabel
from app.ui.widgets.controls import across, boxed, button, down, frame, rule
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text
from app.ui.words import (
    clock,
    coming_day,
    count_of,
    day,
    exact,
    joined,
    moment,
    money,
    more_or_less,
    number,
    sentence,
    visible,
    weekday,
)

SHOWN_EVENTS = 40
_CLAIMS = {
    "reserved": Pill("Reserved", Tone.GOOD, "accept"),
    "short": Pill("Not enough stock", Tone.BAD, "short"),
    "unmapped": Pill("Code not linked", Tone.WARN, "link"),
}
_EVENTS = {
    "channel": "channels", "intake": "import", "hold": "hold", "suggestion": "override",
    "decision": "accept", "shipment": "shipments", "carrier": "location", "message": "export",
    "case": "exceptions", "note": "note", "desk": "person",
}  # fmt: skip


def wording(now: datetime) -> Wording:
    """Write amounts and days in sentences as everywhere else in the window."""
    return Wording(money=money, day=lambda on: coming_day(on, now))


def marks(
    detail: OrderDetail, take_off: Callable[[str], object], assign: Callable[[], object]
) -> QHBoxLayout:
    """Show what the team put on the order: tags that a click takes off, and whose it is."""
    chips: list[QWidget] = []
    if detail.assigned_to:
        chips.append(button(detail.assigned_to, assign, kind="mark", icon_name="person",
                            hint="Assign to somebody else (Y)",
                            name=f"Assigned to {detail.assigned_to}"))  # fmt: skip
    chips += [
        button(visible(tag), partial(take_off, tag), kind="mark", icon_name="tag",
               hint="Take this tag off", name=f"Take the tag {tag} off")
        for tag in detail.tags
    ]  # fmt: skip
    return across(*chips, None, spacing=6)


EXPLANATION = "Why it ships from there"


def shortage(line: LineRow) -> str:
    """Say in numbers why nothing is kept for a line."""
    code = line.sku or line.sku_text
    if line.is_kit:  # its components have the units, and other lines may need them too
        return f"{code}: {number(line.units)} ordered, and its parts do not suffice for all."
    missing = max(0, line.units - line.free)
    return (
        f"{code}: {number(line.units)} ordered, {number(line.free)} free, {number(missing)} "
        "missing; nothing is kept for this line until all of it is there."
    )


def suggestion(proposal: Explanation, offered: tuple[Choice, ...]) -> QWidget:
    """Show what is proposed, why, and what the other locations would mean."""
    card = frame("card")
    inside = down(spacing=6, margins=(13, 11, 13, 11))
    inside.addLayout(
        across(IconLabel("override", Tone.ACCENT), Text(proposal.headline, step="strong", wraps=True),
               spacing=8)
    )  # fmt: skip
    for said in (proposal.reason, *proposal.goods):
        inside.addWidget(Text(said, wraps=True))
    for parcel in proposal.parcels:
        tone = Tone.BAD if parcel.is_late else None
        inside.addWidget(Text(parcel.sentence, quiet=tone is None, tone=tone, wraps=True))
    for key, choice in numbered(offered, "accept"):
        inside.addSpacing(2)
        yes = button("Accept", choice.run, kind="primary", icon_name="accept", hint="Accept (A)")
        inside.addLayout(across(yes, Text(f"A or {key}" if key else "A", quiet=True), None))
    if proposal.alternatives:
        inside.addWidget(rule())
        inside.addWidget(Text("Or ship it from", quiet=True))
        inside.addLayout(_alternatives(proposal, offered))
    for part in _more(proposal):
        inside.addWidget(part)
    card.setLayout(inside)
    card.setAccessibleName(EXPLANATION)
    return card


def _more(proposal: Explanation) -> list[QWidget]:
    """Say why not elsewhere, what would change the choice, and which rules applied."""
    found: list[QWidget] = []
    refused = tuple(each.sentence for each in proposal.refusals)
    for title, sentences in (
        ("Not possible from", refused), ("What would change it", proposal.flips),
        ("Rules", _rules(proposal)), ("", (proposal.decided_by,) if proposal.decided_by else ()),
    ):  # fmt: skip
        if sentences:
            found += [rule(), Text(title, quiet=True)] if title else [rule()]
        found += [Text(said, quiet=True, wraps=True) for said in sentences]
    return found


def _rules(proposal: Explanation) -> tuple[str, ...]:
    """Say which rules applied, and of which version."""
    if proposal.rulebook_version is None:
        return ()
    said = ", ".join(f"“{name}”" for name in proposal.rules) or "None applied"
    return (f"{said} (version {proposal.rulebook_version}).",)


def _alternatives(proposal: Explanation, offered: tuple[Choice, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    for at, other in enumerate(proposal.alternatives):
        row = 4 * at
        grid.addWidget(Elided(other.location, step="strong"), row, 0, 1, 2)
        grid.addWidget(_what_it_means(other, proposal.currency), row + 1, 0)
        grid.addWidget(Text(_parts(other, proposal.currency), quiet=True), row + 2, 0, 1, 2)
        grid.setRowMinimumHeight(row + 3, 2)  # apart from the next one
        for key, choice in numbered(offered, f"place:{other.location_id}"):
            words = f"{key}  {choice.words}" if key else choice.words
            goes = button(words, choice.run, name=f"Ship from {other.location}")
            grid.addWidget(goes, row + 1, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def _parts(other: Alternative, currency: str) -> str:
    """Say what the cost is made of."""
    return f"{money(other.postage, currency)} postage + {money(other.handling, currency)} handling"


def meaning(other: Alternative, currency: str) -> str:
    """Say what shipping from elsewhere costs, how much more that is, and when it arrives."""
    arrival = f"arrives {weekday(other.arrives_on)}"
    words = f"{money(other.cost, currency)}, {more_or_less(other.extra, currency)}, {arrival}"
    return words + (", late" if other.is_late else "")


def _what_it_means(other: Alternative, currency: str) -> Text:
    text = Text(meaning(other, currency), wraps=True, quiet=not other.is_late,
                tone=Tone.BAD if other.is_late else None)  # fmt: skip
    return text.hint(other.sentence)


def lines(detail: OrderDetail, link: Callable[[LineRow], object]) -> QWidget:
    """Show what was ordered, what is reserved of it, and what it adds up to."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, each in enumerate(detail.lines):
        _line(grid, row, each, detail, link)
    _amounts(grid, len(detail.lines), detail)
    return boxed(grid)


def _line(
    grid: QGridLayout, row: int, each: LineRow, detail: OrderDetail, link: Callable[..., object]
) -> None:
    top = Qt.AlignmentFlag.AlignTop
    grid.addWidget(Text(f"{number(each.quantity)} ×", step="strong"), row, 0, top)
    code = each.sku or each.sku_text or "no code"
    words = down(Elided(code, step="strong"), Elided(each.title, quiet=True), spacing=0)
    if each.pack > 1:
        words.addWidget(Text(f"A pack of {number(each.pack)}: {count_of(each.units, 'unit')} of it",
                             quiet=True, wraps=True, step="small"))  # fmt: skip
    state = _CLAIMS.get(each.claim)
    if state is not None and detail.status == "open":
        words.addLayout(across(PillLabel(state), None, margins=(0, 2, 0, 0)))
        if each.claim == "unmapped" and each.sku_text:
            way = button("Link to a SKU…", partial(link, each), kind="link")
            words.addLayout(across(way, None))
    grid.addLayout(words, row, 1)
    amount = Text(money(each.unit_price * each.quantity, detail.currency))
    grid.addWidget(amount, row, 2, top | Qt.AlignmentFlag.AlignRight)


def _amounts(grid: QGridLayout, row: int, detail: OrderDetail) -> None:
    parts = [("Shipping", detail.shipping), ("Tax", detail.tax), ("Discount", -detail.discount)]
    shown = [(label, money(minor, detail.currency)) for label, minor in parts if minor]
    grid.addWidget(rule(), row, 0, 1, 3)
    right = Qt.AlignmentFlag.AlignRight
    for at, (label, amount) in enumerate(shown, row + 1):
        grid.addWidget(Text(label, quiet=True), at, 1, right)
        grid.addWidget(Text(amount, quiet=True), at, 2, right)
    at = row + len(shown) + 1
    grid.addWidget(Text("Total", step="strong"), at, 1, right)
    grid.addWidget(Text(money(detail.total, detail.currency), step="strong"), at, 2, right)


def _told(shipment: ShipmentRow, now: datetime) -> str:
    """Say whether the channel knows of a parcel, and since when."""
    since = f", {moment(shipment.told_at, now)}" if shipment.told_at else ""
    return sentence(f"{shipment.told}{since}")


def _few(rows: Sequence[SiblingRow]) -> str:
    """Name some orders, and count the rest."""
    names = [each.number for each in rows[:4]]
    return joined([*names, f"{number(len(rows) - 4)} more"] if len(rows) > 4 else names)


def siblings(
    detail: OrderDetail, open_order: Callable[[int], object], together: Callable[[], object]
) -> list[QWidget]:
    """Show what goes to the same door, and what looks like this order once more."""
    twice = [each for each in detail.siblings if each.is_duplicate]
    same = [each for each in detail.siblings if not each.is_duplicate]
    found: list[QWidget] = []
    if twice:
        numbers = _few(twice)
        found.append(
            Banner("Perhaps ordered twice", f"The same goods for the same buyer within two days: {numbers}.",
                   tone=Tone.WARN, icon_name="copy",
                   actions=[(f"Open {each.number}", partial(open_order, each.id)) for each in twice[:3]])
        )  # fmt: skip
    if joinable := [each for each in detail.siblings if not each.why_not]:
        count = count_of(len(joinable) + 1, "order")
        names = _few(joinable)
        found.append(
            Banner(f"{count}, same address", f"{names} could go in the same parcel.", tone=Tone.INFO,
                   icon_name="shipments",
                   actions=[("Ship together…", together),
                            *((f"Open {each.number}", partial(open_order, each.id)) for each in joinable[:2])])
        )  # fmt: skip
    apart = [each for each in same if each.why_not]
    found += [
        Text(f"{each.number} goes to the same address, but {each.why_not}.", quiet=True, wraps=True)
        for each in apart[:3]
    ]
    return found


def overrides(detail: OrderDetail, now: datetime) -> QWidget:
    """Show each choice by hand: who, when, from where to where, and why."""
    box = down(spacing=6)
    for each in detail.overrides:
        way = f"{short_place(each.suggested) or 'No location'} → {short_place(each.chosen)}"
        more = more_or_less(each.extra, each.currency)
        box.addWidget(Text(f"{way}, {more}: {each.reason}", wraps=True, copies=True))
        end = ", taken back since" if each.is_withdrawn else ""
        said = f"{each.actor}, {moment(each.decided_at, now)}{end}"
        box.addWidget(Text(said, step="small", quiet=True).hint(exact(each.decided_at)))
    return boxed(box)


def parts_to_ship(
    detail: OrderDetail, ship: Callable[[FulfilmentRow], object], now: datetime
) -> list[QWidget]:
    """Show what each location has to ship or has shipped."""
    sent = {each.fulfilment_order_id: each for each in detail.shipments if not each.is_voided}
    found: list[QWidget] = []
    for part in detail.fulfilment_orders:
        if part.state == "cancelled":
            continue
        well = frame("well")
        shipment = sent.get(part.id)
        words = down(Text(part.location, step="strong", wraps=True), Elided(part.items, quiet=True),
                     spacing=1)  # fmt: skip
        if shipment is not None:
            words.addWidget(Text(f"{shipment.carrier} {shipment.tracking_number}", copies=True))
            words.addWidget(Text(_told(shipment, now), quiet=True, wraps=True))
        row = across(IconLabel("location"), spacing=10, margins=(11, 8, 9, 8))
        row.addLayout(words, 1)
        if part.state == "open":
            row.addWidget(button("Ship…", partial(ship, part), kind="primary", icon_name="ship",
                                 hint="Ship (S)", name=f"Ship from {part.location}"))  # fmt: skip
        else:
            row.addWidget(PillLabel(Pill("Shipped", Tone.GOOD, "accept")))
        well.setLayout(row)
        found.append(well)
    return found


def address(detail: OrderDetail) -> QWidget:
    """Show where the parcel goes, as a label would."""
    to = detail.address
    place = " ".join(
        part for part in (to.city + ("," if to.state else ""), to.state, to.postcode) if part
    )
    rows = [
        to.name or detail.buyer_name,
        to.company,
        to.line1,
        to.line2,
        to.line3,
        place,
        to.country,
    ]
    block = Text("\n".join(row for row in rows if row.strip(" ,")), wraps=True, copies=True)
    extra = [detail.service, to.phone, detail.buyer_email]
    side = [Elided(row, quiet=True) for row in extra if row]
    return boxed(down(block, *side, spacing=2))


def notes(detail: OrderDetail, now: datetime) -> QVBoxLayout:
    """Show what people wrote beside the order."""
    box = down(spacing=6)
    if detail.note:
        box.addWidget(Text(f"From the buyer: {detail.note}", wraps=True, copies=True))
    for each in detail.notes:
        box.addWidget(Text(each.text, wraps=True, copies=True))
        box.addWidget(
            Text(f"{each.actor}, {moment(each.written_at, now)}", step="small", quiet=True)
        )
    return box


def timeline(detail: OrderDetail, now: datetime) -> QWidget:
    """Show what happened, newest first."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(9)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, each in enumerate(tuple(reversed(detail.timeline))[:SHOWN_EVENTS]):
        grid.addWidget(IconLabel(_EVENTS.get(each.kind, "dot"), size=15), row, 0, top)
        words = down(Text(each.title, wraps=True), spacing=0)
        if each.detail and each.detail.casefold() != each.title.casefold():
            words.addWidget(Text(each.detail, quiet=True, wraps=True, step="small"))
        grid.addLayout(words, row, 1)
        when = Text(_when(each.at, now), quiet=True, step="small")
        when.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(when.hint(f"{exact(each.at)}\n{each.who}"), row, 2, top)
    return boxed(grid)


def _when(at: datetime, now: datetime) -> str:
    here = at.astimezone()
    return f"{day(here.date(), now)}\n{clock(here)}"


def facts(rows: Sequence[tuple[str, str]]) -> QGridLayout:
    """Show a few facts, label and value."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for row, (label, value) in enumerate(rows):
        grid.addWidget(Text(label, quiet=True), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Text(value, wraps=True, copies=True), row, 1)
    return grid


def units(count: int) -> str:
    """Return "1 unit", "4 units"."""
    return count_of(count, "unit")
