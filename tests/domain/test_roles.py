"""Who may do what?"""

from __future__ import annotations

import pytest

from app.domain.roles import Actor, Permission, Role
from app.errors import NotAllowedError


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, set()),
        (Role.OPERATOR, {Permission.WORK}),
        (Role.APPROVER, set(Permission) - {Permission.ADMINISTER}),
        (Role.OWNER, set(Permission)),
    ],
)
def test_each_role_may_do_what_the_roles_below_it_may_and_more(
    role: Role, allowed: set[Permission]
) -> None:
    actor = Actor("Kim", role)
    assert {each for each in Permission if actor.may(each)} == allowed


def test_a_refusal_says_who_may_and_that_nothing_changed() -> None:
    with pytest.raises(NotAllowedError) as refused:
        Actor("Kim", Role.OPERATOR).must(Permission.CANCEL)
    assert "Kim is operator and may not cancel an order. Nothing was changed." in str(refused.value)
    assert "approver" in refused.value.advice
