"""What has to be true before a channel is opened? Each point is looked at by the desk, not ticked by hand.

A point that nobody here can see (pictures on the channel's own pages) is not pretended to be checked: it is
a sign-off, as the two approvals are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.kits import a_loop
from app.domain.recognising import gtin


class Point(StrEnum):
    """One line of the list, in the order in which it is worked through."""

    CODES = "codes"
    LISTINGS = "listings"
    BARCODES = "barcodes"
    SAME_BARCODE = "same_barcode"
    VARIANTS = "variants"
    KITS = "kits"
    POLICY = "policy"
    ALLOCATION = "allocation"
    RULES = "rules"
    PICTURES = "pictures"
    OPERATIONS_AGREE = "operations_agree"
    SERVICE_AGREES = "service_agrees"
    SHADOW_ORDERS = "shadow_orders"


SIGNED: Final = (Point.PICTURES, Point.OPERATIONS_AGREE, Point.SERVICE_AGREES)
"""What a person says, because no machine here can see it."""
SIGNABLE: Final = (*SIGNED, Point.ALLOCATION, Point.RULES)
"""What a person may say instead of changing anything: that it is right as it is."""

TITLES: Final[Mapping[Point, str]] = {
    Point.CODES: "Every listing's code means one of your SKUs",
    Point.LISTINGS: "Something is listed there",
    Point.BARCODES: "Barcodes have a right check digit",
    Point.SAME_BARCODE: "No barcode belongs to two SKUs",
    Point.VARIANTS: "No two listings sell the same variant",
    Point.KITS: "Kits come apart into SKUs that are kept in stock",
    Point.POLICY: "Somebody decides price, stock, promise and cancellation",
    Point.ALLOCATION: "You have chosen how the channel shares your stock",
    Point.RULES: "The rules that route its orders are in force",
    Point.PICTURES: "Pictures and texts are right on the channel's own pages",
    Point.OPERATIONS_AGREE: "Operations has agreed",
    Point.SERVICE_AGREES: "Service has agreed",
    Point.SHADOW_ORDERS: "Recent orders would have found a location with it open",
}


class Finding(NamedTuple):
    """What is wrong with one thing, and what to do."""

    subject: str
    sentence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One point: how many things were looked at, and what was found wrong."""

    point: Point
    looked_at: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_fine(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.findings

    @property
    def title(self) -> str:
        """What the point says."""
        return TITLES[self.point]


class Listed(NamedTuple):
    """One listing of the channel: its code, listing id and variant there, and the SKU that it means."""

    code: str
    listing_id: str
    variant: str
    sku: str  # empty: nobody knows


class Ware(NamedTuple):
    """One SKU as far as it is known: its barcodes, whether it is a kit, whether it was ever counted."""

    sku: str
    barcodes: tuple[str, ...]
    is_kit: bool
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """What there is to look at. ``contents`` are of kits, one level down, by code.

    ``undecided`` are the questions that nobody decides, ``is_chosen`` says that the owner has saved a row for
    the channel, ``shadow`` how many orders were tried and which of them found no location. ``signed`` are
    the points that a person has signed.
    """

    listings: Sequence[Listed]
    wares: Mapping[str, Ware]
    contents: Mapping[str, Mapping[str, int]]
    undecided: Sequence[str]
    is_chosen: bool
    rules: int | None
    shadow: tuple[int, Sequence[str]]
    signed: frozenset[Point] = frozenset()


def check(there: Readiness) -> list[Checked]:
    """Return every point, in order."""
    return [_checked(there, point) for point in Point]


def _checked(there: Readiness, point: Point) -> Checked:
    if point in there.signed:
        return Checked(point, 1)
    return _unsigned(point) if point in SIGNED else _LOOKS[point](there)


def _codes(there: Readiness) -> Checked:
    unknown = [
        Finding(each.code, f"Nobody knows what “{each.code}” means.",
                "Link the code to a SKU; an order for it could not be packed.")
        for each in there.listings if not each.sku
    ]  # fmt: skip
    return Checked(Point.CODES, len(there.listings), tuple(unknown))


def _listings(there: Readiness) -> Checked:
    if there.listings:
        return Checked(Point.LISTINGS, len(there.listings))
    nothing = Finding("", "No listing of this channel is here.",
                      "Import its inventory export, or connect it on the Channels page.")  # fmt: skip
    return Checked(Point.LISTINGS, 0, (nothing,))


def _barcodes(there: Readiness) -> Checked:
    wares = _listed_wares(there)
    wrong = [
        Finding(ware.sku, f"The barcode {barcode} of {ware.sku} has a wrong check digit.",
                "Type it again as it stands on the product; the channel would refuse it.")
        for ware in wares for barcode in ware.barcodes if not gtin(barcode)
    ]  # fmt: skip
    return Checked(Point.BARCODES, sum(len(ware.barcodes) for ware in wares), tuple(wrong))


def _same_barcode(there: Readiness) -> Checked:
    owners: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for ware in there.wares.values():
        for barcode in ware.barcodes:
            owners[gtin(barcode) or barcode].add(ware.sku)
            written[gtin(barcode) or barcode] = barcode
    mine = {ware.sku for ware in _listed_wares(there)}
    twice = [
        Finding(written[barcode], f"{written[barcode]} is the barcode of {_all(skus)}.",
                "Leave it with the one that carries it; the channel would merge their listings.")
        for barcode, skus in sorted(owners.items()) if len(skus) > 1 and skus & mine
    ]  # fmt: skip
    return Checked(Point.SAME_BARCODE, len(owners), tuple(twice))


def _variants(there: Readiness) -> Checked:
    counts = Counter(each.sku for each in there.listings if each.sku)
    doubled = [
        Finding(sku, f"{count} listings sell {sku}.",
                "Close all but one, or the channel offers its units more than once.")
        for sku, count in sorted(counts.items()) if count > 1
    ]  # fmt: skip
    return Checked(Point.VARIANTS, len(counts), tuple(doubled))


def _kits(there: Readiness) -> Checked:
    kits = sorted({each.sku for each in there.listings
                   if (ware := there.wares.get(each.sku)) and ware.is_kit})  # fmt: skip
    findings = [found for kit in kits if (found := _kit(there, kit)) is not None]
    return Checked(Point.KITS, len(kits), tuple(findings))


def _kit(there: Readiness, kit: str) -> Finding | None:
    if not there.contents.get(kit):
        return Finding(kit, f"Nobody has said what is in {kit}.", "Say what is in it.")
    loop = a_loop(there.contents, [kit])
    if loop is not None:
        via = "" if loop == kit else f"{loop}, which contains "
        return Finding(kit, f"{kit} contains {via}itself.",
                       "Take one of them out of the other; it can never be packed.")  # fmt: skip
    uncounted = [part for part in sorted(_parts(there.contents, kit))
                 if not (ware := there.wares.get(part)) or not ware.is_counted]  # fmt: skip
    if uncounted:
        return Finding(kit, f"{_all(uncounted)} in {kit} was never counted.",
                       "Count it; until then the kit is shown as sold out.")  # fmt: skip
    return None


def _parts(contents: Mapping[str, Mapping[str, int]], kit: str) -> set[str]:
    inside = contents.get(kit)
    if inside is None:
        return {kit}
    return {each for part in inside for each in _parts(contents, part)}


def _policy(there: Readiness) -> Checked:
    nobody = [
        Finding(question, f"Nobody decides {question.removesuffix('_owner')}.",
                "Say who does, on the channel's row of the policy sheet.")
        for question in there.undecided
    ]  # fmt: skip
    return Checked(Point.POLICY, 4, tuple(nobody))


def _allocation(there: Readiness) -> Checked:
    if there.is_chosen:
        return Checked(Point.ALLOCATION, 1)
    usual = Finding("", "The channel has the row that every new channel starts with.",
                    "Look at it on the policy sheet and change it, or sign that it is right.")  # fmt: skip
    return Checked(Point.ALLOCATION, 1, (usual,))


def _rules(there: Readiness) -> Checked:
    if there.rules is not None:
        return Checked(Point.RULES, there.rules)
    none = Finding("", "No rules are in force.", "Activate rules, or sign that none are needed.")
    return Checked(Point.RULES, 0, (none,))


def _shadow(there: Readiness) -> Checked:
    count, lost = there.shadow
    findings = tuple(
        Finding(number, f"Order {number} would have found no location with everything.",
                "See which SKUs run out, and order or hold back stock before the start.")
        for number in lost
    )  # fmt: skip
    return Checked(Point.SHADOW_ORDERS, count, findings)


def _unsigned(point: Point) -> Checked:
    return Checked(point, 1, (Finding("", "Nobody has signed this yet.", "Look, and sign it."),))


_LOOKS: Final[Mapping[Point, Callable[[Readiness], Checked]]] = {
    Point.CODES: _codes,
    Point.LISTINGS: _listings,
    Point.BARCODES: _barcodes,
    Point.SAME_BARCODE: _same_barcode,
    Point.VARIANTS: _variants,
    Point.KITS: _kits,
    Point.POLICY: _policy,
    Point.ALLOCATION: _allocation,
    Point.RULES: _rules,
    Point.SHADOW_ORDERS: _shadow,
}


def _listed_wares(there: Readiness) -> list[Ware]:
    skus = sorted({each.sku for each in there.listings if each.sku})
    return [there.wares[sku] for sku in skus if sku in there.wares]


def _all(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
