"""How does a file for a channel get from the desk to where a person wants it?"""

from __future__ import annotations

from functools import partial

from app.domain.changes import Changes, Touched
from app.services.desk import ExportedFile, Exporter
from app.ui.asking import Decision
from app.ui.operations import Operations
from app.ui.pages.page import Shell


def exporter_of(operations: Operations) -> Exporter:
    """Return what writes the files of the desk."""
    exporter = operations.desk.exporter
    if exporter is None:
        raise RuntimeError("the desk was opened without its file writer")
    return exporter


def write_for_channel(shell: Shell, account_id: int, account: str, kind: str) -> None:
    """Write the file of everything that waits for one account.

    Of cancellations it is asked first: until they are written they can be undone.
    """
    write = partial(_write, shell, account_id, account, kind)
    if kind != "cancel":
        write()
        return
    shell.confirm(
        Decision(f"Write the cancellations for {account}?",
                 "Until now they can be undone; once they are written, not any more.",
                 "Write the cancellations", write, "Not yet")
    )  # fmt: skip


def _write(shell: Shell, account_id: int, account: str, kind: str) -> None:
    """Write it, then ask where it goes."""
    operations = shell.operations

    def save(file: ExportedFile) -> None:
        operations.changed.emit(Changes(f"Write {file.name}", Touched.FILES))
        shell.save_file(file.name, file.content)

    operations.job(
        lambda: exporter_of(operations).export(account_id, kind), then=save,
        shown=f"Write the file for {account}",
    )  # fmt: skip
