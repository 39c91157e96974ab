"""Keep the promise of a confirmed import: it is finished once, whatever happens in between.

The file is stored before its first order. Its orders follow in short write units, and what became
of each is remembered by the inbox rows that name the file. So the report of an import never depends
on how often it was interrupted, and two desks that finish the same file finish it once.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from app.domain.importing import (
    AS_IT_IS,
    ImportReport,
    ParsedFile,
    Reading,
    reading_as_data,
    reading_from_data,
)
from app.domain.orders import HoldCode, IncomingOrder
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError
from app.models.exchange import import_files, inbox_messages
from app.models.identity import Identity
from app.models.orders import channel_accounts, holds, orders
from app.services import audit, intake, setup
from app.services.bringing_back import taken_back_among
from app.services.foreseeing import Foreseen, chunks
from app.services.order_rows import Arrival


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was confirmed, and how it was read."""

    id: int
    name: str
    format: str
    today: date
    account_id: int | None
    actor: str
    reading: Reading = AS_IT_IS
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Packed:
    """A file's bytes as they are stored: made before the write unit, which it would hold up."""

    sha256: str
    content: bytes


def pack(content: bytes) -> Packed:
    """Compress a file's bytes."""
    return Packed(digest(content), zlib.compress(content, 1))


def digest(content: bytes) -> str:
    """Return what a file's bytes are known by."""
    return hashlib.sha256(content).hexdigest()


def account_of(db: Connection, channel: str) -> int | None:
    """Return the account that a channel's files belong to, if there is one yet."""
    query = select(channel_accounts.c.id).where(channel_accounts.c.channel == channel)
    return db.execute(query.order_by(channel_accounts.c.id).limit(1)).scalar()


def done_before(
    db: Connection, parsed: ParsedFile, sha256: str, left_out: frozenset[str] = frozenset()
) -> int | None:
    """Return the finished import of the very same bytes, read in the same way."""
    row = _same_file(db, parsed, sha256, left_out)
    if row is None or row.state != "done" or _rests(db, parsed):
        return None
    return int(row.id)


def _rests(db: Connection, parsed: ParsedFile) -> bool:
    """Return whether an order of the file was brought by another import that was taken back."""
    account_id = account_of(db, parsed.channel)
    ids = [order.external_id for order in parsed.orders]
    return account_id is not None and any(
        taken_back_among(db, account_id, part) for part in chunks(ids)
    )


def begin(
    db: Connection,
    actor: Actor,
    *,
    parsed: ParsedFile,
    packed: Packed,
    today: date,
    now: datetime,
    left_out: frozenset[str] = frozenset(),
) -> StoredFile:
    """Store a file before anything of it is taken in; the same bytes are stored once.

    Read in another way, or without other orders, it is another import.

    Raises:
        NotAllowedError: the role is too low.
    """
    actor.must(Permission.WORK)
    account_id = setup.account_for(db, parsed.channel, now=now) if parsed.channel else None
    row = _same_file(db, parsed, packed.sha256, left_out)
    if row is not None:
        _set(db, row.id, state="confirmed", report=None, finished_at=None)
        return _stored(row.id, parsed, today, account_id, row.actor, left_out)
    file_id = _insert(
        db, actor, parsed=parsed, packed=packed, today=today, account_id=account_id, now=now,
        left_out=left_out,
    )  # fmt: skip
    audit.record(
        db, actor, now,
        audit.Deed("import file", f"file:{file_id}", after={"sha256": packed.sha256, "rows": parsed.rows}),
    )  # fmt: skip
    return _stored(file_id, parsed, today, account_id, actor.name, left_out)


def take_batch(
    db: Connection, *, actor: Actor, file: StoredFile, batch: Sequence[IncomingOrder], now: datetime
) -> None:
    """Take some of a file's orders in."""
    assert file.account_id is not None
    arrival = Arrival(file.account_id, f"file:{file.id}", file.id)
    intake.take_in(db, actor, arrival=arrival, incoming=batch, now=now)


def taken(db: Connection, file_id: int) -> set[str]:
    """Return the external ids of the orders that an import has left a mark of."""
    table = inbox_messages.c
    query = select(table.external_id).where(table.import_file_id == file_id)
    return set(db.execute(query).scalars())


def waiting(db: Connection) -> list[StoredFile]:
    """Return the imports that were confirmed and not finished, oldest first."""
    table = import_files.c
    query = _STORED.where(table.state == "confirmed").order_by(table.id)
    return [_as_stored(row) for row in db.execute(query)]


