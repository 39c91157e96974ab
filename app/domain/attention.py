"""What needs a person first? Deadline, money, how bad it is, whether that can be put right, who waits, how many.

Everything that waits for a person gets a score from 0 to 100, the sum of six parts:

* **deadline**, at most 30: all of it once the deadline has passed; before, ``30 × (1 − hours left / 72)``;
  nothing without a deadline or more than three days before it.
* **money**, at most 24: ``24 × n / (n + 4)``, where ``n`` says how many usual orders are at stake: the
  amount in each currency divided by what an order in that currency is usually worth, added up. So
  no amount is ever changed into another currency; one usual order gives 5 points, four give 12.
* **severity**, at most 20: 20 if the matrix calls it high, 8 if medium, 0 if low.
* **harm**, at most 12: 12 if the harm of waiting cannot be put right, 6 if that costs money or a
  customer's patience, 0 if waiting does none.
* **customer**, at most 7: ``7 × n / (n + 4)``, where ``n`` is how many other orders the customer gave.
* **reach**, at most 7: ``7 × n / (n + 4)``, where ``n`` is how many more wait for the same.

The parts come with a sentence each, so that the score can be opened and argued with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.cases import CaseKind, Severity
from app.domain.explaining import plain_money

MOST_DEADLINE, MOST_MONEY, MOST_SEVERITY = 30, 24, 20
MOST_HARM, MOST_CUSTOMER, MOST_REACH = 12, 7, 7
HORIZON_HOURS = 72
HALF_AT = 4  # so many usual orders, earlier orders or others that are hit give half of the points
USUAL = 5_000  # minor units: what an order is taken to be worth while nothing is known

Say = Callable[[int, str], str]


class Harm(StrEnum):
    """What waiting does."""

    NONE = "none"
    COSTS = "costs"
    LASTS = "lasts"


HARM_POINTS: Mapping[Harm, int] = {Harm.NONE: 0, Harm.COSTS: MOST_HARM // 2, Harm.LASTS: MOST_HARM}
SEVERITY_POINTS: Mapping[Severity, int] = {
    Severity.LOW: 0, Severity.MEDIUM: 2 * MOST_SEVERITY // 5, Severity.HIGH: MOST_SEVERITY,
}  # fmt: skip

# What happens to each kind of case while nobody decides.
HARM_OF: Mapping[CaseKind, tuple[Harm, str]] = {
    CaseKind.UNKNOWN_SKU: (Harm.COSTS, "The customer waits; a late parcel counts against you."),
    CaseKind.MISSING_SKU: (Harm.COSTS, "The customer waits; a late parcel counts against you."),
    CaseKind.SHORTFALL: (Harm.COSTS, "The longer it waits, the likelier the customer cancels."),
    CaseKind.NO_LOCATION: (Harm.COSTS, "The customer waits; a late parcel counts against you."),
    CaseKind.ADDRESS_INVALID: (Harm.COSTS, "The customer waits; a parcel sent wrongly comes back."),
    CaseKind.TEXT_SUSPECT: (Harm.COSTS, "The customer waits for a label that can be read."),
    CaseKind.PAYMENT_PENDING: (Harm.NONE, "Waiting does no harm: nothing is paid yet."),
    CaseKind.STATUS_UNCLEAR: (Harm.LASTS, "What is shipped twice does not come back."),
    CaseKind.TOTAL_MISMATCH: (Harm.NONE, "Waiting does no harm until the order is due."),
    CaseKind.RULE_REVIEW: (Harm.NONE, "Waiting only means deciding the same thing by hand again."),
    CaseKind.RULE_ASKS: (Harm.COSTS, "The order waits for the look that your rule asks for."),
    CaseKind.ORDER_CHANGED: (Harm.LASTS, "Once the old version is shipped, it cannot be called back."),
    CaseKind.CANCELLED_LATE: (Harm.LASTS, "Once the parcel leaves, it cannot be called back."),
    CaseKind.CANCEL_REQUESTED: (Harm.LASTS, "Once the parcel leaves, it cannot be called back."),
    CaseKind.SHIPPED_ELSEWHERE: (Harm.LASTS, "What is shipped twice does not come back."),
    CaseKind.NEGATIVE_STOCK: (Harm.LASTS, "Every further sale may be one that cannot be filled."),
    CaseKind.OVERSOLD: (Harm.LASTS, "Every further sale may be one that cannot be filled."),
    CaseKind.ADDRESS_CHANGED: (Harm.LASTS, "Once the parcel leaves, it cannot be called back."),
    CaseKind.FRAUD_HOLD: (Harm.COSTS, "Who means it waits, and may cancel."),
    CaseKind.ACKNOWLEDGE_LATE: (Harm.LASTS, "What the channel has cancelled does not come back."),
    CaseKind.LISTING_ERROR: (Harm.COSTS, "What sells beyond what is there has to be cancelled."),
    CaseKind.SIGNED_OUT: (Harm.COSTS, "Every order there waits, and some have a deadline."),
    CaseKind.SIGN_IN_ENDS: (Harm.NONE, "Waiting does no harm until that day."),
    CaseKind.MISMATCH: (Harm.COSTS, "What sells beyond what is there has to be cancelled."),
    CaseKind.STANDARD_BROKEN: (Harm.COSTS, "Each further row against it makes it harder to mend."),
    CaseKind.FILE_PROBLEM: (Harm.COSTS, "Nobody works on the orders in it meanwhile."),
    CaseKind.ORDER_UNREADABLE: (Harm.COSTS, "Nobody works on this order meanwhile."),
    CaseKind.MESSAGE_REFUSED: (Harm.COSTS, "The channel counts the order as late."),
    CaseKind.CHANNEL_TROUBLE: (Harm.COSTS, "Every order there waits, and some have a deadline."),
    CaseKind.QUANTITIES_STOPPED: (Harm.LASTS, "The channel goes on selling by its old numbers."),
    CaseKind.BUYER_UNTOLD: (Harm.NONE, "The buyer only waits for news."),
    CaseKind.PARCEL_UNKNOWN: (Harm.COSTS, "The customer waits for the money and does not know why."),
    CaseKind.RETURN_WAITS: (Harm.COSTS, "Goods that nobody has looked at cannot be sold."),
    CaseKind.REFUND_DUE: (Harm.COSTS, "The customer may ask the channel to step in."),
    CaseKind.CLAIM_DUE: (Harm.LASTS, "After that day the carrier does not pay any more."),
    CaseKind.UNSCANNED: (Harm.COSTS, "A parcel that lies here arrives late; the van comes once a day."),
    CaseKind.PARCEL_STUCK: (Harm.COSTS, "The customer will ask soon, or claim the money back."),
    CaseKind.ETA_SLIPPED: (Harm.COSTS, "The customer counts on a day that cannot be kept."),
    CaseKind.NOT_DELIVERED: (Harm.COSTS, "After the last attempt the parcel goes back."),
    CaseKind.PARCEL_RETURNED: (Harm.COSTS, "The customer waits for a parcel that travels away."),
    CaseKind.PARCEL_LOST: (Harm.COSTS, "The customer waits in vain, and a claim has its day."),
    CaseKind.PARCEL_DAMAGED: (Harm.COSTS, "The customer has something broken, and a claim has its day."),
    CaseKind.LOW_STOCK: (Harm.NONE, "Waiting does no harm until it is sold out."),
    CaseKind.DUPLICATE_SUSPECT: (Harm.LASTS, "What is shipped twice does not come back."),
    CaseKind.OVER_CAPACITY: (Harm.COSTS, "A late parcel counts against you, and the customer waits."),
    CaseKind.SYNC_STALE: (Harm.COSTS, "Orders wait there unseen, and some have a deadline."),
    CaseKind.IN_DOUBT: (Harm.COSTS, "The channel may count the order as late."),
    CaseKind.PAYOUT_DIFFERENCE: (Harm.COSTS, "Channels look into a difference for some weeks only."),
    CaseKind.DOUBLE_FEE: (Harm.COSTS, "Channels look into a fee for some weeks only."),
    CaseKind.ORDER_NOT_PAID: (Harm.COSTS, "Channels look into a missing payment for some weeks only."),
    CaseKind.PAYMENT_UNKNOWN: (Harm.COSTS, "If the order was never sent, its buyer still waits."),
}  # fmt: skip

# How many cases of a kind read as one line; "{n}" is how many.
TOGETHER: Mapping[CaseKind, str] = {
    CaseKind.UNKNOWN_SKU: "{n} orders have product codes that are not known here",
    CaseKind.MISSING_SKU: "{n} orders have lines without a product code",
    CaseKind.SHORTFALL: "{n} orders do not have enough stock",
    CaseKind.NO_LOCATION: "{n} orders fit no single location",
    CaseKind.ADDRESS_INVALID: "{n} addresses need a look",
    CaseKind.TEXT_SUSPECT: "{n} names or addresses look garbled",
    CaseKind.PAYMENT_PENDING: "{n} orders wait for their channel to confirm payment",
    CaseKind.STATUS_UNCLEAR: "{n} orders have a channel status that needs a look",
    CaseKind.TOTAL_MISMATCH: "{n} orders have amounts that do not add up",
    CaseKind.RULE_REVIEW: "{n} kinds of suggestions are overridden again and again",
    CaseKind.RULE_ASKS: "{n} orders are ones that a rule of yours wants looked at",
    CaseKind.ORDER_CHANGED: "{n} orders were changed by their channel",
    CaseKind.CANCELLED_LATE: "{n} orders were cancelled on their channel after you accepted them",
    CaseKind.CANCEL_REQUESTED: "{n} buyers ask to cancel their orders",
    CaseKind.SHIPPED_ELSEWHERE: "{n} orders are shipped already, their channels say",
    CaseKind.NEGATIVE_STOCK: "{n} products have less than no stock",
    CaseKind.OVERSOLD: "{n} products are promised more often than they are there",
    CaseKind.ADDRESS_CHANGED: "{n} accepted orders were given another address",
    CaseKind.FRAUD_HOLD: "{n} orders are held because they may be fraud",
    CaseKind.ACKNOWLEDGE_LATE: "{n} orders have to be accepted on their channels soon",
    CaseKind.LISTING_ERROR: "{n} listings do not take what they are told",
    CaseKind.SIGNED_OUT: "{n} channels do not let the desk in any more",
    CaseKind.SIGN_IN_ENDS: "{n} channels' permissions run out soon",
    CaseKind.MISMATCH: "Stock numbers disagree in {n} ways",
    CaseKind.STANDARD_BROKEN: "{n} figures are not what they have to be",
    CaseKind.BUYER_UNTOLD: "{n} messages to buyers did not leave, or nobody knows",
    CaseKind.FILE_PROBLEM: "{n} files did not come in whole",
    CaseKind.ORDER_UNREADABLE: "{n} orders could not be read",
    CaseKind.MESSAGE_REFUSED: "{n} messages were not taken by their channels",
    CaseKind.CHANNEL_TROUBLE: "{n} channels need attention",
    CaseKind.QUANTITIES_STOPPED: "{n} channels wait for a word on very many new numbers",
    CaseKind.PARCEL_UNKNOWN: "{n} parcels came back, and nobody knows whose they are",
    CaseKind.RETURN_WAITS: "{n} returns wait for somebody to look at them",
    CaseKind.REFUND_DUE: "{n} customers wait for money that was promised",
    CaseKind.CLAIM_DUE: "{n} claims have to be handed in soon",
    CaseKind.UNSCANNED: "{n} parcels were never scanned by their carrier",
    CaseKind.PARCEL_STUCK: "{n} parcels do not move",
    CaseKind.ETA_SLIPPED: "{n} parcels will arrive later than promised",
    CaseKind.NOT_DELIVERED: "{n} parcels could not be delivered",
    CaseKind.PARCEL_RETURNED: "{n} parcels are on their way back",
    CaseKind.PARCEL_LOST: "{n} parcels are lost",
    CaseKind.PARCEL_DAMAGED: "{n} parcels are damaged",
    CaseKind.LOW_STOCK: "{n} products run low",
    CaseKind.DUPLICATE_SUSPECT: "{n} orders look like others over again",
    CaseKind.OVER_CAPACITY: "{n} locations have more to ship than they can",
    CaseKind.SYNC_STALE: "{n} channels have not been looked at for long",
    CaseKind.IN_DOUBT: "{n} messages may or may not have arrived",
    CaseKind.PAYOUT_DIFFERENCE: "{n} times another amount was paid than was due",
    CaseKind.DOUBLE_FEE: "{n} orders have fees that were taken twice",
    CaseKind.ORDER_NOT_PAID: "{n} orders have shipped, and no payout pays for them",
    CaseKind.PAYMENT_UNKNOWN: "{n} payouts pay for orders that are not here",
}


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in one currency, in minor units."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Stake:
    """What is at stake: money by currency, until when, and what waiting does (``because``).

    ``customer_orders`` is how many orders the customer gave (0: nobody knows); ``reach`` how many things
    wait for the same; ``severity`` is what the matrix says of it.
    """

    money: tuple[Amount, ...] = ()
    due_at: datetime | None = None
    harm: Harm = Harm.NONE
    because: str = ""
    customer_orders: int = 0
    reach: int = 1
    severity: Severity = Severity.LOW


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: ``points`` of at most ``most``, and why in one sentence."""

    name: str
    points: int
    most: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """How much something needs a person now: ``total`` from 0 to 100, the sum of its parts."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """Add the parts up."""
        return sum(part.points for part in self.parts)


def score(
    stake: Stake, *, now: datetime, usual: Mapping[str, int], say: Say = plain_money
) -> Score:
    """Score something that waits; the module's docstring states the formula.

    ``usual`` is what an order is usually worth by currency (minor units); ``say`` writes an amount.
    """
    return Score((
        _deadline(stake, now), _money(stake, usual, say), _severity(stake), _harm(stake),
        _customer(stake), _reach(stake),
    ))  # fmt: skip


def add_up(amounts: Sequence[Amount]) -> tuple[Amount, ...]:
    """Add amounts up by currency, the largest first; currencies are never mixed."""
    sums: dict[str, int] = {}
    for each in amounts:
        sums[each.currency] = sums.get(each.currency, 0) + each.minor
    found = [Amount(minor, currency) for currency, minor in sums.items() if minor]
    return tuple(sorted(found, key=lambda each: (-each.minor, each.currency)))


def _deadline(stake: Stake, now: datetime) -> Part:
    if stake.due_at is None:
        return Part("Deadline", 0, MOST_DEADLINE, "It has no deadline.")
    hours = (stake.due_at - now).total_seconds() / 3600
    points = round(MOST_DEADLINE * min(1.0, max(0.0, 1 - hours / HORIZON_HOURS)))
    if hours < 0:
        return Part("Deadline", points, MOST_DEADLINE, f"It is {_long(-hours)} late.")
    calm = "" if points else ": too far away to count"
    return Part("Deadline", points, MOST_DEADLINE, f"There is time for {_long(hours)}{calm}.")


def _long(hours: float) -> str:
    if hours < 1:
        return _count(round(hours * 60), "minute")
    return _count(int(hours), "hour") if hours < 48 else _count(int(hours / 24), "day")


def _count(value: int, one: str) -> str:
    return f"{value:,} {one if value == 1 else one + 's'}"


def _money(stake: Stake, usual: Mapping[str, int], say: Say) -> Part:
    money = add_up(stake.money)
    if not money:
        return Part("Money", 0, MOST_MONEY, "No money is known to be at stake.")
    orders = sum(max(0, each.minor) / _usual(usual, each.currency) for each in money)
    points = _share(MOST_MONEY, orders)
    words = " and ".join(say(each.minor, each.currency) for each in money)
    return Part("Money", points, MOST_MONEY, f"{words} at stake, {_as_orders(orders)}.")


def _usual(usual: Mapping[str, int], currency: str) -> int:
    return max(1, usual.get(currency) or USUAL)


def _as_orders(orders: float) -> str:
    if orders < 0.75:
        return "less than a usual order"
    if orders < 1.5:
        return "about one usual order"
    return f"as much as {orders:,.0f} usual orders"


def _severity(stake: Stake) -> Part:
    points = SEVERITY_POINTS[stake.severity]
    return Part("Severity", points, MOST_SEVERITY, f"It counts as {stake.severity}.")


def _harm(stake: Stake) -> Part:
    return Part("Harm", HARM_POINTS[stake.harm], MOST_HARM, stake.because or _HARMLESS[stake.harm])


def _customer(stake: Stake) -> Part:
    given = stake.customer_orders
    if not given:
        return Part("Customer", 0, MOST_CUSTOMER, "No one customer waits, as far as is known.")
    if given == 1:
        return Part("Customer", 0, MOST_CUSTOMER, "It is the customer's first order.")
    words = f"The customer has ordered {given:,} times."
    return Part("Customer", _share(MOST_CUSTOMER, given - 1), MOST_CUSTOMER, words)


def _reach(stake: Stake) -> Part:
    others = stake.reach - 1
    words = f"{stake.reach:,} wait for the same." if others > 0 else "It is the only one."
    return Part("Reach", _share(MOST_REACH, others), MOST_REACH, words)


def _share(most: int, count: float) -> int:
    return round(most * count / (count + HALF_AT))


_HARMLESS: Mapping[Harm, str] = {
    Harm.NONE: "Waiting does no harm yet.",
    Harm.COSTS: "Waiting costs the customer's patience.",
    Harm.LASTS: "What happens meanwhile cannot be put right.",
}
