"""What does an empty store need before its first order? Channels, policies, an owner, a location."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.roles import Role
from app.models.governance import operators, policies, settings
from app.models.house import FIRST_TIME_ZONE
from app.models.identity import Identity
from app.models.inventory import locations
from app.models.orders import channel_accounts, sales_channels
from app.models.promising.marks import mark_all
from app.services.policies import DEFAULT_CHANNELS, default_rows

OWNER = "Owner"
FIRST_LOCATION = "MAIN"


def prepare(db: Connection, *, now: datetime) -> None:
    """Make a new store ready; changes nothing in a store that is ready already."""
    if db.execute(select(settings.c.name).where(settings.c.name == "store_id")).first():
        return
    db.execute(
        sales_channels.insert(),
        [{"code": c, "name": p["name"], "kind": p["kind"]} for c, p in DEFAULT_CHANNELS.items()],
    )
    db.execute(policies.insert(), default_rows(now, OWNER))
    db.execute(
        operators.insert(),
        [{"id": 1, "name": OWNER, "role": Role.OWNER, "is_active": True, "created_at": now}],
    )
    db.execute(
        locations.insert(),
        [{"id": 1, "code": FIRST_LOCATION, "name": "Main location", "created_at": now}],
    )
    db.execute(
        settings.insert(),
        [
            {"name": "store_id", "value": uuid.uuid4().hex},
            {"name": "time_zone", "value": FIRST_TIME_ZONE},
        ],
    )


def account_for(db: Connection, channel: str, *, now: datetime) -> int:
    """Return the channel's account, opening the first one when there is none yet."""
    found = db.execute(
        select(channel_accounts.c.id)
        .where(channel_accounts.c.channel == channel)
        .order_by(channel_accounts.c.id)
        .limit(1)
    ).scalar()
    if found is not None:
        return int(found)
    account_id = Identity(db, channel_accounts).take(channel_accounts)
    name = DEFAULT_CHANNELS.get(channel, {}).get("name", channel)
    db.execute(
        channel_accounts.insert(),
        [{"id": account_id, "channel": channel, "name": name, "created_at": now}],
    )
    mark_all(db, "account")  # what it may sell for itself alone, the others may not
    return account_id
