"""Let a marketplace's scheduled download flow in by itself, and make a problem visible.

A file is read once it has stopped growing. What is accepted, or accepted in part, comes in; what is
kept back or refused opens a case, because nobody is there to read the message. What keeps a folder or
file from being read is said once it has lasted. The same bytes never come in twice, under whatever
name and after whatever restart.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.domain.importing import ImportReport, Verdict
from app.errors import DeskError, RefusedError, details_of
from app.services import importing, watched
from app.services.desk import Desk, Importer, Preview, WatchListener
from app.sync.files import limits

SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_EVERY_SECONDS: Final = 3.0
PATIENCE: Final = 10  # looks before trouble is told: a busy store or an open file passes by itself

Stamp = tuple[int, int]  # size and time of the last change


@dataclass(slots=True)
class FolderWatch:
    """Looks into the watched folders again and again, on a thread of its own.

    ``tell`` hears on that thread what came in, what has kept a folder or file from being read for a
    while, and bugs; none of it ends the watch.
    """

    desk: Desk
    importer: Importer
    tell: WatchListener | None = None
    every: float = _EVERY_SECONDS
    _held_up: Counter[Path] = field(default_factory=Counter)
    _bugs: set[str] = field(default_factory=set)
    _seen: dict[Path, Stamp] = field(default_factory=dict)
    _dealt_with: dict[Path, Stamp] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, tell: WatchListener | None = None) -> None:
        """Begin to watch; ``tell`` takes the place of what was given before."""
        self.tell = tell or self.tell
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
        return [
            report
            for path, stamp in self._ready()
            if (report := self._tried(path, stamp)) is not None
        ]

    def _run(self) -> None:
        while not self._stopped.wait(self.every):
            try:
                self.look()
            except DeskError:
                continue  # the store is busy: next time
            except Exception:  # noqa: BLE001 (a bug must be seen, and must not end the watch)
                self._tell_bug()

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
                files = sorted(path for path in folder.iterdir() if _is_export(path))
            except OSError:
                self._tell_trouble(folder, _not_there(folder))
                continue
            del self._held_up[folder]
            yield from files

    def _tried(self, path: Path, stamp: Stamp) -> ImportReport | None:
        report = None
        try:
            report = self._deal_with(path, stamp)
            if report is not None and self.tell is not None:
                self.tell.came_in(report)
        except DeskError as error:  # a busy store, a file that is still open: next time
            self._tell_trouble(path, error)
            return None
        except Exception:  # noqa: BLE001 (a bug with one file must be seen, and not stop the others)
            self._tell_bug()
        self._dealt_with[path] = stamp
        del self._held_up[path]
        return report

    def _tell_trouble(self, path: Path, trouble: DeskError) -> None:
        self._held_up[path] += 1
        if self._held_up[path] == PATIENCE and self.tell is not None:
            self.tell.held_up(trouble)

    def _tell_bug(self) -> None:
        details = details_of()
        if details not in self._bugs and self.tell is not None:
            self._bugs.add(details)  # the same bug at every look is one bug
            self.tell.bug(details)

    def _deal_with(self, path: Path, stamp: Stamp) -> ImportReport | None:
        # What is too large is refused unread, so it is known by its name and stamp.
        is_read = stamp[0] <= limits.FILE_BYTES
        content = _content(path) if is_read else repr((path.name, stamp)).encode()
        sha256 = importing.digest(content)
        if self.desk.read(watched.came_before, sha256):
            return None
        if is_read:
            preview = self.importer.preview_content(path.name, content)
        else:
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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedError(
            f"{path.name} in a watched folder cannot be opened; nothing of it came in.",
            "Close the program that holds it, or check that you may read it.",
        ) from error


def _not_there(folder: Path) -> RefusedError:
    return RefusedError(
        f"The watched folder {folder} is not there; no files come in from it.",
        "Connect the drive that it is on, or stop watching it.",
    )


def _is_export(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return not hidden and path.suffix.casefold() in SUFFIXES and path.is_file()
