"""What is offered when a parcel goes wrong: the owner's rows, asked from the top; the first that fits counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from app.domain.recovering.matrix import SITUATIONS, Meant, OfferKind, Row, as_said, read_row
from app.ui.operations import Problem
from app.ui.pages.settings.section import House, Section, above, table
from app.ui.widgets.controls import across, boxed, button, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Text
from app.ui.words import NotMoneyError, count_of, minor_units, money, plain_amount

_DAYS, _PERCENTS = (1, 2, 3, 5, 7), (10, 15, 20, 25, 50)
Placed = Callable[[Sequence[Row], Row], list[Row]]
_USUAL: Final = (Meant(OfferKind.RESHIP), Meant(OfferKind.REFUND))


class RecoverySection(Section):
    """A row for each situation, channel, value and customer that the owner tells apart."""

    title = "What is offered when a parcel goes wrong"

    def tool(self) -> QWidget:
        """Offer a new row."""
        return button("Add a row…", self.add, icon_name="plus")

    def content(self, house: House) -> QWidget:
        """List the rows in the order in which they are asked."""
        self._matrix, self._currency = house.recovery, house.currency
        self._channels = {x.channel: x.channel_name for x in house.messages.accounts}
        card = frame("card")
        grid = table(("If the parcel is", "Offered, best first", ""))
        grid.setColumnStretch(1, 1)
        rows = self._matrix.rows
        for at, row in enumerate(rows):
            name = row.name or f"Row {at + 1}"
            change = button(
                "Change…", partial(self.change, at), kind="link", name=f"Change “{name}”"
            )
            remove = button(
                "Remove", partial(self._remove, at), kind="link", name=f"Remove “{name}”"
            )
            grid.addWidget(above(name, self._when(row)), at + 1, 0)
            grid.addWidget(Text(joined_offers(row.offers), wraps=True), at + 1, 1)
            grid.addWidget(boxed(across(change, remove, None, spacing=10)), at + 1, 2)
        version = f"Version {self._matrix.version}. The first row that fits counts; undo takes a change back."
        grid.addWidget(Text(version, quiet=True, step="small"), len(rows) + 1, 0, 1, 3)
        card.setLayout(grid)
        return card

    def _when(self, row: Row) -> str:
        """Say for which parcels a row is."""
        return "; ".join(self._conditions(row)) or "anything else"

    def _conditions(self, row: Row) -> Iterator[str]:
        if row.situations:
            yield " or ".join(words for each, words in SITUATIONS.items() if each in row.situations)
        if row.channels:
            yield f"sold on {' or '.join(sorted(self._channels.get(x, x) for x in row.channels))}"
        if row.value_from:
            yield f"worth {money(row.value_from, self._currency)} and more"
        if row.value_below:
            yield f"worth less than {money(row.value_below, self._currency)}"
        if row.customer_from:
            yield f"its customer has spent {money(row.customer_from, self._currency)} and more"

    # ---- questions ------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for a new row; it is asked before all others."""
        self._ask("Add a row", Row(_USUAL), 0, lambda rows, new: [new, *rows])

    def change(self, at: int) -> None:
        """Ask what a row is to say."""
        row = self._matrix.rows[at]
        self._ask(f"Change “{row.name or f'Row {at + 1}'}”", row, at,
                  lambda rows, new: [*rows[:at], new, *rows[at + 1 :]])  # fmt: skip

    def _remove(self, at: int) -> None:
        rows = self._matrix.rows
        self._save([*rows[:at], *rows[at + 1 :]], self._matrix.version)

    def _ask(self, title: str, row: Row, at: int, placed: Placed) -> None:
        """Ask, with the matrix as it is now: the page may read a newer one before the answer."""
        matrix, currency = self._matrix, self._currency
        count = max(1, len(placed(matrix.rows, row)))
        places = [(n, f"{n + 1} of {count}") for n in range(count)]

        def answer(values: Values) -> None:
            try:
                rows = placed(matrix.rows, _row_of(values, row, currency))
            except NotMoneyError as error:
                self.page.complain(Problem(str(error), ""))
                return
            rows.insert(int(str(values["place"])), rows.pop(at))
            self._save(rows, matrix.version)

        self.page.ask(Question(
            title,
            [
                Field("name", "Name", row.name, is_needed=True, placeholder="Late, good customer"),
                Field("situations", "If it is", _list(row.situations), _choices(SITUATIONS, row.situations)),
                Field("channels", "Sold on", _list(row.channels), _choices(self._channels, row.channels)),
                Field("value_from", "Worth at least", plain_amount(row.value_from, currency)),
                Field("value_below", "Worth less than", plain_amount(row.value_below, currency)),
                Field("customer_from", "Customer spent", plain_amount(row.customer_from, currency)),
                *(_offer_field(n, row.offers) for n in range(3)),
                Field("place", "Asked", at, places),
            ],
            "Save this version", answer, preview_of=partial(self._preview, row),
            note="An amount of 0 means any. What was decided already stays as it is.",
        ))  # fmt: skip

    def _preview(self, before: Row, values: Values) -> str:
        """Say in a sentence what the row would say, and what it says now."""
        try:
            row = _row_of(values, before, self._currency)
        except NotMoneyError as error:
            return str(error)
        then = f"{self._when(row)}: {joined_offers(row.offers)}."
        if not before.name:
            return f"If a parcel is {then}"
        if row == before:
            return "Nothing is different yet."
        return (
            f"Now, if a parcel is {self._when(before)}: {joined_offers(before.offers)}. Then {then}"
        )

    def _save(self, rows: Sequence[Row], based_on: int) -> None:
        self.page.run("save_recovery_matrix", rows=[as_said(row) for row in rows],
                      based_on=based_on)  # fmt: skip


