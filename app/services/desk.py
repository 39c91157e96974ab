"""The opened desk: one store, one operator, one clock, and the two doors to run and to read.

Both the window and the command line work through this; neither ever holds a database connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.connecting import Connectable, TriedOut
from app.domain.importing import (
    Glimpse,
    ImportReport,
    ParsedFile,
    PreviewRow,
    Reading,
    RowVerdict,
    TargetField,
)
from app.domain.roles import Actor, Permission
from app.domain.syncing import SyncStatus
from app.errors import DeskError
from app.models.database import Store
from app.services import anchor, holding, intake, renewing
from app.services.casework import watching
from app.services.operations import OPERATIONS, Operation
from app.services.promising import planning, publishing
from app.services.syncing.parties import Party
from app.services.tracking import learning

Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]


def utc_now() -> datetime:
    """Return the current time; the one place where the program reads the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as read and as it would end; nothing is stored yet.

    ``rows`` are its first rows of each verdict, ``counts`` says how many there are; ``left_out`` names by key what a person leaves out. ``anyway`` says that a person wants it although very much would change at once.
    """

    parsed: ParsedFile
    report: ImportReport
    content: bytes
    rows: tuple[PreviewRow, ...] = ()
    counts: Mapping[RowVerdict, int] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    anyway: bool = False


class Importer(Protocol):
    """Files in: first a preview, then the confirmed import; an interrupted one is resumed."""

    def preview(
        self, path: Path, *, format_name: str = "auto", reading: Reading = ..., profile: str = ""
    ) -> Preview:
        """Read a file and say what importing it would do; ``profile`` names one to read it by."""

    def preview_content(self, name: str, content: bytes, *, reading: Reading = ...) -> Preview:
        """Say the same of bytes that were read already."""

    def glimpse(self, preview: Preview) -> Glimpse | None:
        """Say which columns a file has, and what they may be; nothing if it is no table."""

    def target_fields(self, format_name: str) -> tuple[TargetField, ...]:
        """Return the fields of ours that the columns of such a file can fill."""

    def confirm(
        self,
        preview: Preview,
        *,
        progress: Progress = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> ImportReport:
        """Store what the preview showed, until a person has ``cancelled`` it.

        Raises:
            LeftForLaterError: the program stops; the next start finishes the import.
        """

    def stop(self) -> None:
        """Begin no further batch, because the program stops; nobody has cancelled anything."""

    def resume(self) -> list[ImportReport]:
        """Finish imports that were confirmed and then interrupted."""

    def rejects(self, parsed: ParsedFile) -> bytes:
        """Return what is kept back as a file that imports again once it is repaired."""

    def rejects_of(self, import_id: int) -> tuple[str, bytes]:
        """Return what an earlier import kept back, and a name for the file of it."""

    def kept(self, import_id: int) -> tuple[str, bytes]:
        """Return the name and the bytes of a file that came in before."""

    def title_of(self, parsed: ParsedFile) -> str:
        """Return what a file is among people: "a Shopify orders export", or a profile's name."""


