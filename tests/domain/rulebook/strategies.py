"""Orders and conditions drawn from a small world, so that conditions often overlap."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from app.domain.rulebook.facts import LineFacts, OrderFacts
from tests.domain.rulebook.builders import AT, NOON

SKUS = ("MUG-BLUE", "MUG-RED", "POT-1", "TEA")
CHANNELS = ("etsy", "amazon", "own")
TAGS = ("vip", "seen", "rush")
LINES = st.builds(
    LineFacts, st.sampled_from(SKUS), st.integers(1, 4), price=st.sampled_from((0, 500, 2500)),
    weight_g=st.sampled_from((None, 200, 3000)), category=st.sampled_from(("", "mugs")),
)  # fmt: skip
ORDERS = st.builds(
    OrderFacts, st.just(AT), st.lists(LINES, min_size=1, max_size=3).map(tuple),
    channel=st.sampled_from(CHANNELS), state=st.sampled_from(("NY", "CA", "")),
    country=st.sampled_from(("US", "DE")), total=st.sampled_from((None, 500, 2500, 9900)),
    tags=st.lists(st.sampled_from(TAGS), unique=True).map(tuple),
    states=st.lists(st.sampled_from(("pobox", "short")), unique=True).map(tuple),
    ship_by=st.sampled_from((None, NOON + timedelta(hours=2), NOON + timedelta(days=3))),
)  # fmt: skip
_OF_LINE = st.sampled_from(
    ("sku:MUG-*", "sku:MUG-BLUE", "sku:POT-1,TEA", "-sku:*BLUE", "qty:>1", "qty:<2", "qty:2..3",
     "price:>5", "weight:<500", "category:mug"),
)  # fmt: skip
_LINE_PARTS = st.lists(_OF_LINE, min_size=1, max_size=2).map(" ".join)
_QUANTIFIED = st.builds(
    "{}({})".format,
    st.sampled_from(("ANY", "ALL", "NONE", "ONLY", "COUNT>=2", "COUNT<1", "COUNT=1")),
    _LINE_PARTS,
)
_PLAIN = st.sampled_from(
    ("channel:etsy", "channel:etsy,amazon", "channel:e*", "state:NY", "country:US", "tag:vip",
     "tag:*", "total:>20", "total:5..25", "total:<10", "qty:>3", "qty:<=3", "lines:1", "sku:MUG-*",
     "sku:TEA", "is:pobox", "has:tag", "shipby:<+4h", "shipby:<+4d", "day:mon", "day:weekend"),
)  # fmt: skip
_LEAVES = st.one_of(_PLAIN, _PLAIN, _QUANTIFIED)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        pairs.map(" ".join).map("({})".format),
        pairs.map(" OR ".join).map("({})".format),
        inner.map("-({})".format),
    )


CONDITIONS = st.recursive(_LEAVES, _grown, max_leaves=5)
_ACTIONS = st.sampled_from(
    ("ship STUDIO, else wait", "ship RENO", "never AUSTIN", "never STUDIO", "service Two-day",
     "parcels 1", "tag vip", "tag seen", "untag rush", "assign Ann", "hold Look.", "priority 3"),
)  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> str:
    """Return the text of a rulebook of a few rules."""
    parts: list[str] = []
    for number in range(draw(st.integers(1, 5))):
        actions = draw(st.lists(_ACTIONS, min_size=1, max_size=3, unique=True))
        stop = ["stop"] if draw(st.booleans()) else []
        said = [f"rule R{number}", f"if {draw(CONDITIONS)}", *actions, *stop]
        parts.append("\n  ".join(said))
    return "\n".join(parts)
