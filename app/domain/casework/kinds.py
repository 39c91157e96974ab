"""What is always true of each kind of case? One table: how bad, whose, what the customer feels, the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.cases import CaseKind, Severity


@dataclass(frozen=True, slots=True)
class CaseTemplate:
    """What is always true of a kind of case: severity, who owns it, what the customer feels.

    ``ways_out`` name the one to three actions that end it. Somebody has to decide ``before`` hours ahead
    of what was promised, or, where nothing was, ``within`` hours of its opening. ``tool``, ``default`` and
    ``note`` are words of the matrix (``app/domain/casework/matrix.py``), empty for the usual ones.
    """

    severity: Severity
    owner: str
    title: str
    impact: str
    ways_out: tuple[str, ...]
    before: int = 4
    within: int = 24
    tool: str = ""
    default: str = ""
    note: str = ""


TEMPLATES: Mapping[CaseKind, CaseTemplate] = {
    CaseKind.UNKNOWN_SKU: CaseTemplate(
        Severity.HIGH, "Operations", "A product code is not known here",
        "The order cannot be routed or shipped until the code is linked to one of your SKUs.",
        ("link the code to a SKU", "add the SKU to the catalogue"),
    ),
    CaseKind.MISSING_SKU: CaseTemplate(
        Severity.HIGH, "Operations", "A line has no product code",
        "Nobody can tell what to pack; the order waits.",
        ("say which SKU it is", "mark the line as nothing to ship"),
    ),
    CaseKind.SHORTFALL: CaseTemplate(
        Severity.HIGH, "Operations", "Not enough stock for an order",
        "The customer has paid for units that are not there.",
        ("receive stock", "ship what is there", "cancel the order"),
    ),
    CaseKind.NO_LOCATION: CaseTemplate(
        Severity.MEDIUM, "Operations", "No single location has everything",
        "The order waits, because this channel's orders are not split by themselves.",
        ("split it by hand", "move stock"),
    ),
    CaseKind.ADDRESS_INVALID: CaseTemplate(
        Severity.HIGH, "Service", "The address needs a look",
        "A parcel sent like this may come back; no label until it is fixed.",
        ("use the corrected ZIP", "confirm the address as it is"),
    ),
    CaseKind.TEXT_SUSPECT: CaseTemplate(
        Severity.MEDIUM, "Service", "A name or address looks garbled",
        "The label would print wrong letters.",
        ("confirm the text as it is", "correct the address"),
    ),
    CaseKind.PAYMENT_PENDING: CaseTemplate(
        Severity.LOW, "Service", "The channel has not confirmed payment",
        "The stock is kept for the customer; nothing ships before the payment.",
        ("wait for the next import", "release by hand"),
    ),
    CaseKind.STATUS_UNCLEAR: CaseTemplate(
        Severity.MEDIUM, "Operations", "The channel's status needs a look",
        "Part of it may be on its way already, or may not be sent yet.",
        ("look at the order on the channel, then release it", "cancel the order"),
    ),
    CaseKind.TOTAL_MISMATCH: CaseTemplate(
        Severity.MEDIUM, "Finance", "The order's amounts do not add up",
        "The customer may have been charged a wrong amount.",
        ("confirm the channel's total", "cancel the order"),
    ),
    CaseKind.ORDER_CHANGED: CaseTemplate(
        Severity.HIGH, "Service", "The channel changed an order that is already here",
        "Shipping the old version would send the wrong thing.",
        ("take over the new version", "keep the old version"),
    ),
    CaseKind.CANCELLED_LATE: CaseTemplate(
        Severity.HIGH, "Operations", "Cancelled on the channel after you accepted it",
        "The customer does not expect the parcel any more.",
        ("stop the parcel", "mark as settled"),
    ),
    CaseKind.CANCEL_REQUESTED: CaseTemplate(
        Severity.HIGH, "Service", "The buyer asks to cancel the order",
        "The customer hopes that the parcel does not leave.",
        ("cancel the order", "ship it all the same"),
    ),
    CaseKind.SHIPPED_ELSEWHERE: CaseTemplate(
        Severity.MEDIUM, "Operations", "The channel says it is shipped, this desk did not ship it",
        "Shipping it here would send it twice.",
        ("close it here", "ask who shipped it"),
    ),
    CaseKind.RULE_ASKS: CaseTemplate(
        Severity.MEDIUM, "Operations", "A rule of yours asks for a look",
        "The order is one of those that you wanted to see first.",
        ("look at it and let it go on", "decide on it by hand"),
    ),
    CaseKind.RULE_REVIEW: CaseTemplate(
        Severity.LOW, "Operations", "Suggestions are overridden again and again",
        "Nobody is harmed; you decide the same thing by hand each time.",
        ("take over the rule that was drafted", "say that people decide it"),
        before=0, within=7 * 24,
    ),
    CaseKind.NEGATIVE_STOCK: CaseTemplate(
        Severity.HIGH, "Operations", "Stock is below zero",
        "More was taken than was counted; later orders may not be filled.",
        ("count the SKU", "receive stock"),
    ),
    CaseKind.OVERSOLD: CaseTemplate(
        Severity.HIGH, "Operations", "More is promised than is there",
        "Some customers have paid for units that are gone; the last ones will be told so.",
        ("receive or move stock", "cancel the newest order"),
        tool="sku",
    ),
    CaseKind.ADDRESS_CHANGED: CaseTemplate(
        Severity.HIGH, "Service", "The address was changed after you accepted the order",
        "A parcel with the old label goes to where the customer is not.",
        ("take over the new address", "keep the old one"),
        before=8, default="hold",
    ),
    CaseKind.FRAUD_HOLD: CaseTemplate(
        Severity.HIGH, "Finance", "An order is held because it may be fraud",
        "A customer who means it waits; goods sent to one who does not are lost, and the money too.",
        ("cancel the order", "it is genuine, release it"),
        before=12,
    ),
    CaseKind.ACKNOWLEDGE_LATE: CaseTemplate(
        Severity.HIGH, "Operations", "An order has to be accepted on its channel soon",
        "The channel cancels what nobody accepts in time, and counts it against you.",
        ("send it again", "accept it on the channel's own pages"),
        before=1, within=1, tool="channels",
    ),
    CaseKind.LISTING_ERROR: CaseTemplate(
        Severity.MEDIUM, "Operations", "A channel refuses what it is told of a listing",
        "It goes on selling by its old number, or does not sell the product at all.",
        ("mend the listing on the channel, then send it again", "drop it"),
        before=0, within=8, tool="channels",
    ),
    CaseKind.SIGNED_OUT: CaseTemplate(
        Severity.HIGH, "Operations", "A channel does not let the desk in any more",
        "Its new orders do not come in, and it is not told what has shipped.",
        ("sign in again", "work with its files meanwhile"),
        before=0, within=1, tool="channels",
    ),
    CaseKind.SIGN_IN_ENDS: CaseTemplate(
        Severity.LOW, "Operations", "A channel's permission runs out soon",
        "Nobody feels it yet; after that day its orders do not come in.",
        ("sign in again", "work with its files from then on"),
        before=48, within=7 * 24, tool="channels",
    ),
    CaseKind.QUANTITIES_STOPPED: CaseTemplate(
        Severity.HIGH, "Operations", "Very many numbers would change at once",
        "The channel keeps the numbers that it has until somebody has looked.",
        ("let the new numbers go", "keep what the channel shows"),
    ),
    CaseKind.MISMATCH: CaseTemplate(
        Severity.HIGH, "Operations", "Stock numbers disagree",
        "A channel shows, or the desk counts, another number than is right.",
        ("open the report of mismatches", "live with it, and say why"),
    ),
    CaseKind.PAYOUT_DIFFERENCE: CaseTemplate(
        Severity.MEDIUM, "Finance", "Another amount was paid than was due",
        "The customer feels nothing; the money is yours or the channel's.",
        ("ask the channel for the difference", "say that it is right as it was paid"),
        before=0, within=7 * 24,
    ),
    CaseKind.DOUBLE_FEE: CaseTemplate(
        Severity.MEDIUM, "Finance", "A fee was taken twice",
        "The customer feels nothing; the channel kept too much.",
        ("ask the channel to give it back", "say that it is right as it was paid"),
        before=0, within=7 * 24,
    ),
    CaseKind.ORDER_NOT_PAID: CaseTemplate(
        Severity.MEDIUM, "Finance", "An order has shipped, and no payout pays for it",
        "The customer has the parcel, and you have not been paid for it.",
        ("import the settlement file that is missing", "ask the channel for the payment",
         "say that nothing is to be paid"),
        before=0, within=7 * 24,
    ),
    CaseKind.PAYMENT_UNKNOWN: CaseTemplate(
        Severity.LOW, "Finance", "A payout pays for orders that are not here",
        "A customer may wait for a parcel of which nobody here knows.",
        ("import the orders of that time", "look at the order on the channel"),
        before=0, within=7 * 24,
    ),
    CaseKind.PARCEL_UNKNOWN: CaseTemplate(
        Severity.MEDIUM, "Service", "A parcel came back, and nobody knows whose it is",
        "A customer waits for their money, and does not hear that the parcel is here.",
        ("say whose it is", "look at who fits"),
        before=0, within=48,
    ),
    CaseKind.RETURN_WAITS: CaseTemplate(
        Severity.MEDIUM, "Operations", "Returned goods wait for somebody to look at them",
        "They cannot be sold, and the customer waits for the money.",
        ("inspect them", "give them up"),
        before=0, within=24,
    ),
    CaseKind.REFUND_DUE: CaseTemplate(
        Severity.HIGH, "Service", "Money was promised, and not given yet",
        "The customer was promised money and does not have it.",
        ("give it on the channel, then say so", "withdraw the promise"),
        before=12, within=48,
    ),
    CaseKind.CLAIM_DUE: CaseTemplate(
        Severity.MEDIUM, "Finance", "A carrier's time for a claim runs out",
        "Nobody but you feels it: the carrier does not pay any more after that day.",
        ("hand the claim in, then say so", "claim nothing"),
        before=72, within=72,
    ),
    CaseKind.UNSCANNED: CaseTemplate(
        Severity.HIGH, "Operations", "A label was made and no carrier has seen the parcel",
        "It may still stand on the packing table; the customer is told that it is on its way.",
        ("ask where the pick-up is", "hand it over again", "take the shipment back"),
        before=24,
    ),
    CaseKind.PARCEL_STUCK: CaseTemplate(
        Severity.HIGH, "Service", "A parcel does not move any more",
        "The customer waits, and will ask before long.",
        ("ask the carrier to search for it", "send it again", "give the money back"),
        before=24, within=48,
    ),
    CaseKind.ETA_SLIPPED: CaseTemplate(
        Severity.MEDIUM, "Service", "A parcel will arrive later than promised",
        "The customer was promised an earlier day and does not know it yet.",
        ("tell the customer the new day", "send it again, faster", "give a part of the money back"),
        before=12, within=48,
    ),
    CaseKind.NOT_DELIVERED: CaseTemplate(
        Severity.HIGH, "Service", "A parcel could not be delivered",
        "Without an answer the carrier sends it back.",
        ("ask the customer for the address or a time", "let it wait at the pick-up point"),
        before=12, within=24,
    ),
    CaseKind.PARCEL_RETURNED: CaseTemplate(
        Severity.HIGH, "Service", "A parcel comes back to you",
        "The customer will not get it.",
        ("ask the customer for the right address", "send it again", "give the money back"),
        before=0, within=48,
    ),
    CaseKind.PARCEL_LOST: CaseTemplate(
        Severity.HIGH, "Service", "A parcel is lost",
        "The customer will not get it.",
        ("send it again", "give the money back", "claim it of the carrier"),
        before=24, within=24,
    ),
    CaseKind.PARCEL_DAMAGED: CaseTemplate(
        Severity.HIGH, "Service", "A parcel is damaged",
        "What arrives may be broken, or nothing arrives.",
        ("send it again", "give the money back", "claim it of the carrier"),
        before=24, within=24,
    ),
    CaseKind.BUYER_UNTOLD: CaseTemplate(
        Severity.LOW, "Service", "A message to a buyer did not leave, or nobody knows",
        "The buyer may wait for news of the order.",
        ("look at the message, and send it again", "drop it"),
        before=0, within=24,
    ),
    CaseKind.STANDARD_BROKEN: CaseTemplate(
        Severity.HIGH, "Operations", "A figure is not what it has to be",
        "The channel may show your offers less, or stop you from selling there.",
        ("do what the standard asks for", "see the rows behind the figure"),
        before=0, within=48,
    ),
    CaseKind.FILE_PROBLEM: CaseTemplate(
        Severity.HIGH, "Operations", "A file did not come in whole",
        "Orders in it are not here yet, and nobody is working on them.",
        ("repair the rows and import the file again", "mark as settled"),
    ),
    CaseKind.ORDER_UNREADABLE: CaseTemplate(
        Severity.HIGH, "Operations", "An order could not be read",
        "It is kept as the channel sent it, and nobody is working on it.",
        ("look at it on the channel", "mark as settled"),
    ),
    CaseKind.MESSAGE_REFUSED: CaseTemplate(
        Severity.HIGH, "Operations", "The channel did not take what it was told",
        "The channel still shows the order as open; the customer hears nothing.",
        ("correct it and send it again", "drop it"),
    ),
    CaseKind.CHANNEL_TROUBLE: CaseTemplate(
        Severity.HIGH, "Operations", "A channel needs attention",
        "Its new orders do not come in, and it is not told what has shipped.",
        ("do what the channel asks for", "work with its files meanwhile"),
        before=0, within=1,
    ),
    CaseKind.LOW_STOCK: CaseTemplate(
        Severity.LOW, "Operations", "A product runs low",
        "Nobody waits yet; the next customers may find it sold out.",
        ("receive or order more", "keep more of it back"),
        before=0, within=48, tool="sku",
    ),
    CaseKind.DUPLICATE_SUSPECT: CaseTemplate(
        Severity.MEDIUM, "Service", "An order looks like another one over again",
        "The customer may get, and pay for, the same thing twice.",
        ("ask the buyer, then cancel one", "ship both, they are meant"),
        before=8, within=12, default="hold",
    ),
    CaseKind.OVER_CAPACITY: CaseTemplate(
        Severity.MEDIUM, "Operations", "A location has more to ship than it can",
        "Some parcels leave a day late.",
        ("ship some from elsewhere", "raise what the place can do in a day"),
        before=4, within=8,
    ),
    CaseKind.SYNC_STALE: CaseTemplate(
        Severity.HIGH, "Operations", "A channel has not been looked at for long",
        "New orders and cancellations there are not known here.",
        ("look at the channel now", "work with its files meanwhile"),
        before=0, within=2,
    ),
    CaseKind.IN_DOUBT: CaseTemplate(
        Severity.HIGH, "Operations", "Nobody knows whether the channel took a message",
        "The channel may still show the order as open, and the customer may hear nothing.",
        ("look it up on the channel, then send it again", "drop it"),
        before=0, within=2,
    ),
}  # fmt: skip
