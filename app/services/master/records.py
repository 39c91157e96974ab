"""Change what we keep of SKUs, one or many at once; what they were stays with the undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.domain.sku_record import FIELDS, read_field
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.identity import Identity
from app.models.promising.marks import mark
from app.models.sets import among
from app.services import audit
from app.services.master.codes import rewrite_keys
from app.services.since import changed_since

_TOUCHED = Touched.STOCK | Touched.ORDERS


def add_sku(
    db: Connection,
    actor: Actor,
    *,
    code: str,
    now: datetime,
    values: Mapping[str, str] | None = None,
) -> Changes:
    """Add a SKU; ``values`` are its fields as a person writes them.

    Raises:
        RefusedError: the code is empty, too long or taken, or a value cannot stand there.
    """
    actor.must(Permission.WORK)
    name = code.strip()
    if not name or len(name) > 200 or any(not sign.isprintable() for sign in name):
        raise RefusedError("A SKU needs a code of up to 200 letters; nothing was added.",
                           "Write what stands on the shelf.")  # fmt: skip
    if db.execute(select(skus.c.id).where(skus.c.code == name)).first():
        raise RefusedError(f"There is a SKU “{name}” already; nothing was added.",
                           "Change that one, or choose another code.")  # fmt: skip
    read = {field: read_field(field, text) for field, text in (values or {}).items()}
    sku_id = Identity(db, skus).take(skus)
    db.execute(skus.insert(), [{"id": sku_id, "code": name, "created_at": now, **read}])
    rewrite_keys(db, [sku_id])
    audit.record(
        db, actor, now, audit.Deed("add sku", f"sku:{sku_id}", after={"code": name, **read})
    )
    return Changes(f"Add {name}", _TOUCHED, (sku_id,))


def edit_skus(
    db: Connection, actor: Actor, *, sku_ids: Sequence[int], changes: Mapping[str, str],
    now: datetime,
) -> Changes:  # fmt: skip
    """Change fields of SKUs to what a person wrote; those that say it already are left as they are.

    Raises:
        RefusedError: a value cannot stand there, or nothing was named.
    """
    actor.must(Permission.WORK)
    values = {name: read_field(name, text) for name, text in changes.items()}
    if not values:
        raise RefusedError("Nothing to change was named.", "Choose a field, and write a value.")
    rows = _rows(db, sku_ids)
    before = {
        row.id: {name: getattr(row, name) for name in values}
        for row in rows
        if any(getattr(row, name) != value for name, value in values.items())
    }
    return _write(db, actor, dict.fromkeys(before, values), before, rows, now)


def restore_skus(
    db: Connection, actor: Actor, *, values: Mapping[str, Mapping[str, Any]],
    left: Mapping[str, Mapping[str, Any]] | None = None, now: datetime,
) -> Changes:  # fmt: skip
    """Give SKUs the values that they had, by id; ``left`` is how the change left them.

    Those that say something else by now are left alone and named.

    Raises:
        RefusedError: all of them do.
    """
    actor.must(Permission.WORK)
    wanted = {int(key): dict(row) for key, row in values.items()}
    rows = _rows(db, list(wanted))
    stands = {row.id: {name: getattr(row, name) for name in wanted[row.id]} for row in rows}
    since = [row for row in rows if left is not None and stands[row.id] != left[str(row.id)]]
    if since and len(since) == len(rows):
        raise changed_since(since[0].code if len(since) == 1 else "Each of these SKUs")
    for row in since:
        del wanted[row.id], stands[row.id]
    done = _write(db, actor, wanted, stands, rows, now)
    return replace(done, skipped=tuple(Skipped(row.code, "it was changed since") for row in since))


def _write(
    db: Connection, actor: Actor, after: Mapping[int, Mapping[str, Any]],
    before: Mapping[int, Mapping[str, Any]], rows: Sequence[Any], now: datetime,
) -> Changes:  # fmt: skip
    names = sorted({name for row in after.values() for name in row})
    if after:
        values = {name: bindparam(f"new_{name}", type_=skus.c[name].type) for name in names}
        statement = skus.update().where(skus.c.id == bindparam("key")).values(**values)
        db.execute(
            statement,
            [{"key": key, **{f"new_{n}": row[n] for n in names}} for key, row in after.items()],
        )
    if {"barcode", "more_barcodes"} & set(names):
        rewrite_keys(db, list(after))
    if {"velocity", "lead_time_days"} & set(names):
        mark(db, list(after), "catalogue")
    codes = {row.id: row.code for row in rows}
    deeds = [
        audit.Deed("edit sku", f"sku:{key}", "", dict(before[key]), dict(after[key]))
        for key in after
    ]
    audit.record(db, actor, now, *deeds)
    what = ", ".join(FIELDS[name].words.lower() for name in names)
    one = next((codes[key] for key in after), "")
    subject = one if len(after) == 1 else counted(len(after), "SKU")
    back: dict[str, object] = {"values": _by_key(before), "left": _by_key(after)}
    undo = Undo("restore_skus", back, subjects="")
    return Changes(f"Change {what or 'nothing'} of {subject}", _TOUCHED, tuple(after),
                   undo=undo if after else None)  # fmt: skip


def _by_key(rows: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(key): dict(row) for key, row in rows.items()}


def _rows(db: Connection, sku_ids: Sequence[int]) -> Sequence[Any]:
    query = select(skus).where(among(skus.c.id, "skus")).order_by(skus.c.id)
    rows = db.execute(query, {"skus": list(sku_ids)}).all()
    if len(rows) != len(set(sku_ids)):
        raise NotFoundError("One of these SKUs is not here; nothing was changed.",
                            "Read the list again.")  # fmt: skip
    return rows
