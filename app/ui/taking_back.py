"""What was done here that can be taken back, and what becomes of it while it is."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.changes import Changes, Undo, together
from app.services.desk import Desk
from app.services.taking_imports_back import brought
from app.services.undoing import take_back


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done here and can be taken back."""

    label: str
    undo: Undo


def take_back_import(desk: Desk, import_id: int) -> Changes:
    """Take an import back long after it was done, a part at a time, on the writer's thread."""
    receipt = desk.read(brought, import_id)
    if receipt.undo is None:
        return desk.run("take_back_import", import_id=import_id)  # which says why not
    return TakingBack(Done(receipt.label, receipt.undo), 0).run(desk)


class TakingBack:
    """One thing that is being taken back, and what of it is over so far."""

    def __init__(self, last: Done, place: int) -> None:
        self.last, self.place = last, place
        self._receipts: list[Changes] = []

    def run(self, desk: Desk) -> Changes:
        """Take it back, on the writer's thread."""
        for receipt in take_back(desk, self.last.undo):
            self._receipts.append(receipt)
        return self.changes

    @property
    def changes(self) -> Changes:
        """The receipt of what was taken back."""
        whole = together("", self._receipts)
        word = "Undone" if whole.done else "Not undone"
        label = self.last.label
        return Changes(f"{word}: {label[:1].lower()}{label[1:]}", whole.touched, whole.done,
                       whole.skipped)  # fmt: skip
