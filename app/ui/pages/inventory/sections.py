"""The parts of a SKU's pane: what is on its way, set aside, counted, in it, and called elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.sku_record import RECORD
from app.queries.codes import AliasRow
from app.queries.inbound import CountRow, DeliveryRow
from app.queries.inventory import LevelRow, SkuRecord
from app.queries.kit_trees import Contention, KitNode
from app.ui.pages.inventory.stockroom import ASIDE_WORDS, StockroomActions
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, day, money, number, signed, visible

_RIGHT = Qt.AlignmentFlag.AlignRight
_TOP = Qt.AlignmentFlag.AlignTop


def on_its_way(
    sku: str, deliveries: Sequence[DeliveryRow], actions: StockroomActions, now: datetime
) -> QWidget:
    """Show each delivery with the SKU in it, and its two verbs."""
    rows: list[QWidget | QLayout] = []
    for each in deliveries:
        units = next(line.outstanding for line in each.lines if line.sku == sku)
        when = _when(each, now)
        words = f"{count_of(units, 'unit')} to {each.location}, {when}"
        origin = f"{each.number} from {each.comes_from or 'somewhere'}"
        rows.append(_beside(
            down(Text(words, wraps=True), Text(origin, quiet=True, step="small", wraps=True), spacing=0),
            button("Receive…", partial(actions.receive_delivery, each), kind="link",
                   name=f"Receive {each.number}"),
            button("Not coming…", partial(actions.cancel_delivery, each), kind="link",
                   name=f"Expect {each.number} no longer"),
        ))  # fmt: skip
    return boxed(down(*rows, spacing=6))


def _when(delivery: DeliveryRow, now: datetime) -> str:
    if delivery.expected_at is None:
        return "no date yet"
    words = day(delivery.expected_at.astimezone().date(), now)
    return f"expected {words}" if delivery.expected_at > now else f"was expected {words}"


def aside(levels: Sequence[LevelRow], actions: StockroomActions) -> QWidget:
    """Show what is on hand and not for sale, and ask what becomes of it."""
    rows: list[QWidget | QLayout] = []
    for level in levels:
        for bucket, words in ASIDE_WORDS:
            units = getattr(level, str(bucket))
            if units:
                verb = partial(actions.settle_aside, level.location_code, str(bucket), units)
                rows.append(_beside(
                    down(Text(f"{level.location}: {number(units)} {words.lower()}", wraps=True)),
                    button("Settle…", verb, kind="link", name=f"Settle what is {words.lower()}"),
                ))  # fmt: skip
    return boxed(down(*rows, spacing=4))


def counting(counts: Sequence[CountRow], actions: StockroomActions) -> QWidget:
    """Show the counts that are open, with the differences so far."""
    rows: list[QWidget | QLayout] = []
    for each in counts:
        off = [line for line in each.lines if line.difference]
        words = (
            f"{number(each.done)} of {count_of(len(each.lines), 'SKU')} counted at {each.location}"
        )
        rows.append(Text(words, wraps=True))
        rows += [
            Text(f"{line.sku}: {signed(line.difference or 0)}", quiet=True, step="small")
            for line in off[:6]
        ]
        verbs = (button(title, run, kind=kind) for title, run, kind in actions.buttons_of(each))
        rows.append(across(*verbs, None, spacing=6))
    return boxed(down(*rows, spacing=6))


def tree(nodes: Sequence[KitNode], open_sku: Callable[[str], object]) -> QWidget:
    """Show what is in a kit, each kit in it with its own parts below it."""
    grid = _grid(("In one", "", "For sale"))
    for row, node in enumerate(nodes, 1):
        grid.addWidget(Text(f"{number(node.units)} ×"), row, 0, _RIGHT | _TOP)
        link = button(visible(node.sku), partial(open_sku, node.sku), kind="link", hint=node.title)
        parts: list[QWidget | int | None] = [18 * node.depth, link]
        if node.is_scarcest:
            parts.append(Text("the scarcest", tone=Tone.WARN, step="small"))
        grid.addLayout(across(*parts, None, spacing=4), row, 1)
        grid.addWidget(Text(number(node.atp)), row, 2, _RIGHT | _TOP)
    return boxed(grid)


def contended(wanted: Sequence[Contention]) -> QWidget:
    """Say which components kits promise together more often than they are there."""
    return boxed(down(*(
        down(
            Text(f"{count_of(len(each.kits), 'kit')} want {each.sku}: {number(each.asked)} asked, "
                 f"{number(each.there)} there", wraps=True, tone=Tone.WARN),
            Text(", ".join(each.kits), quiet=True, wraps=True, step="small"), spacing=0,
        )
        for each in wanted
    ), spacing=4))  # fmt: skip


def used(users: Sequence[tuple[str, int]], open_sku: Callable[[str], object]) -> QWidget:
    """Show the kits that it is in."""
    return boxed(down(*(
        across(button(visible(kit), partial(open_sku, kit), kind="link"),
               Text(f"{number(units)} in each", quiet=True), None)
        for kit, units in users
    ), spacing=2))  # fmt: skip


def called(
    aliases: Sequence[AliasRow], forget: Callable[[AliasRow], object], now: datetime
) -> QWidget:
    """Show what channels call it."""
    grid = _grid(("Channel", "Code", "Units", ""))
    for row, each in enumerate(aliases, 1):
        grid.addWidget(Text(each.channel), row, 0, _TOP)
        name = each.code or f"listing {each.listing_id}"
        more = [each.variant, each.listing_id if each.code else "", _valid(each, now)]
        about = ", ".join(filter(None, more))
        words: list[QWidget | QLayout] = [Elided(name)]
        if about:
            words.append(Text(about, quiet=True, step="small", wraps=True))
        grid.addLayout(down(*words, spacing=0), row, 1)
        grid.addWidget(Text(number(each.pack)), row, 2, _RIGHT | _TOP)
        grid.addWidget(button("Forget", partial(forget, each), kind="link",
                              name=f"Forget that {each.channel} calls it {name}"), row, 3, _RIGHT | _TOP)  # fmt: skip
    return boxed(grid)


def _valid(alias: AliasRow, now: datetime) -> str:
    begun = f"from {day(alias.valid_from.astimezone().date(), now)}" if alias.valid_from else ""
    over = f"until {day(alias.valid_to.astimezone().date(), now)}" if alias.valid_to else ""
    return f"{begun} {over}".strip()


def record(said: SkuRecord) -> QWidget:
    """Show the fields that say something."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    shown = [(f.words, _said(said, f.name)) for f in RECORD if f.name != "title"]
    filled = [(words, text) for words, text in shown if text and text != "no"]
    for row, (words, text) in enumerate(filled):
        grid.addWidget(Text(words, quiet=True), row, 0, _TOP)
        grid.addWidget(Text(text, wraps=True, copies=True), row, 1)
    if not filled:
        grid.addWidget(Text("Nothing else is known yet.", quiet=True), 0, 0)
    return boxed(grid)


def _said(record: SkuRecord, name: str) -> str:
    """Return a field as it is read; money as money."""
    if name == "cost" and record.cost is not None:
        return money(record.cost, record.currency)
    return record.text(name)


def _beside(words: QLayout, *buttons: QWidget) -> QLayout:
    """Put verbs beside words that take the room that is left, and wrap in it."""
    made = across(words, *buttons, spacing=6)
    made.setStretch(0, 1)
    return made


def _grid(titles: Sequence[str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for column, title in enumerate(titles):
        side = _RIGHT if column == 2 or title == "In one" else Qt.AlignmentFlag.AlignLeft
        grid.addWidget(Text(title, quiet=True, step="small"), 0, column, side)
    return grid
