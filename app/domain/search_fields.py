"""By which fields can orders, SKUs and cases be searched? Data, so that help and completion agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain.cases import CaseKind, Severity
from app.domain.mismatching.causes import Reason
from app.domain.orders import HoldCode
from app.domain.search_meanings import (
    BELONGINGS,
    CASE_STATES,
    MISMATCH_STATES,
    ORDER_STATES,
    PARCEL_STATES,
    RETURN_STATES,
    SKU_STATES,
)
from app.domain.tracking.statuses import Incident


class FieldKind(StrEnum):
    """What a field's values are."""

    CODE = "code"  # the whole text, ``*`` for any part of it
    WORDS = "words"  # a part of the text, unless ``*`` says otherwise
    CHOICE = "choice"  # one of a few words
    NUMBER = "number"  # 3, >3, 3..5
    MONEY = "money"  # 50, >50, 50..100 in whole units of the order's currency
    MOMENT = "moment"  # <+4h, today, 2026-10-01..2026-10-31
    AGE = "age"  # >2d


_RANGES: Final = (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.MOMENT, FieldKind.AGE)


class Known(StrEnum):
    """Of what the desk has a list, so that a value can be picked instead of typed."""

    CHANNELS = "channels"
    LOCATIONS = "locations"
    SKUS = "skus"
    CATEGORIES = "categories"
    TAGS = "tags"
    PEOPLE = "people"
    OWNERS = "owners"
    CITIES = "cities"
    STATES = "states"
    COUNTRIES = "countries"
    SERVICES = "services"
    CARRIERS = "carriers"


