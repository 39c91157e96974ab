"""``import``: take files in: orders, stock, catalogue, kits, listings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.cli.command import DONE, IN_PART, REFUSED, Answer, Call, Command, argument
from app.cli.program import typed
from app.cli.terminal import visible
from app.domain.importing import FileKind, ImportReport, ParsedFile, Verdict
from app.errors import DeskError, NotAllowedError, NotFoundError, RefusedError
from app.services.desk import Importer
from app.services.index_keeper import catch_up
from app.services.saving import is_taken, save_new

_INDEXING_S = 0.3  # a day's orders; what is left is found without the index until the desk is open


@dataclass(frozen=True, slots=True)
class _Ended:
    """How one file ended, and what could be read of it."""

    report: ImportReport
    parsed: ParsedFile | None


def import_files(call: Call) -> Answer:
    """Finish what was interrupted, then take the files in, one after the other."""
    importer = call.desk.importer
    if importer is None:
        raise RefusedError(
            "This desk cannot read files; nothing was imported.",
            "Start it as “orderdeck import”, which brings its file reader.",
        )
    _keep_clear(call.args.report, len(call.args.files))
    _resume(importer, call)
    ended = [_one(importer, path, call) for path in call.args.files]
    saved = _save_rejects(importer, call.args.report, ended)
    if not call.args.dry_run:
        catch_up(call.desk.store, seconds=_INDEXING_S)
    reports = [each.report for each in ended]
    return Answer(
        [_document(each) for each in reports],
        lambda: [line for each in reports for line in _lines(each, call.args.dry_run)] + saved,
        _status(reports),
    )


def _keep_clear(target: Path | None, files: int) -> None:
    """Refuse a place for the rejects that is taken, before anything is imported."""
    if target is None:
        return
    if not target.parent.is_dir():
        raise RefusedError(
            f"There is no folder {visible(str(target.parent))} for the rejects; nothing was imported.",
            "Create it, or name another place with --report.",
        )
    for path in (_place(target, at) for at in range(1, files + 1)):
        if is_taken(path):
            raise RefusedError(
                f"{visible(str(path))} is there already and is not written over; nothing was imported.",
                "Name a new file with --report, or move that one away.",
            )


def _place(target: Path, at: int) -> Path:
    """Return where the rejects of the first, second … file go."""
    return target if at == 1 else target.with_name(f"{target.stem}-{at}{target.suffix}")


def _resume(importer: Importer, call: Call) -> None:
    if call.args.dry_run:
        return
    for report in importer.resume():
        _tell(f"Finished an import that had been interrupted: {report.file}. {report.message}")


def _one(importer: Importer, path: Path, call: Call) -> _Ended:
    """Preview and import one file; one that cannot be opened is refused like any other."""
    try:
        preview = importer.preview(path, format_name=call.args.format, profile=call.args.profile)
    except (NotAllowedError, NotFoundError):
        raise
    except RefusedError as refusal:
        message = f"{refusal.title} {refusal.advice}".strip()
        blank = ImportReport(path.name, "", FileKind.UNKNOWN, Verdict.REFUSE, message=message)
        return _Ended(blank, None)
    if call.args.dry_run:
        return _Ended(preview.report, preview.parsed)
    preview = replace(preview, anyway=call.args.anyway)
    bar = _Progress(path.name)
    report = importer.confirm(preview, progress=bar.show, cancelled=lambda: False)
    bar.end()
    return _Ended(report, preview.parsed)


class _Progress:
    """A line on a terminal that says how far an import is; silent where nobody looks."""

    def __init__(self, name: str) -> None:
        self._name = visible(name)
        self._is_shown = False

    def show(self, done: int, total: int) -> None:
        """Say how many orders are in."""
        if sys.stderr.isatty():
            self._is_shown = True
            sys.stderr.write(f"\r{self._name}: {done:,} of {total:,} orders")
            sys.stderr.flush()

    def end(self) -> None:
        """Go on to a new line."""
        if self._is_shown:
            sys.stderr.write("\n")


def _tell(sentence: str) -> None:
    sys.stderr.write(visible(sentence) + "\n")


def _save_rejects(importer: Importer, target: Path | None, ended: Sequence[_Ended]) -> list[str]:
    """Write each file's rejected rows beside the name that was asked for."""
    if target is None:
        return []
    bad = [(each.report, each.parsed) for each in ended if each.parsed and each.report.rejected]
    said: list[str] = []
    for at, (report, parsed) in enumerate(bad, 1):
        path = _place(target, at)
        _write(path, importer.rejects(parsed))
        said.append(f"The rejected rows of {visible(report.file)} are in {visible(str(path))}.")
    return said or ["No row was rejected, so no file of rejects was written."]


def _write(path: Path, content: bytes) -> None:
    try:
        save_new(path, content)
    except OSError as error:
        raise DeskError(
            f"The rejects could not be written to {visible(str(path))} ({error.strerror}). The import itself is "
            "done.",
            "Name another place with --report and import the file again: it changes nothing twice.",
        ) from error


def _status(reports: Sequence[ImportReport]) -> int:
    verdicts = {each.verdict for each in reports}
    if verdicts == {Verdict.REFUSE}:
        return REFUSED
    return DONE if verdicts == {Verdict.ACCEPT} else IN_PART


def _document(report: ImportReport) -> dict[str, object]:
    """Return the report field by field as the contract of the command line says."""
    names = (
        "file", "format", "kind", "verdict", "rows", "orders_new", "lines_new", "updated",
        "unchanged", "rejected",
    )  # fmt: skip
    return {
        **{name: getattr(report, name) for name in names},
        "holds": [{"order": order, "code": code} for order, code in report.holds],
        "notices": report.notices,
        "message": report.message,
    }


_WORDS = {
    Verdict.ACCEPT: "taken in",
    Verdict.PARTIAL: "taken in, in part",
    Verdict.REFUSE: "refused",
}
_IF_IT_WERE = {
    Verdict.ACCEPT: "would be taken in; nothing was stored",
    Verdict.PARTIAL: "would be taken in, in part; nothing was stored",
    Verdict.REFUSE: "would be refused; nothing was stored",
}


def _lines(report: ImportReport, is_dry: bool) -> list[str]:
    first, *more = report.message.splitlines() or [""]
    became = (_IF_IT_WERE if is_dry else _WORDS)[report.verdict]
    lines = [f"{report.file}: {became}. {first}", *(f"  {line}" for line in more)]
    if report.holds and not is_dry:
        lines.append(f"  See: {typed('cases')}")
    return [visible(line) for line in lines]


COMMANDS = (
    Command(
        "import",
        "take files in: orders, stock, catalogue, kits, listings, exactly as downloaded",
        "import orders_export.csv --report rejects.csv",
        import_files,
        (
            argument("files", nargs="+", type=Path, metavar="FILE", help="the files"),
            argument("--format", default="auto", metavar="NAME", help="default: found by the header"),
            argument("--profile", default="", metavar="NAME",
                     help="read them by this profile; default: the one of their header"),
            argument("--dry-run", action="store_true", help="say what would happen, store nothing"),
            argument("--anyway", action="store_true", help="also if very many counts would change at once"),
            argument("--report", type=Path, metavar="FILE",
                     help="write the rejected rows into this new file; repaired, it imports as it is"),
        ),
    ),
)  # fmt: skip
