"""The claim for a parcel that its carrier lost or broke: its paper, handing it in, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLayout, QWidget

from app.queries.papers import country_of_the_desk
from app.queries.recoveries import ClaimRow
from app.queries.shipments import ParcelDetail
from app.services.desk import Desk
from app.services.recovering.packet import ClaimPacket, claim_packet
from app.ui.commands import Command
from app.ui.operations import Problem
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.widgets.controls import across, button
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.pane import section
from app.ui.widgets.text import Text
from app.ui.words import NotMoneyError, day, exact, minor_units, money, plain_amount


class Place(Asker, Protocol):
    """The page, as the claim sees it."""

    @property
    def id(self) -> str:
        """The page's name."""

    detail: ParcelDetail | None


def read_packet(desk: Desk, claim_id: int) -> tuple[ClaimPacket, str]:
    """Read what goes with a claim, and the country whose paper it is printed on."""
    return desk.read(claim_packet, claim_id), desk.read(country_of_the_desk)


class Claims:
    """What can be done about the claim of the parcel that is shown."""

    def __init__(self, shell: Shell, page: Place) -> None:
        self._shell, self._page = shell, page
        self.row: ClaimRow | None = None

    # ---- what is shown --------------------------------------------------------------------------

    def section(self, row: ClaimRow) -> QWidget:
        """Say how the claim stands, and offer its next step."""
        parts: list[QWidget | QLayout] = [
            Text(self._standing(row), wraps=True).hint(exact(row.due_at))
        ]
        if row.state == "open" and row.opens_at is not None and row.opens_at > self._now():
            words = f"{row.carrier} takes it from {self._day(row.opens_at)} on."
            parts.append(Text(words, quiet=True, wraps=True))
        if row.state == "open":
            parts.append(across(button("Handed in…", self.go_on, icon_name="accept"), None))
        if row.state in ("open", "filed"):
            parts.append(across(button("Claim packet (PDF)…", self.write_packet, icon_name="print",
                                       hint="Everything that the carrier asks for, on paper"), None))  # fmt: skip
        if row.state == "filed":
            parts.append(across(button("It answered…", self.go_on, icon_name="money"), None))
        return section("Claim", *parts)

    def _standing(self, row: ClaimRow) -> str:
        asked = money(row.amount, row.currency)
        return {
            "open": f"{asked} can be asked of {row.carrier} until {self._day(row.due_at)}.",
            "filed": f"{asked} asked of {row.carrier}. {row.reference}".strip(),
            "paid": f"{row.carrier} paid {money(row.paid, row.currency)} of {asked}.",
            "refused": f"{row.carrier} pays nothing of {asked}.",
        }[row.state]

    # ---- verbs ----------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Ask for the next step: that it was handed in, or what the carrier answered."""
        if self.row is not None and self.row.state == "open":
            self._file(self.row)
        elif self.row is not None:
            self._answer(self.row)

    def _file(self, row: ClaimRow) -> None:
        self._page.ask(Question(
            f"The claim at {row.carrier} was handed in",
            [Field("reference", "Their number", placeholder="if they gave one")], "It was handed in",
            lambda v: self._page.run("file_claim", claim_id=row.id, reference=str(v["reference"])),
        ))  # fmt: skip

    def _answer(self, row: ClaimRow) -> None:
        self._page.ask(Question(
            f"What did {row.carrier} answer?",
            [Field("paid", "It pays", plain_amount(row.amount, row.currency), is_needed=True),
             Field("note", "What it wrote")],
            "Keep the answer", lambda values: self._answered(row, values),
            note=f"{money(row.amount, row.currency)} were asked for; 0 is nothing.",
        ))  # fmt: skip

    def _answered(self, row: ClaimRow, values: Values) -> None:
        try:
            paid = minor_units(str(values["paid"]), row.currency)
        except NotMoneyError as error:
            self._page.complain(Problem(str(error), ""))
            return
        self._page.run("answer_claim", claim_id=row.id, paid=paid, note=str(values["note"]))

    def write_packet(self) -> None:
        """Write everything that the carrier asks for, and let the person choose where it goes."""
        detail = self._page.detail
        if detail is None or self.row is None:
            return
        question = partial(read_packet, self._shell.operations.desk, self.row.id)
        self._shell.operations.ask(question, then=partial(self._save, detail))

    def _save(self, detail: ParcelDetail, found: tuple[ClaimPacket, str]) -> None:
        # Only whoever makes a claim waits for what papers need.
        from app.ui.printing.claim import lay_out_claim
        from app.ui.printing.pdf import pdf_of
        from app.ui.printing.sheet import paper_of

        packet, country = found
        paper = paper_of(country, QLocale())
        pages = lay_out_claim(packet, detail.scans, paper)
        content = pdf_of(pages, paper, f"Claim {packet.tracking_number}", lambda _done, _of: None)
        self._shell.save_file(f"claim-{packet.tracking_number}.pdf", content)

    # ---- commands -------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        """Declare the verbs."""
        return [
            Command("shipments.claim", "Claim…", self.go_on, "L", "money", "Order", self._page.id,
                    self._over, help="Say that it was handed in, or what the carrier answered"),
            Command("shipments.claim_packet", "Claim packet (PDF)…", self.write_packet, "P", "print",
                    "Order", self._page.id, self._over, help="Everything that the carrier asks for, on paper"),
        ]  # fmt: skip

    def _over(self) -> str:
        if self.row is None:
            return "nothing can be claimed for the parcel"
        return "" if self.row.state in ("open", "filed") else "the carrier has answered"

    def _now(self) -> datetime:
        return self._shell.operations.now()

    def _day(self, at: datetime) -> str:
        return day(at.astimezone().date(), self._now())
