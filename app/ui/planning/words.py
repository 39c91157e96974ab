"""What does a plan say, in sentences?"""

from __future__ import annotations

from app.services.planning.plans import PlannedOrder, Proposal, Totals, Way
from app.ui import statuses
from app.ui.words import count_of, joined, money, more_or_less, number


def headline(plan: Proposal) -> str:
    """Say what taking the plan over would bring."""
    if not plan.orders:
        return "No order waits for a decision."
    if not plan.changes:
        return "Every order is suggested as the best plan has it."
    gains = [
        *([f"{money(plan.saving, plan.currency)} less"] if plan.saving > 0 else []),
        *_fewer(plan.now.late - plan.planned.late, "late order"),
        *_fewer(plan.now.parcels - plan.planned.parcels, "parcel"),
        *_fewer(plan.now.safety - plan.planned.safety, "unit of safety stock", "units of safety stock"),
    ]  # fmt: skip
    more = plan.planned.orders - plan.now.orders
    if more > 0:
        gains.insert(0, f"{count_of(more, 'more order')} shipped")
    change = f"{count_of(len(plan.changes), 'order')} would ship from elsewhere"
    return f"{change}: {joined(gains)}." if gains else f"{change}."


def _fewer(less: int, one: str, many: str = "") -> list[str]:
    if less <= 0:
        return []
    return [f"{number(less)} {one if less == 1 else many or one + 's'} fewer"]


def proof(plan: Proposal) -> str:
    """Say how good the plan is known to be."""
    if not plan.orders:
        return ""
    spared = (
        f" Leaving safety stock alone costs {money(plan.spared, plan.currency)} of it."
        if plan.spared > 0
        else ""
    )
    if not plan.may_save:
        return f"No other plan is better.{spared}"
    most = money(plan.may_save, plan.currency)
    stopped = "Stopped early: a" if plan.is_stopped else "A"
    return f"{stopped} better plan could save {most} at most.{spared}"


def total(totals: Totals, currency: str) -> str:
    """Return a total in one line."""
    said = [
        f"{count_of(totals.orders, 'order')} in {count_of(totals.parcels, 'parcel')}",
        f"{number(totals.late)} late",
        f"{count_of(totals.safety, 'unit')} of safety stock",
    ]
    return f"{money(totals.cost, currency)} · " + " · ".join(said)


def _places(way: Way) -> str:
    return " + ".join(statuses.short_place(name) for name in way.each) or "nowhere yet"


def change(each: PlannedOrder, currency: str) -> tuple[str, str]:
    """Return what becomes of an order, and what that means."""
    here, there = _places(each.now), _places(each.planned)
    means = [more_or_less(-each.saving, currency) if each.now.names else
             money(each.planned.cost, currency)]  # fmt: skip
    if each.now.is_late and not each.planned.is_late:
        means.append("in time")
    if each.planned.is_late:
        means.append("late")
    if each.is_held:
        means.append("on hold")
    if each.planned.sends:
        there += f", with {each.planned.sends}"
    return f"{here} → {there}", ", ".join(means)