@dataclass(frozen=True, slots=True)
class WaitingExport:
    """Messages of one kind that wait for a file to one account."""

    account_id: int
    channel: str
    account: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that a channel takes back; kept, so that it can be downloaded again."""

    id: int
    name: str
    content: bytes
    rows: int


class Exporter(Protocol):
    """Files out: each outbox message leaves in exactly one file."""

    def waiting(self, *, now: datetime | None = None) -> list[WaitingExport]:
        """Say what could be written now."""

    def export(
        self, account_id: int, kind: str, *, as_csv: bool = False, now: datetime | None = None
    ) -> ExportedFile:
        """Write the file of everything that waits, and mark it sent in the same transaction."""

    def table(
        self, kind: str, header: Sequence[str], rows: Iterable[Sequence[str | int | Decimal]]
    ) -> bytes:
        """Return rows of a list as a file of a kind (csv or xlsx) that opens safely anywhere."""

    def again(self, export_id: int) -> ExportedFile:
        """Return a file that was written before, byte for byte."""


@dataclass(frozen=True, slots=True)
class WatchListener:
    """Who hears what a watch does, while nobody looks."""

    came_in: Callable[[ImportReport], object]
    held_up: Callable[[DeskError], object]  # a folder or file that cannot be read for a while
    bug: Callable[[str], object]  # the details of a failure that is no person's doing


class Watcher(Protocol):
    """Lets the files of chosen folders come in by themselves, on a thread of its own."""

    def start(self, tell: WatchListener) -> None:
        """Begin to watch; ``tell`` is called on that thread."""

    def stop(self) -> None:
        """Stop; a file that is being taken in is finished at the next start."""


@dataclass(frozen=True, slots=True)
class SyncListener:
    """Who hears what the accounts' threads do."""

    status: Callable[[SyncStatus], object]
    came: Callable[[Changes], object]


class Connector(Protocol):
    """Tries channels out and connects them."""

    def offered(self) -> list[Connectable]:
        """Return every channel that can be connected."""

    def try_out(self, channel: str, entered: Mapping[str, str]) -> TriedOut:
        """Read who we are there and a few orders; nothing is changed, here or there."""

    def connect(
        self,
        channel: str,
        entered: Mapping[str, str],
        chosen: Mapping[str, str],
        *,
        since: datetime,
        pushes_quantities: bool,
    ) -> Changes:
        """Keep the keys in the safe place, then work the account over the network."""

    def disconnect(self, account_id: int) -> Changes:
        """Work an account by files again, and keep its keys no more."""


class CarrierConnector(Protocol):
    """Tries carriers out and connects them."""

    def offered(self) -> list[Connectable]:
        """Return every carrier that can be connected."""

    def try_out(self, carrier: str, entered: Mapping[str, str]) -> int:
        """Make sure that it lets us in, and return how many parcels it will be asked about."""

    def connect(self, carrier: str, entered: Mapping[str, str]) -> Changes:
        """Keep the keys in the safe place, then ask it about our parcels."""

    def disconnect(self, carrier: str) -> Changes:
        """Ask it no more, and keep its keys no more."""


class Syncing(Protocol):
    """Keeps connected accounts in step, each on a thread of its own."""

    def start(self, tell: SyncListener) -> None:
        """Begin; ``tell`` is called on those threads."""

    def stop(self) -> None:
        """Stop within a second; what was under way is settled at the next start."""

    def sync_now(self, whom: int | str | None = None) -> None:
        """Look at an account or a carrier, or at all of them, at once."""

    def statuses(self) -> tuple[SyncStatus, ...]:
        """Return how each account does now."""

    def look_once(self, channel: str = "") -> list[tuple[Party, SyncStatus, dict[str, int]]]:
        """Look at every account and carrier once, and return what each look brought, by word."""


class Mailing(Protocol):
    """Brings messages to buyers to whoever delivers them."""

    def round(self) -> Mapping[str, int]:
        """Draft what is news, and send what is due; return what became of it, by word."""

    def try_out(self) -> None:
        """Sign in to the mail server, and send nothing."""

    def keep_password(self, password: str) -> None:
        """Keep the mail server's password in the system's safe place."""

    def keep_token(self, token: str) -> None:
        """Keep the text message provider's token there."""


