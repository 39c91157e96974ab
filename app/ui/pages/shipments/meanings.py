"""Codes without a meaning on the page Shipments: a strip that says so, and a pane to give them one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from app.queries.carrier_codes import UnmappedCode, unmapped_codes
from app.ui.pages.asking import Asker
from app.ui.pages.page import Shell
from app.ui.pages.shipments import codes
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, button
from app.ui.widgets.form import Values
from app.ui.widgets.text import Text


class CodesPane(Protocol):
    """The pane beside the list, as the codes see it."""

    @property
    def is_asking(self) -> bool:
        """Whether a question is open."""

    def show_codes(
        self, head: Sequence[QWidget | QLayout], body: Sequence[QWidget | QLayout]
    ) -> None:
        """Show the codes in the place of a parcel."""


class CodesPage(Asker, Protocol):
    """The page, as the codes see it."""

    @property
    def pane(self) -> CodesPane:
        """The pane beside the list."""

    def read_detail(self) -> None:
        """Show the parcel again."""


class Meanings:
    """What waits for a meaning, and what is shown of it."""

    def __init__(self, shell: Shell, page: CodesPage) -> None:
        self._shell, self._page = shell, page
        self._operations = shell.operations
        self.waiting: list[UnmappedCode] = []
        self.is_shown, self._followed = False, 0
        self.strip = boxed(
            across(
                IconLabel("hold", Tone.WARN),
                Text("Carriers used codes that have no meaning yet."),
                button("Say what they mean", self.show, kind="link"), None,
                margins=(15, 2, 12, 5),
            )
        )  # fmt: skip
        self.strip.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.strip.hide()

    def read(self) -> None:
        """Read what waits."""
        self._operations.query(unmapped_codes, then=self._know, slot=("shipments", "codes"))

    def follow(self, row_id: int) -> None:
        """Give the pane back when another parcel is chosen."""
        if row_id != self._followed:
            self.is_shown = False
        self._followed = row_id

    def show(self) -> None:
        """Show what carriers said that nobody has given a meaning."""
        self.is_shown = True
        self.strip.hide()
        self._fill()

    def why_not(self) -> str:
        """Return why there is nothing to show."""
        return "" if self.waiting or self.is_shown else "every code has a meaning"

    def ask(self, code: UnmappedCode) -> None:
        """Ask what a code means, and say it."""

        def answer(values: Values) -> None:
            by_words = not code.code or values.get("scope") == "words"
            self._page.run(
                "say_meaning", carrier=code.carrier, code=code.code,
                words=code.words if by_words else "", status=str(values["status"]),
                incident=str(values["incident"]),
            )  # fmt: skip

        self._page.ask(codes.question_of(code, answer))

    def _know(self, waiting: list[UnmappedCode]) -> None:
        self.waiting = waiting
        self.strip.setVisible(bool(waiting) and not self.is_shown)
        if self.is_shown and not self._page.pane.is_asking:
            self._fill()
        self._shell.state_changed()

    def _fill(self) -> None:
        self._page.pane.show_codes(
            codes.head_of(self.waiting, self._leave),
            codes.body_of(self.waiting, self.ask, self._operations.now()),
        )

    def _leave(self) -> None:
        self.is_shown = False
        self.strip.setVisible(bool(self.waiting))
        self._page.read_detail()
