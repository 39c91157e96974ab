"""Which payment reports are recognised? They are counted; nothing of them is stored yet."""

from __future__ import annotations

from app.sync.files.layout import Layout
from app.sync.files.sheet import Mapped, Sheet

AMAZON_TRANSACTIONS = Layout(
    required=("date/time", "settlement id", "type", "order id", "description", "total"),
)
ETSY_STATEMENT = Layout(
    required=("date", "type", "title", "info", "currency", "amount", "fees & taxes", "net"),
    pads_short_rows=True,  # Etsy's header has two names more than its rows have cells
)
EBAY_TRANSACTIONS = Layout(
    required=("transaction date", "type", "order number", "payout id", "net amount"),
    spellings={"transaction creation date": "transaction date"},
)


def counted(sheet: Sheet) -> Mapped:
    """Return nothing of the rows but that they are there."""
    return Mapped(notices=("SETTLEMENT_NOT_STORED",)) if sheet.rows else Mapped()
