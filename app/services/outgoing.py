"""What waits to be told to a channel, and what was told in which file?

A message leaves in exactly one file: the file is kept and its messages are marked in the same write
unit, and only messages that still wait are marked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from app.domain.outgoing import Offer, OutgoingKind
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.exchange import export_files, outbox_messages
from app.models.identity import Identity
from app.models.orders import channel_accounts
from app.models.sync import channel_connections
from app.services import audit
from app.services.promising import publishing

_CHUNK = 500
_out = outbox_messages.c
# An account that is worked over the network is told there, and not by a file as well.
BY_FILE = _out.account_id.not_in(select(channel_connections.c.account_id))


@dataclass(frozen=True, slots=True)
class Account:
    """One login on a channel."""

    id: int
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages of a kind wait for one account."""

    account: Account
    kind: OutgoingKind
    count: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file about to be kept."""

    account_id: int
    kind: OutgoingKind
    name: str
    media_type: str
    content: bytes
    rows: int


def waiting(db: Connection, *, now: datetime) -> list[Waiting]:
    """Return what could be written now; messages in their undo window do not wait yet."""
    query = (
        select(_out.account_id, _out.kind, func.count())
        .where(_out.state == "pending", _out.not_before <= now, BY_FILE)
        .group_by(_out.account_id, _out.kind)
    )
    counts = {(account, kind): count for account, kind, count in db.execute(query)}
    for account, stale in _stale_quantities(db).items():
        counts[account, OutgoingKind.QUANTITY.value] = stale
    known = accounts(db)
    return [
        Waiting(known[account], OutgoingKind(kind), count)
        for (account, kind), count in sorted(counts.items())
    ]


def accounts(db: Connection) -> dict[int, Account]:
    """Return every channel account."""
    return {
        row.id: Account(row.id, row.channel, row.name)
        for row in db.execute(select(channel_accounts).order_by(channel_accounts.c.id))
    }


def account(db: Connection, account_id: int) -> Account:
    """Return one channel account.

    Raises:
        NotFoundError: there is none.
    """
    found = accounts(db).get(account_id)
    if found is None:
        raise NotFoundError(
            "There is no such channel account; no file was written.", "Choose one of your accounts."
        )
    return found


def next_file_id(db: Connection) -> int:
    """Return the id that the next file of this write unit gets, for its name."""
    return Identity(db, export_files).take(export_files)


def keep_file(
    db: Connection, actor: Actor, file: NewFile, message_ids: Sequence[int], *, now: datetime
) -> int:
    """Keep a file and mark the messages in it as sent; return its id.

    Raises:
        RefusedError: a message was sent or recalled in the meantime.
    """
    file_id = next_file_id(db)
    _insert_file(db, actor, file_id, file, message_ids, now)
    marked = db.execute(_SEND, [{"key": key, "file": file_id, "at": now} for key in message_ids])
    if marked.rowcount != len(message_ids):
        raise RefusedError(
            "Some of this was written to another file in the meantime; no file was written.",
            "Look again at what waits.",
        )
    return file_id


def keep_quantities(
    db: Connection, actor: Actor, file: NewFile, told: Sequence[Offer], *, now: datetime
) -> int:
    """Keep a file of available quantities, and each number in it as told; return the file's id."""
    file_id = next_file_id(db)
    ids = Identity(db, outbox_messages)
    by_sku = {offer.sku_id: offer for offer in told}
    messages: list[dict[str, Any]] = [
        {
            "id": ids.take(outbox_messages), "account_id": file.account_id,
            "kind": OutgoingKind.QUANTITY, "state": "sent",
            "idempotency_key": _quantity_key(file.account_id, sku_id, file_id),
            "payload": {"sku": offer.sku_text, "quantity": offer.quantity},
            "not_before": now, "export_file_id": file_id, "created_at": now, "sent_at": now,
        }
        for sku_id, offer in sorted(by_sku.items())
    ]  # fmt: skip
    _insert_file(db, actor, file_id, file, [each["id"] for each in messages], now)
    db.execute(outbox_messages.insert(), messages)
    publishing.mark_sent(db, file.account_id, list(by_sku), file_id=file_id, now=now)
    return file_id


def digest_of(message_ids: Iterable[int]) -> str:
    """Return what the set of messages in a file is known by."""
    return hashlib.sha256(" ".join(map(str, sorted(message_ids))).encode()).hexdigest()


def kept_file(db: Connection, file_id: int) -> Any:
    """Return the row of a file that was written before.

    Raises:
        NotFoundError: there is none.
    """
    row = db.execute(select(export_files).where(export_files.c.id == file_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such file here.", "The files written so far are listed under Channels."
        )
    return row


_SEND = (
    outbox_messages.update()
    .where(_out.id == bindparam("key"), _out.state == "pending")
    .values(state="sent", sent_at=bindparam("at"), export_file_id=bindparam("file"))
)


def _insert_file(
    db: Connection,
    actor: Actor,
    file_id: int,
    file: NewFile,
    message_ids: Sequence[int],
    now: datetime,
) -> None:
    """Keep the file, and seal in the audit trail what it told: its bytes and its messages."""
    actor.must(Permission.WORK)
    db.execute(
        export_files.insert(),
        [
            {
                "id": file_id, "account_id": file.account_id, "kind": file.kind,
                "name": file.name, "media_type": file.media_type, "content": file.content,
                "rows": file.rows, "actor": actor.name, "created_at": now,
            }
        ],
    )  # fmt: skip
    after = {
        "account": file.account_id, "kind": file.kind.value, "rows": file.rows,
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "messages": len(message_ids), "messages_sha256": digest_of(message_ids),
    }  # fmt: skip
    audit.record(db, actor, now, audit.Deed("write file", f"file:{file_id}", after=after))


def _quantity_key(account_id: int, sku_id: int, file_id: int) -> str:
    return f"quantity:{account_id}:{sku_id}:{file_id}"


def _stale_quantities(db: Connection) -> dict[int, int]:
    """Count, by account that is told in files, the numbers that have moved since the last one."""
    query = select(export_files.c.account_id).where(export_files.c.kind == OutgoingKind.QUANTITY)
    query = query.where(export_files.c.account_id.not_in(select(channel_connections.c.account_id)))
    with_files = set(db.execute(query.distinct()).scalars())
    found = publishing.waiting(db) if with_files else {}
    return {account: count for account, count in found.items() if account in with_files}
