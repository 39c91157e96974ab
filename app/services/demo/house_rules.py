"""The brand's own rules: what breaks, what goes far, what is worth a look."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from app.domain.roles import Actor
from app.models.rules import rulebooks as rulebooks_
from app.services.rules import rulebooks

BOOK: Final = """rule Teapots leave from the studio
  # The 3PL broke three of them last spring; we wrap them ourselves.
  if       ANY(sku:POT-*)
  ship     STUDIO, else RENO AUSTIN, else anywhere
  tag      fragile

rule Big orders, a look first
  # A dozen of one thing is a shop or a wedding: say hello before it ships.
  if       ANY(qty:>=10)
  case     A big order: write to the buyer
  priority 5

rule Islands by post
  # The tea room's carrier does not fly.
  if       is:remote OR is:military
  never    AUSTIN

rule Gifts in one parcel
  if       note:gift OR tag:gift
  parcels  1
"""


def put_in_force(db: Connection, actor: Actor, *, now: datetime) -> None:
    """Let the brand have its rules from the first day, unless somebody has written some here."""
    if db.execute(select(rulebooks_.c.id).limit(1)).first() is not None:
        return
    rulebooks.save_rules(db, actor, text=BOOK, reason="What we learnt last year.", now=now)
    rulebooks.activate_rules(db, actor, now=now)
