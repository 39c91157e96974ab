"""Text files and tables that a command reads or writes; what does not go is told with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from app.cli.command import Call
from app.cli.terminal import visible
from app.errors import RefusedError

_OTHER_FOLDER: Final = "Name a file in a folder of yours."


def read_text(path: Path, advice: str) -> str:
    """Return what a text file says.

    Raises:
        RefusedError: there is none, or it is no text; with the advice of the command.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{visible(str(path))} cannot be read; nothing was changed.",
                           advice) from error  # fmt: skip


def write_text(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        RefusedError: it cannot be written there.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{visible(str(path))} cannot be written; nothing was changed.",
                           _OTHER_FOLDER) from error  # fmt: skip


def write_table(
    call: Call, path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> None:
    """Write a table as a file that opens safely anywhere: no cell can be taken for a formula.

    Raises:
        RefusedError: it cannot be written there.
    """
    exporter = call.desk.exporter
    assert exporter is not None  # the door gives every desk one
    try:
        path.write_bytes(exporter.table("csv", header, rows))
    except OSError as error:
        raise RefusedError(f"{visible(str(path))} cannot be written; the report itself was made.",
                           _OTHER_FOLDER) from error  # fmt: skip
