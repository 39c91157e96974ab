"""Files in: read, preview, confirm, and finish what an interruption left half done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from app.domain.importing import (
    AS_IT_IS,
    FileKind,
    Glimpse,
    ImportReport,
    ParsedFile,
    Reading,
    TargetField,
    Verdict,
)
from app.domain.orders import IncomingOrder
from app.domain.roles import Actor, Role
from app.errors import LeftForLaterError, RefusedError, StoreError
from app.services import goods_files, importing, watched
from app.services.desk import Desk, Preview, Progress
from app.services.foreseeing import chunks
from app.services.importing import StoredFile
from app.services.intake import BATCH
from app.services.profiles import all_profiles, profile_named
from app.sync.files import limits, summary
from app.sync.files.formats import FORMATS
from app.sync.files.guessing import glimpse, target_fields
from app.sync.files.reading import AUTO, Wishes, read_file, read_path
from app.sync.files.rejects import rejects_csv
from app.sync.files.reports import (
    again_report,
    foreseen_report,
    goods_report,
    order_report,
    refused_report,
)


def _quiet(_done: int, _total: int) -> None:
    """Report progress to nobody."""


def _never() -> bool:
    return False


class FileImporter:
    """The desk's way in for files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = threading.Event()

    def preview(
        self,
        path: Path,
        *,
        format_name: str = AUTO,
        reading: Reading = AS_IT_IS,
        profile: str = "",
    ) -> Preview:
        """Read a file and say what importing it would do; nothing is stored.

        Raises:
            RefusedError: the file cannot be opened.
            NotFoundError: there is no such profile.
        """
        if profile:
            reading = reading.over(self._desk.read(profile_named, profile).reading)
        try:
            if path.stat().st_size > limits.FILE_BYTES:
                parsed = read_path(path, today=self._today(), format_name=format_name)
                return Preview(parsed, refused_report(parsed, parsed.refusal), b"")
            content = path.read_bytes()
        except OSError as error:
            raise RefusedError(
                f"{path.name} cannot be opened ({error.strerror}). Nothing was stored.",
                "Check that the file is still there and not open in another program.",
            ) from error
        return self.preview_content(path.name, content, format_name=format_name, reading=reading)

    def preview_content(
        self, name: str, content: bytes, *, format_name: str = AUTO, reading: Reading = AS_IT_IS
    ) -> Preview:
        """Say what importing bytes that were read already would do; nothing is stored."""
        wishes = Wishes(format_name, reading, self._desk.read(all_profiles))
        parsed = read_file(name, content, today=self._today(), wishes=wishes)
        report, shown = self._desk.read(foreseen_report, parsed, content)
        return Preview(parsed, report, content, shown.rows, shown.counts)

    def glimpse(self, preview: Preview) -> Glimpse | None:
        """Say which columns a file has, and what they may be; nothing if it is no table."""
        return glimpse(preview.content, preview.parsed.reading)

    def target_fields(self, format_name: str) -> tuple[TargetField, ...]:
        """Return the fields of ours that the columns of such a file can fill."""
        return target_fields(format_name)

    def confirm(
        self,
        preview: Preview,
        *,
        progress: Progress = _quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> ImportReport:
        """Store what the preview showed; from the first moment on it will be finished.

        ``progress`` gets (orders done, orders in all). What was taken in before a person has
        ``cancelled`` it stays, and importing the file again takes in the rest. A file that was
        imported before changes nothing.

        Raises:
            NotAllowedError: the role is too low.
            LeftForLaterError: the program stops; :meth:`resume` finishes the import.
        """
        parsed, content = preview.parsed.without(preview.left_out), preview.content
        if parsed.refusal:
            return preview.report
        if parsed.kind is not FileKind.ORDERS:
            return self._take_goods(parsed, content, preview)
        packed = importing.pack(content)
        left_out = preview.left_out
        before = self._desk.read(importing.done_before, parsed, packed.sha256, left_out)
        if before is not None:
            return again_report(parsed, before)
        file = self._desk.write(
            lambda db: importing.begin(
                db, self._desk.actor, parsed=parsed, packed=packed,
                today=self._today(), now=self._desk.now(), left_out=left_out,
            )
        )  # fmt: skip
        return self._take_orders(file, parsed, self._desk.actor, progress, cancelled)

    def stop(self) -> None:
        """Begin no further batch, because the program stops; the next start finishes the import."""
        self._stopping.set()

    def resume(self) -> list[ImportReport]:
        """Finish imports that were confirmed and then interrupted.

        What is kept back of them opens a case: whoever confirmed them may not be here to read it.
        """
        return [self._finish(file) for file in self._desk.read(importing.waiting)]

    def rejects(self, parsed: ParsedFile) -> bytes:
        """Return what is kept back as a file that imports again once it is repaired."""
        return rejects_csv(parsed)

    def rejects_of(self, import_id: int) -> tuple[str, bytes]:
        """Return what an earlier import kept back, and a name for the file of it.

        Raises:
            NotFoundError: there is no such import.
        """
        file = self._desk.read(importing.stored_file, import_id)
        parsed = self._read_again(file)
        return f"{Path(file.name).stem}-rejects.csv", rejects_csv(parsed)

    def kept(self, import_id: int) -> tuple[str, bytes]:
        """Return the name and the bytes of a file that came in before.

        Raises:
            NotFoundError: there is no such import.
        """
        file = self._desk.read(importing.stored_file, import_id)
        return file.name, self._desk.read(importing.content_of, file.id)

    def title_of(self, parsed: ParsedFile) -> str:
        """Return what a file is among people: the profile's name, or the export's."""
        known = (x.title for x in FORMATS if x.name == parsed.format)
        return parsed.profile or next(known, "a file")

    def _finish(self, file: StoredFile) -> ImportReport:
        parsed = self._read_again(file)
        if parsed.refusal:  # this version reads the file more strictly than the one that stored it
            return self._give_up(file, refused_report(parsed, parsed.refusal))
        actor = Actor(file.actor, Role.OPERATOR)
        report = self._take_orders(file, parsed, actor, _quiet, _never)
        if report.rejected:
            self._open_problem(file, report)
        return report

    def _read_again(self, file: StoredFile) -> ParsedFile:
        """Read a stored file as it was read when it was confirmed."""
        content = self._desk.read(importing.content_of, file.id)
        wishes = Wishes(file.format, file.reading)
        whole = read_file(file.name, content, today=file.today, wishes=wishes)
        return whole.without(file.left_out)

    def _open_problem(self, file: StoredFile, report: ImportReport) -> None:
        desk = self._desk
        desk.write(lambda db: watched.open_problem(db, file.id, report, desk.now()))

    def _take_orders(
        self,
        file: StoredFile,
        parsed: ParsedFile,
        actor: Actor,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        """Take in what is not in yet, a short write unit at a time, and write the report."""
        desk, total = self._desk, len(parsed.orders)
        done = desk.read(importing.taken, file.id)
        left = [order for order in parsed.orders if order.external_id not in done]
        with _telling_how_far(file, done, total):
            for batch in chunks(left, BATCH):
                if self._stopping.is_set():
                    raise _left_for_later(file)
                if cancelled():
                    reached = [order for order in parsed.orders if order.external_id in done]
                    return self._close(file, parsed, reached, "cancelled")
                self._take_batch(file, actor, batch)
                done.update(order.external_id for order in batch)
                progress(len(done), total)
            return self._close(file, parsed, parsed.orders, "done")

    def _take_batch(self, file: StoredFile, actor: Actor, batch: Sequence[IncomingOrder]) -> None:
        # Not through Desk.write: the audit's end is anchored once, when the whole file is in.
        with self._desk.store.write() as db:
            importing.take_batch(db, actor=actor, file=file, batch=batch, now=self._desk.now())

    def _close(
        self, file: StoredFile, parsed: ParsedFile, reached: Sequence[IncomingOrder], state: str
    ) -> ImportReport:
        desk = self._desk
        report = order_report(parsed, desk.read(importing.outcome, file, reached))
        report = summary.with_left_out(report, file.left_out, FileKind.ORDERS)
        if state == "cancelled":
            words = summary.cancelled(report, len(parsed.orders))
            report = replace(report, verdict=Verdict.PARTIAL, message=words)
        report = replace(report, import_id=file.id)
        desk.write(lambda db: importing.finish(db, file.id, report, state=state, now=desk.now()))
        return report

    def _give_up(self, file: StoredFile, report: ImportReport) -> ImportReport:
        report = replace(report, import_id=file.id)
        self._desk.write(
            lambda db: importing.finish(db, file.id, report, state="refused", now=self._desk.now())
        )
        self._open_problem(file, report)
        return report

    def _take_goods(self, parsed: ParsedFile, content: bytes, preview: Preview) -> ImportReport:
        left_out = preview.left_out
        desk, packed = self._desk, importing.pack(content)

        def take(db: Connection) -> ImportReport:
            known = importing.done_before(db, parsed, packed.sha256, left_out)
            if known is not None and parsed.kind is FileKind.LISTINGS:
                return again_report(parsed, known)  # what a channel showed then is no news now
            file_id = importing.keep(
                db, desk.actor, parsed=parsed, packed=packed, today=self._today(),
                now=desk.now(), state="done", left_out=left_out,
            )  # fmt: skip
            plan = goods_files.take_goods(
                db, desk.actor, parsed=parsed, source=f"file:{file_id}", now=desk.now(),
                anyway=preview.anyway,
            )  # fmt: skip
            report = replace(goods_report(parsed, plan), import_id=file_id)
            report = summary.with_left_out(report, left_out, parsed.kind)
            if plan.refusal:
                raise _PlanRefusedError(report)
            if known is None:
                importing.finish(db, file_id, report, state="done", now=desk.now())
            return report

        try:
            return desk.write(take)
        except _PlanRefusedError as refused:
            return replace(refused.report, import_id=None)

    def _today(self) -> date:
        return self._desk.now().date()


@contextmanager
def _telling_how_far(file: StoredFile, done: Collection[str], total: int) -> Iterator[None]:
    """Let a failing store not say that nothing was changed: only its last batch was undone."""
    try:
        yield
    except StoreError as error:
        how_far = summary.how_far(file.name, len(done), total)
        title = error.title.removesuffix("Nothing was changed.")
        raise StoreError(title + how_far, error.advice) from error


def _left_for_later(file: StoredFile) -> LeftForLaterError:
    return LeftForLaterError(
        f"The import of {file.name} is not finished: Orderdeck was closed.",
        "The next start finishes it by itself.",
    )


class _PlanRefusedError(Exception):
    """Rolls a write unit back, and carries the report out of it."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(report.message)
        self.report = report
