"""How may accounts do, and what may buyers be told? What the page is drawn with, where nothing is connected."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from app.domain.syncing import SyncState
from app.queries.accounts import HealthRow, MessageRow
from app.queries.messages import message_settings
from app.services.desk import Desk
from app.services.messaging.settings import write_to_buyers
from app.ui.pages.channels.accounts import Shown

_PACE = timedelta(seconds=90)
_NEWS = timedelta(days=14)


def some_messages(desk: Desk) -> None:
    """Let a made-up brand write to the buyers of two weeks; all of it waits for a yes."""
    server = {
        "host": "mail.example.com",
        "from_name": "Alder & Tide",
        "from_address": "hello@example.com",
    }
    desk.run("set_up_mail", changes=server)
    since = desk.now() - _NEWS
    for account in desk.read(message_settings).accounts:
        if account.events:
            desk.write(
                partial(
                    write_to_buyers, actor=desk.actor, account_id=account.id, wanted=True, now=since
                )
            )
    desk.run("draft_messages")


def some_accounts(now: datetime) -> Shown:
    """Return accounts in their states and a carrier, and messages that are taken, waiting and stuck."""
    minute = timedelta(minutes=1)
    good = HealthRow(
        1, "shopify", "Shopify", SyncState.UP_TO_DATE, "", "", now + minute, now - minute / 2,
        minute / 2, False, 2, 0, _PACE, True, 0,
    )  # fmt: skip
    slow = HealthRow(
        2, "etsy", "Etsy", SyncState.WAITING, "Etsy asked us to slow down.",
        "Nothing to do: the desk goes on by itself.", now + 3 * minute, now - 4 * minute,
        4 * minute, False, 0, 0, _PACE, True, 0,
    )  # fmt: skip
    out = HealthRow(
        3, "walmart", "Walmart", SyncState.ATTENTION,
        "Walmart does not let us in any more. Nothing was sent.", "Sign in again under Channels.",
        now + 15 * minute, now - 95 * minute, 95 * minute, True, 3, 1, _PACE, False, 0,
        is_signed_out=True,
    )  # fmt: skip
    ups = HealthRow(
        0, "ups", "UPS", SyncState.UP_TO_DATE, "", "", now + 4 * minute, now - minute, minute, False, 0,
        0, _PACE, False, 0, carrier="ups",
    )  # fmt: skip
    stuck = MessageRow(
        1, "walmart", "Walmart", "ship_confirm", "rejected", 1, "9000123", {"carrier": "Pony Express"},
        "Walmart does not know the carrier “Pony Express”.", 1, now, now - 20 * minute,
        now - 19 * minute,
    )  # fmt: skip
    waits = MessageRow(
        2, "shopify", "Shopify", "ship_confirm", "pending", 2, "#1042", {}, "", 0, now + minute,
        now - minute, None,
    )  # fmt: skip
    taken = MessageRow(
        3, "shopify", "Shopify", "quantity", "acked", None, "", {"sku": "MUG-TID-012", "quantity": 14},
        "", 1, now, now - 2 * minute, now - 2 * minute,
    )  # fmt: skip
    held = MessageRow(
        4, "shopify", "Shopify", "ship_confirm", "pending", 3, "#1051", {},
        "Shopify names another address or other goods than what left, so the parcel was not confirmed. "
        "Decide on the change of the order; then it goes out by itself.", 0, now + 14 * minute,
        now - minute, None,
    )  # fmt: skip
    return Shown((good, slow, out, ups), (stuck, held, waits, taken))
