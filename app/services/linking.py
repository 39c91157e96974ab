"""Teach what a channel's code means, and let every order go on that waited for it; or take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.orders import OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import listings, sku_aliases, skus
from app.models.identity import Identity
from app.models.orders import order_lines, orders
from app.models.promising.marks import mark
from app.models.sets import among
from app.services import audit, reclaiming, unlinking

_NAMED = 5
MOST_IN_A_PACK = 99_999
_KEPT = ("sku_id", "pack", "valid_from", "valid_to", "product_id")
_TOUCHED = Touched.ORDERS | Touched.STOCK | Touched.CASES


class UnknownCodeError(NotFoundError):
    """Nothing of the channel account has had this code; nothing was linked."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a code was taught: its row, what that said before, says now, and what ended for it."""

    alias_id: int
    before: dict[str, Any] | None
    taught: dict[str, Any]
    ended: dict[str, Any] | None

    def to_take_back(self) -> dict[str, object]:
        """Return what taking it back needs to know."""
        return {"alias_id": self.alias_id, "before": self.before, "taught": self.taught,
                "ended": self.ended}  # fmt: skip


def link(
    db: Connection,
    actor: Actor,
    *,
    account_id: int,
    alias: str,
    sku_code: str,
    now: datetime,
    listing_id: str = "",
    variant: str = "",
    pack: int = 1,
    valid_from: datetime | None = None,
    only_known: bool = False,
) -> Changes:
    """Teach the code once; ``done`` are the orders that it freed.

    ``pack`` are the units in one that is sold. With ``valid_from`` the code means this SKU for
    orders placed from then, and what it meant before stays true of the earlier ones.

    Raises:
        NotFoundError: there is no such SKU.
        RefusedError: neither a code nor a listing was named, or no pack is that big.
        UnknownCodeError: with ``only_known``, nothing of the account has had this code.
    """
    actor.must(Permission.WORK)
    if only_known:
        _must_be_known(db, account_id, alias, listing_id)
    said: dict[str, Any] = {
        "listing_id": listing_id,
        "variant": variant,
        "pack": pack,
        "valid_from": valid_from,
    }
    lesson = teach(db, actor, account_id, alias, sku_code, now=now, **said)
    waiting = _lines_that_wait(db, account_id, alias, listing_id)
    freed = reclaiming.reclaim_unmapped(db, actor, account_id, [alias], listing_id, now=now)
    going = _going_on(db, freed)
    goes_on = f"{counted(going, 'order')} {'goes' if going == 1 else 'go'} on"
    undo: dict[str, object] = {
        **lesson.to_take_back(),
        "line_ids": _understood(db, waiting),
    }
    return Changes(
        f"Link {alias or listing_id} to {sku_code}: {goes_on}", _TOUCHED, tuple(freed),
        undo=Undo("unlink", undo),
    )  # fmt: skip


def unlink(
    db: Connection,
    actor: Actor,
    *,
    alias_id: int,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    taught: Mapping[str, Any] | None = None,
    ended: Mapping[str, Any] | None = None,
    line_ids: Sequence[int] = (),
) -> Changes:
    """Forget a code, or give it the meaning that it had before; the lines wait for it again.

    ``taught`` is what the link must still say, ``ended`` the meaning that ended where it began.
    Orders that were accepted meanwhile are left alone and named.

    Raises:
        NotFoundError: the code is not linked any more.
        RefusedError: it was taught something else since.
    """
    actor.must(Permission.WORK)
    row = _row(db, alias_id)
    if row is None:
        raise NotFoundError("This code is not linked any more; nothing was changed.",
                            "Nothing is left to take back.")  # fmt: skip
    _must_still_say(row, taught)
    mark(db, [row.sku_id], "alias")
    here = sku_aliases.c.id == alias_id
    if before is None:
        db.execute(sku_aliases.delete().where(here))
    else:
        db.execute(sku_aliases.update().where(here).values(**before))
    if ended is not None:
        _begin_again(db, row, ended)
    name = row.alias or row.listing_id
    meant = _code_of(db, row.sku_id)
    audit.record(
        db, actor, now,
        audit.Deed("unlink", f"account:{row.account_id}", "", {"alias": name, "sku": row.sku_id},
                   {"alias": name, "sku": before["sku_id"] if before else None}),
    )  # fmt: skip
    left = [] if before else unlinking.wait_again(db, actor, row.account_id, line_ids, now=now)
    return Changes(f"Forget that {name} is {meant}", _TOUCHED, (alias_id,),
                   tuple(Skipped(number, "it is accepted already") for number in left))  # fmt: skip


