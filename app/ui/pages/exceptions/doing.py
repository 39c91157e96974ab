"""How is each way out of a case carried out: what is asked first, and which operation does it?"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from app.domain.mismatching.causes import NUMBERS
from app.queries.cases import CaseRow
from app.queries.order_detail import OrderDetail, order_detail
from app.ui.operations import Problem
from app.ui.pages.addresses import address_question
from app.ui.pages.asking import Asker
from app.ui.pages.linking import Unknown, ask_link
from app.ui.pages.page import Shell
from app.ui.widgets.form import Field, Question


class Place(Asker, Protocol):
    """The page, as the ways out see it."""

    row: CaseRow | None

    def show_again(self) -> None:
        """Draw the case again: more is known of it."""


class Doing:
    """What a way out does: it asks what only a person knows, carries it out, and says what was done."""

    def __init__(self, shell: Shell, place: Place) -> None:
        self.shell, self.place = shell, place

    def run(self, operation: str, **arguments: Any) -> None:
        """Carry out an operation, and say what it did."""
        self.place.run(operation, **arguments)

    # ---- what asks why ---------------------------------------------------------------------------

    def close(self, row: CaseRow) -> None:
        """Ask who shipped what the channel says is shipped."""
        self.place.ask(Question(
            "Close it as shipped elsewhere",
            [Field("reason", "Who shipped it", is_needed=True)], "Close it",
            lambda v: self.run("close_as_shipped_elsewhere", order_id=row.order_id,
                               reason=str(v["reason"])),
            note="Its units go back on sale.",
        ))  # fmt: skip

    def settle_file(self, row: CaseRow) -> None:
        """Ask why a file is done with."""
        self.place.ask(Question(
            "Mark the file as settled",
            [Field("reason", "Why", is_needed=True, placeholder="Its orders came another way …")],
            "Mark as settled",
            lambda v: self.run("settle_file", import_id=row.subject_id, reason=str(v["reason"])),
            note="What was kept back does not come in by itself any more.",
        ))  # fmt: skip

    def settle_unread(self, row: CaseRow) -> None:
        """Ask why an order that cannot be read is done with."""
        self.place.ask(Question(
            "Mark the order as settled",
            [Field("reason", "Why", is_needed=True, placeholder="I deal with it on the channel …")],
            "Mark as settled",
            lambda v: self.run("settle_unread", inbox_id=row.subject_id, reason=str(v["reason"])),
            note="If it can be read later, it comes in all the same.",
        ))  # fmt: skip

    def cancel(self, row: CaseRow) -> None:
        """Ask why an order is cancelled here too."""
        self.place.ask(Question(
            "Cancel the order here too",
            [Field("reason", "Why", "The channel cancelled it.", is_needed=True)], "Cancel it",
            lambda v: self.run("cancel", order_ids=[row.order_id], reason=str(v["reason"])),
            note="Its units go back on sale. Make sure that the parcel is stopped.", kind="danger",
        ))  # fmt: skip

    def let_go(self, row: CaseRow) -> None:
        """Ask why very many numbers change at once."""
        self.place.ask(Question(
            "Let the new numbers go",
            [Field("reason", "Why so many change", is_needed=True, placeholder="A new price list, a big sale …")],
            "Let them go",
            lambda v: self.run("release_quantities", account_id=row.subject_id, reason=str(v["reason"])),
            note=f"{row.title}. The channel is told them with the next file or call.",
        ))  # fmt: skip

    # ---- what is looked up first -----------------------------------------------------------------

    def mend_address(self, row: CaseRow) -> None:
        """Ask what is wrong in the address."""
        self._with_order(row, self._ask_address)

    def link(self, row: CaseRow) -> None:
        """Find the line whose code is unknown, then ask for the SKU."""
        self._with_order(row, self._ask_link)

    def mismatches(self, row: CaseRow) -> None:
        """Show the rows of the cause that the case stands for."""
        reason = next(each for each, number in NUMBERS.items() if number == row.subject_id)
        self.shell.go("mismatches", f"cause:{reason.value}")

    def _with_order(self, row: CaseRow, then: Any) -> None:
        operations = self.shell.operations
        operations.query(order_detail, order_id=row.order_id, now=operations.now(), then=then)

    def _ask_address(self, detail: OrderDetail) -> None:
        self.place.ask(address_question(detail, partial(self._correct, detail.id)))

    def _correct(self, order_id: int, changed: dict[str, str], reason: str) -> None:
        if changed:
            self.run("correct_address", order_id=order_id, changes=changed, reason=reason)
        else:
            self.place.complain(Problem("Nothing is different yet.", "Change what is wrong."))

    def _ask_link(self, detail: OrderDetail) -> None:
        line = next((each for each in detail.lines if each.claim == "unmapped"), None)
        if line is None:
            self.shell.open_order(detail.id)
            return
        unknown = Unknown(detail.account_id, line.sku_text, line.title)
        ask_link(self.shell, self.place, unknown, partial(self.run, "link"))
