"""Eighteen rules as a grown rulebook has them, for the drawn day: half of the orders meet at least one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.domain.roles import SYSTEM
from app.models.database import Store
from app.services.rules import rulebooks

_HEAVY: Final = "\n".join(
    f"rule Shelf {n}\n  if       ANY(sku:SKU-0{n}1*) total:>{20 + n}\n  tag      shelf-{n}\n"
    for n in range(8)
)
BOOK: Final = f"""rule Big orders, a look first
  if       ANY(qty:>=3) total:>500
  priority 5

rule Islands by post
  if       is:remote OR is:military
  never    CENT

rule Walmart from the middle
  if       channel:walmart -state:CA,NJ
  ship     CENT, else anywhere

rule New Jersey at home
  if       state:NJ
  ship     EAST, else anywhere

rule California at home
  if       state:CA COUNT>=1(qty:1)
  ship     WEST, else anywhere

rule Gifts
  if       note:gift OR tag:gift
  tag      wrap

rule Etsy first
  if       channel:etsy
  priority 2

rule Amazon, dear
  if       channel:amazon total:>200
  tag      dear

rule Singles
  if       ALL(qty:1) lines:1
  tag      single

rule eBay, many lines
  if       channel:ebay lines:>=4
  tag      many

{_HEAVY}"""


def put_in_force(store: Store, now: datetime) -> None:
    """Let these rules be asked of every order that comes."""
    with store.write() as db:
        rulebooks.save_rules(db, SYSTEM, text=BOOK, reason="The benchmark's.", now=now)
        rulebooks.activate_rules(db, SYSTEM, now=now)
