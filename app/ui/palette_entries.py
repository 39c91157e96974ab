"""What does the palette offer, and what comes first? Commands, views, orders and SKUs by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from app.queries.inventory import InventoryRow
from app.queries.orders import OrderRow
from app.ui import statuses
from app.ui.commands import Register
from app.ui.pages.page import Page
from app.ui.words import count_of, money

CLOSE_ENOUGH = 72
SHOWN = 60
_ITSELF = "app.open_palette"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the palette offers. ``why_not`` says why it cannot be done now."""

    title: str
    run: Callable[[], object]
    group: str
    key: str = ""
    icon: str = ""
    why_not: str = ""
    id: str = ""


class Places(Protocol):
    """The window, as far as the palette leads somewhere in it."""

    pages: dict[str, Page]

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page."""

    def open_order(self, order_id: int) -> None:
        """Show an order."""

    def open_sku(self, code: str) -> None:
        """Show a SKU."""


def of_commands(register: Register) -> list[Entry]:
    """Return every command, with its key or with what stands in its way."""
    return [
        Entry(
            command.name if command.title_now is None else command.title_now(),
            partial(register.run, command.id), command.menu, command.key_text, command.icon,
            register.why_not(command), command.id,
        )
        for command in register.all()
        if command.id != _ITSELF
    ]  # fmt: skip


def of_views(places: Places) -> list[Entry]:
    """Return every view of every list: what is preset and what a person saved."""
    found = []
    for page in places.pages.values():
        for key, title in page.offered_views():
            run = partial(_show_view, places, page, key)
            found.append(Entry(f"{page.title}: {title}", run, "View", "", page.icon, "",
                               f"view:{page.id}:{key}"))  # fmt: skip
    return found


def _show_view(places: Places, page: Page, key: str) -> None:
    places.go(page.id)
    page.show_view_by_key(key)


def of_orders(places: Places, rows: Sequence[OrderRow]) -> list[Entry]:
    """Return orders, each with its buyer and its money."""
    return [
        Entry(f"{row.number}  {row.buyer_name}  {money(row.total, row.currency)}",
              partial(places.open_order, row.id), statuses.step(row.step).text, icon="orders")
        for row in rows
    ]  # fmt: skip


def of_skus(places: Places, rows: Sequence[InventoryRow]) -> list[Entry]:
    """Return SKUs, each with what is free of it."""
    return [
        Entry(f"{row.code}  {row.title}", partial(places.open_sku, row.code),
              "a kit" if row.on_hand is None else f"{count_of(row.on_hand, 'unit')} on hand",
              icon="inventory")
        for row in rows
    ]  # fmt: skip


# ---- what comes first ---------------------------------------------------------------------------


def matches(title: str, words: Sequence[str]) -> bool:
    """Say whether every typed word begins a word of the title, in any order."""
    parts = title.casefold().replace("…", "").replace(":", "").split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def best(entries: Iterable[Entry], text: str, *, recent: Sequence[str], page: str) -> list[Entry]:
    """Return what fits a few letters, best first: what was used last, and what can be done now."""
    used = {key: at for at, key in enumerate(recent)}
    words = text.casefold().split()

    def rank(pair: tuple[int, Entry]) -> tuple[object, ...]:
        """What begins so before what is nearly so; what can be done; what was used; this page's."""
        slip, entry = pair
        return (slip, bool(entry.why_not), used.get(entry.id, len(used)),
                entry.group == "View", not entry.id.startswith(f"{page}."))  # fmt: skip

    found = [(slip, entry) for entry in entries if (slip := _slip(entry.title, words)) is not None]
    return [entry for _slip, entry in sorted(found, key=rank)][:SHOWN]


def _slip(title: str, words: Sequence[str]) -> int | None:
    """Return how far a title is from what was typed: 0 for its own words, nothing if it is another."""
    if matches(title, words):
        return 0
    from rapidfuzz import fuzz  # loaded when first something is typed, not while the window opens

    near = round(
        fuzz.partial_token_ratio(" ".join(words), title.casefold(), score_cutoff=CLOSE_ENOUGH)
    )
    short = round(fuzz.WRatio(" ".join(words), title.casefold(), score_cutoff=CLOSE_ENOUGH))
    score = min(near, short)
    return 101 - score if score else None
