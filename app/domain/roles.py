"""Who may do what? A work control, not a wall: the audit chain makes a bypass visible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.errors import NotAllowedError


class Role(StrEnum):
    """What an operator is trusted with, in rising order."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    OWNER = "owner"


class Permission(StrEnum):
    """What an action needs."""

    WORK = "work on orders and stock"
    OVERRIDE = "override a suggestion"
    WRITE_OFF = "write off stock"
    CANCEL = "cancel an order"
    REFUND = "give money back"
    ADMINISTER = "change operators, policies and settings"


_RANK = {role: rank for rank, role in enumerate(Role)}
NEEDS = {
    Permission.WORK: Role.OPERATOR,
    Permission.OVERRIDE: Role.APPROVER,
    Permission.WRITE_OFF: Role.APPROVER,
    Permission.CANCEL: Role.APPROVER,
    Permission.REFUND: Role.APPROVER,
    Permission.ADMINISTER: Role.OWNER,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person at the desk, or the desk itself (``system``)."""

    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Return whether the actor's role is enough."""
        return _RANK[self.role] >= _RANK[NEEDS[permission]]

    def must(self, permission: Permission) -> None:
        """Refuse with a sentence unless the actor's role is enough.

        Raises:
            NotAllowedError: the role is too low.
        """
        if not self.may(permission):
            raise NotAllowedError(
                f"{self.name} is {self.role.value} and may not {permission.value}. "
                "Nothing was changed.",
                f"Ask someone who is {NEEDS[permission].value} or above, or change the role in "
                "Settings.",
            )


SYSTEM = Actor("Orderdeck", Role.OWNER)
