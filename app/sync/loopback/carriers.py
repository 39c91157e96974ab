"""How do the loopback carriers speak? Each in the language of its own API, over the same scans."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.sync.loopback.depot import Depot, Scan, Seen
from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.routes import Route, Routed, Visit, is_let_in, renewed
from app.sync.loopback.shop import Shop

_CODES: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "ups": ("MP", "OR", "DP", "OT", "FS"),
    "fedex": ("OC", "PU", "DP", "OD", "DL"),
    "usps": ("GX", "03", "10", "OF", "01"),
    "dhl": ("pre-transit", "transit", "transit", "transit", "delivered"),
    "canadapost": ("", "1400", "", "174", "1408"),
    "easypost": ("pre_transit", "in_transit", "in_transit", "out_for_delivery", "delivered"),
}
_WORDS: Final = {
    Seen.LABEL: "Shipping label created", Seen.PICKED_UP: "Picked up", Seen.MOVING: "Departed from facility",
    Seen.OUT: "Out for delivery", Seen.DELIVERED: "Delivered, front porch",
}  # fmt: skip


def _code(carrier: str, scan: Scan) -> str:
    return scan.code or _CODES[carrier][list(Seen).index(scan.seen)]


def _way(visit: Visit, number: str) -> list[Scan]:
    assert isinstance(visit.shop, Depot)
    return visit.shop.way(number)


def _local(scan: Scan) -> datetime:
    return (scan.at + scan.offset).replace(tzinfo=None)


def _offset(scan: Scan) -> str:
    hours = int(scan.offset.total_seconds() // 3600)
    return f"{hours:+03d}:00"


# ---- UPS ------------------------------------------------------------------------------------------


def _ups(visit: Visit) -> Reply:
    number = visit.at["number"]
    scans = _way(visit, number)
    if not scans:
        return _ups_refused(404, "TW0001", "Tracking Information Not Found")
    package = {"trackingNumber": number, "activity": [_ups_activity(x) for x in scans]}
    shipment = {"inquiryNumber": number, "package": [package]}
    return Reply(200, {"trackResponse": {"shipment": [shipment]}})


def _ups_activity(scan: Scan) -> Mapping[str, Any]:
    code = _code("ups", scan)
    local, gmt = _local(scan), scan.at.astimezone(UTC)
    zone = {"gmtDate": f"{gmt:%Y%m%d}", "gmtTime": f"{gmt:%H:%M:%S}", "gmtOffset": _offset(scan)}
    return {
        "date": f"{local:%Y%m%d}", "time": f"{local:%H%M%S}", **(zone if scan.has_zone else {}),
        "status": {"type": "D" if scan.seen is Seen.DELIVERED else "I", "code": code,
                   "description": _WORDS[scan.seen]},
        "location": {"address": {"city": scan.city, "stateProvince": scan.state,
                                 "postalCode": scan.postcode, "countryCode": "US"}},
    }  # fmt: skip


def _ups_refused(status: int, code: str, words: str) -> Reply:
    return Reply(status, {"response": {"errors": [{"code": code, "message": words}]}})


# ---- FedEx ----------------------------------------------------------------------------------------


def _fedex(visit: Visit) -> Reply:
    asked = [x["trackingNumberInfo"]["trackingNumber"] for x in visit.asked.data["trackingInfo"]]
    found = [{"trackingNumber": x, "trackResults": [_fedex_result(visit, x)]} for x in asked]
    return Reply(200, {"transactionId": "1", "output": {"completeTrackResults": found}})


def _fedex_result(visit: Visit, number: str) -> Mapping[str, Any]:
    known = {"trackingNumberInfo": {"trackingNumber": number}}
    scans = _way(visit, number)
    if not scans:
        words = "Tracking number cannot be found. Please correct the number and try again."
        return {**known, "error": {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": words}}
    return {**known, "scanEvents": [_fedex_scan(x) for x in scans]}


def _fedex_scan(scan: Scan) -> Mapping[str, Any]:
    local = _local(scan).isoformat(timespec="seconds")
    code = _code("fedex", scan)
    return {
        "date": local + _offset(scan) * scan.has_zone, "eventType": code, "derivedStatusCode": code,
        "eventDescription": _WORDS[scan.seen],
        "scanLocation": {"city": scan.city, "stateOrProvinceCode": scan.state,
                         "postalCode": scan.postcode, "countryCode": "US"},
    }  # fmt: skip


# ---- USPS -----------------------------------------------------------------------------------------


def _usps(visit: Visit) -> Reply:
    scans = _way(visit, visit.at["number"])
    if not scans:
        return _usps_refused(404, "404", "A status update is not yet available.")
    return Reply(200, {"trackingNumber": visit.at["number"], "status": _WORDS[scans[0].seen],
                       "trackingEvents": [_usps_event(x) for x in scans]})  # fmt: skip


def _usps_event(scan: Scan) -> Mapping[str, Any]:
    zone = {
        "GMTTimestamp": f"{scan.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "GMTOffset": _offset(scan),
    }
    return {
        "eventType": _WORDS[scan.seen], "eventCode": _code("usps", scan),
        "eventTimestamp": _local(scan).isoformat(timespec="seconds"), "eventCity": scan.city,
        "eventState": scan.state, "eventZIP": scan.postcode, **(zone if scan.has_zone else {}),
    }  # fmt: skip


def _usps_refused(status: int, code: str, words: str) -> Reply:
    return Reply(
        status, {"apiVersion": "v3", "error": {"code": code, "message": words, "errors": []}}
    )


# ---- DHL, Canada Post, EasyPost -------------------------------------------------------------------


def _dhl(visit: Visit) -> Reply:
    number = visit.asked.query.get("trackingNumber", "")
    scans = _way(visit, number)
    if not scans:
        words = "No shipment with given tracking number found."
        return Reply(404, {"title": "No result found", "status": 404, "detail": words})
    events = [_dhl_event(x) for x in scans]
    return Reply(200, {"shipments": [{"id": number, "service": "ecommerce", "status": events[0],
                                      "events": events}]})  # fmt: skip


def _dhl_event(scan: Scan) -> Mapping[str, Any]:
    place = {"address": {"addressLocality": f"{scan.city}, {scan.state}", "countryCode": "US"}}
    local = _local(scan).isoformat(timespec="seconds")
    return {"timestamp": local + _offset(scan) * scan.has_zone, "statusCode": _code("dhl", scan),
            "status": _WORDS[scan.seen], "location": place}  # fmt: skip


def _canadapost(visit: Visit) -> Reply:
    scans = _way(visit, visit.at["number"])
    if not scans:
        return Reply(404, None, {"content-type": "application/xml"}, b"<messages/>")
    detail = Element("tracking-detail", xmlns="http://www.canadapost.ca/ws/track-v2")
    SubElement(detail, "pin").text = visit.at["number"]
    events = SubElement(detail, "significant-events")
    for scan in scans:
        _canadapost_event(SubElement(events, "occurrence"), scan)
    return Reply(200, None, {"content-type": "application/xml"}, tostring(detail))


def _canadapost_event(made: Element, scan: Scan) -> None:
    local = _local(scan)
    for name, text in (
        ("event-identifier", _code("canadapost", scan)), ("event-date", f"{local:%Y-%m-%d}"),
        ("event-time", f"{local:%H:%M:%S}"), ("event-time-zone", "PST" * scan.has_zone),
        ("event-description", _WORDS[scan.seen]), ("event-site", scan.city),
        ("event-province", scan.state),
    ):  # fmt: skip
        SubElement(made, name).text = text


def _trackers(visit: Visit) -> Reply:
    number = visit.asked.query.get("tracking_code", "")
    kept = [number] if number in visit.shop.answered else []
    return Reply(200, {"trackers": [_tracker(visit, x) for x in kept], "has_more": False})


def _track(visit: Visit) -> Reply:
    """Make a tracker: it costs money, so it is noted."""
    number = visit.asked.data["tracker"]["tracking_code"]
    if not _way(visit, number):
        return Reply(422, {"error": {"code": "TRACKER.CREATE.ERROR", "message": "Unusable number"}})
    visit.shop.answered[number] = True
    return Reply(200, _tracker(visit, number))


def _tracker(visit: Visit, number: str) -> Mapping[str, Any]:
    scans = _way(visit, number)
    details = [_detail(x) for x in reversed(scans)]
    return {"id": f"trk_{number}", "object": "Tracker", "tracking_code": number,
            "status": _code("easypost", scans[0]), "updated_at": details[-1]["datetime"],
            "tracking_details": details}  # fmt: skip


def _detail(scan: Scan) -> Mapping[str, Any]:
    where = {"object": "TrackingLocation", "city": scan.city, "state": scan.state,
             "country": "US", "zip": scan.postcode}  # fmt: skip
    return {"object": "TrackingDetail", "message": _WORDS[scan.seen], "source": "UPS",
            "status": _code("easypost", scan), "tracking_location": where,
            "datetime": f"{scan.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}  # fmt: skip


# ---- who may come in ------------------------------------------------------------------------------


def _basic(shop: Shop, asked: Asked, name: str, password: str) -> bool:
    keys = f"{shop.secrets.get(name, '')}:{shop.secrets.get(password, '')}"
    wanted = f"Basic {base64.b64encode(keys.encode()).decode()}"
    return asked.headers.get("authorization") == wanted


def _token(visit: Visit) -> Reply:
    """Give a token for a pair of keys, shown in a header or in the form."""
    told, kept = visit.asked.form, visit.shop.secrets
    in_form = all(told.get(x) == kept.get(x) for x in ("client_id", "client_secret"))
    if not (in_form or _basic(visit.shop, visit.asked, "client_id", "client_secret")):
        return Reply(401, {"errors": [{"code": "NOT.AUTHORIZED.ERROR", "message": "Wrong keys"}]})
    fresh = renewed(visit.shop, lasts=3600)
    return Reply(200, {**fresh, "expires_in": str(fresh["expires_in"])})


def _bearer(shop: Shop, asked: Asked) -> bool:
    kind, _, token = asked.headers.get("authorization", "").partition(" ")
    return kind == "Bearer" and is_let_in(shop, token)


def _spoken(channel: str, *routes: Route, let_in: Any = _bearer) -> Routed:
    refused = Reply(401, {"errors": [{"code": "NOT.AUTHORIZED.ERROR", "message": "Not let in"}]})
    return Routed(channel, routes, let_in, refused, Reply(404, {"message": "no such address"}))


DIALECTS: Final = (
    _spoken("ups", Route("POST", "/security/v1/oauth/token", "sign_in", _token, is_open=True),
            Route("GET", "/api/track/v1/details/{number}", "track", _ups)),
    _spoken("fedex", Route("POST", "/oauth/token", "sign_in", _token, is_open=True),
            Route("POST", "/track/v1/trackingnumbers", "track", _fedex)),
    _spoken("usps", Route("POST", "/oauth2/v3/token", "sign_in", _token, is_open=True),
            Route("GET", "/tracking/v3/tracking/{number}", "track", _usps)),
    _spoken("dhl", Route("GET", "/track/shipments", "track", _dhl),
            let_in=lambda shop, asked: asked.headers.get("dhl-api-key") == shop.secrets["api_key"]),
    _spoken("canadapost", Route("GET", "/vis/track/pin/{number}/detail", "track", _canadapost),
            let_in=lambda shop, asked: _basic(shop, asked, "username", "password")),
    _spoken("easypost", Route("GET", "/v2/trackers", "track", _trackers),
            Route("POST", "/v2/trackers", "track", _track),
            let_in=lambda shop, asked: _basic(shop, asked, "api_key", "")),
)  # fmt: skip