def joined_offers(offers: Sequence[Meant]) -> str:
    """Say what is offered, best first."""
    return ", then ".join(map(_offer_words, offers))


def _offer_words(meant: Meant) -> str:
    if meant.kind is OfferKind.WAIT:
        return f"wait {count_of(meant.days, 'day')}"
    if meant.kind is OfferKind.PARTIAL:
        return f"give {meant.percent} % back"
    return "send it again" if meant.kind is OfferKind.RESHIP else "give all the money back"


def _offer_field(at: int, offers: Sequence[Meant]) -> Field:
    here = offers[at] if at < len(offers) else None
    known = [
        Meant(OfferKind.RESHIP), Meant(OfferKind.REFUND),
        *(Meant(OfferKind.PARTIAL, percent=each) for each in _PERCENTS),
        *(Meant(OfferKind.WAIT, days=each) for each in _DAYS),
    ]  # fmt: skip
    if here is not None and here not in known:
        known.append(here)
    choices: list[tuple[object, str]] = [(_key(each), _offer_words(each)) for each in known]
    if at:
        choices.append(("", "nothing more"))
    label = ("Offer first", "Then", "Then")[at]
    return Field(f"offer_{at}", label, _key(here) if here else "", choices)


def _key(meant: Meant) -> str:
    return f"{meant.kind} {meant.days} {meant.percent}"


def _meant(key: str) -> dict[str, object]:
    kind, days, percent = key.split(" ")
    return {"kind": kind, "days": int(days), "percent": int(percent)}


def _list(codes: frozenset[Any]) -> str:
    return " ".join(sorted(map(str, codes)))


def _choices(names: Mapping[Any, str], here: frozenset[Any]) -> list[tuple[object, str]]:
    """Return any, each one, and the several that a row names now."""
    several = [(_list(here), " or ".join(sorted(names.get(x, str(x)) for x in here)))]
    return [("", "any"), *((str(code), words) for code, words in names.items()),
            *(several if len(here) > 1 or not here <= names.keys() else [])]  # fmt: skip


def _row_of(values: Values, before: Row, currency: str) -> Row:
    """Return the row as it was entered.

    Raises:
        NotMoneyError: an amount is none.
    """
    offers = [str(values[f"offer_{at}"]) for at in range(3)]
    said = {
        **as_said(before), "name": str(values["name"]).strip(),
        "situations": str(values["situations"]).split(), "channels": str(values["channels"]).split(),
        "offers": [_meant(key) for key in dict.fromkeys(offers) if key],
        **{name: minor_units(str(values[name]), currency) for name in ("value_from", "value_below", "customer_from")},
    }  # fmt: skip
    return read_row(said)
