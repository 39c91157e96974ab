"""``matrix``: who decides each kind of case, until when, and what happens if nobody does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.text_files import read_text, write_text
from app.domain.cases import CaseKind
from app.domain.casework.kinds import TEMPLATES
from app.domain.casework.matrix import NAMES, as_said
from app.domain.casework.matrix_file import matrix_from, matrix_text
from app.errors import RefusedError
from app.queries.inbox.matrix import MatrixChange, matrix_changes, matrix_now


def matrix(call: Call) -> Answer:
    """Show the matrix, a row a kind."""
    found = call.desk.read(matrix_now)
    rows = {kind.value: as_said(row) for kind, row in found.rows.items()}
    document = {"version": found.version, "kinds": rows}
    return Answer(document, lambda: [f"Version {found.version}", "", *_table(rows)])


def _table(rows: dict[str, dict[str, Any]]) -> list[str]:
    words = [
        (kind, row["severity"], row["owner"], f"{row['before']} h", f"{row['within']} h",
         "; ".join(row["ladder"]), row["default"], TEMPLATES[CaseKind(kind)].title)
        for kind, row in rows.items()
    ]  # fmt: skip
    head = ("Kind", "Severity", "Owner", ">Before", ">Within", "If nobody decides", "By itself", "")
    return table(head, words)


def matrix_set(call: Call) -> Answer:
    """Change what the matrix says of one kind; ``--preview`` only says what that would change."""
    said = {call.args.kind: dict(_pair(text) for text in call.args.changes)}
    return _save(call, said)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in NAMES:
        raise RefusedError(
            f"“{visible(text)}” changes nothing that is in the matrix; nothing was changed.",
            f"Write NAME=VALUE. Names: {', '.join(NAMES)}.",
        )
    return name, value


def _save(call: Call, said: dict[str, dict[str, Any]]) -> Answer:
    if not call.args.preview:
        return receipt(call.desk.run("save_matrix", rows=said, reason=call.args.reason))
    found = call.desk.read(matrix_changes, rows=said)
    return Answer(found, lambda: _preview(found))


def _preview(found: list[MatrixChange]) -> list[str]:
    if not found:
        return ["Nothing would change."]
    rows = [(each.kind, each.name, each.before, each.after, str(each.open_cases)) for each in found]
    return table(("Kind", "What", "Now", "Then", ">Open cases"), rows)


def matrix_export(call: Call) -> Answer:
    """Write the matrix to a file, or show it."""
    found = call.desk.read(matrix_now)
    text, target = matrix_text(found.rows), call.args.out
    if target is not None:
        write_text(target, text)
    document = {"version": found.version, "file": str(target) if target else None, "text": text}
    return Answer(document, lambda: [f"Version {found.version} is in {visible(str(target))}."]
                  if target else text.splitlines())  # fmt: skip


def matrix_import(call: Call) -> Answer:
    """Let the matrix of a file count; ``--preview`` only says what that would change."""
    return _save(
        call,
        matrix_from(read_text(call.args.file, "“orderdeck matrix export --out FILE” writes one.")),
    )


def matrix_restore(call: Call) -> Answer:
    """Let an earlier version count again."""
    return receipt(call.desk.run("restore_matrix", version=call.args.version))


_PREVIEW = argument("--preview", action="store_true", help="only say what would change")
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with the version")

COMMANDS = (
    Command("matrix", "who decides each kind of case, until when, and what happens if nobody does",
            "matrix", matrix),
    Command("matrix set", "change what the matrix says of a kind, or preview it",
            "matrix set shortfall before=8 owner=Buying --preview", matrix_set,
            (argument("kind", metavar="KIND", help="its code, such as shortfall"),
             argument("changes", nargs="+", metavar="NAME=VALUE", help="what is to count"),
             _PREVIEW, _REASON)),
    Command("matrix export", "write the matrix to a text file that differs line by line",
            "matrix export --out matrix.toml", matrix_export,
            (argument("--out", type=Path, metavar="FILE", help="default: show it"),)),
    Command("matrix import", "let the matrix of a text file count, or preview it",
            "matrix import matrix.toml --preview", matrix_import,
            (argument("file", type=Path, metavar="FILE", help="as matrix export writes it"),
             _PREVIEW, _REASON)),
    Command("matrix restore", "let an earlier version of the matrix count again; 0 is as delivered",
            "matrix restore --version 0", matrix_restore,
            (argument("--version", type=int, required=True, metavar="N", help="which"),)),
)  # fmt: skip
