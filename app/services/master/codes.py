"""Which SKU does a channel's code mean? Taught first, then our own code, then a barcode.

Each rung is one lookup by key for all codes of a batch, however large the catalogue is. What only
looks alike is never taken by itself (``app.queries.codes`` suggests it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.recognising import Code, Meant, Rung, gtin, keys_of
from app.models.bulk import insert_rows
from app.models.catalogue import sku_aliases, sku_keys, skus
from app.models.sets import among

_ALIAS = (
    sku_aliases.c.id, sku_aliases.c.alias, sku_aliases.c.listing_id, sku_aliases.c.variant,
    sku_aliases.c.sku_id, sku_aliases.c.pack, sku_aliases.c.valid_from, sku_aliases.c.valid_to,
)  # fmt: skip
_OF_ACCOUNT = sku_aliases.c.account_id == bindparam("account")
_TAUGHT = select(*_ALIAS).where(_OF_ACCOUNT, among(sku_aliases.c.alias, "codes"))
_LISTED = select(*_ALIAS).where(
    _OF_ACCOUNT, sku_aliases.c.alias == "", among(sku_aliases.c.listing_id, "listings")
)
_OWN = select(skus.c.code, skus.c.id).where(among(skus.c.code, "codes"))
_BY_KEY = select(sku_keys.c.value, sku_keys.c.sku_id).where(
    sku_keys.c.kind == "gtin", among(sku_keys.c.value, "values")
)


def recognise(db: Connection, account_id: int, codes: Iterable[Code]) -> dict[Code, Meant]:
    """Return what each code of an account means, as it was valid when the order was placed."""
    wanted = {code for code in codes if code.text or code.listing_id}
    found: dict[Code, Meant] = {}
    texts = {code.text for code in wanted if code.text}
    if texts:
        taught = _by_alias(db.execute(_TAUGHT, {"account": account_id, "codes": texts}).all())
        own: dict[str, int] = dict(db.execute(_OWN, {"codes": texts}).all())
        for code in wanted:
            if (alias := _best(code, taught.get(code.text, ()))) is not None:
                found[code] = Meant(alias.sku_id, alias.pack, Rung.TAUGHT)
            elif code.text in own:
                found[code] = Meant(own[code.text])
    left = wanted - found.keys()
    if left:
        found.update(_by_listing(db, account_id, left))
        found.update(_by_barcode(db, left - found.keys()))
    return found


def recognise_texts(db: Connection, account_id: int, texts: Collection[str]) -> dict[str, Meant]:
    """Return what codes mean that stand alone, as they are valid now or were last."""
    found = recognise(db, account_id, map(Code, texts))
    return {code.text: meant for code, meant in found.items()}


def rewrite_keys(db: Connection, sku_ids: Collection[int]) -> None:
    """Bring what SKUs can be recognised by in line with their codes and barcodes."""
    if not sku_ids:
        return
    mine = {"skus": list(sku_ids)}
    db.execute(sku_keys.delete().where(among(sku_keys.c.sku_id, "skus")), mine)
    query = select(skus.c.id, skus.c.code, skus.c.barcode, skus.c.more_barcodes)
    rows = db.execute(query.where(among(skus.c.id, "skus")), mine)
    keys = [
        {"kind": kind, "value": value, "sku_id": row.id}
        for row in rows
        for kind, value in keys_of(row.code, f"{row.barcode} {row.more_barcodes}")
    ]
    insert_rows(db, sku_keys, keys)


def _by_alias(rows: Iterable[Any]) -> Mapping[str, Sequence[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.alias].append(row)
    return found


def _best(code: Code, aliases: Sequence[Any]) -> Any | None:
    """Return the alias that says most about a code, of those that were valid then."""
    fit = [alias for alias in aliases if _fits(code, alias)]
    if len(fit) < 2:  # nearly always: nothing is to be compared
        return fit[0] if fit else None
    return max(fit, key=lambda a: (a.listing_id != "", a.variant != "", a.id), default=None)


def _fits(code: Code, alias: Any) -> bool:
    if alias.listing_id and alias.listing_id != code.listing_id:
        return False
    if alias.variant and alias.variant != code.variant:
        return False
    if code.at is None:
        return True  # the newest counts
    begun = alias.valid_from is None or alias.valid_from <= code.at
    return begun and (alias.valid_to is None or code.at < alias.valid_to)


def _by_listing(db: Connection, account_id: int, codes: Collection[Code]) -> dict[Code, Meant]:
    """Recognise lines by the listing alone, where a person has said that it may."""
    ids = {code.listing_id for code in codes if code.listing_id}
    if not ids:
        return {}
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in db.execute(_LISTED, {"account": account_id, "listings": ids}):
        rows[row.listing_id].append(row)
    best = {code: _best(code, rows.get(code.listing_id, ())) for code in codes}
    return {
        code: Meant(alias.sku_id, alias.pack, Rung.TAUGHT) for code, alias in best.items() if alias
    }


def _by_barcode(db: Connection, codes: Collection[Code]) -> dict[Code, Meant]:
    """Recognise codes that are the barcode of exactly one SKU, by a right check digit."""
    numbers = {code: number for code in codes if (number := gtin(code.text))}
    if not numbers:
        return {}
    owners: dict[str, list[int]] = defaultdict(list)
    for value, sku_id in db.execute(_BY_KEY, {"values": set(numbers.values())}):
        owners[value].append(sku_id)
    return {
        code: Meant(owners[number][0], 1, Rung.BARCODE)
        for code, number in numbers.items()
        if len(owners[number]) == 1
    }
