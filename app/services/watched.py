"""Which folders are watched for files, and what came of a file that nobody was there to look at?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes, Touched
from app.domain.importing import ImportReport, ParsedFile, Verdict
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.exchange import import_files
from app.models.governance import settings
from app.services import audit, importing
from app.services.cases import open_cases, resolve_cases
from app.services.importing import Packed

_SETTING = "watched_folders"


def watched_folders(db: Connection) -> list[str]:
    """Return the folders whose files come in by themselves."""
    query = select(settings.c.value).where(settings.c.name == _SETTING)
    return list(db.execute(query).scalar() or [])


def watch_folder(db: Connection, actor: Actor, *, folder: str, now: datetime) -> Changes:
    """Let the files of a folder come in by themselves.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: there is no such folder.
    """
    actor.must(Permission.ADMINISTER)
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise RefusedError(
            f"There is no folder {path}; nothing was changed.",
            "Choose the folder that the marketplace's downloads go to.",
        )
    known = watched_folders(db)
    name = str(path.resolve())
    if name not in known:
        _write(db, actor, known, [*known, name], now)
    return Changes(f"Watch {path.name}", Touched.SETTINGS)


def stop_watching(db: Connection, actor: Actor, *, folder: str, now: datetime) -> Changes:
    """Leave a folder alone again.

    Raises:
        NotAllowedError: the role is too low.
        NotFoundError: the folder is not watched.
    """
    actor.must(Permission.ADMINISTER)
    known = watched_folders(db)
    if folder not in known:
        raise NotFoundError(
            f"The folder {folder} is not watched; nothing was changed.",
            "Choose one of the folders on the page Settings.",
        )
    _write(db, actor, known, [each for each in known if each != folder], now)
    return Changes(f"Stop watching {Path(folder).name}", Touched.SETTINGS)


def came_before(db: Connection, sha256: str) -> bool:
    """Return whether these bytes were looked at before and nothing of them is still to come in."""
    table = import_files.c
    query = select(table.id).where(table.sha256 == sha256, table.state != "cancelled").limit(1)
    return db.execute(query).first() is not None


def keep_refused(
    db: Connection,
    actor: Actor,
    *,
    parsed: ParsedFile,
    report: ImportReport,
    packed: Packed,
    today: date,
    now: datetime,
) -> int:
    """Keep a refused file to be looked at, and open the case that says why."""
    file_id = importing.keep(
        db, actor, parsed=parsed, packed=packed, today=today, now=now, state="refused"
    )
    importing.finish(db, file_id, report, state="refused", now=now)
    open_problem(db, file_id, report, now)
    return file_id


def open_problem(db: Connection, file_id: int, report: ImportReport, now: datetime) -> None:
    """Open a case for a file that did not come in whole."""
    what = f"{len(report.rejected)} kept back"
    if report.verdict is Verdict.REFUSE:
        what = "refused"
    draft = CaseDraft(
        CaseKind.FILE_PROBLEM, "file", file_id, f"{report.file}: {what}", due_at=now,
        facts={"file": report.file, "message": report.message, "kept_back": len(report.rejected)},
    )  # fmt: skip
    open_cases(db, [draft], now=now)


def settle_file(
    db: Connection, actor: Actor, *, import_id: int, reason: str, now: datetime
) -> Changes:
    """Close the case of a file: its orders came another way, or are not wanted.

    Raises:
        NotFoundError: the file has no open case.
    """
    actor.must(Permission.WORK)
    words = reason.strip() or "Settled by hand."
    kinds = [CaseKind.FILE_PROBLEM]
    if not resolve_cases(db, kinds, "file", [import_id], resolution=words, now=now):
        raise NotFoundError(
            "This file has no open case; nothing was changed.",
            "Nothing is left to do; read the list again.",
        )
    audit.record(db, actor, now, audit.Deed("settle file", f"file:{import_id}", words))
    return Changes("Settle a file", Touched.CASES, (import_id,))


def _write(
    db: Connection, actor: Actor, before: Sequence[str], after: Sequence[str], now: datetime
) -> None:
    here = settings.c.name == _SETTING
    if db.execute(select(settings.c.name).where(here)).first():
        db.execute(settings.update().where(here).values(value=list(after)))
    else:
        db.execute(settings.insert(), [{"name": _SETTING, "value": list(after)}])
    audit.record(
        db, actor, now,
        audit.Deed("watch folders", "settings", before={"folders": list(before)},
                   after={"folders": list(after)}),
    )  # fmt: skip