def stored_file(db: Connection, file_id: int) -> StoredFile:
    """Return a file that came in before.

    Raises:
        NotFoundError: there is none.
    """
    row = db.execute(_STORED.where(import_files.c.id == file_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such import; nothing was read.", "Choose one from Channels."
        )
    return _as_stored(row)


_STORED = select(
    import_files.c.id, import_files.c.name, import_files.c.format, import_files.c.options,
    import_files.c.actor,
)  # fmt: skip


def _as_stored(row: Any) -> StoredFile:
    options = row.options
    return StoredFile(
        row.id, row.name, row.format, date.fromisoformat(options["today"]), options["account"],
        row.actor, reading_from_data(options.get("reading", {})),
        frozenset(options.get("left_out", ())),
    )  # fmt: skip


def content_of(db: Connection, file_id: int) -> bytes:
    """Return a stored file's bytes as they came.

    Raises:
        NotFoundError: they went with the buyers whom they named.
    """
    query = select(import_files.c.content).where(import_files.c.id == file_id)
    packed = db.execute(query).scalar_one()
    if not packed:
        raise NotFoundError(
            "This file is not kept any more: it was let go with the buyers whom it named.",
            "Export it from the channel again, if you need it.",
        )
    return zlib.decompress(packed)


def outcome(db: Connection, file: StoredFile, reached: Sequence[IncomingOrder]) -> Foreseen:
    """Return what became of a file's orders, as the store itself remembers it."""
    table = inbox_messages.c
    query = select(table.external_id, table.outcome).where(table.import_file_id == file.id)
    marks: dict[str, str] = {}
    for external_id, mark in db.execute(query.order_by(table.id)):
        marks.setdefault(external_id, mark)
    outcomes = {order.external_id: marks.get(order.external_id, "unchanged") for order in reached}
    lines = sum(len(o.lines) for o in reached if outcomes[o.external_id] == "new")
    return Foreseen(outcomes, lines, _holds(db, file, reached, outcomes))


def finish(
    db: Connection, file_id: int, report: ImportReport, *, state: str, now: datetime
) -> None:
    """Close an import: done, or cancelled by its owner."""
    values = asdict(report)
    _set(db, file_id, state=state, report=values, finished_at=now)


def keep(
    db: Connection, actor: Actor, *, parsed: ParsedFile, packed: Packed, today: date, now: datetime,
    state: str, left_out: frozenset[str] = frozenset(),
) -> int:  # fmt: skip
    """Keep a file raw in its final state (what is refused, or has no orders); once for its bytes."""
    row = _same_file(db, parsed, packed.sha256, left_out)
    if row is not None:
        return int(row.id)
    account_id = account_of(db, parsed.channel)
    return _insert(
        db,
        actor,
        parsed=parsed,
        packed=packed,
        today=today,
        account_id=account_id,
        now=now,
        state=state,
        left_out=left_out,
    )


def _stored(
    file_id: int,
    parsed: ParsedFile,
    today: date,
    account_id: int | None,
    actor: str,
    left_out: frozenset[str],
) -> StoredFile:
    return StoredFile(file_id, parsed.name, parsed.format, today, account_id, actor,
                      parsed.reading, left_out)  # fmt: skip


def _same_file(db: Connection, parsed: ParsedFile, sha256: str, left_out: frozenset[str]) -> Any:
    table = import_files.c
    query = select(table.id, table.state, table.actor, table.options).where(
        table.sha256 == sha256, table.format == parsed.format, table.state != "taken_back"
    )
    wanted = _how(parsed, left_out)
    rows = db.execute(query.order_by(table.id))
    return next((row for row in rows if wanted == {k: row.options.get(k) for k in wanted}), None)


def _how(parsed: ParsedFile, left_out: frozenset[str]) -> dict[str, Any]:
    """Return how a file was read, and what was left out of it; nothing where nobody said anything."""
    reading = reading_as_data(parsed.reading)
    return {"reading": reading or None, "left_out": sorted(left_out) or None}


def _insert(
    db: Connection,
    actor: Actor,
    *,
    parsed: ParsedFile,
    packed: Packed,
    today: date,
    account_id: int | None,
    now: datetime,
    state: str = "confirmed",
    left_out: frozenset[str] = frozenset(),
) -> int:
    how = {key: value for key, value in _how(parsed, left_out).items() if value}
    file_id = Identity(db, import_files).take(import_files)
    values = {
        "id": file_id, "name": parsed.name, "sha256": packed.sha256, "format": parsed.format,
        "kind": parsed.kind.value, "channel": parsed.channel, "state": state,
        "content": packed.content, "actor": actor.name, "confirmed_at": now,
        "options": {"today": today.isoformat(), "account": account_id, **how},
    }  # fmt: skip
    db.execute(import_files.insert(), [values])
    return file_id


def _holds(
    db: Connection, file: StoredFile, reached: Sequence[IncomingOrder], outcomes: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the holds that this import raised, in the order of the file."""
    inbox = inbox_messages.c
    query = (
        select(orders.c.external_id, holds.c.code)
        .join(orders, orders.c.id == holds.c.order_id)
        .join(
            inbox_messages,
            and_(
                inbox.account_id == orders.c.account_id,
                inbox.external_id == orders.c.external_id,
                inbox.received_at == holds.c.raised_at,
            ),
        )
        .where(inbox.import_file_id == file.id, holds.c.code != HoldCode.BY_HAND.value)
        .order_by(holds.c.id)
    )
    raised: dict[str, dict[str, None]] = {}
    for external_id, code in db.execute(query):
        raised.setdefault(external_id, {})[code] = None
    for order in reached:
        if outcomes[order.external_id] == "changed":
            raised.setdefault(order.external_id, {})[HoldCode.ORDER_CHANGED.value] = None
    return tuple((o.number, code) for o in reached for code in raised.get(o.external_id, ()))


def _set(db: Connection, file_id: int, **values: Any) -> None:
    db.execute(import_files.update().where(import_files.c.id == file_id).values(**values))