@dataclass(slots=True)
class Desk:
    """The desk as its user has it open."""

    store: Store
    actor: Actor
    now: Callable[[], datetime] = utc_now
    importer: Importer | None = None
    exporter: Exporter | None = None
    watcher: Watcher | None = None
    sync: Syncing | None = None
    connector: Connector | None = None
    carriers: CarrierConnector | None = None
    mailer: Mailing | None = None
    operations: Mapping[str, Operation] = field(default_factory=lambda: OPERATIONS)
    has_written: bool = False
    renewed_to: int = 0  # the newest movement that suggestions were held against

    def run(self, operation: str, /, **arguments: Any) -> Changes:
        """Carry out an operation in one write unit and return its receipt."""
        return self.write(
            lambda db: self.operations[operation](db, self.actor, now=self.now(), **arguments)
        )

    def catch_up(self) -> Changes:
        """Finish what an interruption left half done, and renew suggestions of another day.

        Short write units one after the other, so that the operator's own never wait for long.
        """
        finished = self.importer.resume() if self.importer is not None else []
        if self.actor.may(Permission.WORK):
            self.lift_ended_holds()
        stale = self.renew().done
        touched = Touched.ALL if finished else Touched.ORDERS if stale else Touched.NOTHING
        names = ", ".join(report.file for report in finished)
        label = f"Finish the interrupted import of {names}" if finished else "Catch up"
        return Changes(label, touched, stale)

    def renew(self) -> Changes:
        """Work the suggestions out anew that are of another day, or of a stock that is no more.

        Cheap while nothing moves: of the ledger only what is new since the last time is looked at.
        """
        if not self.actor.may(Permission.WORK):
            return Changes("Renew suggestions", Touched.NOTHING)
        newest = self.read(renewing.newest_movement)
        stale = self.read(renewing.stale_orders, now=self.now(), after=self.renewed_to)
        for at in range(0, len(stale), intake.BATCH):
            self.run("refresh_suggestions", order_ids=stale[at : at + intake.BATCH])
        self.renewed_to = newest
        touched = Touched.ORDERS if stale else Touched.NOTHING
        return Changes("Renew suggestions", touched, tuple(stale))

    def lift_ended_holds(self) -> Changes:
        """Lift the holds whose time has come; without one, nothing is written."""
        if not self.actor.may(Permission.WORK) or not self.read(
            holding.ended_holds, now=self.now()
        ):
            return Changes("Lift ended holds", Touched.NOTHING)
        return self.run("lift_ended_holds")

    def publish(self) -> Changes:
        """Work out what channels are to be told from now on; only what has changed is looked at.

        It is worked out while others may write, and written in short units; if somebody else was
        quicker, that one's numbers stand and the next call goes on from there.
        """
        if not self.actor.may(Permission.WORK):
            return Changes("Publish quantities", Touched.NOTHING)
        planned = self.read(planning.plan, now=self.now())
        if planned.is_empty:
            return Changes("Publish quantities", Touched.NOTHING)

        def write_part(part: planning.Part) -> Changes:
            write = partial(publishing.write, actor=self.actor, planned=planned, part=part)
            return self.write(partial(write, now=self.now()))

        return publishing.in_parts(planned, write_part)

    def watch_cases(self) -> Changes:
        """Open, refresh and close cases by what is true now; where they say it already, nothing is written."""
        if not self.actor.may(Permission.WORK):
            return Changes("Look for trouble", Touched.NOTHING)
        if self.read(learning.is_due, now=self.now()):
            self.write(lambda db: learning.learn_clocks(db, now=self.now()))
        found = self.read(watching.look, now=self.now())
        if found.is_empty:
            return Changes("Look for trouble", Touched.NOTHING)
        return self.write(lambda db: watching.keep(db, self.actor, found, now=self.now()))

    def undo(self, undo: Undo) -> Changes:
        """Carry out the compensating operation."""
        arguments = dict(undo.arguments)
        if undo.operation == "void_shipments":
            arguments.setdefault("reason", "Undone.")
        return self.run(undo.operation, **arguments)

    def read(self, query: Callable[..., Answer], /, *arguments: Any, **named: Any) -> Answer:
        """Run a query on its own read connection."""
        with self.store.read() as db:
            return query(db, *arguments, **named)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run other work in one write unit (imports, set-up), and remember what the audit sealed."""
        with self.store.write() as db:
            answer = work(db)
        self.has_written = True
        anchor.save(self.store)
        return answer
