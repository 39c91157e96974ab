"""What do the words mean that a search chooses from? In the trade's own words, for help and completion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ORDER_STATES: Final[Mapping[str, str]] = {
    "open": "nothing is decided yet",
    "accepted": "where it ships from is decided",
    "partly_shipped": "some of it has left",
    "shipped": "all of it has left",
    "cancelled": "it will not ship",
    "taken_back": "its import was taken back; the same file brings it again",
    "active": "not yet shipped or cancelled",
    "ready": "a location is suggested; accept it",
    "held": "on hold",
    "late": "should have left by now",
    "short": "not enough stock",
    "nolocation": "no location has all of it",
    "toship": "decided; the parcels have to go out",
    "split": "ships from more than one location",
    "routed": "where it ships from is decided, in any way",
    "overridden": "ships from elsewhere than suggested",
    "unscanned": "shipped, and no carrier has seen it",
    "changed": "the channel sent a change to decide on",
    "noted": "the desk wrote a note on it",
    "printed": "its packing slip was printed",
    "unprinted": "to be packed, and its packing slip was not printed yet",
    "mergeable": "another order to the same door could go in its parcel",
    "duplicate": "looks like another open order again",
    "bychannel": "the channel ships it itself",
}
SKU_STATES: Final[Mapping[str, str]] = {
    "kit": "made of other SKUs",
    "low": "nothing free above the safety stock",
    "out": "nothing free",
    "negative": "more promised than there is",
    "reserved": "orders wait for some of it",
    "incoming": "some of it is on its way here",
    "aside": "some of it is damaged, in quarantine or returned",
    "hazmat": "hazardous: some carriers refuse it",
    "fragile": "breaks easily",
}
CASE_STATES: Final[Mapping[str, str]] = {
    "overdue": "should have been decided by now",
    "snoozed": "put aside, comes back by itself",
    "mine": "given to you",
    "escalated": "nobody decided in time",
    "open": "still to be settled",
    "resolved": "settled",
}
MISMATCH_STATES: Final[Mapping[str, str]] = {
    "open": "still does not fit",
    "accepted": "somebody lives with it",
    "fixed": "fits again",
    "error": "somebody has to do something",
    "explained": "on its way, or your policy says so",
    "oversold": "more is shown than there is",
    "channel": "about a number on a channel",
    "stock": "about what lies at a location",
}
# What an order may have or lack.
BELONGINGS: Final[Mapping[str, str]] = {
    "note": "the buyer or the desk wrote something",
    "tag": "some tag is on it",
    "assignee": "somebody takes care of it",
    "hold": "something holds it back",
    "case": "something is wrong with it",
    "tracking": "a parcel has a tracking number",
    "email": "the buyer's address for mail is known",
}
RETURN_STATES: Final[Mapping[str, str]] = {
    "orphan": "nobody knows whose parcel it is",
    "expected": "some of it is still to come",
    "inspect": "some of it is here and nobody has looked at it",
    "putaway": "some of it was looked at and is not put away",
    "torefund": "money is promised and was not given yet",
    "undecided": "all of it was looked at, and nobody has decided on the money",
    "done": "nothing of it is open",
    "open": "something of it is open",
}
PARCEL_STATES: Final[Mapping[str, str]] = {
    "told": "the channel knows that it has left",
    "untold": "the channel does not know yet that it has left",
    "transit": "it has left and has not arrived yet",
    "unscanned": "no carrier has seen it yet",
    "unnumbered": "it left without a tracking number",
    "moving": "its carrier has it",
    "out": "out for delivery",
    "pickup": "waits for the customer to pick it up",
    "trouble": "delayed, held, not delivered, or lost",
    "back": "on its way back to you, or there",
    "lost": "its carrier has given it up",
    "delivered": "it has arrived",
    "late": "it should have arrived by now, its carrier says that it has not",
    "unmapped": "its carrier used a code that nobody has given a meaning",
    "voided": "taken back",
}
