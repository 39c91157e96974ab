"""Who sells here: what stands on packing slips, and where the desk's day begins."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.queries.settings import Brand
from app.ui.currencies import currency_choices, currency_words
from app.ui.pages.settings.section import House, Section, facts
from app.ui.widgets.controls import button
from app.ui.widgets.form import Field, Question, Values
from app.ui.zones import zone_choices, zone_words


class BrandSection(Section):
    """The brand."""

    title = "Your brand"
    _coin = ""

    def tool(self) -> QWidget:
        """Offer to change it."""
        self._change = button("Change…", lambda: self.ask(self._brand), name="Change the brand")
        return self._change

    def content(self, house: House) -> QWidget:
        """Show who it is."""
        self._brand, self._coin = house.brand, house.currency
        return facts((
            ("Name", house.brand.name),
            ("Address", house.brand.address),
            ("Thanks", house.brand.thanks),
            ("Time zone", zone_words(house.brand.time_zone)),
            ("Currency", currency_words(house.currency)),
        ))  # fmt: skip

    def ask(self, brand: Brand) -> None:
        """Ask who the brand is."""
        self.page.pane.ask(brand_question(brand, self._coin, self._answer))

    def _answer(self, values: Values) -> None:
        coin = str(values["currency"])
        if coin != self._coin:
            self.page.run("save_rates", currency=coin)
        self.page.run("change_brand", changes=brand_changes(values))


def brand_question(brand: Brand, coin: str, answer: object) -> Question:
    """Ask for name, address, thanks, time zone and currency."""
    return Question(
        "Your brand",
        [
            Field("brand_name", "Name", brand.name, placeholder="As your buyers know it"),
            Field("brand_address", "Address", brand.address, has_lines=True,
                  placeholder="Where parcels come back to"),
            Field("brand_thanks", "Thanks", brand.thanks, has_lines=True,
                  placeholder="A word for the slips of your own store"),
            Field("time_zone", "Time zone", brand.time_zone, zone_choices(brand.time_zone)),
            Field("currency", "Currency", coin, currency_choices(coin)),
        ],
        "Keep it",
        answer,  # type: ignore[arg-type]
        note="Name and address stand on packing slips. Thanks are left out for marketplaces, which "
        "forbid them. “Today” begins at midnight of the time zone. Postage and handling are "
        "counted in the currency; each order keeps its own.",
    )  # fmt: skip


def brand_changes(values: Values) -> dict[str, str]:
    """Return what was answered as the settings that it is."""
    return {name: str(text) for name, text in values.items() if name != "currency"}
