"""What does an account offer, what was its channel told, and what has to be told now?

The number is worked out when it is sent, never before: whatever happened meanwhile is in it. A later
number replaces an earlier one, so nothing waits in a row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.domain.importing import ListingRow
from app.domain.outgoing import MessageState, Offer, OutgoingKind
from app.domain.recognising import Code
from app.domain.roles import SYSTEM
from app.models.catalogue import listings
from app.models.exchange import outbox_messages
from app.models.identity import Identity
from app.models.inventory import stock_movements
from app.models.promising.goods import bands_of
from app.models.promising.sheet import market, sheet
from app.services import availability
from app.services.cases import resolve_cases
from app.services.master import codes
from app.services.promising import observing, publishing
from app.services.promising.planning import progress
from app.services.syncing import outbox

# How soon a number is told once more that was refused for good: it may be listed again by then.
AGAIN_AFTER: Final = timedelta(hours=6)
# A channel that compares before it sets says so where something was sold in between.
MOVED: Final = "STALE"
_table = listings.c
_PART = 400


def take_listings(
    db: Connection, account_id: int, rows: Sequence[ListingRow], *, now: datetime
) -> None:
    """Keep a page of what the channel itself says that the account offers."""
    means = codes.recognise(db, account_id, [Code(row.sku_text, row.listing_id) for row in rows])
    ids = Identity(db, listings)
    for row in rows:
        meant = means.get(Code(row.sku_text, row.listing_id))
        values = {"title": row.title, "sku_id": meant.sku_id if meant else None, "price": row.price,
                  "quantity_shown": row.quantity, "observed_at": now}  # fmt: skip
        here = listings.update().where(
            _table.account_id == account_id, _table.sku_text == row.sku_text,
            _table.listing_id == row.listing_id, _table.place == row.location,
        )  # fmt: skip
        if not db.execute(here.values(**values)).rowcount:
            made = {"id": ids.take(listings), "account_id": account_id, "sku_text": row.sku_text,
                    "listing_id": row.listing_id, "place": row.location, **values}  # fmt: skip
            db.execute(listings.insert(), [made])


def forget_unseen(db: Connection, account_id: int, *, since: datetime) -> int:
    """Forget what a whole pass has not shown any more; if it showed nothing at all, forget nothing."""
    mine = _table.account_id == account_id
    seen = db.execute(select(func.count()).where(mine, _table.observed_at >= since)).scalar_one()
    if not seen:
        return 0
    return db.execute(listings.delete().where(mine, _table.observed_at < since)).rowcount


class Seen(NamedTuple):
    """What numbers were worked out with: the newest movement, the sheet, the day and the calendar."""

    movement: int
    policy: int
    day: str
    turn: str


def newest(db: Connection) -> Seen:
    """Return what tells whether numbers may have changed since they were last looked at."""
    movement = int(
        db.execute(select(func.coalesce(func.max(stock_movements.c.id), 0))).scalar_one()
    )
    begun = progress(db)
    return Seen(movement, sheet(db).version, begun.day, begun.turn)


def stale_offers(db: Connection, account_id: int, *, now: datetime) -> list[Offer]:
    """Return the offers whose number is not the one that the channel shows, as far as is known.

    A number that the channel has refused is not told again for a while, unless it moves or somebody
    wants it to be.
    """
    units = availability.available_units(db, now=now).get(account_id, {})
    offers = availability.offers(db, account_id, units)
    held, refused = publishing.held_skus(db, account_id), _refused(db, account_id, now)
    return [
        offer
        for offer in offers
        if offer.listing_id and offer.quantity != offer.shown and offer.sku_id not in held
        and (offer.sku_text, offer.quantity) not in refused
    ]  # fmt: skip


def _refused(db: Connection, account_id: int, now: datetime) -> set[tuple[str, int]]:
    """Return the numbers that the channel has refused lately, by their SKUs' codes."""
    out = outbox_messages.c
    query = select(out.payload).where(
        out.account_id == account_id, out.kind == OutgoingKind.QUANTITY,
        out.state == MessageState.REJECTED, out.answered_at > now - AGAIN_AFTER,
        out.problem.not_like(f"%{MOVED}%"),
    )  # fmt: skip
    return {(told["sku"], told["quantity"]) for told in db.execute(query).scalars()}


