"""Who sells here, where the day begins, and where parcels leave from: postage and deadlines need it."""

from __future__ import annotations

from typing import Any

from app.queries.inventory import LocationRow
from app.ui.currencies import currency_choices
from app.ui.first_run.step import Host, Step, Then, labelled
from app.ui.pages.settings.section import House
from app.ui.widgets.controls import across, choice, down, line
from app.ui.zones import ZONES, own_zone, zone_choices


class BrandStep(Step):
    """The brand and its first place."""

    title = "Your brand"
    about = "It stands on your packing slips. All of this can be changed later under Settings."

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.name = line("Brand name", placeholder="As your buyers know it")
        self.zone = choice("Time zone", zone_choices(own_zone()))
        self.currency = choice("Currency", currency_choices(""))
        self.place = line("Ships from", placeholder="Garage, studio, shop …")
        self.postcode = line("ZIP", placeholder="97205")
        self.postcode.setMaximumWidth(130)
        self._house: House | None = None
        where = across(
            labelled("Ships from", self.place), labelled("ZIP", self.postcode), spacing=14
        )
        where.setStretch(0, 1)
        counted = across(
            labelled("Time zone", self.zone, "“Today” and every deadline follow it."),
            labelled("Currency", self.currency, "Postage and handling are counted in it."),
            spacing=14,
        )
        self.setLayout(down(
            labelled("Brand name", self.name), counted,
            where, self._trouble, spacing=16,
        ))  # fmt: skip

    def show_house(self, house: House) -> None:
        """Fill in what is known; nobody has chosen a zone before there was a brand."""
        self._house = house
        self.name.setText(house.brand.name)
        known = house.brand.time_zone
        if not house.brand.name and known == next(iter(ZONES)):
            known = own_zone() or known
        self.zone.clear()
        for zone, words in zone_choices(known):
            self.zone.addItem(words, zone)
        self.zone.setCurrentIndex(self.zone.findData(known))
        self.currency.clear()
        for code, words in currency_choices(house.currency):
            self.currency.addItem(words, code)
        self.currency.setCurrentIndex(self.currency.findData(house.currency))
        first = _first(house)
        self.place.setText(first.name if first else "")
        self.postcode.setText(first.postcode if first else "")

    def save(self, then: Then) -> None:
        """Keep what is different now."""
        house = self._house
        if house is None:
            then()
            return
        zone = str(self.zone.currentData())
        deeds: list[tuple[str, dict[str, Any]]] = []
        brand = _different({"brand_name": self.name.text().strip(), "time_zone": zone},
                           {"brand_name": house.brand.name, "time_zone": house.brand.time_zone})  # fmt: skip
        if brand:
            deeds.append(("change_brand", {"changes": brand}))
        coin = str(self.currency.currentData())
        if coin != house.currency:
            deeds.append(("save_rates", {"currency": coin}))
        first = _first(house)
        if first is not None:
            said = {"postcode": self.postcode.text().strip(), "name": self.place.text().strip()}
            known = {"postcode": first.postcode, "name": first.name}
            if first.time_zone == house.brand.time_zone:  # a place elsewhere keeps its own
                said["time_zone"], known["time_zone"] = zone, first.time_zone
            if place := _different({k: v for k, v in said.items() if v}, known):
                deeds.append(("change_location", {"code": first.code, "changes": place}))
        self.write(deeds, then)


def _first(house: House) -> LocationRow | None:
    return next(iter(house.places), None)


def _different(said: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in said.items() if text != known[key]}
