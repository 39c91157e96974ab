"""``export``: write the files that channels take back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, amount_of_rows, argument
from app.cli.terminal import visible
from app.cli.wording import counted
from app.errors import NotAllowedError, RefusedError
from app.queries.settings import AccountRow, account_rows, channel_rows
from app.services.desk import ExportedFile, Exporter, WaitingExport
from app.services.saving import keep_private, save_new

KINDS = {"shipped": "ship_confirm", "quantities": "quantity", "cancelled": "cancel"}
_WORDS = {kind: word for word, kind in KINDS.items()}


def export(call: Call) -> Answer:
    """Write everything that waits, or one earlier file again."""
    exporter = call.desk.exporter
    if exporter is None:
        raise RefusedError(
            "This desk cannot write files; nothing was written.",
            "Start it as “orderdeck export”, which brings its file writer.",
        )
    folder = _folder(call.args.out)
    if call.args.again is not None:
        return _again(exporter, call.args.again, folder)
    _known_channel(call)
    accounts = {row.id: row for row in call.desk.read(account_rows)}
    call.desk.publish()
    wanted = _wanted(call, exporter, accounts)
    if call.args.list:
        return Answer(wanted, lambda: _waiting_lines(wanted))
    written, without = _write_all(exporter, wanted, folder, is_named=bool(call.args.channel))
    return Answer(written, lambda: [*_written_lines(written), *without])


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise RefusedError(
            f"{folder} is not a folder; no file was written.",
            "Create it, or name another: --out DIR",
        )
    return folder


def _known_channel(call: Call) -> None:
    known = [row.code for row in call.desk.read(channel_rows)]
    if call.args.channel and call.args.channel not in known:
        raise RefusedError(
            f"There is no channel “{visible(call.args.channel)}”; no file was written.",
            f"Channels: {', '.join(known)}.",
        )


def _wanted(call: Call, exporter: Exporter, accounts: dict[int, AccountRow]) -> list[WaitingExport]:
    """Return what is to be written; quantities that did not move only when they are asked for."""
    kind, channel = KINDS.get(call.args.kind or ""), call.args.channel
    found = [
        each
        for each in exporter.waiting()
        if (not channel or each.channel == channel) and (not kind or each.kind == kind)
    ]
    if kind == KINDS["quantities"] and (channel or not call.args.list):
        there = {each.account_id for each in found}
        found += [
            WaitingExport(row.id, row.channel, row.name, kind, 0)
            for row in accounts.values()
            if channel in ("", row.channel) and row.id not in there
        ]
    return found


def _write_all(
    exporter: Exporter, wanted: Sequence[WaitingExport], folder: Path, *, is_named: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    """Write file after file; return them, and why a channel that nobody named has none."""
    written: list[dict[str, Any]] = []
    without: list[str] = []
    for each in wanted:
        try:
            file = exporter.export(each.account_id, each.kind)
        except NotAllowedError:
            raise
        except RefusedError as refusal:
            if is_named or each.count:
                raise
            without.append(visible(str(refusal)))
        else:
            written.append(_write(file, each, folder))
    return written, without


def _write(file: ExportedFile, each: WaitingExport, folder: Path) -> dict[str, Any]:
    path = save(file, folder)
    return {
        "id": file.id, "channel": each.channel, "account": each.account, "kind": each.kind,
        "file": file.name, "path": path, "rows": file.rows,
    }  # fmt: skip


def _again(exporter: Exporter, export_id: int, folder: Path) -> Answer:
    file = exporter.again(export_id)
    path = save(file, folder)
    document = {"id": file.id, "file": file.name, "path": path, "rows": file.rows}
    return Answer([document], lambda: [f"Written again, as it was: {path}"])


def save(file: ExportedFile, folder: Path) -> Path:
    """Save a file into a folder, and never over another one.

    Raises:
        RefusedError: the folder cannot be written to; the file itself is kept.
    """
    wanted = folder / Path(file.name).name
    try:
        return next(path for path in _names(wanted) if _is_saved(path, file.content))
    except OSError as error:
        raise RefusedError(
            f"The file could not be saved as {wanted} ({error.strerror}), but it is kept in the desk.",
            f"Free some space or choose another folder: orderdeck export --again {file.id} --out DIR",
        ) from error


def _names(wanted: Path) -> Iterator[Path]:
    """Yield the path itself, then with a number, for where another file has that name."""
    yield wanted
    yield from (wanted.with_name(f"{wanted.stem} ({at}){wanted.suffix}") for at in count(2))


def _is_saved(path: Path, content: bytes) -> bool:
    """Save the file unless another has that name; one with the same content is the file itself."""
    try:
        save_new(path, content)
    except FileExistsError:
        if not path.is_file() or path.read_bytes() != content:
            return False
        keep_private(path)
    return True


def _waiting_lines(waiting: Sequence[WaitingExport]) -> list[str]:
    if not waiting:
        return [_NOTHING]
    return [
        f"{each.account}: {_WORDS[each.kind]}, {counted(each.count, 'row')}" for each in waiting
    ]


def _written_lines(written: Sequence[dict[str, Any]]) -> list[str]:
    if not written:
        return [_NOTHING]
    return [
        f"{each['account']}: {counted(each['rows'], 'row')} {_WORDS[each['kind']]} in {each['path']}"
        for each in written
    ] + ["Upload each file where the channel takes it."]


_NOTHING = (
    "Nothing waits to be told to a channel. (What was done in the last few seconds can still be "
    "undone and waits until then.)"
)

COMMANDS = (
    Command(
        "export",
        "write the files that channels take back: shipped orders, quantities, cancellations",
        "export --channel amazon --out ~/Downloads",
        export,
        (
            argument("--channel", default="", metavar="CODE", help="default: all"),
            argument("--kind", choices=sorted(KINDS), help="default: all that waits"),
            argument("--out", type=Path, default=Path(), metavar="DIR", help="default: this folder"),
            argument("--list", action="store_true", help="only say what waits"),
            argument("--again", type=amount_of_rows, metavar="ID", help="write an earlier file once more"),
        ),
    ),
)  # fmt: skip
