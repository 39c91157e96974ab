"""What is asked when the routing policy is changed? Amounts are handed on as they were typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.routing.objectives import Aim, Objective
from app.services.planning.drafts import RoutingNow
from app.ui import statuses
from app.ui.pages.rules.routing import words
from app.ui.widgets.form import Field, Question
from app.ui.words import clock_time, plain_amount

Take = Callable[[Any], object]
TRY = "See what would change"


def of_tolerance(within: int, currency: str, take: Take) -> Question:
    """Ask how much dearer something may be and still count as cheap."""
    asked = Field("value", f"Within ({currency})", plain_amount(within, currency))
    return Question("Least cost, within", [asked], TRY,
                    lambda v: take(v["value"]),
                    note="What costs no more than this above the cheapest counts as cheap; "
                    "the objectives below choose among it.")  # fmt: skip


def of_new_aim(order: Sequence[Objective], take: Take) -> Question:
    """Ask which objective comes last."""
    there = [each.aim for each in order]
    missing = [
        each for each in Aim if each not in there or (each is Aim.MONEY and there.count(each) < 2)
    ]
    choices = [(each.value, words.AIMS[each][0]) for each in missing]
    asked = Field("value", "Objective", choices[0][0], choices)
    return Question("Add an objective", [asked], TRY, lambda v: take(v["value"]))


def of_value(
    title: str, column: words.Column, value: Any, found: RoutingNow, take: Take
) -> Question:
    """Ask for one value of a channel or a location."""
    where = f"{title}: {column.title.lower()}"
    if column.kind == "money":
        asked = Field("value", f"Amount ({found.currency})", plain_amount(value, found.currency))
        return Question(where, [asked], TRY, lambda v: take(v["value"]), note=column.about)
    if column.kind == "clock":
        asked = Field("value", "Local time", clock_time(value), placeholder=clock_time("17:00"))
        return Question(where, [asked], TRY, lambda v: take(v["value"]), note=column.about)
    if column.kind in ("channels", "services"):
        known = (
            found.channels
            if column.kind == "channels"
            else [each.name for each in found.rates.levels]
        )
        asked = Field("value", "Names", ", ".join(value), placeholder=", ".join(known))
        return Question(where, [asked], TRY, lambda v: take(_listed(v["value"])), note=column.about)
    return Question(where, [Field("value", "Number", int(value))], TRY, lambda v: take(int(str(v["value"]))),
                    note=column.about)  # fmt: skip


def of_offer(name: str, said: Mapping[str, Any], take: Take) -> Question:
    """Ask where a service is offered, and what it takes; an empty field sets no limit."""
    lists = {
        "locations": ("Only from", "GARAGE, RENO"), "channels": ("Only for", "shopify, etsy"),
        "areas": ("Only to ZIP areas", "967, 968"), "not_areas": ("Not to ZIP areas", "967, 968"),
    }  # fmt: skip
    fields = [
        *(Field(key, label, ", ".join(said.get(key, ())), placeholder=such)
          for key, (label, such) in lists.items()),
        Field("most_g", "Grams at most (0: any)", int(said.get("most_g") or 0)),
        Field("takes_hazmat", "Dangerous goods", said.get("takes_hazmat", True),
              [(True, "Taken"), (False, "Not taken")]),
    ]  # fmt: skip

    def answer(values: Any) -> None:
        take({
            **{key: _listed(values[key]) for key in lists},
            "most_g": int(str(values["most_g"])) or None,
            "takes_hazmat": bool(values["takes_hazmat"]),
        })  # fmt: skip

    return Question(f"Where {name} is offered", fields, TRY, answer,
                    note="A ZIP area is the first three digits. Empty fields set no limit.")  # fmt: skip


def of_packaging(found: RoutingNow, take: Take) -> Question:
    """Ask what a box and its filling cost."""
    now = plain_amount(found.policy.packaging, found.currency)
    asked = Field("value", f"Amount ({found.currency})", now)
    return Question("Packaging of a parcel", [asked], TRY, lambda v: take(v["value"]))


def of_held(found: RoutingNow, take: Take) -> Question:
    """Ask which units are held for a channel."""
    fields = [
        Field("sku", "SKU", "", is_needed=True, placeholder="MUG-BLUE"),
        Field("location", "At", next(iter(found.places), ""), list(found.places.items())),
        Field("channel", "For", next(iter(found.channels), ""), _channels(found)),
        Field("units", "Units", 1, least=1),
    ]
    return Question(
        "Hold units for a channel", fields, TRY, lambda v: take({**v, "sku": str(v["sku"]).strip()})
    )


def of_substitute(found: RoutingNow, take: Take) -> Question:
    """Ask what may be sent instead of what."""
    fields = [
        Field("sku", "Instead of", "", is_needed=True, placeholder="MUG-BLUE"),
        Field("substitute", "Send", "", is_needed=True, placeholder="MUG-RED"),
        Field("channel", "For", "", [("", "Each channel that allows it"), *_channels(found)]),
        Field("cost", f"Given for a unit ({found.currency})", plain_amount(0, found.currency)),
    ]

    def answer(values: Any) -> None:
        channel = str(values["channel"])
        take({"sku": str(values["sku"]).strip(), "substitute": str(values["substitute"]).strip(),
              "channels": [channel] if channel else [],
              "cost": values["cost"]})  # fmt: skip

    return Question("Propose a substitute", fields, "Propose it", answer,
                    note="It is sent when the first is short, once it is approved. Never for regulated goods.")  # fmt: skip


def _channels(found: RoutingNow) -> list[tuple[object, str]]:
    return [(code, statuses.channel(code)) for code in found.channels]


def _listed(text: object) -> list[str]:
    return [each.strip() for each in str(text).split(",") if each.strip()]
