"""Take back what an import brought, as far as nobody has worked on it since.

Nothing is erased: the file, its rows and the trail stay. An order that only this import brought, and
that is as it came, gives its units back and waits under "taken back"; importing the file again brings
the same order in again. What was worked on since is left alone, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.cases import CaseKind
from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.importing import FileKind
from app.domain.inventory import Bucket, Cause
from app.domain.orders import ChannelState, HoldCode, OrderStatus
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.exchange import import_files, inbox_messages
from app.models.fulfilment import document_prints, routing_suggestions
from app.models.governance import audit_entries
from app.models.inventory import locations, stock_movements
from app.models.orders import holds, order_changes, order_lines, order_notes, order_tags, orders
from app.models.sets import among
from app.services import audit, changing, reclaiming, reserving, stock
from app.services.cases import resolve_cases
from app.services.payouts.taking import withdraw_lines

WHY: Final = "The import was taken back."
_TOUCHED = Touched.ORDERS | Touched.STOCK | Touched.CASES | Touched.FILES
_WITH_STOCK = (FileKind.STOCK, FileKind.CATALOGUE)
# Holds that only a person lifts; the others go by themselves once their reason has gone.
_LIFTED_BY_HAND = (
    HoldCode.ADDRESS_ZIP, HoldCode.MOJIBAKE_SUSPECT, HoldCode.STATUS_UNCLEAR,
    HoldCode.TOTAL_MISMATCH, HoldCode.SHIPPED_ELSEWHERE, HoldCode.CANCELLED_ON_CHANNEL,
    HoldCode.BY_RULE, HoldCode.FRAUD_RISK, HoldCode.REFUNDED_IN_PART,
)  # fmt: skip


def brought(db: Connection, import_id: int) -> Changes:
    """Return the receipt of a finished import: what it touched, and how it is taken back."""
    file = _file(db, import_id)
    arguments: dict[str, object] = {"import_id": import_id}
    done: tuple[int, ...] = (import_id,)
    if file.kind == FileKind.ORDERS:
        done = tuple(sorted({row.id for row in _told(db, import_id, None)}))
        arguments["order_ids"] = list(done)
    undo = Undo("take_back_import", arguments) if _can_be_taken_back(file) else None
    return Changes(f"Import of {file.name}", Touched.ALL, done, undo=undo)


def take_back_import(
    db: Connection,
    actor: Actor,
    *,
    import_id: int,
    order_ids: Sequence[int] | None = None,
    now: datetime,
) -> Changes:
    """Take an import back, or the part of it that is about some orders.

    Raises:
        NotAllowedError: the role is too low.
        NotFoundError: there is no such import.
        RefusedError: it is under way, or a file of its kind leaves nothing to take back.
    """
    actor.must(Permission.WORK)
    file = _file(db, import_id)
    _refuse_the_rest(file)
    if file.kind == FileKind.ORDERS:
        changes = _orders(db, actor, file, order_ids, now)
    elif file.kind == FileKind.SETTLEMENT:
        changes = _lines(db, file, now)
    else:
        changes = _stock(db, actor, file, now)
    if changes.done:
        _close(db, actor, file, changes, now)
    return changes


def _file(db: Connection, import_id: int) -> Any:
    table = import_files.c
    query = select(table.id, table.name, table.kind, table.state).where(table.id == import_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFoundError(
            "There is no such import; nothing was taken back.",
            "Choose one of the files on the page Channels.",
        )
    return row


def _can_be_taken_back(file: Any) -> bool:
    kinds = (FileKind.ORDERS, FileKind.SETTLEMENT, *_WITH_STOCK)
    return file.state in ("done", "cancelled", "taken_back") and file.kind in kinds


def _refuse_the_rest(file: Any) -> None:
    if file.state == "confirmed":
        raise RefusedError(
            f"{file.name} is still being taken in; nothing was taken back.",
            "Cancel the import, or wait until it is done.",
        )
    if not _can_be_taken_back(file):
        raise RefusedError(
            f"{file.name} moved no order, no stock and no money; there is nothing to take back.",
            "Import the earlier file again if it said it better.",
        )


def _close(db: Connection, actor: Actor, file: Any, changes: Changes, now: datetime) -> None:
    here = import_files.c.id == file.id
    db.execute(import_files.update().where(here).values(state="taken_back"))
    counts = {"taken back": len(changes.done), "left alone": len(changes.skipped)}
    deed = audit.Deed(
        "take back import", f"file:{file.id}", before={"state": file.state}, after=counts
    )
    audit.record(db, actor, now, deed)


# ---- orders -------------------------------------------------------------------------------------


def _orders(
    db: Connection, actor: Actor, file: Any, order_ids: Sequence[int] | None, now: datetime
) -> Changes:
    rows = _told(db, file.id, order_ids)
    created = {row.id: row for row in rows if row.inbox_id == row.message_id}
    told = {row.id: row for row in rows if row.id not in created}
    touched = _touched_since(db, file.id, created)
    untouched = [row for row in created.values() if row.id not in touched]
    _withdraw(db, actor, untouched, now)
    dropped = _drop_changes(db, actor, told, now)
    stays = {row.id: _UPDATED for row in told.values() if row.id not in dropped}
    numbers = {row.id: row.number for row in rows}
    skipped = tuple(Skipped(numbers[key], why) for key, why in {**touched, **stays}.items())
    done = tuple(row.id for row in untouched) + tuple(dropped)
    return Changes(
        f"Take back {counted(len(done), 'order')} of {file.name}", _TOUCHED, done, skipped
    )


_UPDATED = "it was here before, and what the channel said of it stays"


def _told(db: Connection, import_id: int, order_ids: Sequence[int] | None) -> Sequence[Any]:
    """Return the orders of which an import said something new, each with what was said."""
    message = inbox_messages.c
    query = (
        select(
            orders.c.id, orders.c.number, orders.c.status, orders.c.inbox_id,
            orders.c.assigned_to, orders.c.changed_hash, message.id.label("message_id"),
            message.channel_state.label("came_as"), message.content_hash.label("version"),
        )
        .join(
            inbox_messages,
            (message.account_id == orders.c.account_id)
            & (message.external_id == orders.c.external_id),
        )
        .where(message.import_file_id == import_id, orders.c.status != OrderStatus.TAKEN_BACK)
        .order_by(message.id.desc())
    )  # fmt: skip
    if order_ids is None:
        return db.execute(query).all()
    return db.execute(query.where(among(orders.c.id, "orders")), {"orders": list(order_ids)}).all()


def _touched_since(db: Connection, import_id: int, created: dict[int, Any]) -> dict[int, str]:
    """Return the orders that are not as the import left them, each with what happened to it."""
    found: dict[int, str] = {}
    wanted = {"orders": list(created)}
    for row in created.values():
        if row.status != _FIRST.get(row.came_as, OrderStatus.OPEN):
            found[row.id] = f"it is {row.status.replace('_', ' ')}"
        elif row.assigned_to:
            found[row.id] = "somebody was asked to take care of it"
    for query, why in _SIGNS:
        for order_id in db.execute(query, wanted).scalars():
            found.setdefault(order_id, why)
    for order_id in db.execute(_SAID_LATER, {**wanted, "file": import_id}).scalars():
        found.setdefault(order_id, "another file has said more of it since")
    for subject in db.execute(_CORRECTED, {"subjects": [f"order:{x}" for x in created]}).scalars():
        found.setdefault(int(subject.partition(":")[2]), "its address was corrected")
    return found


_FIRST = {
    ChannelState.SHIPPED: OrderStatus.SHIPPED,
    ChannelState.CANCELLED: OrderStatus.CANCELLED,
}
_hold = holds.c
_SIGNS: Final = (
    (select(order_notes.c.order_id).where(among(order_notes.c.order_id, "orders")),
     "somebody wrote a note on it"),
    (select(order_tags.c.order_id).where(among(order_tags.c.order_id, "orders")),
     "somebody tagged it"),
    (select(document_prints.c.order_id).where(among(document_prints.c.order_id, "orders")),
     "its papers were printed"),
    (select(order_changes.c.order_id).where(
        among(order_changes.c.order_id, "orders"), order_changes.c.state == "applied"),
     "a change of it was decided"),
    (select(_hold.order_id).where(
        among(_hold.order_id, "orders"), _hold.released_at.is_(None),
        _hold.code == HoldCode.BY_HAND.value),
     "somebody holds it"),
    (select(_hold.order_id).where(
        among(_hold.order_id, "orders"), _hold.released_at.is_not(None),
        _hold.release_reason != WHY,
        _hold.code.in_([code.value for code in _LIFTED_BY_HAND])),
     "its hold was lifted"),
)  # fmt: skip
_later = inbox_messages.alias("later")
_SAID_LATER = (
    select(orders.c.id)
    .join(
        _later,
        (_later.c.account_id == orders.c.account_id)
        & (_later.c.external_id == orders.c.external_id),
    )
    .where(
        among(orders.c.id, "orders"),
        _later.c.id > orders.c.inbox_id,
        _later.c.outcome != "unchanged",
        func.coalesce(_later.c.import_file_id, 0) != bindparam("file"),
    )
)
_CORRECTED = select(audit_entries.c.subject).where(
    among(audit_entries.c.subject, "subjects"), audit_entries.c.action == "correct address"
)


def _withdraw(db: Connection, actor: Actor, rows: Sequence[Any], now: datetime) -> None:
    """Give the units of orders back, and let them rest under "taken back"."""
    ids = [row.id for row in rows]
    if not ids:
        return
    freed = reserving.release(db, ids, reserving.origin_of(actor.name, "desk", now))
    mine = {"orders": ids}
    db.execute(_REST.values(updated_at=now), mine)
    db.execute(_CLAIM_NOTHING, mine)
    db.execute(_NO_SUGGESTION, mine)
    db.execute(_NO_CHANGE.values(decided_at=now), mine)
    lifted = {"released_at": now, "released_by": actor.name, "release_reason": WHY}
    db.execute(_NO_HOLD.values(**lifted), mine)
    resolve_cases(db, list(CaseKind), "order", ids, resolution=WHY, now=now)
    after = {"status": OrderStatus.TAKEN_BACK}
    audit.record(
        db, actor, now,
        *(audit.Deed("take back order", f"order:{row.id}", WHY, {"status": row.status}, after)
          for row in rows),
    )  # fmt: skip
    reclaiming.reclaim_for_skus(db, actor, freed, now=now)


_REST = (
    orders.update()
    .where(among(orders.c.id, "orders"))
    .values(
        status=OrderStatus.TAKEN_BACK.value, is_held=False, is_short=False, is_routed=False,
        changed_hash=None,
    )
)  # fmt: skip
_CLAIM_NOTHING = (
    order_lines.update().where(among(order_lines.c.order_id, "orders")).values(claim="none")
)
_NO_SUGGESTION = (
    routing_suggestions.update()
    .where(among(routing_suggestions.c.order_id, "orders"), routing_suggestions.c.state == "open")
    .values(state="withdrawn")
)
_NO_CHANGE = (
    order_changes.update()
    .where(among(order_changes.c.order_id, "orders"), order_changes.c.state == "open")
    .values(state="superseded")
)
_NO_HOLD = holds.update().where(among(_hold.order_id, "orders"), _hold.released_at.is_(None))


def _drop_changes(
    db: Connection, actor: Actor, told: dict[int, Any], now: datetime
) -> dict[int, Any]:
    """Put aside the changes that the import reported and nobody has decided on."""
    waiting = {key: row for key, row in told.items() if row.changed_hash == row.version}
    for order_id in waiting:
        changing.drop_change(db, actor, order_id, why=WHY, now=now)
    return waiting


# ---- settlements --------------------------------------------------------------------------------


def _lines(db: Connection, file: Any, now: datetime) -> Changes:
    """Take back the amounts that only this file brought."""
    lines = withdraw_lines(db, file.id, now=now)
    label = f"Take back {counted(len(lines), 'payout line')} of {file.name}"
    return Changes(label, _TOUCHED, (file.id,) if lines else ())


# ---- stock --------------------------------------------------------------------------------------


def _stock(db: Connection, actor: Actor, file: Any, now: datetime) -> Changes:
    """Move the units back, except where they were counted since: that count is the better truth."""
    source = f"file:{file.id}"
    moved = db.execute(_MOVED, {"source": source}).all()
    later = {
        (row.sku_id, row.location_id): row.newest
        for row in db.execute(_COUNTED, {"source": source, "skus": [row.sku_id for row in moved]})
    }
    back = [r for r in moved if later.get((r.sku_id, r.location_id), 0) < r.newest]
    if any(row.units > 0 for row in back):
        actor.must(Permission.WRITE_OFF)
    deltas = [stock.Delta(row.sku_id, row.location_id, -row.units) for row in back]
    if deltas:
        stock.change_on_hand(
            db, actor, deltas, Cause.ADJUSTMENT, reason=WHY, source=source, now=now
        )
    skipped = tuple(
        Skipped(f"{row.code} at {row.place}", "it was counted since")
        for row in moved if row not in back
    )  # fmt: skip
    label = f"Take back {counted(len(back), 'stock level')} of {file.name}"
    return Changes(label, _TOUCHED, (file.id,) if back else (), skipped)


_move = stock_movements.c
_MOVED = (
    select(
        _move.sku_id, _move.location_id, skus.c.code, locations.c.name.label("place"),
        func.sum(_move.quantity).label("units"), func.max(_move.id).label("newest"),
    )
    .join(skus, skus.c.id == _move.sku_id)
    .join(locations, locations.c.id == _move.location_id)
    .where(_move.source == bindparam("source"), _move.bucket == Bucket.ON_HAND.value)
    .group_by(_move.sku_id, _move.location_id, skus.c.code, locations.c.name)
    .having(func.sum(_move.quantity) != 0)
    .order_by(skus.c.code, _move.location_id)
)  # fmt: skip
_COUNTED = (
    select(_move.sku_id, _move.location_id, func.max(_move.id).label("newest"))
    .where(
        among(_move.sku_id, "skus"), _move.bucket == Bucket.ON_HAND.value,
        _move.cause == Cause.COUNT.value, _move.source != bindparam("source"),
    )
    .group_by(_move.sku_id, _move.location_id)
)  # fmt: skip
