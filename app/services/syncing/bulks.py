"""Which quantities has a channel taken in bulk and not worked through yet, and what came of them?

A bulk is rows like any other quantities, under way with the channel's own number for the bulk as their
reference. Another process may settle it: everything that is needed for that stands in the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.outgoing import MessageState, Offer, OutgoingKind
from app.models.catalogue import listings
from app.models.exchange import outbox_messages
from app.models.sets import among
from app.services.syncing import offers

_out = outbox_messages.c


@dataclass(slots=True)
class OpenBulk:
    """A bulk that the channel works through: its number there, when it went, each offer with its row."""

    number: str
    sent_at: datetime
    rows: dict[Offer, int] = field(default_factory=dict)


def note_number(db: Connection, row_ids: Collection[int], number: str) -> None:
    """Keep the channel's number for what it has taken in bulk."""
    here = outbox_messages.update().where(among(_out.id, "rows")).values(reference=number)
    db.execute(here, {"rows": list(row_ids)})


def open_bulks(db: Connection, account_id: int) -> list[OpenBulk]:
    """Return the bulks of an account that nobody has settled yet, the oldest first."""
    query = select(_out.id, _out.reference, _out.sent_at, _out.payload).where(
        _out.account_id == account_id, _out.kind == OutgoingKind.QUANTITY,
        _out.state == MessageState.SENT, _out.reference != "",
    )  # fmt: skip
    found: dict[str, OpenBulk] = {}
    for row in db.execute(query.order_by(_out.id)):
        bulk = found.setdefault(row.reference, OpenBulk(row.reference, row.sent_at))
        bulk.rows[_offer(row.payload)] = row.id
    return list(found.values())


def end_bulk(
    db: Connection,
    account_id: int,
    rows: Mapping[Offer, int],
    problems: Mapping[Offer, str],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write down what became of (a part of) a bulk; what was told anew meanwhile is not known now."""
    offers.end_push(db, account_id, rows, problems, actor=actor, now=now)
    told_later = _told_since(db, account_id, rows)
    if told_later:
        mine = (
            listings.c.account_id == account_id,
            among(listings.c.sku_text, "texts"),
        )
        unknown = listings.update().where(*mine).values(quantity_shown=None)
        db.execute(unknown, {"texts": sorted(told_later)})


def _told_since(db: Connection, account_id: int, rows: Mapping[Offer, int]) -> set[str]:
    """Return the codes of a bulk that were also told by themselves while it was worked through."""
    of_sku: dict[int, list[Offer]] = defaultdict(list)
    for offer in rows:
        of_sku[offer.sku_id].append(offer)
    last = max(rows.values(), default=0)
    query = select(_out.payload).where(
        _out.account_id == account_id, _out.kind == OutgoingKind.QUANTITY, _out.id > last,
        _out.reference == "",
    )  # fmt: skip
    later = {_offer(payload).sku_id for payload in db.execute(query).scalars()}
    return {offer.sku_text for sku_id in later & of_sku.keys() for offer in of_sku[sku_id]}


def _offer(payload: Mapping[str, Any]) -> Offer:
    return Offer(
        payload.get("sku_id", 0), payload["sku"], payload.get("listing", ""),
        payload.get("place", ""), "", payload["quantity"], payload.get("shown"),
    )  # fmt: skip
