"""What does the owner's own work cost, and what is lost on goods that come back?

Fees, packaging and the work of a location are part of the routing policy; here is what no order's routing
depends on. The defaults are a start, named as estimates wherever they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from app.domain.delivery import RatePolicy
from app.domain.routing.policy import RoutingPolicy

USUAL_LOSS: Final[Mapping[str, int]] = {
    "restock": 0, "quarantine": 50, "damaged": 100, "write_off": 100, "supplier": 0,
}  # fmt: skip
"""How much of a returned unit's cost is lost, in per cent, by what became of it."""


@dataclass(frozen=True, slots=True)
class PaymentFee:
    """What taking a buyer's money costs: hundredths of a per cent of it, and minor units a payment."""

    basis_points: int = 290
    fixed: int = 30

    def of(self, amount: int) -> int:
        """Return the fee for an amount, in minor units, rounded half up as payment services do."""
        return (amount * self.basis_points + 5_000) // 10_000 + self.fixed if amount > 0 else 0


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """What an hour of work costs (minor units), and how many minutes an order, a unit, a case take.

    ``payment`` is for own stores: marketplaces have it in their fee. ``loss_percent`` is by disposition of
    a returned unit.
    """

    version: int = 0
    wage: int = 2000
    order_minutes: int = 3
    unit_minutes: int = 1
    case_minutes: int = 6
    payment: PaymentFee = field(default_factory=PaymentFee)
    loss_percent: Mapping[str, int] = field(default_factory=lambda: dict(USUAL_LOSS))

    def work(self, minutes: int) -> int:
        """Return what so many minutes of work cost, in minor units, rounded half up."""
        return (self.wage * minutes * 2 + 60) // 120

    def as_said(self) -> dict[str, Any]:
        """Return the policy as it is stored."""
        return {name: value for name, value in asdict(self).items() if name != "version"}


def cost_policy(version: int, body: Mapping[str, Any]) -> CostPolicy:
    """Return the policy from its stored form.

    Raises:
        ValueError: a value is not known, is no whole number, or is below zero.
    """
    names = {each.name for each in fields(CostPolicy)} - {"version", "payment", "loss_percent"}
    if unknown := sorted(body.keys() - names - {"payment", "loss_percent"}):
        raise ValueError(f"“{unknown[0]}” is not known")
    payment, loss = body.get("payment", {}), body.get("loss_percent", {})
    if unknown := sorted(loss.keys() - USUAL_LOSS.keys()):
        raise ValueError(f"“{unknown[0]}” is nothing that becomes of a return")
    return CostPolicy(
        version,
        payment=PaymentFee(**{name: _units(payment[name]) for name in payment}),
        loss_percent={**USUAL_LOSS, **{name: _percent(loss[name]) for name in loss}},
        **{name: _units(body[name]) for name in names & body.keys()},
    )


def _units(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"“{value}” is no whole number of 0 or more")
    return value


def _percent(value: object) -> int:
    if (units := _units(value)) > 100:
        raise ValueError(f"{units} per cent are more than there is to lose")
    return units


@dataclass(frozen=True, slots=True)
class Rates:
    """The owner's rates and routing policy, the kind of each channel, and what settlements say it keeps."""

    rates: RatePolicy
    routing: RoutingPolicy
    kinds: Mapping[str, str]
    fees: Mapping[str, int] = field(default_factory=dict)

    def fee_bp(self, channel: str) -> int:
        """Return what a channel keeps of a sale in basis points: as it was settled, or by the policy."""
        by_policy = self.routing.money(channel, self.kinds.get(channel, "")).fee_bp
        return self.fees.get(channel, by_policy)
