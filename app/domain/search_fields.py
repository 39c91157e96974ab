"""By which fields can orders, SKUs and cases be searched? Data, so that help and completion agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain.cases import CaseKind, Severity
from app.domain.orders import HoldCode, OrderStatus


class FieldKind(StrEnum):
    """What a field's values are."""

    CODE = "code"  # the whole text, ``*`` for any part of it
    WORDS = "words"  # a part of the text, unless ``*`` says otherwise
    CHOICE = "choice"  # one of a few words
    NUMBER = "number"  # 3, >3, 3..5
    MONEY = "money"  # 50, >50, 50..100 in whole units of the order's currency
    MOMENT = "moment"  # <+4h, today, 2026-10-01..2026-10-31
    AGE = "age"  # >2d


@dataclass(frozen=True, slots=True)
class SearchField:
    """A field, what its values are, and one sentence of help with an example."""

    name: str
    kind: FieldKind
    help: str
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields of one kind of search."""

    fields: tuple[SearchField, ...]
    _by_name: dict[str, SearchField] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {name: each for each in self.fields for name in (each.name, *each.aliases)}
        object.__setattr__(self, "_by_name", by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, for help and completion."""
        return tuple(each.name for each in self.fields)

    def find(self, name: str) -> SearchField | None:
        """Return the field of this name or alias, however it is capitalised."""
        return self._by_name.get(name.casefold())


STATES: Final = (
    *(status.value for status in OrderStatus),
    "active", "ready", "held", "late", "short", "nolocation", "toship", "split", "routed",
    "overridden", "unscanned", "changed", "noted", "bychannel",
)  # fmt: skip

_K = FieldKind
ORDER_FIELDS: Final = Vocabulary(
    (
        SearchField("channel", _K.CODE, "The sales channel: channel:amazon,walmart"),
        SearchField("is", _K.CHOICE, "A state: is:held, is:late", STATES),
        SearchField("status", _K.CHOICE, "The same words as is: status:open", STATES),
        SearchField("sku", _K.CODE, "A SKU of one of its lines: sku:MUG-*"),
        SearchField("qty", _K.NUMBER, "Units in the order: qty:>3", aliases=("units", "quantity")),
        SearchField("total", _K.MONEY, "The order's total: total:50..100"),
        SearchField("shipby", _K.MOMENT, "When it must ship: shipby:<+4h, shipby:today"),
        SearchField("placed", _K.MOMENT, "When it was ordered: placed:>2026-10-01"),
        SearchField("age", _K.AGE, "How long ago it was ordered: age:>2d"),
        SearchField("location", _K.CODE, "Where it ships from: location:GARAGE", aliases=("node",)),
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("buyer", _K.WORDS, "The buyer or recipient: buyer:doe", aliases=("name",)),
        SearchField("email", _K.WORDS, "The buyer's address for mail: email:@example.com"),
        SearchField("city", _K.WORDS, "Where it goes: city:brooklyn"),
        SearchField("state", _K.CODE, "Where it goes: state:NY"),
        SearchField("zip", _K.CODE, "Where it goes: zip:100*", aliases=("postcode",)),
        SearchField("country", _K.CODE, "Where it goes: country:US"),
        SearchField("title", _K.WORDS, "A line's title: title:mug"),
        SearchField("service", _K.WORDS, "The shipping service asked for: service:express"),
        SearchField("tracking", _K.CODE, "A tracking number: tracking:9400*"),
        SearchField("carrier", _K.WORDS, "The carrier of a parcel: carrier:usps"),
        SearchField("hold", _K.CHOICE, "Why it is on hold: hold:address_zip",
                    tuple(code.value.lower() for code in HoldCode)),
        SearchField("case", _K.CHOICE, "An open case: case:shortfall",
                    tuple(kind.value for kind in CaseKind)),
        SearchField("note", _K.WORDS, "A note, the desk's or the buyer's: note:gift"),
    )
)  # fmt: skip

SKU_STATES: Final = ("kit", "low", "out", "negative", "reserved", "incoming")
SKU_FIELDS: Final = Vocabulary(
    (
        SearchField("sku", _K.CODE, "The SKU's code: sku:MUG-*", aliases=("code",)),
        SearchField("title", _K.WORDS, "The title: title:mug"),
        SearchField("category", _K.WORDS, "The category: category:tea"),
        SearchField("is", _K.CHOICE, "A state: is:low, is:negative", SKU_STATES),
        SearchField("free", _K.NUMBER, "Units that no decision has taken: free:<5"),
        SearchField("reserved", _K.NUMBER, "Units claimed by orders: reserved:>0"),
        SearchField("location", _K.CODE, "With units at a location: location:SHOP",
                    aliases=("node",)),
    )
)  # fmt: skip

CASE_STATES: Final = ("overdue", "open", "resolved")
CASE_FIELDS: Final = Vocabulary(
    (
        SearchField("kind", _K.CHOICE, "The kind of case: kind:shortfall",
                    tuple(kind.value for kind in CaseKind), aliases=("case",)),
        SearchField("severity", _K.CHOICE, "How bad it is: severity:high",
                    tuple(each.value for each in Severity)),
        SearchField("owner", _K.WORDS, "Whose it is: owner:service"),
        SearchField("is", _K.CHOICE, "A state: is:overdue", CASE_STATES),
        SearchField("due", _K.MOMENT, "When it must be solved: due:<+4h"),
        SearchField("order", _K.CODE, "The order's number: order:1001", aliases=("number",)),
        SearchField("sku", _K.CODE, "The SKU: sku:MUG-*"),
        SearchField("channel", _K.CODE, "The order's channel: channel:etsy"),
        SearchField("money", _K.MONEY, "Money at risk: money:>100"),
    )
)  # fmt: skip

SHIPMENT_STATES: Final = ("told", "untold", "transit", "delivered", "late", "voided")
SHIPMENT_FIELDS: Final = Vocabulary(
    (
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("tracking", _K.CODE, "The tracking number: tracking:9400*"),
        SearchField("carrier", _K.WORDS, "The carrier: carrier:usps"),
        SearchField("service", _K.WORDS, "The carrier's service: service:ground"),
        SearchField("location", _K.CODE, "Where it left: location:GARAGE", aliases=("node",)),
        SearchField("channel", _K.CODE, "The order's channel: channel:etsy"),
        SearchField("sku", _K.CODE, "A SKU in the parcel: sku:MUG-*"),
        SearchField("shipped", _K.MOMENT, "When it left: shipped:today, shipped:<-2d"),
        SearchField("is", _K.CHOICE, "A state: is:untold, is:late", SHIPMENT_STATES),
    )
)  # fmt: skip
