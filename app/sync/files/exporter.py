"""Files out: write what a channel takes back, each message in exactly one file.

One write unit reads what waits, keeps the file and marks its messages, so that two desks, or a
crash, never put a shipment into two files or into none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.outgoing import Offer, OutgoingKind
from app.errors import RefusedError
from app.models import house
from app.services import availability, confirming
from app.services import outgoing as outbox
from app.services.desk import Desk, ExportedFile, WaitingExport
from app.services.promising import publishing
from app.sync.files.cancellation_list import cancellations
from app.sync.files.outgoing_formats import outgoing
from app.sync.files.outgoing_table import MEDIA_TYPES, FileType, Table, encode
from app.sync.files.writing import Cell, csv_bytes, xlsx_bytes

_WORDS = {
    OutgoingKind.SHIP_CONFIRM: "shipped",
    OutgoingKind.QUANTITY: "quantities",
    OutgoingKind.CANCEL: "cancelled",
}


class _Told(Protocol):
    @property
    def message_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Draft:
    """A table about to become a file: the messages in it, or the numbers that it tells."""

    table: Table
    file_type: FileType
    messages: Sequence[_Told] = ()
    offers: Sequence[Offer] = ()


class FileExporter:
    """Writes the files that channels take back; implements :class:`app.services.desk.Exporter`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def waiting(self, *, now: datetime | None = None) -> list[WaitingExport]:
        """Say what could be written now: messages past their undo window, and moved numbers."""
        found = self._desk.read(outbox.waiting, now=now or self._desk.now())
        return [
            WaitingExport(x.account.id, x.account.channel, x.account.name, x.kind.value, x.count)
            for x in found
        ]

    def export(
        self, account_id: int, kind: str, *, as_csv: bool = False, now: datetime | None = None
    ) -> ExportedFile:
        """Write the file of everything that waits, and mark it sent in the same transaction.

        ``as_csv`` writes a CSV where the channel's usual file is a workbook. Quantities are written
        whenever they are asked for.

        Raises:
            RefusedError: nothing waits.
        """
        at = now or self._desk.now()
        wanted = OutgoingKind(kind)
        return self._desk.write(lambda db: self._write(db, account_id, wanted, as_csv, at))

    def again(self, export_id: int) -> ExportedFile:
        """Return a file that was written before, byte for byte."""
        row = self._desk.read(outbox.kept_file, export_id)
        return ExportedFile(row.id, row.name, bytes(row.content), row.rows)

    def table(self, kind: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
        """Return rows of a list as a file of a kind (csv or xlsx) that opens safely anywhere."""
        if kind == FileType.XLSX:
            return xlsx_bytes(header, rows)
        return csv_bytes(header, rows, bom=True)

    def _write(
        self, db: Connection, account_id: int, kind: OutgoingKind, as_csv: bool, now: datetime
    ) -> ExportedFile:
        account = outbox.account(db, account_id)
        if kind is OutgoingKind.QUANTITY:
            publishing.publish(db, self._desk.actor, now=now)
            _must_be_asked(db, account)
        draft = _draft(db, account, kind, as_csv, now)
        if not draft.table.rows:
            raise _nothing(account, kind)
        zone = ZoneInfo(house.time_zone(db))
        file = outbox.NewFile(
            account.id,
            kind,
            _name(outbox.next_file_id(db), account.channel, kind, now.astimezone(zone), draft),
            MEDIA_TYPES[draft.file_type],
            encode(draft.table, draft.file_type),
            len(draft.table.rows),
        )
        actor = self._desk.actor
        if kind is OutgoingKind.QUANTITY:
            file_id = outbox.keep_quantities(db, actor, file, draft.offers, now=now)
        else:
            told = [each.message_id for each in draft.messages]
            file_id = outbox.keep_file(db, actor, file, told, now=now)
        return ExportedFile(file_id, file.name, file.content, file.rows)


def _draft(
    db: Connection, account: outbox.Account, kind: OutgoingKind, as_csv: bool, now: datetime
) -> _Draft:
    channel, zone = outgoing(account.channel), house.time_zone(db)
    if kind is OutgoingKind.QUANTITY:
        units = availability.available_units(db, now=now)[account.id]
        known = availability.offers(db, account.id, units)
        offers = [offer for offer in known if channel.can_offer(offer)]
        table = channel.quantities(offers, zone)
        return _Draft(table, _file_type(channel.quantity_types, as_csv), offers=offers)
    if kind is OutgoingKind.CANCEL:
        orders = confirming.cancellations(db, account.id, now=now)
        return _Draft(cancellations(orders, zone), FileType.CSV, orders)
    parcels = [x for x in confirming.parcels(db, account.id, now=now) if channel.can_tell(x)]
    table = channel.confirmations(parcels, zone)
    return _Draft(table, _file_type(channel.confirmation_types, as_csv), parcels)


def _must_be_asked(db: Connection, account: outbox.Account) -> None:
    """Refuse a file while a person is asked whether its numbers are right."""
    if count := publishing.held(db, account.id):
        raise RefusedError(
            f"{count:,} numbers of {account.name} would change at once; no file was written.",
            "Exceptions shows them, with what to do.",
        )


def _file_type(types: tuple[FileType, ...], as_csv: bool) -> FileType:
    return FileType.CSV if as_csv and FileType.CSV in types else types[0]


def _name(file_id: int, channel: str, kind: OutgoingKind, day: datetime, draft: _Draft) -> str:
    """Return the file's name: our own words and numbers only, nothing that anyone typed."""
    return f"orderdeck-{file_id}-{channel}-{_WORDS[kind]}-{day:%Y-%m-%d}.{draft.file_type.value}"


def _nothing(account: outbox.Account, kind: OutgoingKind) -> RefusedError:
    if kind is OutgoingKind.QUANTITY:
        return RefusedError(
            f"No product of yours is known to be on sale on {account.name}; no file was written.",
            "Import the channel's own inventory or listing export first.",
        )
    return RefusedError(
        f"Nothing waits to be told to {account.name}; no file was written.",
        "What was done in the last few seconds can still be undone and waits until then.",
    )
