"""The rate tables: a price for each weight and zone; each is a button that asks for another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from app.domain.changes import Changes
from app.domain.rate_tables import ZONES, RateRow, Row, rows_of, services
from app.services.planning.rate_versions import preview_rates, rates_now
from app.services.rules.previewing import Preview
from app.ui.operations import Problem
from app.ui.pages.asking import Asks
from app.ui.pages.page import Shell
from app.ui.pages.rules.routing import cards, questions
from app.ui.pages.rules.routing.changing import Beside
from app.ui.widgets.controls import across, boxed, button, down, empty_out, rule_down, scrolling
from app.ui.widgets.form import Field, Question
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text
from app.ui.words import NotMoneyError, count_of, minor_units, money, plain_amount, weight

PANE = 320
_LEFT = Qt.AlignmentFlag.AlignLeft


class RatesView(Asks, QWidget):
    """Every service with its table, and beside it what is asked and what a change would do."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell, self._operations = shell, shell.operations
        self._known: tuple[int, Mapping[str, Any]] | None = None
        self._draft: dict[str, list[RateRow]] = {}
        self._offers: dict[str, Mapping[str, Any]] = {}
        self._preview: Preview | None = None
        self._content = down(spacing=10)
        inside = boxed(down(self._content, None, margins=(24, 18, 18, 30)))
        inside.setObjectName("body")
        self.pane = DetailPane("Change a rate")
        self.pane.setFixedWidth(PANE)
        self._said_beside = Beside(self.pane, shell.open_order, self.save, self.discard)
        body = across(scrolling(inside, "Rate tables"), rule_down(), self.pane, spacing=0)
        body.setStretch(0, 1)
        self.setLayout(body)
        self._beside()

    def refresh(self) -> None:
        """Read the tables; a draft stays."""
        self._operations.query(rates_now, then=self._read, slot="rates")

    def _read(self, known: tuple[int, Mapping[str, Any]]) -> None:
        self._known = known
        self._show()

    @property
    def rows(self) -> dict[str, list[RateRow]]:
        """The rows by service, as the draft has them."""
        if self._known is None:
            return {}
        found: dict[str, list[RateRow]] = {}
        for each in rows_of(self._known[1]):
            found.setdefault(each.service, []).append(each)
        return {**found, **self._draft}

    def _show(self) -> None:
        if self._known is None:
            return
        version, body = self._known
        self.setUpdatesEnabled(False)
        empty_out(self._content)
        self._content.addWidget(Text("What services cost", step="title"))
        self._content.addWidget(Text(
            f"Version {version}. Each version is kept. To change many at once, import a file of rates: the manual "
            "and “orderdeck rates export” show how it is written.", quiet=True, wraps=True))  # fmt: skip
        offers = self._offered()
        for name, rows in self.rows.items():
            self._content.addSpacing(8)
            self._content.addWidget(Text(name, step="heading"))
            said = Text(_limits(offers[name]), quiet=True, wraps=True)
            change = button("Change…", partial(self.ask_offer, name), kind="link",
                            name=f"Change where {name} is offered")  # fmt: skip
            line = across(said, change)
            line.setStretch(0, 1)
            self._content.addLayout(line)
            self._content.addWidget(self._table(name, rows, str(body["currency"])))
        self.setUpdatesEnabled(True)

    def _table(self, name: str, rows: list[RateRow], coin: str) -> QWidget:
        grid = cards.new_grid()
        for zone in range(1, ZONES + 1):
            head = "Abroad" if zone == ZONES else f"Zone {zone}"
            grid.addWidget(Text(head, quiet=True, step="small"), 0, zone)
        for at, row in enumerate(rows):
            grid.addWidget(Text(_label(row), step="strong"), at + 1, 0)
            for zone, value in enumerate(row.values, 1):
                said = count_of(value, "day") if row.row is Row.DAYS else money(value, coin)
                made = button(said, partial(self.ask_price, name, at, zone), kind="link",
                              name=f"{name}, {_label(row)}, zone {zone}: {said}")  # fmt: skip
                grid.addWidget(made, at + 1, zone, _LEFT)
        grid.setColumnStretch(ZONES + 1, 1)
        return cards.card(grid)

    def _offered(self) -> dict[str, Mapping[str, Any]]:
        """Return what each service says beside its prices, as the draft has it."""
        body = self._known[1] if self._known is not None else None
        there = {each["name"]: each for each in services(body)} if body is not None else {}
        return {name: {**each, **self._offers.get(name, {})} for name, each in there.items()}

    def ask_offer(self, name: str) -> None:
        """Ask where a service is offered, and what it takes."""
        self.ask(questions.of_offer(
            name, self._offered()[name],
            lambda said: self._try(self._draft, {**self._offers, name: said})))  # fmt: skip

    def ask_price(self, name: str, at: int, zone: int) -> None:
        """Ask for one price, or for days."""
        row = self.rows[name][at]
        value = row.values[zone - 1]
        where = f"{name}, {_label(row).lower()}, {'abroad' if zone == ZONES else f'zone {zone}'}"
        coin = str(self._known[1]["currency"]) if self._known is not None else "USD"
        asked = (
            Field("value", "Days", value, least=1)
            if row.row is Row.DAYS
            else Field("value", f"Price ({coin})", plain_amount(value, coin))
        )
        self.ask(Question(where, [asked], "See what would change",
                               lambda v: self._put(name, at, zone, str(v["value"]), coin)))  # fmt: skip

    def _put(self, name: str, at: int, zone: int, typed: str, coin: str) -> None:
        rows = list(self.rows[name])
        try:
            value = int(typed) if rows[at].row is Row.DAYS else minor_units(typed, coin)
        except (ValueError, NotMoneyError) as error:
            self.complain(Problem(str(error), ""))
            return
        values = tuple(value if n == zone else each for n, each in enumerate(rows[at].values, 1))
        rows[at] = RateRow(name, rows[at].row, rows[at].grams, values)
        self._try({**self._draft, name: rows}, self._offers)

    def _try(self, draft: dict[str, list[RateRow]], offers: dict[str, Mapping[str, Any]]) -> None:
        self._operations.query(
            preview_rates, rows=_said(draft), limits=offers, now=self._operations.now(),
            then=partial(self._tried, draft, offers), otherwise=self.complain, slot="rates preview",
        )  # fmt: skip

    def _tried(
        self,
        draft: dict[str, list[RateRow]],
        offers: dict[str, Mapping[str, Any]],
        preview: Preview,
    ) -> None:
        self._draft, self._offers, self._preview = draft, offers, preview
        self.pane.close_question()
        self._show()
        self._beside()

    def _beside(self) -> None:
        head: list[QWidget | QLayout] = []
        if not (self._draft or self._offers) or self._preview is None:
            words = "Choose a price on the left to change it. You see which open orders would ship otherwise first."
            self.pane.fill(head, [Text(words, quiet=True, wraps=True)])
            return
        coin = str(self._known[1]["currency"]) if self._known is not None else ""
        self._said_beside.say(self._preview, coin)

    def save(self) -> None:
        """Save the draft as the next version, and suggest anew what it changes."""
        if self._known is not None and self._preview is not None:
            self._operations.run(
                "save_rates", rows=_said(self._draft), limits=self._offers, based_on=self._known[0],
                then=partial(self._saved, self._preview), otherwise=self.complain,
            )  # fmt: skip

    def _saved(self, found: Preview, changes: Changes) -> None:
        self.discard()
        self.done(changes)
        self.refresh()
        if found.moved:
            self._operations.run(
                "refresh_suggestions", **found.anew, then=self.done, otherwise=self.complain
            )

    def discard(self) -> None:
        """Leave the rates as they are."""
        self._draft, self._offers, self._preview = {}, {}, None
        self._show()
        self._beside()


def _said(draft: Mapping[str, list[RateRow]]) -> list[dict[str, Any]]:
    return [{"service": each.service, "row": str(each.row), "grams": each.grams, "values": list(each.values)}
            for rows in draft.values() for each in rows]  # fmt: skip


def _label(row: RateRow) -> str:
    if row.row is Row.DAYS:
        return "Under way"
    return f"{'Up to' if row.row is Row.UP_TO else 'Each further'} {weight(row.grams)}"


_OFFERED = {
    "locations": "only from", "channels": "only for", "areas": "only to ZIP areas",
    "not_areas": "not to ZIP areas",
}  # fmt: skip


def _limits(each: Mapping[str, Any]) -> str:
    said = [f"{word} {', '.join(each[key])}" for key, word in _OFFERED.items() if each.get(key)]
    if each.get("most_g"):
        said.append(f"up to {weight(each['most_g'])}")
    if not each.get("takes_hazmat", True):
        said.append("no dangerous goods")
    return (
        f"{'; '.join(said)[:1].upper()}{'; '.join(said)[1:]}."
        if said
        else "Offered everywhere, for everything."
    )
