"""What has the owner to say by hand, because no bill says it? Wages, minutes, and what returns lose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.domain.costs.policy import CostPolicy
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import basis_points, minor_units, money, plain_amount

_MINUTES: Final = {
    "order_minutes": "Minutes an order takes", "unit_minutes": "Minutes each unit takes",
    "case_minutes": "Minutes a question or a problem takes",
}  # fmt: skip
_LOST: Final = {"quarantine": "Lost on goods put aside, %", "damaged": "Lost on damaged goods, %"}


def of_work(
    policy: CostPolicy, packaging: int, currency: str, take: Callable[[Values], object]
) -> Question:
    """Ask what work, payments and returns cost."""
    fee = policy.payment
    return Question(
        "What your work costs",
        [
            Field("wage", f"An hour of work ({currency})", plain_amount(policy.wage, currency)),
            *(Field(name, label, getattr(policy, name)) for name, label in _MINUTES.items()),
            Field("percent", "Payment service in your own stores, %", f"{fee.basis_points / 100:g}"),
            Field("fixed", f"And for each payment ({currency})", plain_amount(fee.fixed, currency)),
            *(Field(name, label, policy.loss_percent.get(name, 0)) for name, label in _LOST.items()),
        ],
        "Use these", take,
        note="They are estimates, and named so wherever they count. A box with its filling costs "
             f"{money(packaging, currency)}; that is changed under Rules, Routing.",
    )  # fmt: skip


def changes_of(values: Values, policy: CostPolicy, currency: str) -> dict[str, Any]:
    """Return what was entered as it is kept.

    Raises:
        NotMoneyError: an amount or a share is none.
    """
    return {
        "wage": minor_units(str(values["wage"]), currency),
        **{name: values[name] for name in _MINUTES},
        "payment": {
            "basis_points": basis_points(str(values["percent"])),
            "fixed": minor_units(str(values["fixed"]), currency),
        },
        "loss_percent": {**policy.loss_percent, **{name: values[name] for name in _LOST}},
    }