def teach(
    db: Connection,
    actor: Actor,
    account_id: int,
    alias: str,
    sku_code: str,
    *,
    now: datetime,
    listing_id: str = "",
    variant: str = "",
    pack: int = 1,
    valid_from: datetime | None = None,
) -> Lesson:
    """Write down what a code means; return what was taught, and what it meant before if it did.

    Raises:
        NotFoundError: there is no such SKU.
        RefusedError: neither a code nor a listing was named, or no pack is that big.
    """
    if pack < 1 or not (alias or listing_id):
        raise RefusedError("A link needs a code or a listing, and at least 1 unit in a pack; "
                           "nothing was linked.", "Name what the channel calls it.")  # fmt: skip
    if pack > MOST_IN_A_PACK:
        raise RefusedError(f"A pack holds at most {MOST_IN_A_PACK:,} units; nothing was linked.",
                           "Check how many units are in one that is sold.")  # fmt: skip
    sku_id = _sku(db, sku_code)
    mark(db, [sku_id], "alias")
    key = {"account_id": account_id, "alias": alias, "listing_id": listing_id, "variant": variant}
    newest = _newest(db, key)
    values = {"sku_id": sku_id, "pack": pack, "valid_from": valid_from, "taught_by": actor.name}
    was = _kept(newest) if newest else None
    before = was if valid_from is None else None
    if newest is not None and valid_from is None:
        values["valid_from"] = newest.valid_from
        db.execute(sku_aliases.update().where(sku_aliases.c.id == newest.id).values(**values))
        alias_id = newest.id
    else:
        alias_id = _add(db, key, values, newest, now)
    audit.record(
        db, actor, now,
        audit.Deed("teach alias", f"account:{account_id}", "",
                   {"alias": alias or listing_id, "sku": newest.sku_id if newest else None},
                   {"alias": alias or listing_id, "sku": sku_id, "pack": pack}),
    )  # fmt: skip
    ended = None if before or not newest else {"alias_id": newest.id, "valid_to": newest.valid_to,
                                               "until": valid_from}  # fmt: skip
    return Lesson(alias_id, before, _kept(_row(db, alias_id)), ended)


def _must_still_say(row: Any, taught: Mapping[str, Any] | None) -> None:
    """Refuse to take back a link that somebody has taught anew, or ended, since."""
    if taught is not None and _kept(row) != dict(taught):
        raise RefusedError(
            f"“{row.alias or row.listing_id}” was linked anew since; nothing was changed.",
            "Undo the later link first, or link the code to what it means now.",
        )


def _begin_again(db: Connection, row: Any, ended: Mapping[str, Any]) -> None:
    """Let the meaning that a link ended hold on, unless somebody has changed that since."""
    same = (sku_aliases.c.id == ended["alias_id"], sku_aliases.c.valid_to == ended["until"])
    db.execute(sku_aliases.update().where(*same).values(valid_to=ended["valid_to"]))
    before = _row(db, ended["alias_id"])
    if before is not None:
        mark(db, sorted({row.sku_id, before.sku_id}), "alias")


def _kept(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _KEPT}


def _row(db: Connection, alias_id: int) -> Any | None:
    return db.execute(select(sku_aliases).where(sku_aliases.c.id == alias_id)).first()


def _newest(db: Connection, key: Mapping[str, Any]) -> Any | None:
    same = [sku_aliases.c[name] == value for name, value in key.items()]
    return db.execute(select(sku_aliases).where(*same).order_by(sku_aliases.c.id.desc())).first()


