"""The owner decides what is done about each kind of case; every version is kept and can count again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.casework.matrix import ALL_DELIVERED, rows_from
from app.domain.casework.matrix_file import matrix_from, matrix_text
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models.cases import exception_cases
from app.models.exception_matrix import matrix_in_force
from app.queries.inbox.matrix import matrix_changes
from app.services.cases import open_cases
from app.services.casework.matrix import restore_matrix, save_matrix
from tests.builders import MONDAY, Shop

DRAFT = {"shortfall": {"owner": "Buying", "before": 12, "ladder": ["0 h: Owner, high"]}}
CASE = CaseDraft(CaseKind.SHORTFALL, "order", 1, "Order 1: not enough stock", 4200,
                 due_at=MONDAY + timedelta(hours=30))  # fmt: skip


def test_every_kind_has_a_row_with_everything_in_it() -> None:
    for kind, row in ALL_DELIVERED.items():
        assert row.owner, kind
        assert row.impact, kind
        assert row.note, kind
        assert row.ladder, kind


def test_a_matrix_that_is_written_and_read_is_the_same() -> None:
    assert rows_from(matrix_from(matrix_text(ALL_DELIVERED)), ALL_DELIVERED) == ALL_DELIVERED


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"nonsense": {}}, "no kind of case"),
        ({"shortfall": {"colour": "red"}}, "no column"),
        ({"shortfall": {"severity": "awful"}}, "no answer"),
        ({"shortfall": {"before": -1}}, "no number of hours"),
        ({"shortfall": {"before": True}}, "no number of hours"),
        ({"shortfall": {"owner": " "}}, "needs an owner"),
        ({"shortfall": {"ladder": ["soon: Owner"]}}, "no step"),
        ({"shortfall": {"ladder": ["2 h: A, high", "1 h: B, high"]}}, "does not climb"),
        ({"shortfall": {"default": "cancel"}}, "no answer"),
    ],
)
def test_what_cannot_stand_there_is_refused(
    shop: Shop, said: dict[str, dict[str, object]], why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        save_matrix(shop.db, SYSTEM, rows=said, now=MONDAY)
    assert matrix_in_force(shop.db).version == 0


def test_open_cases_follow_the_matrix_and_its_undo(shop: Shop) -> None:
    open_cases(shop.db, [CASE], now=MONDAY)
    changes = save_matrix(shop.db, SYSTEM, rows=DRAFT, now=MONDAY)
    case = shop.db.execute(select(exception_cases)).one()
    assert (case.owner, case.due_at) == ("Buying", MONDAY + timedelta(hours=18))
    assert changes.undo is not None
    restore_matrix(shop.db, SYSTEM, now=MONDAY, **changes.undo.arguments)  # type: ignore[arg-type]
    case = shop.db.execute(select(exception_cases)).one()
    assert (case.owner, case.due_at) == ("Operations", MONDAY + timedelta(hours=26))
    assert matrix_in_force(shop.db).version == 2


def test_a_draft_says_what_it_would_change_and_for_how_many(shop: Shop) -> None:
    open_cases(shop.db, [CASE], now=MONDAY)
    found = matrix_changes(shop.db, rows={"shortfall": {"before": 12}})
    assert [(each.name, each.before, each.after, each.open_cases) for each in found] == [
        ("before", "4", "12", 1)
    ]


def test_a_stale_draft_is_refused(shop: Shop) -> None:
    save_matrix(shop.db, SYSTEM, rows=DRAFT, now=MONDAY)
    with pytest.raises(RefusedError, match="meanwhile"):
        save_matrix(shop.db, SYSTEM, rows={"shortfall": {"before": 2}}, based_on=0, now=MONDAY)


def test_an_undo_leaves_what_somebody_else_has_written_since(shop: Shop) -> None:
    changes = save_matrix(shop.db, SYSTEM, rows=DRAFT, now=MONDAY)
    save_matrix(shop.db, SYSTEM, rows={"shortfall": {"before": 2}}, now=MONDAY)
    assert changes.undo is not None
    with pytest.raises(RefusedError, match="since"):
        restore_matrix(shop.db, SYSTEM, now=MONDAY, **changes.undo.arguments)  # type: ignore[arg-type]
