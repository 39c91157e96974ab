"""How is a search written? Rules and examples for the help in the window and for the manual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RULES: Final = (
    ("doe tea", "both words, wherever they are"),
    ('"jane doe"', "these words beside each other"),
    ("-tag:vip", "all but those; works with words and brackets too"),
    ("channel:amazon,walmart", "one or the other"),
    ("is:late OR is:short", "either of the two"),
    ("(is:late OR is:short) total:>50", "brackets keep together what belongs together"),
    ("sku:MUG-*", "the star stands for anything"),
    ("qty:>3", "more than; <, >= and <= work as well"),
    ("total:50..100", "from … to; either end may be left out"),
    ("shipby:<+4h", "within four hours from now, or past; m, h, d and w are units of time"),
)

# What a person wants to find, and how it is written, for each kind of search.
EXAMPLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "orders": (
        ("Must leave within four hours", "shipby:<+4h is:active"),
        ("Late or short", "is:late OR is:short"),
        ("From two channels, worth more than 50", "channel:amazon,walmart total:>50"),
        ("Ready, but not for good customers", "is:ready -tag:vip"),
        ("Ordered more than two days ago and not shipped", "age:>2d is:active"),
        ("Ships in parts", "is:split"),
        ("With a note to read", "has:note is:active"),
        ("With any SKU that begins so", "sku:MUG-*"),
    ),
    "SKUs": (
        ("Nearly sold out", "is:low"),
        ("More promised than there is", "is:negative"),
        ("Few left at a location", "free:<5 location:GARAGE"),
        ("Claimed by orders", "reserved:>0 -is:kit"),
    ),
    "parcels": (
        ("Left today", "shipped:today"),
        ("Channels that do not know yet", "is:untold"),
        ("On their way and late", "is:late"),
        ("One SKU, by one carrier", "sku:MUG-* carrier:usps"),
    ),
    "returns": (
        ("Here, and nobody has looked at it", "is:inspect"),
        ("A parcel of nobody known", "is:orphan"),
        ("Money promised and not given", "is:torefund"),
        ("Why one SKU comes back", "sku:MUG-* why:damaged"),
    ),
    "cases": (
        ("Bad, and due within four hours", "severity:high due:<+4h"),
        ("Past their time", "is:overdue"),
        ("With much money at risk", "money:>100"),
        ("Not enough stock", "kind:shortfall"),
    ),
}