@dataclass(frozen=True, slots=True)
class SearchField:
    """A field, what its values are, and one sentence of help with examples.

    ``known`` says of what the desk has a list to complete from; ``meanings`` say what its choices mean.
    """

    name: str
    kind: FieldKind
    help: str
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    known: Known | None = None
    meanings: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def says(self) -> str:
        """What it finds, without the examples."""
        return self.help.partition(": ")[0]

    @property
    def examples(self) -> tuple[str, ...]:
        """Searches with it."""
        return tuple(self.help.partition(": ")[2].split(", "))

    @property
    def is_range(self) -> bool:
        """Whether its values can be compared."""
        return self.kind in _RANGES


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields of one kind of search, and what it finds: orders, SKUs, cases.

    ``lines`` are the fields of what such a thing consists of, where ANY(…), ALL(…) and their kin may ask for it.
    """

    fields: tuple[SearchField, ...]
    of: str = ""
    lines: Vocabulary | None = None
    _by_name: dict[str, SearchField] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {name: each for each in self.fields for name in (each.name, *each.aliases)}
        object.__setattr__(self, "_by_name", by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, for help and completion."""
        return tuple(each.name for each in self.fields)

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names and the other names of the fields."""
        return tuple(self._by_name)

    def find(self, name: str) -> SearchField | None:
        """Return the field of this name or alias, however it is capitalised."""
        return self._by_name.get(name.casefold())


_K = FieldKind
ORDER_FIELDS: Final = Vocabulary(
    of="orders",
    fields=(
        SearchField("channel", _K.CODE, "The sales channel: channel:amazon,walmart",
                    known=Known.CHANNELS),
        SearchField("is", _K.CHOICE, "A state: is:held, is:late", tuple(ORDER_STATES),
                    meanings=ORDER_STATES),
        SearchField("status", _K.CHOICE, "The same words as “is”: status:open", tuple(ORDER_STATES),
                    meanings=ORDER_STATES),
        SearchField("sku", _K.CODE, "A SKU of one of its lines: sku:MUG-*", known=Known.SKUS),
        SearchField("qty", _K.NUMBER, "Units in the order: qty:>3", aliases=("units", "quantity")),
        SearchField("total", _K.MONEY, "The order's total: total:50..100"),
        SearchField("shipby", _K.MOMENT, "When it must ship: shipby:<+4h, shipby:today"),
        SearchField("placed", _K.MOMENT, "When it was ordered: placed:>2026-10-01"),
        SearchField("age", _K.AGE, "How long ago it was ordered: age:>2d"),
        SearchField("location", _K.CODE, "Where it ships from: location:GARAGE", aliases=("node",),
                    known=Known.LOCATIONS),
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("buyer", _K.WORDS, "The buyer or recipient: buyer:doe", aliases=("name",)),
        SearchField("email", _K.WORDS, "The buyer's address for mail: email:@example.com"),
        SearchField("city", _K.WORDS, "The city that it goes to: city:brooklyn", known=Known.CITIES),
        SearchField("state", _K.CODE, "The state that it goes to: state:NY", known=Known.STATES),
        SearchField("zip", _K.CODE, "The ZIP that it goes to: zip:100*", aliases=("postcode",)),
        SearchField("country", _K.CODE, "The country that it goes to: country:US",
                    known=Known.COUNTRIES),
        SearchField("title", _K.WORDS, "A line's title: title:mug"),
        SearchField("service", _K.WORDS, "The shipping service asked for: service:express",
                    known=Known.SERVICES),
        SearchField("tracking", _K.CODE, "A tracking number: tracking:9400*"),
        SearchField("carrier", _K.WORDS, "The carrier of a parcel: carrier:usps", known=Known.CARRIERS),
        SearchField("hold", _K.CHOICE, "Why it is on hold: hold:address_zip",
                    tuple(code.value.lower() for code in HoldCode)),
        SearchField("case", _K.CHOICE, "An open case: case:shortfall",
                    tuple(kind.value for kind in CaseKind)),
        SearchField("import", _K.CODE, "The file that brought it, by name or number: import:orders.csv",
                    aliases=("file",)),
        SearchField("note", _K.WORDS, "A note, the desk's or the buyer's: note:gift"),
        SearchField("tag", _K.CODE, "A tag that was put on it: tag:vip, -tag:vip", known=Known.TAGS),
        SearchField("assigned", _K.CODE, "Who takes care of it: assigned:Ann", known=Known.PEOPLE),
        SearchField("has", _K.CHOICE, "Something is there: has:note, -has:tracking", tuple(BELONGINGS),
                    meanings=BELONGINGS),
        SearchField("why", _K.WORDS, "The reason given for a hold or for another location: why:snow"),
    ),
)  # fmt: skip

SKU_FIELDS: Final = Vocabulary(
    of="SKUs",
    fields=(
        SearchField("sku", _K.CODE, "The SKU's code: sku:MUG-*", aliases=("code",), known=Known.SKUS),
        SearchField("title", _K.WORDS, "The title: title:mug"),
        SearchField("category", _K.WORDS, "The category: category:tea", known=Known.CATEGORIES),
        SearchField("family", _K.WORDS, "The family: family:tide"),
        SearchField("supplier", _K.WORDS, "Who it is bought from: supplier:leaf"),
        SearchField("velocity", _K.CODE, "How fast it sells, A to D: velocity:A"),
        SearchField("is", _K.CHOICE, "A state: is:low, is:negative", tuple(SKU_STATES),
                    meanings=SKU_STATES),
        SearchField("free", _K.NUMBER, "Units that no decision has taken: free:<5"),
        SearchField("reserved", _K.NUMBER, "Units claimed by orders: reserved:>0"),
        SearchField("location", _K.CODE, "With units at a location: location:SHOP",
                    aliases=("node",), known=Known.LOCATIONS),
        SearchField("bin", _K.CODE, "Where it lies in a location: bin:A-*"),
    ),
)  # fmt: skip

CASE_FIELDS: Final = Vocabulary(
    of="cases",
    fields=(
        SearchField("kind", _K.CHOICE, "The kind of case: kind:shortfall",
                    tuple(kind.value for kind in CaseKind), aliases=("case",)),
        SearchField("severity", _K.CHOICE, "How bad it is: severity:high",
                    tuple(each.value for each in Severity)),
        SearchField("owner", _K.WORDS, "Whose it is: owner:service", known=Known.OWNERS),
        SearchField("assigned", _K.WORDS, "Who was asked: assigned:mia"),
        SearchField("is", _K.CHOICE, "A state: is:overdue", tuple(CASE_STATES),
                    meanings=CASE_STATES),
        SearchField("cause", _K.WORDS, "What it shares with others: cause:sku:12"),
        SearchField("due", _K.MOMENT, "When it must be solved: due:<+4h"),
        SearchField("order", _K.CODE, "The order's number: order:1001", aliases=("number",)),
        SearchField("sku", _K.CODE, "The SKU: sku:MUG-*", known=Known.SKUS),
        SearchField("channel", _K.CODE, "The order's channel: channel:etsy", known=Known.CHANNELS),
        SearchField("money", _K.MONEY, "Money at risk: money:>100"),
    ),
)  # fmt: skip

MISMATCH_FIELDS: Final = Vocabulary(
    of="mismatches",
    fields=(
        SearchField("sku", _K.CODE, "The SKU or the channel's code: sku:MUG-*", known=Known.SKUS),
        SearchField("where", _K.WORDS, "The channel or the location: where:etsy"),
        SearchField("cause", _K.CHOICE, "Why it does not fit: cause:manual_edit",
                    tuple(each.value for each in Reason)),
        SearchField("is", _K.CHOICE, "A state: is:error, is:accepted", tuple(MISMATCH_STATES),
                    meanings=MISMATCH_STATES),
        SearchField("money", _K.MONEY, "Money at risk: money:>100"),
        SearchField("delta", _K.NUMBER, "Units too many: delta:>5"),
    ),
)  # fmt: skip

SHIPMENT_FIELDS: Final = Vocabulary(
    of="parcels",
    fields=(
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("tracking", _K.CODE, "The tracking number: tracking:9400*"),
        SearchField("carrier", _K.WORDS, "The carrier: carrier:usps", known=Known.CARRIERS),
        SearchField("service", _K.WORDS, "The carrier's service: service:ground"),
        SearchField("location", _K.CODE, "Where it left: location:GARAGE", aliases=("node",),
                    known=Known.LOCATIONS),
        SearchField("channel", _K.CODE, "The order's channel: channel:etsy", known=Known.CHANNELS),
        SearchField("sku", _K.CODE, "A SKU in the parcel: sku:MUG-*", known=Known.SKUS),
        SearchField("shipped", _K.MOMENT, "When it left: shipped:today, shipped:<-2d"),
        SearchField("is", _K.CHOICE, "A state: is:untold, is:late", tuple(PARCEL_STATES),
                    meanings=PARCEL_STATES),
        SearchField("arrive", _K.MOMENT, "What the customer was promised: arrive:<+1d",
                    aliases=("promise",)),
        SearchField("quiet", _K.AGE, "How long nobody has seen it: quiet:>2d"),
        SearchField("why", _K.CHOICE, "Why it is not further: why:not_home",
                    tuple(each.name.lower() for each in Incident)),
    ),
)  # fmt: skip

RETURN_FIELDS: Final = Vocabulary(
    of="returns",
    fields=(
        SearchField("return", _K.CODE, "The return's number: return:RET-12"),
        SearchField("order", _K.CODE, "The order's number: order:1001*", aliases=("number",)),
        SearchField("buyer", _K.WORDS, "The buyer, or the sender: buyer:doe", aliases=("name",)),
        SearchField("sku", _K.CODE, "A SKU that comes back: sku:MUG-*", known=Known.SKUS),
        SearchField("channel", _K.CODE, "The order's channel: channel:etsy", known=Known.CHANNELS),
        SearchField("tracking", _K.CODE, "The number on the parcel: tracking:9400*"),
        SearchField("why", _K.WORDS, "Why it comes back: why:damaged", aliases=("reason",)),
        SearchField("opened", _K.MOMENT, "When it was announced or came: opened:<-2d"),
        SearchField("grade", _K.CODE, "What was seen: grade:B"),
        SearchField("is", _K.CHOICE, "A state: is:inspect, is:orphan", tuple(RETURN_STATES),
                    meanings=RETURN_STATES),
    ),
)  # fmt: skip
