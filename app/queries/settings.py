"""Who works here, and on which channels does the brand sell?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.domain.roles import Actor, Role
from app.errors import NoOwnerError, NotAllowedError, NotFoundError
from app.models import house
from app.models.governance import operators
from app.models.orders import channel_accounts, sales_channels


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """Someone who works at the desk."""

    id: int
    name: str
    role: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One login or shop on a channel."""

    id: int
    channel: str
    channel_name: str
    name: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A sales channel that the desk knows."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands on papers, and where the desk's day begins and ends."""

    name: str
    address: str
    thanks: str
    time_zone: str


def brand(db: Connection) -> Brand:
    """Return the brand as far as its owner has said who it is."""
    sender = house.sender(db)
    return Brand(sender.name, sender.address, sender.thanks, house.time_zone(db))


def operator_rows(db: Connection) -> list[OperatorRow]:
    """Return everyone at the desk."""
    return [OperatorRow(*row) for row in db.execute(select(operators).order_by(operators.c.id))]


def account_rows(db: Connection) -> list[AccountRow]:
    """Return every account, by channel."""
    table = channel_accounts.c
    query = (
        select(table.id, table.channel, sales_channels.c.name, table.name)
        .join(sales_channels, sales_channels.c.code == table.channel)
        .order_by(table.channel, table.id)
    )
    return [AccountRow(*row) for row in db.execute(query)]


def channel_rows(db: Connection) -> list[ChannelRow]:
    """Return every channel that the desk knows."""
    query = select(sales_channels).order_by(sales_channels.c.code)
    return [ChannelRow(*row) for row in db.execute(query)]


def acting(db: Connection, name: str = "") -> Actor:
    """Return who acts: the operator of this name, or else the first owner.

    Raises:
        NotFoundError: there is nobody of this name.
        NotAllowedError: they do not work here any more, or their role is none.
        NoOwnerError: nobody is named, and the desk has no owner.
    """
    found = operator_rows(db)
    if not name:
        owner = next((e for e in found if e.role == Role.OWNER and e.is_active), None)
        if owner is None:
            raise NoOwnerError(
                "Nobody owns this desk any more: somebody changed its file by hand. "
                "Nothing was changed.",
                "Restore your last backup (orderdeck restore FILE).",
            )
        return Actor(owner.name, Role.OWNER)
    wanted = next((each for each in found if each.name == name), None)
    if wanted is None:
        known = ", ".join(each.name for each in found if each.is_active)
        raise NotFoundError(f"There is nobody called “{name}” at this desk.", f"Known: {known}.")
    if not wanted.is_active:
        raise NotAllowedError(
            f"{name} does not work at this desk any more; nothing was changed.",
            "Let an owner take them back on the page Settings, or act as somebody else.",
        )
    if wanted.role not in {role.value for role in Role}:
        raise NotAllowedError(
            f"{name} is “{wanted.role}”, which is no role; nothing was changed.",
            "Let an owner change it.",
        )
    return Actor(wanted.name, Role(wanted.role))