def bands(db: Connection, sku_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """Return how fast each SKU sells, A to D."""
    return bands_of(db, sku_ids, now=now)


def begin_push(
    db: Connection, account_id: int, offers: Sequence[Offer], *, actor: str, now: datetime
) -> tuple[list[Offer], dict[Offer, int], str]:
    """Work the numbers out anew and write them down as being told; return them, their rows, a key.

    What is equal by now is left out, and what a person is asked about first.
    """
    publishing.publish(db, SYSTEM, now=now)
    held = publishing.held_skus(db, account_id)
    offers = [offer for offer in offers if offer.sku_id not in held]
    skus = sorted({offer.sku_id for offer in offers})
    units = availability.told(db, skus, market(db, now=now)).get(account_id, {})
    fresh = [
        replace(offer, quantity=number)
        for offer in offers
        if (number := units.get(offer.sku_id)) is not None and number != offer.shown
    ]
    ids = Identity(db, outbox_messages)
    rows = {offer: ids.take(outbox_messages) for offer in fresh}
    messages = [_message(row_id, account_id, offer, now) for offer, row_id in rows.items()]
    if messages:
        db.execute(outbox_messages.insert(), messages)
        outbox.remember(db, list(rows.values()), "sent", actor=actor, now=now)
        publishing.mark_sent(db, account_id, {offer.sku_id for offer in fresh}, now=now)
    key = f"quantities:{account_id}:{min(rows.values(), default=0)}"
    return fresh, rows, key


def end_push(
    db: Connection,
    account_id: int,
    told: Mapping[Offer, int],
    problems: Mapping[Offer, str],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Write down what became of each number of a push; those that were taken are shown now."""
    for offer, row_id in told.items():
        problem = problems.get(offer, "")
        state = MessageState.REJECTED if problem else MessageState.ACKED
        db.execute(
            outbox_messages.update()
            .where(outbox_messages.c.id == row_id)
            .values(state=state, problem=problem, answered_at=now)
        )
        outbox.remember(db, [row_id], state.value, actor=actor, now=now, words=problem)
    shown = [_shown(account_id, offer) for offer in told if not problems.get(offer)]
    if shown:
        db.execute(_SHOWS.values(quantity_shown=bindparam("units"), observed_at=now), shown)
        taken = {offer.sku_id for offer in told if not problems.get(offer)}
        resolve_cases(
            db, outbox.OF_MESSAGES, "sku", sorted(taken),
            resolution="The channel has taken it.", now=now,
        )  # fmt: skip
        publishing.acknowledge(db, account_id, taken, now=now)


def give_up_push(
    db: Connection, told: Mapping[Offer, int], words: str, *, actor: str, now: datetime
) -> None:
    """A push has no answer: what it said is worked out and told anew, so nothing waits for it."""
    for row_id in told.values():
        db.execute(
            outbox_messages.update()
            .where(outbox_messages.c.id == row_id)
            .values(state=MessageState.RECALLED, problem=words, answered_at=now)
        )
    outbox.remember(db, list(told.values()), "again", actor=actor, now=now, words=words)


def abandon_pushes(db: Connection, account_id: int, *, actor: str, now: datetime) -> None:
    """Give up what a program that ended was telling: its numbers are worked out anew.

    A bulk that the channel has taken is not given up: it is looked for there.
    """
    out = outbox_messages.c
    mine = (out.account_id == account_id, out.kind == OutgoingKind.QUANTITY,
            out.state == MessageState.SENT, out.export_file_id.is_(None), out.reference == "")  # fmt: skip
    ids = list(db.execute(select(out.id).where(*mine)).scalars())
    if ids:
        db.execute(outbox_messages.update().where(*mine).values(state=MessageState.RECALLED))
        outbox.remember(db, ids, "again", actor=actor, now=now, words="The program had ended.")


def note_shown(
    db: Connection, account_id: int, shown: Mapping[Offer, int | None], *, now: datetime
) -> None:
    """Keep what the channel shows, as it was read back."""
    rows = [
        {**_shown(account_id, offer), "units": units}
        for offer, units in shown.items()
        if units is not None
    ]
    if rows:
        db.execute(_SHOWS.values(quantity_shown=bindparam("units"), observed_at=now), rows)
        observing.note_listings(db, account_id, source="the channel", now=now)


_SHOWS = listings.update().where(
    _table.account_id == bindparam("account"), _table.sku_text == bindparam("text"),
    _table.listing_id == bindparam("listing"), _table.place == bindparam("where"),
)  # fmt: skip


def _shown(account_id: int, offer: Offer) -> dict[str, Any]:
    return {"account": account_id, "text": offer.sku_text, "listing": offer.listing_id,
            "where": offer.place, "units": offer.quantity}  # fmt: skip


def _message(row_id: int, account_id: int, offer: Offer, now: datetime) -> dict[str, Any]:
    return {
        "id": row_id, "account_id": account_id, "kind": OutgoingKind.QUANTITY,
        "idempotency_key": f"quantity:{account_id}:{offer.sku_id}:m{row_id}",
        "payload": {"sku": offer.sku_text, "quantity": offer.quantity, "shown": offer.shown,
                    "sku_id": offer.sku_id, "listing": offer.listing_id, "place": offer.place},
        "state": "sent", "not_before": now, "created_at": now, "sent_at": now, "attempts": 1,
    }  # fmt: skip
