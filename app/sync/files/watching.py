"""Let a marketplace's scheduled download flow in by itself, and make a problem visible.

A file is read once it has stopped growing. What is accepted, or accepted in part, comes in; what is
kept back or refused opens a case, because nobody is there to read the message. The same bytes never
come in twice, under whatever name and after whatever restart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.domain.importing import ImportReport, Verdict
from app.errors import DeskError, RefusedError
from app.services import importing, watched
from app.services.desk import Desk, Importer, Preview

SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_EVERY_SECONDS: Final = 3.0

Stamp = tuple[int, int]  # size and time of the last change


def _nothing(_report: ImportReport) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class FolderWatch:
    """Looks into the watched folders again and again, on a thread of its own.

    ``news`` is called on that thread with the report of each file that was dealt with. ``trouble``
    says per folder or file what keeps it from being read, as a sentence; empty when all is well.
    """

    desk: Desk
    importer: Importer
    news: Callable[[ImportReport], None] = _nothing
    every: float = _EVERY_SECONDS
    trouble: dict[Path, str] = field(default_factory=dict)
    _seen: dict[Path, Stamp] = field(default_factory=dict)
    _dealt_with: dict[Path, Stamp] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, news: Callable[[ImportReport], None] | None = None) -> None:
        """Begin to watch; ``news`` takes the place of what was given before."""
        self.news = news or self.news
        self._thread = threading.Thread(target=self._run, name="folder watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; what is being taken in is finished at the next start."""
        self._stopped.set()
        self.importer.stop()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> list[ImportReport]:
        """Look once; deal with the files that have not changed since the look before."""
        self.trouble.clear()
        return [
            report
            for path, stamp in self._ready()
            if (report := self._tried(path, stamp)) is not None
        ]

    def _run(self) -> None:
        while not self._stopped.wait(self.every):
            self.look()

    def _ready(self) -> Iterator[tuple[Path, Stamp]]:
        seen, self._seen = self._seen, {}
        for path in self._files():
            try:
                stat = path.stat()
            except OSError:
                continue  # gone between listing and asking
            stamp = (stat.st_size, stat.st_mtime_ns)
            self._seen[path] = stamp
            if seen.get(path) == stamp and self._dealt_with.get(path) != stamp:
                yield path, stamp

    def _files(self) -> Iterator[Path]:
        for name in self.desk.read(watched.watched_folders):
            folder = Path(name)
            try:
                yield from sorted(path for path in folder.iterdir() if _is_export(path))
            except OSError:
                self.trouble[folder] = f"The watched folder {folder} is not there at the moment."

    def _tried(self, path: Path, stamp: Stamp) -> ImportReport | None:
        try:
            report = self._deal_with(path)
        except DeskError as error:  # a busy store, a file that is still open: next time
            self.trouble[path] = str(error)
            return None
        self._dealt_with[path] = stamp
        if report is not None:
            self.news(report)
        return report

    def _deal_with(self, path: Path) -> ImportReport | None:
        try:
            sha256 = importing.digest(path.read_bytes())
        except OSError as error:
            raise RefusedError(f"{path.name} cannot be opened yet.") from error
        if self.desk.read(watched.came_before, sha256):
            return None
        preview = self.importer.preview(path)
        if preview.report.verdict is Verdict.REFUSE:
            return self._refused(preview, sha256)
        report = self.importer.confirm(preview)
        if report.verdict is Verdict.PARTIAL and report.rejected:
            self._kept_back(report)
        return report

    def _refused(self, preview: Preview, sha256: str) -> ImportReport:
        desk = self.desk
        packed = importing.Packed(sha256, importing.pack(preview.content).content)
        desk.write(
            lambda db: watched.keep_refused(
                db, desk.actor, parsed=preview.parsed, report=preview.report, packed=packed,
                today=desk.now().date(), now=desk.now(),
            )
        )  # fmt: skip
        return preview.report

    def _kept_back(self, report: ImportReport) -> None:
        file_id = report.import_id
        if file_id is not None:
            self.desk.write(lambda db: watched.open_problem(db, file_id, report, self.desk.now()))


def _is_export(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return not hidden and path.suffix.casefold() in SUFFIXES and path.is_file()
