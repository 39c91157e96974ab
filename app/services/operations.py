"""Which operations are there, and what are they called?

Undo, menus and the audit name an operation by its word here. Each area has its own table, so that a new
one has an obvious line; all of them look alike: ``(db, actor, *, now, …) -> Changes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.changes import Changes
from app.services import (
    assigning,
    backup_schedule,
    cancelling,
    changing,
    deciding,
    erasing,
    gate,
    holding,
    house_rules,
    joining,
    linking,
    people,
    places,
    printing,
    profiles,
    shipping,
    stock,
    tagging,
    taking_imports_back,
    views,
    voiding,
    watched,
    withdrawing,
)
from app.services.casework import drafting as case_drafting
from app.services.casework import matrix, working
from app.services.costs import policy as cost_policy
from app.services.first_run import removing
from app.services.kpis import breaches
from app.services.kpis import changing as changing_standards
from app.services.launching import launches
from app.services.master import kits, records
from app.services.messaging import deciding as message_deciding
from app.services.messaging import drafting
from app.services.messaging import settings as message_settings
from app.services.mismatching import fixing, keeping, schedule
from app.services.payouts import checking
from app.services.planning import policy_versions, rate_versions, substituting, taking
from app.services.promising import limits, publishing, sheets
from app.services.recovering import choosing, claiming
from app.services.returning import announcing, orphans, paying, receiving
from app.services.returning import policy as return_policy
from app.services.rules import answering, learning, rulebooks
from app.services.stockroom import aside, counting, expecting
from app.services.syncing import connections, letters
from app.services.tracking import by_hand, meanings, questions
from app.services.tracking import connections as carriers

Operation = Callable[..., Changes]
Operations = Mapping[str, Operation]

ORDERS: Final[Operations] = {
    "accept": deciding.accept,
    "refresh_suggestions": deciding.refresh_suggestions,
    "take_plan": taking.take_plan,
    "save_routing": policy_versions.save_routing,
    "save_rates": rate_versions.save_rates,
    "restore_policy": policy_versions.restore_policy,
    "propose_substitute": substituting.propose_substitute,
    "approve_substitute": substituting.approve_substitute,
    "drop_substitute": substituting.drop_substitute,
    "override": deciding.override,
    "split": deciding.split,
    "withdraw": withdrawing.withdraw,
    "hold": holding.hold,
    "release": holding.release,
    "hold_again": holding.hold_again,
    "lift_ended_holds": holding.lift_ended_holds,
    "tag_orders": tagging.tag_orders,
    "untag_orders": tagging.untag_orders,
    "assign_orders": assigning.assign_orders,
    "assign_back": assigning.assign_back,
    "cancel": cancelling.cancel,
    "reinstate": cancelling.reinstate,
    "correct_address": holding.correct_address,
    "write_note": holding.write_note,
    "take_over_change": changing.take_over_change,
    "keep_as_it_is": changing.keep_as_it_is,
    "close_as_shipped_elsewhere": changing.close_as_shipped_elsewhere,
}

SHIPMENTS: Final[Operations] = {
    "ship": shipping.ship,
    "ship_together": joining.ship_together,
    "void_shipments": voiding.void_shipments,
    "log_prints": printing.log_prints,
    "record_scan": by_hand.record_scan,
    "ask_about_parcels": questions.ask_soon,
    "withdraw_scans": by_hand.withdraw_scans,
    "bring_scans_back": by_hand.bring_scans_back,
    "say_meaning": meanings.say_meaning,
    "forget_meaning": meanings.forget_meaning,
}

STOCK: Final[Operations] = {
    "link": linking.link,
    "unlink": linking.unlink,
    "add_sku": records.add_sku,
    "edit_skus": records.edit_skus,
    "restore_skus": records.restore_skus,
    "set_kit": kits.set_kit,
    "receive": stock.receive,
    "adjust": stock.adjust,
    "count": stock.count,
    "transfer": stock.transfer,
    "expect": expecting.expect,
    "send_transfer": expecting.send_transfer,
    "receive_expected": expecting.receive_expected,
    "cancel_expected": expecting.cancel_expected,
    "take_receipt_back": expecting.take_receipt_back,
    "set_aside": aside.set_aside,
    "put_back": aside.put_back,
    "write_off": aside.write_off,
    "take_return": aside.take_return,
    "start_count": counting.start_count,
    "enter_count": counting.enter_count,
    "close_count": counting.close_count,
    "reopen_count": counting.reopen_count,
    "drop_count": counting.drop_count,
    "set_bin": printing.set_bin,
}

PROMISING: Final[Operations] = {
    "save_sheet": sheets.save_sheet,
    "restore_sheet": sheets.restore_sheet,
    "release_quantities": publishing.release_quantities,
    "drop_quantities": publishing.drop_quantities,
    "hold_quantities": publishing.hold_quantities,
    "set_breakers": limits.set_breakers,
    "save_deciders": limits.save_deciders,
}

MISMATCHING: Final[Operations] = {
    "make_report": keeping.make_report,
    "accept_mismatches": keeping.accept_mismatches,
    "reopen_mismatches": keeping.reopen_mismatches,
    "tell_again": fixing.tell_again,
    "forget_telling": fixing.forget_telling,
    "void_duplicates": fixing.void_duplicates,
    "give_back_cancelled": fixing.give_back_cancelled,
    "take_kits_apart": fixing.take_kits_apart,
    "set_report_time": schedule.set_report_time,
}

FILES: Final[Operations] = {
    "watch_folder": watched.watch_folder,
    "stop_watching": watched.stop_watching,
    "settle_file": watched.settle_file,
    "take_back_import": taking_imports_back.take_back_import,
    "save_profile": profiles.save_profile,
    "rename_profile": profiles.rename_profile,
    "delete_profile": profiles.delete_profile,
}

SYNC: Final[Operations] = {
    "connect_account": connections.connect_account,
    "disconnect_account": connections.disconnect_account,
    "pause_account": connections.pause_account,
    "resume_account": connections.resume_account,
    "change_pace": connections.change_pace,
    "connect_carrier": carriers.connect_carrier,
    "disconnect_carrier": carriers.disconnect_carrier,
    "pause_carrier": carriers.pause_carrier,
    "resume_carrier": carriers.resume_carrier,
    "correct_message": letters.correct_message,
    "send_again": letters.send_again,
    "drop_message": letters.drop_message,
    "settle_unread": letters.settle_unread,
}

HOUSE: Final[Operations] = {
    "erase_buyers": erasing.erase_buyers,
    "add_location": places.add_location,
    "change_location": places.change_location,
    "add_operator": people.add_operator,
    "change_operator": people.change_operator,
    "save_view": views.save_view,
    "change_view": views.change_view,
    "swap_views": views.swap_views,
    "delete_view": views.delete_view,
    "change_brand": house_rules.change_brand,
    "set_backup_schedule": backup_schedule.set_backup_schedule,
    "remove_demo": removing.remove_demo,
}

RETURNS: Final[Operations] = {
    "open_return": announcing.open_return,
    "send_return": announcing.send_return,
    "give_up_return": announcing.give_up_return,
    "receive_return": receiving.receive_return,
    "grade_return": receiving.grade_return,
    "put_away": receiving.put_away,
    "inspect_return": receiving.inspect_return,
    "step_back": receiving.step_back,
    "take_parcel": orphans.take_parcel,
    "match_return": orphans.match_return,
    "unmatch_return": orphans.unmatch_return,
    "promise_refund": paying.promise_refund,
    "pay_refund": paying.pay_refund,
    "take_back_payment": paying.take_back_payment,
    "withdraw_refund": paying.withdraw_refund,
    "deny_refund": paying.deny_refund,
    "reconsider_refund": paying.reconsider_refund,
    "save_return_policy": return_policy.save_return_policy,
    "recover": choosing.recover,
    "withdraw_recovery": choosing.withdraw_recovery,
    "save_recovery_matrix": choosing.save_recovery_matrix,
    "open_claim": claiming.open_claim,
    "file_claim": claiming.file_claim,
    "take_back_claim": claiming.take_back_claim,
    "answer_claim": claiming.answer_claim,
    "drop_claim": claiming.drop_claim,
}

RULES: Final[Operations] = {
    "save_rules": rulebooks.save_rules,
    "discard_rules": rulebooks.discard_rules,
    "activate_rules": rulebooks.activate_rules,
    "retire_rules": rulebooks.retire_rules,
    "apply_rules": answering.apply_rules,
    "answer_rules": answering.answer_rules,
    "learn": learning.learn,
    "dismiss_lesson": learning.dismiss_lesson,
    "reconsider_lesson": learning.reconsider_lesson,
}

CASES: Final[Operations] = {
    "assign_cases": working.assign_cases,
    "snooze_cases": working.snooze_cases,
    "wake_cases": working.wake_cases,
    "join_cases": working.join_cases,
    "part_cases": working.part_cases,
    "settle_cases": working.settle_cases,
    "write_case_note": working.write_case_note,
    "remove_case_notes": working.remove_case_notes,
    "put_cases_back": working.put_cases_back,
    "take_draft": case_drafting.take_draft,
    "save_matrix": matrix.save_matrix,
    "restore_matrix": matrix.restore_matrix,
}

MONEY: Final[Operations] = {
    "check_payouts": checking.check_payouts,
    "accept_payout_findings": checking.accept_payout_findings,
    "reopen_payout_findings": checking.reopen_payout_findings,
    "save_cost_policy": cost_policy.save_cost_policy,
}

LAUNCHES: Final[Operations] = {
    "plan_launch": launches.plan_launch,
    "drop_launch": launches.drop_launch,
    "sign_launch": launches.sign_launch,
    "unsign_launch": launches.unsign_launch,
    "open_launch": launches.open_launch,
    "reopen_plan": launches.reopen_plan,
    "throttle_launch": launches.throttle_launch,
    "close_launch": launches.close_launch,
}

MESSAGES: Final[Operations] = {
    "draft_messages": drafting.draft_messages,
    "approve_messages": message_deciding.approve_messages,
    "hold_messages": message_deciding.hold_messages,
    "drop_messages": message_deciding.drop_messages,
    "send_messages_again": message_deciding.send_messages_again,
    "stop_writing": message_deciding.stop_writing,
    "write_again": message_deciding.write_again,
    "set_up_mail": message_settings.set_up_mail,
    "set_message_rules": message_settings.set_message_rules,
    "restore_message_rules": message_settings.restore_message_rules,
    "write_to_buyers": message_settings.write_to_buyers,
    "write_template": message_settings.write_template,
}

KPIS: Final[Operations] = {
    "change_standard": changing_standards.change_standard,
    "keep_breaches": breaches.keep_breaches,
    "act_on_breach": breaches.act_on_breach,
    "set_backtest_gate": gate.set_backtest_gate,
    "keep_backtest": gate.keep_backtest,
}

OPERATIONS: Final[Operations] = {
    **KPIS,
    **CASES,
    **RULES, **ORDERS, **SHIPMENTS, **STOCK, **PROMISING, **MISMATCHING, **FILES, **HOUSE, **SYNC,
    **RETURNS, **MONEY, **MESSAGES, **LAUNCHES,
}  # fmt: skip
