"""What does the grid say of each SKU? Its stock at every location, and what channels are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.domain.sku_record import RECORD
from app.queries.channel_numbers import AccountName, ChannelNumber
from app.queries.inventory import InventoryRow, LevelRow, LocationRow
from app.ui.lists.columns import Column, Pill
from app.ui.statuses import short_place
from app.ui.tokens import Tone
from app.ui.words import count_of, exact, number


def inventory_columns(
    places: Sequence[LocationRow], accounts: Sequence[AccountName] = ()
) -> tuple[Column, ...]:
    """Return the columns: one for each location, between what it is and what it adds up to.

    Whoever wants them chooses those of the record, and what each account is told and showed last.
    """
    return (
        Column("SKU", lambda row: row.code, 17, "code", is_strong=True),
        Column("Title", lambda row: row.title, 25, "title", stretches=True, edits="title"),
        Column("", _state_word, 11, pill=_state, name="state", about="Sold out, oversold, or a kit"),
        *(
            Column(title, partial(_there, place.id), max(10, len(title) + 2), is_numeric=True, name=f"at:{place.code}",
                   hint=partial(_explained, place.id), about=f"On hand at {place.name}")
            for place, title in zip(places, _titles(places), strict=True)
        ),
        Column("On hand", _units(lambda row: row.on_hand), 9, "on_hand", is_numeric=True, leaves=4,
               about="Units that are physically there, everywhere"),
        Column("Allocated", _units(lambda row: row.allocated), 9, "allocated", is_numeric=True, leaves=2,
               about="Committed to orders that are accepted and not shipped"),
        Column("Free", _units(lambda row: row.free), 8, "free", is_numeric=True, leaves=1, tone=_free_tone,
               about="On hand without what is allocated or unavailable"),
        Column("Reserved", _units(lambda row: row.reserved), 9, "reserved", is_numeric=True, leaves=3,
               about="Claimed by orders that are not decided yet"),
        Column("Safety", _units(_withheld), 8, is_numeric=True, leaves=3,
               about="Kept back as safety stock, out of what is free"),
        Column("Coming", _units(lambda row: row.incoming), 9, "incoming", is_numeric=True, leaves=3,
               about="On its way here, from suppliers and between locations"),
        Column("Aside", _units(lambda row: row.unavailable), 8, "unavailable", is_numeric=True,
               leaves=4, about="On hand and not for sale: damaged, in quarantine, returned"),
        *(
            Column(field.words, partial(_field, field.name), _WIDTHS.get(field.name, 12), field.name,
                   is_numeric=field.name in _NUMBERS, is_hidden=True, edits=field.name,
                   name=field.name, about=field.hint)
            for field in RECORD if field.name != "title"
        ),
        *(column for account in accounts for column in _of_account(account)),
        Column("For sale", lambda row: number(row.atp), 9, "atp", is_numeric=True,
               is_strong=True, about="What every channel may be told: free without reserved and safety stock"),
    )  # fmt: skip


def _titles(places: Sequence[LocationRow]) -> list[str]:
    """Return what to call locations over narrow columns: the first words, unless two would be alike."""
    whole = [short_place(place.name) for place in places]
    first = [_first_words(name) for name in whole]
    return [
        name if first.count(name) == 1 else all_of_it
        for name, all_of_it in zip(first, whole, strict=True)
    ]


def _first_words(name: str) -> str:
    """Return as many words as a narrow column has room for: "Studio and garage" is "Studio"."""
    words = name.split()
    while len(words) > 1 and (len(" ".join(words)) > _ROOM or words[-1].lower() in _JOINERS):
        words.pop()
    return " ".join(words)


_ROOM = 12  # letters
_JOINERS = ("and", "&", "of", "at", "in", "the", "-", "–")
RECORD_VIEW = ("sku", "title", "category", "family", "barcode", "cost", "weight_g", "velocity",
               "supplier", "lead_time_days", "is_hazmat", "is_fragile")  # fmt: skip
# Accounts are numbered from 1; of those that are not there, nothing is shown.
CHANNEL_VIEW = ("title", "for_sale", *(f"told:{n}" for n in range(1, 40)))
_NUMBERS = (
    "cost",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "lead_time_days",
    "minimum_age",
)
_WIDTHS = {"barcode": 14, "more_barcodes": 17, "supplier": 18, "velocity": 8, "is_hazmat": 10,
           "is_fragile": 7, "category": 11, "family": 10, "cost": 8, "weight_g": 9,
           "lead_time_days": 14}  # fmt: skip


def _of_account(account: AccountName) -> tuple[Column, Column]:
    told, shown = f"told:{account.id}", f"shown:{account.id}"
    wide = min(len(account.name) + 4, 16)
    return (
        Column(account.name, partial(_told, account.id), max(9, wide), told, is_numeric=True, is_hidden=True,
               name=told, hint=partial(_why_told, account.id), about=f"What {account.name} is told now"),
        Column(f"{account.name} showed", partial(_shown, account.id), wide + 8, shown, is_numeric=True,
               is_hidden=True, name=shown, hint=partial(_when_shown, account.id),
               about=f"What {account.name} showed when it was last looked at"),
    )  # fmt: skip


def _number(account: int, row: InventoryRow) -> ChannelNumber:
    mine = (each for each in row.numbers if each.account_id == account)
    return next(mine, ChannelNumber(account))


def _told(account: int, row: InventoryRow) -> str:
    units = _number(account, row).told
    return "" if units is None else number(units)


def _shown(account: int, row: InventoryRow) -> str:
    units = _number(account, row).shown
    return "" if units is None else number(units)


_TOLD_WORDS = {
    "withheld": "It is told nothing: nobody knows the number, or Orderdeck does not decide it.",
    "held": "Another number waits for a person's word; until then this one counts.",
    "queued": "It waits to be told.",
    "sent": "It was told, and has not answered yet.",
    "acknowledged": "It was told, and has taken it.",
}


def _why_told(account: int, row: InventoryRow) -> str:
    its = _number(account, row)
    return _TOLD_WORDS.get(its.state, "It was never told a number of this SKU.")


def _when_shown(account: int, row: InventoryRow) -> str:
    at = _number(account, row).seen_at
    if at is None:
        return "Nobody has looked there yet."
    return f"Seen {exact(at)}."


def _field(name: str, row: InventoryRow) -> str:
    return row.record.text(name) if row.record else ""


def _units(of: Callable[[InventoryRow], int | None]) -> Callable[[InventoryRow], str]:
    def text(row: InventoryRow) -> str:
        units = of(row)
        return "" if units is None else number(units)

    return text


def _withheld(row: InventoryRow) -> int | None:
    return None if row.is_kit else sum(level.withheld for level in row.levels)


def _level(place: int, row: InventoryRow) -> LevelRow | None:
    return next((level for level in row.levels if level.location_id == place), None)


def _there(place: int, row: InventoryRow) -> str:
    level = _level(place, row)
    if row.is_kit:
        return ""
    return number(level.on_hand) if level else "0"


def _explained(place: int, row: InventoryRow) -> str:
    level = _level(place, row)
    if level is None:
        return "A kit has no stock of its own." if row.is_kit else "Nothing was ever kept here."
    return (
        f"{count_of(level.on_hand, 'unit')} on hand, {number(level.allocated)} of them allocated to "
        f"orders, {_said_aside(level)}{number(level.safety_stock)} kept as safety stock, "
        f"{number(level.free)} free."
    )


def _said_aside(level: LevelRow) -> str:
    return f"{number(level.unavailable)} not for sale, " if level.unavailable else ""


def _state(row: InventoryRow) -> Pill | None:
    if row.is_negative:
        is_oversold = (row.free or 0) < (row.reserved or 0)
        return Pill("Oversold" if is_oversold else "Below 0", Tone.BAD, "exceptions")
    if row.is_kit:
        return Pill("Kit", Tone.NEUTRAL, "inventory")
    return Pill("Sold out", Tone.WARN, "short") if row.is_low else None


def _state_word(row: InventoryRow) -> str:
    pill = _state(row)
    return pill.text if pill else ""


def _free_tone(row: InventoryRow) -> Tone | None:
    return Tone.BAD if row.free is not None and row.free < 0 else None
