"""What is one line of a settlement file, and by what is it known again?

Every file of every channel becomes the same plain lines: one amount each, signed as the seller sees it
(plus is money to us, minus is money from us). What was paid out to the bank is a line as well, so that
a payout adds up if all its lines together are zero.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LineType(StrEnum):
    """What an amount is for."""

    SALE = "sale"
    SHIPPING = "shipping"
    TAX = "tax"
    FEE = "fee"
    POSTAGE = "postage"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    RESERVE = "reserve"
    TRANSFER = "transfer"


# What a sale brings in, before anything is taken off.
EARNED = (LineType.SALE, LineType.SHIPPING, LineType.TAX)
# What the channel keeps for its service: the part of "cost to serve" that settlements know.
KEPT = (LineType.FEE, LineType.POSTAGE)


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One amount as a settlement file states it, in minor units of ``currency``.

    ``payout`` is the channel's own name of the payout it belongs to; empty while nobody knows.
    ``label`` says in the channel's words what it is ("Commission"), ``item_ref`` about which item,
    ``ref`` is the channel's id of the movement itself. ``paid_at`` is when the payout left, if said.
    ``source_line`` is the physical line of the file.
    """

    payout: str
    type: LineType
    label: str
    amount: int
    currency: str
    posted_at: datetime
    order_ref: str = ""
    item_ref: str = ""
    ref: str = ""
    paid_at: datetime | None = None
    source_line: int = 0


def line_keys(lines: Sequence[PayoutLine]) -> list[str]:
    """Return by what each line is known in any file: its content, and the how manieth alike it is.

    Two fees that are alike in every word are two; the same fee in two overlapping files is one. The
    payout is no part of it: what was pending in one file is paid in the next.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        content = _content(line)
        seen[content] += 1
        keys.append(hashlib.sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()[:32])
    return keys


def _content(line: PayoutLine) -> str:
    parts: Iterable[object] = (
        line.type.value, line.label, line.amount, line.currency, line.posted_at.isoformat(),
        line.order_ref, line.item_ref, line.ref,
    )  # fmt: skip
    return "\x1f".join(map(str, parts))