def _add(
    db: Connection, key: Mapping[str, Any], values: Mapping[str, Any], newest: Any, now: datetime
) -> int:
    """Add a meaning; the one before it ends where this begins."""
    begins = values["valid_from"]
    if newest is not None:
        if newest.valid_from is not None and newest.valid_from >= begins:
            raise RefusedError("This code has a later meaning already; nothing was linked.",
                               "Choose a later day, or change that meaning.")  # fmt: skip
        ended = sku_aliases.update().where(sku_aliases.c.id == newest.id)
        db.execute(ended.values(valid_to=begins))
    alias_id = Identity(db, sku_aliases).take(sku_aliases)
    db.execute(sku_aliases.insert(), [{"id": alias_id, **key, **values, "created_at": now}])
    return alias_id


def _sku(db: Connection, code: str) -> int:
    sku_id = db.execute(select(skus.c.id).where(skus.c.code == code)).scalar()
    if sku_id is None:
        raise NotFoundError(
            f"There is no SKU “{code}”; nothing was linked.",
            "Choose a SKU from the catalogue, or add it first.",
        )
    return int(sku_id)


def _code_of(db: Connection, sku_id: int) -> str:
    return str(db.execute(select(skus.c.code).where(skus.c.id == sku_id)).scalar_one())


def _lines_that_wait(db: Connection, account_id: int, alias: str, listing_id: str) -> list[int]:
    query = (
        select(order_lines.c.id)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            orders.c.account_id == account_id,
            order_lines.c.claim == "unmapped",
            order_lines.c.sku_text == alias if alias else order_lines.c.listing_id == listing_id,
        )
        .order_by(order_lines.c.id)
    )
    return list(db.execute(query).scalars())


def _understood(db: Connection, line_ids: Sequence[int]) -> list[int]:
    """Return those of the lines that have a SKU now."""
    known = select(order_lines.c.id).where(
        among(order_lines.c.id, "lines"), order_lines.c.sku_id.is_not(None)
    )
    return sorted(db.execute(known, {"lines": list(line_ids)}).scalars())


def _going_on(db: Connection, order_ids: Sequence[int]) -> int:
    """Count those that nothing keeps back any more: neither another hold nor missing stock."""
    query = select(func.count()).where(
        among(orders.c.id, "orders"), ~orders.c.is_held, ~orders.c.is_short
    )
    return int(db.execute(query, {"orders": list(order_ids)}).scalar_one())


def _must_be_known(db: Connection, account_id: int, alias: str, listing_id: str) -> None:
    """Refuse a code that nothing of this account has: a link that frees nobody hides a slip."""

    def same(text: Any, listing: Any) -> Any:
        return text == alias if alias else listing == listing_id

    ordered = (
        select(order_lines.c.id)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            orders.c.account_id == account_id,
            same(order_lines.c.sku_text, order_lines.c.listing_id),
        )
    )
    listed = select(listings.c.id).where(
        listings.c.account_id == account_id, same(listings.c.sku_text, listings.c.listing_id)
    )
    taught = select(sku_aliases.c.id).where(
        sku_aliases.c.account_id == account_id,
        same(sku_aliases.c.alias, sku_aliases.c.listing_id),
    )
    if any(db.execute(each.limit(1)).first() for each in (ordered, listed, taught)):
        return
    raise UnknownCodeError(
        f"No order and no listing of this channel has the code “{alias or listing_id}”; nothing "
        "was linked.",
        _codes_that_wait(db, account_id, alias),
    )


def _codes_that_wait(db: Connection, account_id: int, alias: str) -> str:
    """Return which codes a person may have meant, the nearest first."""
    query = (
        select(order_lines.c.sku_text)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(
            orders.c.account_id == account_id,
            orders.c.status == OrderStatus.OPEN.value,
            order_lines.c.claim == "unmapped",
            order_lines.c.sku_text != "",
        )
        .distinct()
        .order_by(order_lines.c.sku_text)
    )
    waiting = db.execute(query).scalars().all()
    if not waiting:
        return "No code of this channel waits to be linked."
    from rapidfuzz import fuzz, process  # loaded when a code is first compared

    best = process.extract(alias, waiting, scorer=fuzz.WRatio, limit=_NAMED)
    return f"Codes that wait: {', '.join(f'“{code}”' for code, _score, _at in best)}."
