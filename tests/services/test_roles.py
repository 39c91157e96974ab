"""Who may do what: every operation, for every role, refused in the service itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.roles import NEEDS, Actor, Permission, Role
from app.errors import DeskError, NotAllowedError
from app.models.schema import metadata
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.operations import OPERATIONS

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
ONE, MANY, WHY = {"order_id": 1}, {"order_ids": [1]}, {"reason": "Because"}
CARD = {"case_ids": [1]}
AT = {"sku": "MUG", "location": "MAIN"}

# What each operation needs, with arguments that it takes.
MATRIX: dict[str, tuple[Permission, dict[str, Any]]] = {
    "assign_cases": (Permission.WORK, {**CARD, "to": ""}),
    "snooze_cases": (Permission.WORK, {**CARD, **WHY}),
    "wake_cases": (Permission.WORK, CARD),
    "join_cases": (Permission.WORK, {**CARD, "to": 1}),
    "part_cases": (Permission.WORK, CARD),
    "settle_cases": (Permission.WORK, {**CARD, **WHY}),
    "write_case_note": (Permission.WORK, {**CARD, "text": "Called."}),
    "remove_case_notes": (Permission.WORK, {"note_ids": [1]}),
    "put_cases_back": (Permission.WORK, {**CARD, "before": {}}),
    "take_draft": (Permission.ADMINISTER, {"case_id": 1}),
    "save_matrix": (Permission.ADMINISTER, {"rows": {"shortfall": {"before": 6}}}),
    "restore_matrix": (Permission.ADMINISTER, {"version": 0}),
    "accept": (Permission.WORK, MANY),
    "refresh_suggestions": (Permission.WORK, MANY),
    "take_plan": (Permission.WORK, {"planned": {1: {1: 1}}}),
    "override": (Permission.OVERRIDE, {**ONE, **WHY, "location_id": 1}),
    "split": (Permission.OVERRIDE, {**ONE, **WHY, "assignment": {1: 1}}),
    "withdraw": (Permission.WORK, MANY),
    "hold": (Permission.WORK, {**MANY, **WHY}),
    "release": (Permission.WORK, {**MANY, **WHY}),
    "hold_again": (Permission.WORK, {**MANY, "released_at": NOW}),
    "lift_ended_holds": (Permission.WORK, {}),
    "tag_orders": (Permission.WORK, {**MANY, "tag": "VIP"}),
    "untag_orders": (Permission.WORK, {**MANY, "tag": "VIP"}),
    "assign_orders": (Permission.WORK, {**MANY, "to": ""}),
    "assign_back": (Permission.WORK, MANY),
    "cancel": (Permission.CANCEL, {**MANY, **WHY}),
    "reinstate": (Permission.CANCEL, MANY),
    "ship_together": (
        Permission.WORK, {"order_ids": [1, 2], "carrier": "USPS", "tracking_number": "1"},
    ),
    "ship": (Permission.WORK, {"parcels": []}),
    "void_shipments": (Permission.WORK, {**MANY, **WHY}),
    "ask_about_parcels": (Permission.WORK, {"shipment_ids": [1]}),
    "record_scan": (Permission.WORK, {"shipment_ids": [1], "status": "delivered"}),
    "withdraw_scans": (Permission.WORK, {"event_ids": [1]}),
    "bring_scans_back": (Permission.WORK, {"event_ids": [1]}),
    "say_meaning": (Permission.WORK, {"carrier": "ups", "code": "ZZ", "status": "held"}),
    "forget_meaning": (Permission.WORK, {"carrier": "ups", "code": "ZZ"}),
    "correct_address": (Permission.WORK, {**ONE, **WHY, "changes": {}}),
    "write_note": (Permission.WORK, {**ONE, "text": "Hello"}),
    "link": (Permission.WORK, {"account_id": 1, "alias": "X", "sku_code": "MUG"}),
    "unlink": (Permission.WORK, {"alias_id": 1}),
    "take_over_change": (Permission.WORK, ONE),
    "keep_as_it_is": (Permission.WORK, ONE),
    "close_as_shipped_elsewhere": (Permission.CANCEL, {**ONE, **WHY}),
    "receive": (Permission.WORK, {**AT, **WHY, "quantity": 1}),
    "adjust": (Permission.WRITE_OFF, {**AT, **WHY, "quantity": -1}),
    "count": (Permission.WRITE_OFF, {**AT, **WHY, "counted": 1}),
    "transfer": (
        Permission.WORK,
        {"sku": "MUG", "origin": "A", "destination": "B", "quantity": 1, **WHY},
    ),
    "add_sku": (Permission.WORK, {"code": "NEW"}),
    "edit_skus": (Permission.WORK, {"sku_ids": [1], "changes": {"title": "Mug"}}),
    "restore_skus": (Permission.WORK, {"values": {"1": {"title": "Mug"}}}),
    "set_kit": (Permission.WORK, {"kit": "MUG", "contents": {}}),
    "expect": (Permission.WORK, {"location": "MAIN", "lines": [("MUG", 1)]}),
    "send_transfer": (
        Permission.WORK, {"origin": "A", "destination": "B", "lines": [("MUG", 1)]},
    ),
    "receive_expected": (Permission.WORK, {"receipt_id": 1, "arrived": {"MUG": 1}}),
    "cancel_expected": (Permission.WORK, {"receipt_id": 1, **WHY}),
    "take_receipt_back": (Permission.WORK, {"receipt_id": 1, "steps": [], "cause": "receipt"}),
    "set_aside": (Permission.WORK, {**AT, **WHY, "quantity": 1, "bucket": "damaged"}),
    "put_back": (Permission.WORK, {**AT, **WHY, "quantity": 1, "bucket": "damaged"}),
    "write_off": (Permission.WRITE_OFF, {**AT, **WHY, "quantity": 1, "bucket": "damaged"}),
    "take_return": (Permission.WORK, {**AT, **WHY, "quantity": 1}),
    "start_count": (Permission.WORK, {"location": "MAIN"}),
    "enter_count": (Permission.WORK, {"count_id": 1, "sku": "MUG", "units": 1}),
    "close_count": (Permission.WRITE_OFF, {"count_id": 1}),
    "reopen_count": (Permission.WORK, {"count_id": 1}),
    "drop_count": (Permission.WORK, {"count_id": 1}),
    "save_routing": (Permission.ADMINISTER, {"said": {}}),
    "save_rates": (Permission.ADMINISTER, {}),
    "restore_policy": (Permission.ADMINISTER, {"kind": "routing", "version": 0}),
    "propose_substitute": (Permission.OVERRIDE, {"sku": "MUG", "substitute": "TEA"}),
    "approve_substitute": (Permission.ADMINISTER, {"sku": "MUG", "substitute": "TEA"}),
    "drop_substitute": (Permission.ADMINISTER, {"sku": "MUG", "substitute": "TEA"}),
    "save_sheet": (Permission.ADMINISTER, {"channels": {}}),
    "restore_sheet": (Permission.ADMINISTER, {"version": 1}),
    "release_quantities": (Permission.OVERRIDE, {"account_id": 1, **WHY}),
    "drop_quantities": (Permission.WORK, {"account_id": 1, **WHY}),
    "hold_quantities": (Permission.WORK, {"account_id": 1, "rows": []}),
    "set_breakers": (Permission.ADMINISTER, {"changes": {}}),
    "save_deciders": (Permission.ADMINISTER, {"lines": []}),
    "make_report": (Permission.WORK, {}),
    "accept_mismatches": (Permission.WORK, {"mismatch_ids": [1], **WHY}),
    "reopen_mismatches": (Permission.WORK, {"mismatch_ids": [1]}),
    "tell_again": (Permission.WORK, {"account_id": 1, "sku_ids": [1]}),
    "forget_telling": (Permission.WORK, {"account_id": 1, "rows": [1]}),
    "void_duplicates": (Permission.CANCEL, MANY),
    "give_back_cancelled": (Permission.CANCEL, MANY),
    "take_kits_apart": (Permission.WORK, MANY),
    "set_report_time": (Permission.ADMINISTER, {"at": "06:00"}),
    "add_location": (Permission.ADMINISTER, {"code": "EAST"}),
    "change_location": (Permission.ADMINISTER, {"code": "MAIN", "changes": {}}),
    "add_operator": (Permission.ADMINISTER, {"name": "Ann", "role": "viewer"}),
    "change_operator": (
        Permission.ADMINISTER, {"name": "Owner", "role": "viewer", "is_active": True},
    ),
    "watch_folder": (Permission.ADMINISTER, {"folder": "/nowhere"}),
    "stop_watching": (Permission.ADMINISTER, {"folder": "/nowhere"}),
    "erase_buyers": (Permission.ADMINISTER, {"before": NOW}),
    "save_view": (Permission.WORK, {"page": "orders", "name": "Mugs"}),
    "change_view": (Permission.WORK, {"view_id": 1, "changes": {"name": "Mugs"}}),
    "swap_views": (Permission.WORK, {"view_id": 1, "with_id": 2}),
    "delete_view": (Permission.WORK, {"view_id": 1}),
    "connect_account": (
        Permission.ADMINISTER,
        {"channel": "shopify", "address": "https://a.example", "settings": {}, "since": NOW},
    ),
    "disconnect_account": (Permission.ADMINISTER, {"account_id": 1}),
    "pause_account": (Permission.WORK, {"account_id": 1}),
    "resume_account": (Permission.WORK, {"account_id": 1}),
    "change_pace": (
        Permission.ADMINISTER,
        {"account_id": 1, "pace": timedelta(minutes=2), "pushes_quantities": True},
    ),
    "connect_carrier": (
        Permission.ADMINISTER, {"carrier": "ups", "address": "https://a.example"},
    ),
    "disconnect_carrier": (Permission.ADMINISTER, {"carrier": "ups"}),
    "pause_carrier": (Permission.WORK, {"carrier": "ups"}),
    "resume_carrier": (Permission.WORK, {"carrier": "ups"}),
    "correct_message": (Permission.WORK, {"message_id": 1, "changes": {"carrier": "UPS"}}),
    "send_again": (Permission.WORK, {"message_ids": [1]}),
    "drop_message": (Permission.WORK, {"message_id": 1, **WHY}),
    "settle_unread": (Permission.WORK, {"inbox_id": 1, **WHY}),
    "settle_file": (Permission.WORK, {"import_id": 1, **WHY}),
    "take_back_import": (Permission.WORK, {"import_id": 1}),
    "save_profile": (Permission.WORK, {"name": "Web shop", "header_hash": "0", "reading": {}}),
    "rename_profile": (Permission.WORK, {"name": "Web shop", "to": "Shop"}),
    "delete_profile": (Permission.WORK, {"name": "Web shop"}),
    "log_prints": (Permission.WORK, {"kind": "slip", **MANY}),
    "set_bin": (Permission.WORK, {**AT, "name": "A-1"}),
    "set_backup_schedule": (Permission.ADMINISTER, {"every": "off"}),
    "change_brand": (Permission.ADMINISTER, {"changes": {"brand_name": "Fictional Tea"}}),
    "remove_demo": (Permission.ADMINISTER, {}),
    "open_return": (Permission.WORK, ONE),
    "send_return": (Permission.WORK, {"return_id": 1}),
    "give_up_return": (Permission.WORK, {"return_ids": [1], **WHY}),
    "receive_return": (Permission.WORK, {"return_id": 1, "location": "MAIN"}),
    "grade_return": (Permission.WORK, {"unit_ids": [1], "grade": "A"}),
    "put_away": (Permission.WORK, {"unit_ids": [1], "disposition": "restock"}),
    "inspect_return": (Permission.WORK, {"unit_ids": [1], "grade": "A"}),
    "step_back": (Permission.WORK, {"unit_ids": [1]}),
    "take_parcel": (Permission.WORK, {"location": "MAIN", "lines": [("MUG", 1)]}),
    "match_return": (Permission.WORK, {"return_id": 1, "order_id": 1}),
    "unmatch_return": (Permission.WORK, {"return_id": 1}),
    "promise_refund": (Permission.REFUND, {"unit_ids": [1]}),
    "pay_refund": (Permission.REFUND, {"refund_id": 1}),
    "take_back_payment": (Permission.REFUND, {"refund_id": 1}),
    "withdraw_refund": (Permission.REFUND, {"refund_id": 1, **WHY}),
    "deny_refund": (Permission.REFUND, {"unit_ids": [1], **WHY}),
    "reconsider_refund": (Permission.REFUND, {"unit_ids": [1]}),
    "save_return_policy": (Permission.ADMINISTER, {"body": {}}),
    "recover": (Permission.REFUND, {"shipment_id": 1, "situation": "lost", "kind": "reship"}),
    "withdraw_recovery": (Permission.REFUND, {"recovery_id": 1, **WHY}),
    "save_recovery_matrix": (Permission.ADMINISTER, {"rows": []}),
    "open_claim": (Permission.WORK, {"shipment_id": 1, "situation": "lost"}),
    "change_standard": (Permission.ADMINISTER, {"code": "amazon-late", "changes": {"limit": 350}}),
    "keep_breaches": (Permission.WORK, {"found": []}),
    "set_backtest_gate": (Permission.ADMINISTER, {"is_on": True}),
    "keep_backtest": (Permission.WORK, {
        "seal": "a", "against": 1, "is_worse": False, "saved": 0, "since": NOW,
    }),
    "act_on_breach": (Permission.WORK, {"breach_id": 1}),
    "file_claim": (Permission.WORK, {"claim_id": 1}),
    "take_back_claim": (Permission.WORK, {"claim_id": 1}),
    "answer_claim": (Permission.WORK, {"claim_id": 1, "paid": 0}),
    "drop_claim": (Permission.WORK, {"claim_id": 1, **WHY}),
    "save_cost_policy": (Permission.ADMINISTER, {"changes": {}}),
    "plan_launch": (Permission.ADMINISTER, {"account_id": 1}),
    "drop_launch": (Permission.ADMINISTER, {"launch_id": 1}),
    "sign_launch": (Permission.OVERRIDE, {"launch_id": 1, "point": "pictures"}),
    "unsign_launch": (Permission.OVERRIDE, {"launch_id": 1, "point": "pictures"}),
    "open_launch": (Permission.ADMINISTER, {"launch_id": 1}),
    "reopen_plan": (Permission.ADMINISTER, {"launch_id": 1}),
    "throttle_launch": (Permission.ADMINISTER, {"launch_id": 1}),
    "close_launch": (Permission.ADMINISTER, {"launch_id": 1}),
    "save_rules": (Permission.OVERRIDE, {"text": "rule A\n  if always\n  tag a"}),
    "discard_rules": (Permission.OVERRIDE, {}),
    "activate_rules": (Permission.ADMINISTER, {}),
    "retire_rules": (Permission.ADMINISTER, {}),
    "apply_rules": (Permission.WORK, MANY),
    "answer_rules": (Permission.WORK, MANY),
    "learn": (Permission.OVERRIDE, {"pattern": "A>B"}),
    "dismiss_lesson": (Permission.OVERRIDE, {"pattern": "A>B"}),
    "reconsider_lesson": (Permission.OVERRIDE, {"pattern": "A>B"}),
    "check_payouts": (Permission.WORK, {}),
    "accept_payout_findings": (Permission.WORK, {"finding_ids": [1], **WHY}),
    "reopen_payout_findings": (Permission.WORK, {"finding_ids": [1]}),
    "draft_messages": (Permission.WORK, {}),
    "approve_messages": (Permission.WORK, {"message_ids": [1]}),
    "hold_messages": (Permission.WORK, {"message_ids": [1]}),
    "drop_messages": (Permission.WORK, {"message_ids": [1], **WHY}),
    "send_messages_again": (Permission.WORK, {"message_ids": [1]}),
    "stop_writing": (Permission.WORK, ONE),
    "write_again": (Permission.WORK, ONE),
    "set_up_mail": (Permission.ADMINISTER, {"changes": {"host": "mail.example.com"}}),
    "set_message_rules": (Permission.ADMINISTER, {"changes": {"undo_minutes": 7}}),
    "restore_message_rules": (Permission.ADMINISTER, {"changes": {}}),
    "write_to_buyers": (Permission.ADMINISTER, {"account_id": 1, "wanted": True}),
    "write_template": (Permission.ADMINISTER, {"event": "shipped", "text": ""}),
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_ready_store(f"sqlite:///{tmp_path / 'desk.sqlite'}", now=NOW)
    yield Desk(store, Actor("Ann", Role.VIEWER), now=lambda: NOW)
    store.close()


def everything(desk: Desk) -> list[str]:
    with desk.store.read() as db:
        return [str(db.execute(select(table)).all()) for table in metadata.sorted_tables]


def test_no_operation_is_without_its_line_in_the_matrix() -> None:
    assert set(MATRIX) == set(OPERATIONS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("operation", sorted(MATRIX))
def test_an_operation_is_refused_below_its_role_and_not_above(
    desk: Desk, operation: str, role: Role
) -> None:
    permission, arguments = MATRIX[operation]
    desk.actor = Actor("Ann", role)
    order = list(Role)
    before = everything(desk)
    if order.index(role) < order.index(NEEDS[permission]):
        with pytest.raises(NotAllowedError, match="may not"):
            desk.run(operation, **arguments)
        assert everything(desk) == before
        return
    assert not isinstance(refusal(desk, operation, arguments), NotAllowedError)


def refusal(desk: Desk, operation: str, arguments: dict[str, Any]) -> DeskError | None:
    try:
        desk.run(operation, **arguments)
    except DeskError as error:
        return error
    return None


def test_adding_units_is_work_and_taking_them_out_needs_an_approver(desk: Desk) -> None:
    desk.actor = Actor("Ann", Role.OPERATOR)
    with pytest.raises(DeskError, match="no SKU"):
        desk.run("adjust", **AT, **WHY, quantity=1)
    with pytest.raises(NotAllowedError):
        desk.run("adjust", **AT, **WHY, quantity=-1)
