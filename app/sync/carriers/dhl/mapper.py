"""How does an answer of DHL's Shipment Tracking (Unified) API become parcels?

``status`` is the words, ``statusCode`` one of five states for all of DHL's houses; which house it is
(``service``) decides whose code ``status`` may be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.tracking.timeline import CarrierEvent, ParcelReport
from app.sync.carriers.reading import event, moment, payload, place, report
from app.sync.live.payload import Part, first

CARRIER = "dhl_universal"
_HOUSES = {"express": "dhl_express", "parcel-de": "dhl_parcel_de"}


def parcels(answer: Any, recorded_at: datetime) -> list[ParcelReport]:
    """Return the parcels of an answer.

    Raises:
        NotReadableError: it is no answer about parcels, or a parcel has no number.
    """
    about = payload(answer)
    return [_parcel(each, about, recorded_at) for each in about.parts("shipments")]


def _parcel(shipment: Part, about: Part, recorded_at: datetime) -> ParcelReport:
    house = _HOUSES.get(shipment.word("service"), CARRIER)
    scans = shipment.parts("events") or shipment.parts("status")
    events = [_event(each, house, recorded_at) for each in scans]
    expected = moment(shipment.text("estimatedTimeOfDelivery"))
    return report(house, shipment.identity("id"), events, about, expected)


def _event(scan: Part, house: str, recorded_at: datetime) -> CarrierEvent | None:
    address = scan.part("location", "address")
    return event(
        scan, moment(scan.text("timestamp")), recorded_at,
        carrier=house, code=first((scan.code("statusCode"), scan.code("status"))),
        words=first((scan.text("status"), scan.text("description"))),
        where=place(address.text("addressLocality"), address.text("countryCode")), source="dhl",
    )  # fmt: skip
