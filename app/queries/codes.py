"""Which codes of channels does nobody know, what may they mean, and what would linking them free?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.recognising import Rung, plain
from app.models.base import is_state
from app.models.catalogue import sku_aliases, sku_keys, skus
from app.models.orders import channel_accounts, order_lines, orders, sales_channels

LEAST_SCORE = 60
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A SKU that a code may mean; ``score`` of 100 is how much alike they are. Never taken by itself."""

    sku: str
    title: str
    rung: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code of a channel account that open orders wait for."""

    account_id: int
    channel: str
    account: str
    code: str
    listing_id: str
    variant: str
    title: str
    orders: int
    units: int
    waits_since: datetime
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class AliasRow:
    """What a channel account calls a SKU of ours; ``pack`` units are in one that is sold there."""

    id: int
    account_id: int
    channel: str
    account: str
    code: str
    listing_id: str
    variant: str
    product_id: str
    sku: str
    pack: int
    valid_from: datetime | None
    valid_to: datetime | None
    taught_by: str


def unknown_codes(db: Connection) -> list[UnknownCode]:
    """Return every code that open orders wait for, those that keep back most orders first."""
    line = order_lines.c
    query = (
        select(
            orders.c.account_id, sales_channels.c.name.label("channel"),
            channel_accounts.c.name.label("account"), line.sku_text, line.listing_id, line.variant,
            func.min(line.title).label("title"),
            func.count(orders.c.id.distinct()).label("orders"),
            func.sum(line.quantity).label("units"), func.min(orders.c.placed_at).label("since"),
        )
        .join(orders, orders.c.id == line.order_id)
        .join(channel_accounts, channel_accounts.c.id == orders.c.account_id)
        .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
        .where(
            is_state(line.claim, "short", "unmapped"), line.claim == "unmapped",
            (line.sku_text != "") | (line.listing_id != ""), orders.c.status == "open",
        )
        .group_by(
            orders.c.account_id, sales_channels.c.name, channel_accounts.c.name, line.sku_text,
            line.listing_id, line.variant,
        )
    )  # fmt: skip
    found = [
        UnknownCode(
            row.account_id, row.channel, row.account, row.sku_text, row.listing_id, row.variant,
            row.title, row.orders, int(row.units), _utc(row.since),
        )
        for row in db.execute(query)
    ]  # fmt: skip
    likely = suggestions(db, {(each.code, each.title) for each in found})
    whole = [replace(each, suggestions=likely.get((each.code, each.title), ())) for each in found]
    return sorted(whole, key=lambda each: (-each.orders, each.waits_since, each.code))


def suggestions_for(db: Connection, code: str, title: str = "") -> tuple[Suggestion, ...]:
    """Return the SKUs that a person most likely means by one code."""
    return suggestions(db, [(code, title)]).get((code, title), ())


def suggestions(
    db: Connection, wanted: Iterable[tuple[str, str]], *, limit: int = _SHOWN
) -> dict[tuple[str, str], tuple[Suggestion, ...]]:
    """Return, for each (code, title), the likeliest SKUs: the same but for writing, then the alike."""
    asked = list(wanted)
    if not asked:
        return {}
    titles: dict[str, str] = dict(db.execute(select(skus.c.code, skus.c.title)).all())
    same = _written_alike(db, {plain(code) for code, _title in asked if code})
    return {
        (code, title): _ranked(
            code, title, titles, same.get(plain(code), ()) if code else (), limit
        )
        for code, title in asked
    }


def near_misses(db: Connection, text: str, title: str = "") -> list[tuple[str, str]]:
    """Return (code, words) of the SKUs that a person most likely means by a code."""
    return [(each.sku, each.title) for each in suggestions_for(db, text, title)]


def orders_waiting(db: Connection, account_id: int, code: str, listing_id: str = "") -> int:
    """Return how many orders would go on if this code were linked."""
    line = order_lines.c
    named = line.sku_text == code if code else line.listing_id == listing_id
    query = (
        select(func.count(orders.c.id.distinct()))
        .join(order_lines, line.order_id == orders.c.id)
        .where(
            is_state(line.claim, "short", "unmapped"), line.claim == "unmapped", named,
            orders.c.account_id == account_id, orders.c.status == "open",
        )
    )  # fmt: skip
    return int(db.execute(query).scalar_one())


def aliases(db: Connection, sku_code: str | None = None) -> list[AliasRow]:
    """Return what channels call things, of one SKU or of all."""
    table = sku_aliases.c
    query = (
        select(
            sku_aliases, channel_accounts.c.name.label("account"),
            sales_channels.c.name.label("channel"), skus.c.code.label("sku"),
        )
        .join(channel_accounts, channel_accounts.c.id == table.account_id)
        .join(sales_channels, sales_channels.c.code == channel_accounts.c.channel)
        .join(skus, skus.c.id == table.sku_id)
        .order_by(skus.c.code, sales_channels.c.name, table.alias, table.id)
    )  # fmt: skip
    if sku_code is not None:
        query = query.where(skus.c.code == sku_code)
    return [
        AliasRow(
            row.id, row.account_id, row.channel, row.account, row.alias, row.listing_id,
            row.variant, row.product_id, row.sku, row.pack, row.valid_from, row.valid_to,
            row.taught_by,
        )
        for row in db.execute(query)
    ]  # fmt: skip


def _written_alike(db: Connection, keys: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the codes of ours that differ in case, blanks, dashes or leading zeros only."""
    query = (
        select(sku_keys.c.value, skus.c.code)
        .join(skus, skus.c.id == sku_keys.c.sku_id)
        .where(sku_keys.c.kind == "code", sku_keys.c.value.in_(list(keys)))
        .order_by(skus.c.code)
    )
    found: dict[str, list[str]] = {}
    for value, code in db.execute(query):
        found.setdefault(value, []).append(code)
    return found


def _ranked(
    code: str, title: str, titles: Mapping[str, str], same: Sequence[str], limit: int
) -> tuple[Suggestion, ...]:
    best = {
        sku: Suggestion(sku, titles[sku], Rung.NORMALISED.value, 99,
                        "the same but for case, blanks, dashes or leading zeros")
        for sku in same
    }  # fmt: skip
    for sku, score, why in _alike(code, title, titles, limit):
        best.setdefault(sku, Suggestion(sku, titles[sku], Rung.ALIKE.value, score, why))
    return tuple(sorted(best.values(), key=lambda each: (-each.score, each.sku))[:limit])


def _alike(
    code: str, title: str, titles: Mapping[str, str], limit: int
) -> Iterable[tuple[str, int, str]]:
    """Yield SKUs whose code, or else whose title, is much alike."""
    from rapidfuzz import fuzz, process, utils  # loaded when a code is first compared

    found: dict[str, tuple[int, str]] = {}
    if code:
        for sku, score, _at in process.extract(
            code, list(titles), scorer=fuzz.WRatio, limit=limit, score_cutoff=LEAST_SCORE
        ):
            found[sku] = (min(98, int(score)), f"the code is {int(score)} % alike")
    if title:
        for _words, score, sku in process.extract(
            title, titles, scorer=fuzz.token_set_ratio, processor=utils.default_process,
            limit=limit, score_cutoff=LEAST_SCORE,
        ):  # fmt: skip
            if int(score) > found.get(sku, (0, ""))[0]:
                found[sku] = (min(95, int(score)), f"the title is {int(score)} % alike")
    return [(sku, score, why) for sku, (score, why) in found.items()]


def _utc(value: Any) -> datetime:
    found: datetime = value
    return found
