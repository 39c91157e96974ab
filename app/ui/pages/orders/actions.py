"""What can be done to orders? Each verb once: it asks what it needs in place, and runs the operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.domain.changes import Changes
from app.queries.inventory import location_rows
from app.queries.order_detail import OrderDetail
from app.queries.order_effects import WaitingPart, waiting_parts
from app.queries.order_parts import FulfilmentRow, LineRow
from app.services.one_parcel import Postage, postage_of
from app.services.shipping import Parcel
from app.ui.lists.bulk import BulkRun
from app.ui.operations import Problem
from app.ui.pages.addresses import address_question
from app.ui.pages.linking import Unknown, ask_link
from app.ui.pages.orders.bulk_ship import tracking_question
from app.ui.pages.orders.choices import choices, joinable
from app.ui.pages.orders.doing import offers
from app.ui.pages.orders.sections import meaning
from app.ui.pages.orders.verbs_for_many import VerbsForMany
from app.ui.statuses import short_place
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of, money

CARRIERS = ("USPS", "UPS", "FedEx", "DHL", "OnTrac", "Amazon Shipping", "Other")
OVERRIDE_REASONS = (
    "Stock there has to go", "Faster for this customer", "It is less busy there",
    "Packed there already",
)  # fmt: skip


class OrderActions(VerbsForMany):
    """The verbs of the page Orders: those for many, and those that look closely at one order."""

    def override(self) -> None:
        """Ask for a location and a reason."""
        self._operations.query(location_rows, then=self._ask_location)

    def ship_from(self, location_id: int, location: str) -> None:
        """Ask why it should ship from here, and not from where it was suggested."""
        detail = self._detail()
        question = Question(
            f"Ship {detail.number} from {location}",
            [Field("reason", "Why", is_needed=True, placeholder="Kept with the order")],
            f"Use {short_place(location)} instead",
            lambda values: self._place.run(
                "override", order_id=detail.id, location_id=location_id, reason=values["reason"]
            ),
            suggestions=offers(OVERRIDE_REASONS),
        )
        self._place.ask(question)

    def _ask_location(self, rows: list[Any]) -> None:
        """Offer the alternatives with what they mean, the best of them chosen."""
        detail = self._detail()
        names = {row.id: row.name for row in rows if row.ships}
        places = _places(detail, names)
        question = Question(
            f"Choose where {detail.number} ships from",
            [Field("place", "Ship from", places[0][0], places),
             Field("reason", "Why", is_needed=True, placeholder="Kept with the order")],
            "Use it instead",
            lambda values: self._place.run(
                "override", order_id=detail.id, location_id=values["place"],
                reason=values["reason"],
            ),
            suggestions=offers(OVERRIDE_REASONS),
            verb_of=lambda values: f"Use {short_place(names[int(str(values['place']))])} instead",
        )  # fmt: skip
        self._place.ask(question)

    def split(self) -> None:
        """Ask for a location for each line."""
        self._operations.query(location_rows, then=self._ask_split)

    def _ask_split(self, rows: list[Any]) -> None:
        detail = self._detail()
        places: list[tuple[object, str]] = [(row.id, row.name) for row in rows if row.ships]
        places.append((None, "Wait"))
        lines = [line for line in detail.lines if line.claim == "reserved"]
        fields = [
            Field(str(line.id), f"{line.quantity} × {line.sku or line.sku_text}",
                  self._suggested(line), places)
            for line in lines
        ]  # fmt: skip
        fields.append(Field("reason", "Why", is_needed=True, placeholder="Kept with the order"))
        question = Question(
            f"Split {detail.number}: choose where each line ships from", fields, "Split it",
            lambda values: self._split(detail.id, [line.id for line in lines], values),
        )  # fmt: skip
        self._place.ask(question)

    def _suggested(self, line: LineRow) -> object:
        proposal = self._detail().suggestion
        for parcel in proposal.parcels if proposal else ():
            if line.sku and line.sku in parcel.items:
                return parcel.location_id
        return proposal.parcels[0].location_id if proposal and proposal.parcels else None

    def _split(self, order_id: int, lines: list[int], values: Values) -> None:
        chosen = {line: values[str(line)] for line in lines if values[str(line)] is not None}
        self._place.run("split", order_id=order_id, assignment=chosen, reason=values["reason"])

    def suggest_anew(self) -> None:
        """Work out the suggestions again."""
        self._for_selected("Suggest anew for", "refresh_suggestions")

    def ship(self) -> None:
        """Ask for the parcel of the first part that is still here; of many, for their list."""
        if self._place.selected_count() > 1:
            self._place.selected_ids(self._ship_many)
            return
        part = next(
            (each for each in self._detail().fulfilment_orders if each.state == "open"), None
        )
        if part is not None:
            self.ship_part(part)

    def _ship_many(self, ids: list[int]) -> None:
        def ask(parts: list[WaitingPart]) -> None:
            if not parts:
                self._place.complain(Problem("Nothing was marked as shipped: no parcel of these orders waits.",
                                             "Accept them first; what is on hold has to be released."))  # fmt: skip
                return
            self._place.ask(
                tracking_question(parts, CARRIERS, lambda parcels: self._ship_all(ids, parcels))
            )

        self._operations.query(waiting_parts, order_ids=ids, then=ask)

    def _ship_all(self, ids: list[int], parcels: list[Parcel]) -> None:
        if not parcels:
            self._place.complain(Problem("No line of the list fits a parcel.", ""))
            return
        self._start(BulkRun(self._operations, "Ship", "ship", parcels, {}, self._operations,
                            subjects="parcels"), ids)  # fmt: skip

    def ship_together(self) -> None:
        """Ask for the one parcel of several orders to the same door."""
        if self._place.selected_count() > 1:
            self._place.selected_ids(self._ask_together)
        else:
            detail = self._detail()
            self._ask_together([detail.id, *(each.id for each in joinable(detail))])

    def _ask_together(self, ids: list[int]) -> None:
        self._operations.query(
            postage_of, order_ids=ids, now=self._operations.now(), then=partial(self._together, ids)
        )

    def _together(self, ids: list[int], costs: Postage | None) -> None:
        """Ask with what one parcel saves."""
        question = Question(
            f"Ship {count_of(len(ids), 'order')} in one parcel",
            [Field("tracking", "Tracking number", is_needed=True, placeholder="Scan or paste it"),
             Field("carrier", "Carrier", CARRIERS[0], [(name, name) for name in CARRIERS],
                   is_open=True)],
            "Mark as shipped together",
            lambda values: self._operations.run(
                "ship_together", then=partial(self._shipped_together, costs),
                otherwise=self._place.complain, order_ids=ids, carrier=str(values["carrier"]),
                tracking_number=str(values["tracking"]),
            ),
            note=f"{_saving(costs)}They stay separate orders: each channel is told of its own, with this "
                 "number. What is not decided yet ships from the same location.",
        )  # fmt: skip
        self._place.ask(question)

    def _shipped_together(self, costs: Postage | None, changes: Changes) -> None:
        """Say what was done, and what it saved."""
        less = (
            f" for {money(costs.saved, costs.currency)} less postage"
            if costs and costs.saved
            else ""
        )
        self._place.done(replace(changes, label=changes.label + less))

    def open_order(self, order_id: int) -> None:
        """Show another order."""
        self._shell.open_order(order_id)

    def ship_part(self, part: FulfilmentRow) -> None:
        """Ask for carrier and tracking number of one parcel."""
        detail = self._detail()
        question = Question(
            f"Ship {detail.number} from {part.location}",
            [Field("tracking", "Tracking number", is_needed=True, placeholder="Scan or paste it"),
             Field("carrier", "Carrier", CARRIERS[0], [(name, name) for name in CARRIERS],
                   is_open=True),
             Field("service", "Service", part.service)],
            "Mark as shipped",
            lambda values: self._place.run("ship", parcels=[_parcel(part.id, values)]),
            note=part.items,
        )  # fmt: skip
        self._place.ask(question)

    def note(self) -> None:
        """Ask for a note."""
        detail = self._detail()
        question = Question(
            f"Note on {detail.number}", [Field("text", "Note", is_needed=True)], "Keep the note",
            lambda values: self._place.run("write_note", order_id=detail.id, text=values["text"]),
            note="Only your team sees it.",
        )  # fmt: skip
        self._place.ask(question)

    def correct_address(self) -> None:
        """Ask what is wrong in the address; the location is suggested anew."""
        detail = self._detail()
        self._place.ask(address_question(detail, partial(self._correct, detail.id)))

    def _correct(self, order_id: int, changed: dict[str, str], reason: str) -> None:
        if changed:
            self._place.run("correct_address", order_id=order_id, changes=changed, reason=reason)
        else:
            self._place.answered()

    def back(self) -> None:
        """Put the list back beside the order."""
        self._place.show_alone(False)

    def take_choice(self, number: int) -> None:
        """Take one of the ways out that the order offers."""
        choices(self._detail(), self)[number - 1].run()

    def offered(self) -> int:
        """Return how many ways out the order offers."""
        return len(choices(self._detail(), self))

    def open_case(self, order_number: str) -> None:
        """Show the cases of an order, with their ways out."""
        quoted = order_number.replace('"', " ")
        self._shell.go("exceptions", f'order:"{quoted}"')

    def receive(self, sku: str) -> None:
        """Show a SKU where units of it are received."""
        self._shell.open_sku(sku)

    def link(self, line: LineRow) -> None:
        """Ask which SKU a channel's code means, offering those that look like it."""
        unknown = Unknown(self._detail().account_id, line.sku_text, line.title)
        ask_link(
            self._shell, self._place, unknown, partial(self._place.run, "link"), numbered=False
        )

    def take_over(self) -> None:
        """Make the channel's newest version the one that counts."""
        self._place.run("take_over_change", order_id=self._detail().id)

    def keep(self) -> None:
        """Keep the version that is here."""
        self._place.run("keep_as_it_is", order_id=self._detail().id)


def _places(detail: OrderDetail, names: Mapping[int, str]) -> list[tuple[object, str]]:
    """Return the locations to choose from: the best alternatives first, what is suggested last."""
    proposal = detail.suggestion
    others = proposal.alternatives if proposal else ()
    words = {
        other.location_id: f"{short_place(other.location)}: {meaning(other, proposal.currency)}"
        for other in others
        if proposal and other.location_id in names
    }
    suggested = {parcel.location_id for parcel in proposal.parcels} if proposal else set()
    rest = [place for place in names if place not in words and place not in suggested]
    last = [(place, f"{names[place]} (suggested)") for place in names if place in suggested]
    return [*words.items(), *((place, names[place]) for place in rest), *last]


def _parcel(part_id: int, values: Values) -> Parcel:
    return Parcel(
        part_id, str(values["carrier"]), str(values["tracking"]).strip(), str(values["service"])
    )


def _saving(costs: Postage | None) -> str:
    """Say what one parcel saves; nothing where it saves nothing."""
    if costs is None or not costs.saved:
        return ""
    apart, one, saved = (
        money(each, costs.currency) for each in (costs.apart, costs.together, costs.saved)
    )
    return f"About {one} of postage instead of {apart}: {saved} less. "
