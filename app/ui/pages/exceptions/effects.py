"""What does a way out do, and what does it cost or keep?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.attention import Amount
from app.ui.pages.exceptions.way import Way
from app.ui.words import joined, money

# By its icon: the same act is offered in other words for other kinds of case.
_EFFECTS: Final[Mapping[str, str]] = {
    "link": "Asks which SKU it is. It is remembered: every order that waits for it goes on.",
    "location": "Asks for what is wrong in it; where it ships from is suggested anew. Keeps the sale{of}.",
    "release": "Lifts the hold{worth}; it is taken as it stands.",
    "change": "What the channel sent last counts; stock is reserved anew.",
    "withdraw": "What is here stays; the channel's new version is declined.",
    "receive": "Opens the SKU, where units are received. Orders that wait get theirs by themselves.",
    "split": "Accepts what is in stock; the rest of the order waits. It takes one parcel more.",
    "cancel": "Gives up the sale{of}. Asks why; its units go back on sale.",
    "accept": "Asks for a sentence that is kept, and ends the case.",
    "orders": "Shows everything about the order; nothing is changed.",
    "inventory": "Shows where its units are and what moved; nothing is changed.",
    "channels": "Opens Channels, where it is settled.",
    "note": "Asks why. It comes back by itself if it gets worse.",
    "shipments": "Shows where the parcel is; nothing is changed.",
    "ship": "An order worth nothing sends it once more. One undo takes it back.",
    "money": "Promises it to the customer. Give it on the channel's own pages, then say so.",
    "clock": "The customer keeps waiting; it is asked again then.",
    "rules": "Opens Rules; nothing is in force before you say so.",
}
# Of those that ask for nothing: their titles do not end in "…".
_AT_ONCE: Final[Mapping[str, str]] = dict.fromkeys(
    ("accept", "cancel"), "Done at once, and ends the case."
)


def effect(way: Way, amounts: Sequence[Amount]) -> str:
    """Say what a way out does to so much money."""
    said, asks = worth(amounts), way.title.endswith("…")
    words = _EFFECTS if asks else {**_EFFECTS, **_AT_ONCE}
    return words.get(way.icon, "").format(
        worth=f" worth {said}" if said else "", of=f" of {said}" if said else ""
    )


def worth(amounts: Sequence[Amount]) -> str:
    """Say amounts of several currencies side by side; they are never added up."""
    return joined([money(each.minor, each.currency) for each in amounts])
