"""How is an address corrected? The same question beside an order and beside its case."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from app.queries.order_detail import OrderDetail
from app.ui.widgets.form import Field, Question, Values

PARTS: Final = (
    ("name", "Name"), ("line1", "Street"), ("line2", "More"), ("city", "City"),
    ("state", "State"), ("postcode", "ZIP"), ("country", "Country"),
)  # fmt: skip
# A hold that knows better names it: "Probably 02139 (MA)", "Did it lose a zero: 02139?"
_OFFERED: Final = re.compile(r"(?:Probably|lose a zero:) (\d{5}(?:-\d{4})?)\b")


def offered_zip(detail: OrderDetail) -> str:
    """Return the ZIP that the address's hold proposes, or nothing."""
    for hold in detail.holds:
        if hold.is_open and hold.code == "ADDRESS_ZIP" and (found := _OFFERED.search(hold.reason)):
            return found.group(1)
    return ""


def address_question(
    detail: OrderDetail, correct: Callable[[dict[str, str], str], object]
) -> Question:
    """Ask what is wrong in the address; ``correct`` gets the changed columns and why."""
    filled = {part: getattr(detail.address, part) for part, _label in PARTS}
    better = offered_zip(detail)
    filled["postcode"] = better or filled["postcode"]
    fields = [Field(part, label, filled[part]) for part, label in PARTS]
    fields.append(Field("reason", "Why", placeholder="The customer wrote, a typing mistake …"))
    note = f"The ZIP is filled in as {better}; it came as “{detail.address.postcode}”."
    return Question(
        f"Correct the address of {detail.number}", fields, "Correct it",
        lambda values: correct(_changed(detail, values), str(values["reason"])),
        note=note if better else "",
    )  # fmt: skip


def _changed(detail: OrderDetail, values: Values) -> dict[str, str]:
    return {
        f"ship_{part}": str(values[part])
        for part, _label in PARTS
        if values[part] != getattr(detail.address, part)
    }
