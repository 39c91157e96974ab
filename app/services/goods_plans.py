"""What would a catalogue, stock, kit or listing file change? Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from app.domain.importing import (
    FileKind,
    KitRow,
    ListingRow,
    ParsedFile,
    Reject,
    SkuRow,
    StockRow,
    TrackingRow,
)
from app.domain.kits import a_loop
from app.models.catalogue import kit_components, listings, skus
from app.models.inventory import locations, stock_levels
from app.services.catalogue import SKU_FIELDS
from app.services.foreseeing import chunks
from app.services.importing import account_of
from app.services.payouts.taking import plan_lines
from app.services.promising.sudden import why_to_ask
from app.services.rate_files import plan_rates
from app.services.tracking import files as tracking_files

_LOCATION_CODE = 30
_LISTING_PART = 200  # three of these are what both engines find fast


@dataclass(frozen=True, slots=True)
class GoodsPlan:
    """What a file would change, counted by what it is about, and the rows that cannot be taken.

    ``states`` says of each line that can be taken whether it is new, updated or unchanged; ``asks``
    why a person has to be asked first: so much would change at once.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Reject, ...] = ()
    new_locations: tuple[str, ...] = ()
    refusal: str = ""
    asks: str = ""
    states: Mapping[int, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def plan_goods(db: Connection, parsed: ParsedFile) -> tuple[ParsedFile, GoodsPlan]:
    """Return the file without the rows that cannot be taken, and what the rest would change."""
    match parsed.kind:
        case FileKind.CATALOGUE:
            return _plan_skus(db, parsed)
        case FileKind.STOCK:
            return _plan_stock(db, parsed)
        case FileKind.LISTINGS:
            return _plan_listings(db, parsed)
        case FileKind.TRACKING:
            return _plan_tracking(db, parsed)
        case _:
            return parsed, _plan_whole(db, parsed)


def _plan_whole(db: Connection, parsed: ParsedFile) -> GoodsPlan:
    """Plan a file of which nothing is kept back by itself."""
    if parsed.kind is FileKind.KITS:
        return _plan_kits(db, parsed.kits)
    if parsed.kind is FileKind.SETTLEMENT:
        states = plan_lines(db, parsed)
        return GoodsPlan(*_counts(states.values()), states=states)
    if parsed.kind is FileKind.RATES:
        states, refusal = plan_rates(db, parsed.rates)
        return GoodsPlan(*_counts(states.values()), states=states, refusal=refusal)
    return GoodsPlan(new=parsed.rows)


def _plan_skus(db: Connection, parsed: ParsedFile) -> tuple[ParsedFile, GoodsPlan]:
    codes = {row.sku for row in parsed.skus}
    there = skus_by_code(db, codes)
    places, levels = _places(db), _levels(db, codes)
    good: list[SkuRow] = []
    rejected = list[Reject]()
    state: dict[str, str] = {}
    for row in parsed.skus:
        before = there.get(row.sku)
        reject = _bad_place(row) or (_kit_has_no_stock(row) if before and before.is_kit else None)
        if reject:
            rejected.append(reject)
            continue
        good.append(row)
        changes = before is not None and _differs(row, before, places, levels)
        words = "new" if before is None else "updated" if changes else "unchanged"
        if state.get(row.sku) in (None, "unchanged"):
            state[row.sku] = words
    plan = GoodsPlan(
        *_counts(state.values()), tuple(rejected), _new_places(good, places), asks=why_to_ask(db, good),
        states={row.source_line: state[row.sku] for row in good},
    )  # fmt: skip
    return replace(parsed, skus=tuple(good)), plan


def _differs(
    row: SkuRow, before: Any, places: Mapping[str, int], levels: Mapping[tuple[str, int], Any]
) -> bool:
    said = ((name, getattr(row, name)) for name in SKU_FIELDS)
    if any(value is not None and value != getattr(before, name) for name, value in said):
        return True
    if row.on_hand is None or before.is_kit:
        return False
    level = levels.get((row.sku, _place(row.location, places)))
    return row.on_hand != (level.on_hand if level else 0)


def _plan_stock(db: Connection, parsed: ParsedFile) -> tuple[ParsedFile, GoodsPlan]:
    codes = {row.sku for row in parsed.stock}
    there = skus_by_code(db, codes)
    places, levels = _places(db), _levels(db, codes)
    good: list[StockRow] = []
    rejected = list[Reject]()
    state = list[str]()
    for row in parsed.stock:
        before = there.get(row.sku)
        reject = _bad_place(row) if before else _unknown_sku(row)
        reject = reject or (_kit_has_no_stock(row) if before and before.is_kit else None)
        if reject:
            rejected.append(reject)
            continue
        good.append(row)
        level = levels.get((row.sku, _place(row.location, places)))
        state.append("unchanged" if _says_the_same(row, level) else "updated")
    lines = (row.source_line for row in good)
    plan = GoodsPlan(*_counts(state), tuple(rejected), _new_places(good, places),
                     asks=why_to_ask(db, good), states=dict(zip(lines, state, strict=True)))  # fmt: skip
    return replace(parsed, stock=tuple(good)), plan


def _says_the_same(row: StockRow, level: Any) -> bool:
    if level is None or row.on_hand != level.on_hand:
        return False
    return row.safety_stock is None or row.safety_stock == level.safety_stock


def _plan_kits(db: Connection, rows: Sequence[KitRow]) -> GoodsPlan:
    there = skus_by_code(db, {code for row in rows for code in (row.kit, row.component)})
    for row in rows:
        for code in (row.kit, row.component):
            if code not in there:
                return GoodsPlan(
                    refusal=f"line {row.source_line}: the SKU “{code}” is not in the catalogue. "
                    "Nothing was stored. Import the catalogue first, or correct the code."
                )
    wanted: dict[str, dict[str, int]] = {}
    for row in rows:
        kit = wanted.setdefault(row.kit, {})
        kit[row.component] = kit.get(row.component, 0) + row.quantity
    stored = _kits(db)
    if loop := a_loop({**stored, **wanted}, wanted):
        return GoodsPlan(
            refusal=f"The kit “{loop}” would contain itself. Nothing was stored. Remove it from "
            "its own components, or from theirs."
        )
    state = {
        kit: "new" if kit not in stored else "unchanged" if stored[kit] == parts else "updated"
        for kit, parts in wanted.items()
    }
    return GoodsPlan(
        *_counts(state.values()), states={row.source_line: state[row.kit] for row in rows}
    )


def _plan_listings(db: Connection, parsed: ParsedFile) -> tuple[ParsedFile, GoodsPlan]:
    there = stored_listings(db, parsed.channel)
    rejected = [_listing_too_long(row) for row in parsed.listings if _is_too_long(row)]
    good = tuple(row for row in parsed.listings if not _is_too_long(row))
    state = dict[int, str]()
    for key, row in listings_of_file(good).items():
        before = there.get(key)
        now = (row.title, row.quantity, row.price)
        same = before is not None and (before.title, before.quantity_shown, before.price) == now
        word = "new" if before is None else "unchanged" if same else "updated"
        state[row.source_line] = word
    plan = GoodsPlan(*_counts(state.values()), tuple(rejected), states=state)
    return replace(parsed, listings=good), plan


def _plan_tracking(db: Connection, parsed: ParsedFile) -> tuple[ParsedFile, GoodsPlan]:
    found = tracking_files.plan(db, parsed.tracking)
    rejected = tuple(_unknown_parcel(row) for row in found.unknown)
    plan = GoodsPlan(
        *_counts(found.states.values()), rejected, states=found.states,
        notices=("UNMAPPED_CODES",) if found.has_unmapped else (),
    )  # fmt: skip
    unknown = {row.source_line for row in found.unknown}
    good = tuple(row for row in parsed.tracking if row.source_line not in unknown)
    return replace(parsed, tracking=good), plan


def _unknown_parcel(row: TrackingRow) -> Reject:
    why = (
        f"line {row.source_line}: no parcel of yours has the tracking number “{row.tracking_number}”. "
        "Mark its order as shipped with it first, or correct the number."
    )
    return Reject(row.tracking_number, row.source_line, "tracking_number", row.tracking_number,
                  "UNKNOWN_PARCEL", why)  # fmt: skip


def _is_too_long(row: ListingRow) -> bool:
    return max(len(row.sku_text), len(row.listing_id), len(row.location)) > _LISTING_PART


def _listing_too_long(row: ListingRow) -> Reject:
    why = f"line {row.source_line}: a code or place has more than {_LISTING_PART} letters."
    return Reject(row.sku_text, row.source_line, "", "", "LISTING_INVALID", why)


def skus_by_code(db: Connection, codes: Iterable[str]) -> dict[str, Any]:
    """Return the rows of the SKUs among these codes."""
    found: dict[str, Any] = {}
    for part in chunks(codes):
        rows = db.execute(select(skus).where(skus.c.code.in_(part)))
        found.update((row.code, row) for row in rows)
    return found


def _places(db: Connection) -> dict[str, int]:
    """Return locations by name and by code (which wins); the empty text is the first location."""
    rows = db.execute(select(locations).order_by(locations.c.id)).all()
    places = {row.name: row.id for row in rows}
    places.update((row.code, row.id) for row in rows)
    places[""] = rows[0].id
    return places


def _place(text: str, places: Mapping[str, int]) -> int:
    return places.get(text, 0)


def _levels(db: Connection, codes: Iterable[str]) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    level = stock_levels.c
    for part in chunks(codes):
        query = (
            select(skus.c.code, level.location_id, level.on_hand, level.safety_stock)
            .join(skus, skus.c.id == level.sku_id)
            .where(skus.c.code.in_(part))
        )
        found.update(((row.code, row.location_id), row) for row in db.execute(query))
    return found


def _kits(db: Connection) -> dict[str, dict[str, int]]:
    kit, part = skus.alias(), skus.alias()
    query = (
        select(kit.c.code, part.c.code, kit_components.c.quantity)
        .join(kit, kit.c.id == kit_components.c.kit_id)
        .join(part, part.c.id == kit_components.c.component_id)
    )
    found: dict[str, dict[str, int]] = {}
    for code, component, units in db.execute(query):
        found.setdefault(code, {})[component] = units
    return found


Key = tuple[str, str, str]


def listings_of_file(rows: Iterable[ListingRow]) -> dict[Key, ListingRow]:
    """Return a file's listings by code, listing id and place; the last one counts."""
    return {(row.sku_text, row.listing_id, row.location): row for row in rows}


def stored_listings(db: Connection, channel: str) -> dict[Key, Any]:
    """Return a channel's listings as they were seen last."""
    account_id = account_of(db, channel)
    query = select(listings).where(listings.c.account_id == account_id)
    return {(row.sku_text, row.listing_id, row.place): row for row in db.execute(query)}


def _counts(states: Iterable[str]) -> tuple[int, int, int]:
    words = list(states)
    return words.count("new"), words.count("updated"), words.count("unchanged")


def _new_places(rows: Iterable[SkuRow | StockRow], places: Mapping[str, int]) -> tuple[str, ...]:
    named = {row.location for row in rows if row.on_hand is not None}
    return tuple(sorted(named - places.keys()))


def _bad_place(row: SkuRow | StockRow) -> Reject | None:
    if len(row.location) <= _LOCATION_CODE:
        return None
    return _reject(row, "location", row.location, "LOCATION_INVALID",
                   "the name of the location is too long (at most 30 letters)")  # fmt: skip


def _unknown_sku(row: StockRow) -> Reject:
    return _reject(row, "sku", row.sku, "UNKNOWN_SKU",
                   f"“{row.sku}” is not in your catalogue; import the catalogue first")  # fmt: skip


def _kit_has_no_stock(row: SkuRow | StockRow) -> Reject | None:
    if not row.on_hand:
        return None
    return _reject(row, "on_hand", str(row.on_hand), "KIT_HAS_NO_STOCK",
                   f"“{row.sku}” is a kit and has no stock of its own; give it to its "
                   "components")  # fmt: skip


def _reject(row: SkuRow | StockRow, column: str, value: str, code: str, why: str) -> Reject:
    return Reject(row.sku, row.source_line, column, value, code, f"line {row.source_line}: {why}.")
