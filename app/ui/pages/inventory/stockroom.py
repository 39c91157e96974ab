"""Deliveries, stock that travels, units that may not be sold, and counts while the shop goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial

from app.domain.inventory import Bucket
from app.queries.inbound import CountRow, DeliveryRow
from app.ui.days import NotADayError, read_day, written_day
from app.ui.operations import Problem
from app.ui.pages.inventory.actions import StockActions
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of

MORNING = time(9)
_A_DAY = date(2026, 12, 1)  # an example of how days are written
ASIDE_WORDS: Sequence[tuple[object, str]] = (
    (Bucket.DAMAGED.value, "Damaged"),
    (Bucket.QUARANTINE.value, "In quarantine"),
    (Bucket.RETURNS_HOLD.value, "Returned, not looked at"),
)
_NEXT = (("put_back", "Put them back on sale"), ("write_off", "Write them off for good"))


class StockroomActions(StockActions):
    """The verbs of the stockroom."""

    # ---- deliveries -----------------------------------------------------------------------------

    def expect(self) -> None:
        """Ask what was ordered, and when it comes."""
        row = self._place.row
        record = row.record if row is not None else None
        self._ask("Expect", "Write it down", [
            self._where(), Field("quantity", "Units", 1, least=1),
            Field("supplier", "From", record.supplier if record else "", placeholder="Supplier"),
            Field("on", "Expected on", "", placeholder=f"{written_day(_A_DAY)}; empty: not known"),
            Field("number", "Number", "", placeholder="What the supplier calls it"),
        ], self._expect, note="The units are on their way until they are received.")  # fmt: skip

    def _expect(self, code: str, values: Values) -> None:
        when = self._day(values["on"])
        if when is not False:
            self._place.run("expect", location=values["place"], lines=[(code, values["quantity"])],
                            supplier=values["supplier"], number=values["number"],
                            expected_at=when or None)  # fmt: skip

    def receive_delivery(self, delivery: DeliveryRow) -> None:
        """Ask what of a delivery arrived."""
        open_lines = [line for line in delivery.lines if line.outstanding]
        fields = [Field(line.sku, line.sku, line.outstanding) for line in open_lines]
        rest = Field(
            "rest", "The rest", False, ((False, "is still to come"), (True, "will not come"))
        )

        def take(values: Values) -> None:
            arrived = {line.sku: values[line.sku] for line in open_lines}
            self._place.run("receive_expected", receipt_id=delivery.id, arrived=arrived,
                            is_last=bool(values["rest"]))  # fmt: skip

        note = "What never arrives of stock that travelled is a loss, and kept as one."
        self._place.ask(Question(f"Receive {delivery.number}", [*fields, rest], "Put on the shelf",
                                 take, note=note if delivery.origin else ""))  # fmt: skip

    def cancel_delivery(self, delivery: DeliveryRow) -> None:
        """Ask why the rest of a delivery is expected no longer."""
        back = f" They return to {delivery.origin}." if delivery.origin else ""
        self._place.ask(Question(
            f"Expect {count_of(delivery.outstanding, 'unit')} of {delivery.number} no longer",
            [Field("reason", "Why", is_needed=True)], "Expect them no longer",
            lambda v: self._place.run("cancel_expected", receipt_id=delivery.id, reason=v["reason"]),
            note=f"Nothing is received.{back}",
        ))  # fmt: skip

    def send(self) -> None:
        """Ask what travels from where to where."""
        places = self._places()
        second = places[1][0] if len(places) > 1 else places[0][0]
        self._ask("Send", "Send", [
            self._where("origin", "From"), Field("destination", "To", second, places),
            Field("quantity", "Units", 1, least=1),
            Field("on", "Arrives on", "", placeholder="2026-12-01; empty: not known"),
        ], self._send, note="They are on nobody's shelf until they are received there.")  # fmt: skip

    def _send(self, code: str, values: Values) -> None:
        when = self._day(values["on"])
        if when is not False:
            self._place.run("send_transfer", origin=values["origin"], destination=values["destination"],
                            lines=[(code, values["quantity"])], expected_at=when or None)  # fmt: skip

    def _day(self, text: object) -> datetime | bool | None:
        """Return a day that was written down, nothing, or that it is none (and say so)."""
        written = str(text).strip()
        if not written:
            return None
        try:
            return datetime.combine(read_day(written), MORNING).astimezone()
        except NotADayError:
            self._place.complain(
                Problem(f"“{written}” is no day.", f"Write it as {written_day(_A_DAY)}.")
            )
            return False

    # ---- set aside ------------------------------------------------------------------------------

    def set_aside(self) -> None:
        """Ask how many may not be sold, and why."""
        self._ask("Set aside", "Set aside", [
            self._where(), Field("bucket", "They are", ASIDE_WORDS[0][0], ASIDE_WORDS),
            Field("quantity", "Units", 1, least=1), Field("reason", "Why", is_needed=True),
        ], lambda code, v: self._place.run("set_aside", sku=code, location=v["place"],
                                           quantity=v["quantity"], bucket=v["bucket"], reason=v["reason"]),
            note="They stay on the shelf, and nobody can buy them.")  # fmt: skip

    def take_return(self) -> None:
        """Ask what a customer sent back."""
        self._ask("Return of", "Take it in", [
            self._where(), Field("quantity", "Units", 1, least=1),
            Field("reason", "Of", placeholder="The order, or what the customer said"),
        ], lambda code, v: self._place.run("take_return", sku=code, location=v["place"],
                                           quantity=v["quantity"], reason=v["reason"]),
            note="Nobody can buy it before somebody has looked at it.")  # fmt: skip

    def settle_aside(self, place: str, bucket: str, units: int) -> None:
        """Ask what becomes of units that were set aside."""
        self._ask("What becomes of", "Do it", [
            Field("what", "They are to", "put_back", _NEXT), Field("quantity", "Units", units, least=1),
            Field("reason", "Why", is_needed=True),
        ], lambda code, v: self._place.run(str(v["what"]), sku=code, location=place, bucket=bucket,
                                           quantity=v["quantity"], reason=v["reason"]),
            note=f"{count_of(units, 'unit')} at {place}.")  # fmt: skip

    # ---- counts ---------------------------------------------------------------------------------

    def count_shelves(self) -> None:
        """Ask which location is counted."""
        self._place.ask(Question(
            "Count a location", [self._where(), Field("note", "Note")], "Begin to count",
            lambda v: self._place.run("start_count", location=v["place"], note=v["note"]),
            note="Everything that was ever kept there. Selling may go on: each shelf is held against "
            "the stock of the moment at which it was counted.",
        ))  # fmt: skip

    def count(self) -> None:
        """Ask what was counted; where a count is open, the number goes into it."""
        counting = self.open_count(self._place.chosen_place())
        if counting is None:
            super().count()
            return
        self._ask("Count", "Note it", [Field("units", "On the shelf", 0)],
                  lambda code, v: self._place.run("enter_count", count_id=counting.id, sku=code,
                                                  units=v["units"]),
                  note=f"For the count at {counting.location}. What is sold from now on is no "
                  "difference.")  # fmt: skip

    def open_count(self, place: str | None) -> CountRow | None:
        """Return the count that is open at a location, or the only one that there is."""
        found = [each for each in self._place.counts if place in (None, each.location_code)]
        return found[0] if len(found) == 1 else None

    def close_count(self, counting: CountRow) -> None:
        """Take the differences of a count over."""
        self._place.run("close_count", count_id=counting.id)

    def drop_count(self, counting: CountRow) -> None:
        """End a count without taking anything over."""
        self._place.run("drop_count", count_id=counting.id)

    def buttons_of(self, counting: CountRow) -> Sequence[tuple[str, Callable[[], object], str]]:
        """Return what can be done about a count that is open: title, verb and kind."""
        return (
            ("Take the differences over", partial(self.close_count, counting), ""),
            ("Drop the count", partial(self.drop_count, counting), ""),
        )
