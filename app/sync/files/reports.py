"""What is said of an import, before and after it? The command line's JSON, and the window's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy import Connection

from app.domain.importing import FileKind, ImportReport, ParsedFile, Verdict
from app.services import goods_plans, importing
from app.services.foreseeing import Foreseen, foresee
from app.services.goods_plans import GoodsPlan
from app.sync.files import summary
from app.sync.files.preview_rows import Foreground, goods_rows, order_rows


def foreseen_report(
    db: Connection, parsed: ParsedFile, content: bytes
) -> tuple[ImportReport, Foreground]:
    """Return what importing a file would do, and its first rows."""
    if parsed.refusal:
        return refused_report(parsed, parsed.refusal), Foreground()
    if parsed.kind is not FileKind.ORDERS:
        good, plan = goods_plans.plan_goods(db, parsed)
        return goods_report(parsed, plan), goods_rows(good, plan)
    before = importing.done_before(db, parsed, importing.digest(content))
    if before is not None:
        return again_report(parsed, before), order_rows(parsed, Foreseen({}, 0, ()))
    account_id = importing.account_of(db, parsed.channel)
    foreseen = foresee(db, account_id, parsed.orders)
    return order_report(parsed, foreseen), order_rows(parsed, foreseen)


def _base(parsed: ParsedFile) -> ImportReport:
    return ImportReport(
        parsed.name, parsed.format, parsed.kind, Verdict.ACCEPT, parsed.rows,
        rejected=parsed.rejected, notices=parsed.notices, encoding=parsed.encoding,
        delimiter=parsed.delimiter, decimal=parsed.decimal,
    )  # fmt: skip


def order_report(parsed: ParsedFile, foreseen: Foreseen) -> ImportReport:
    """Return the report of a file of orders."""
    count = Counter(foreseen.outcomes.values())
    report = replace(
        _base(parsed), orders_new=count["new"], lines_new=foreseen.lines_new,
        updated=count["updated"], unchanged=count["unchanged"], changed=count["changed"],
        holds=foreseen.holds, notices=_noticed(parsed, count["unchanged"]),
        verdict=Verdict.PARTIAL if parsed.rejected or count["changed"] else Verdict.ACCEPT,
    )  # fmt: skip
    return replace(report, message=summary.summary(report, count["new"]))


def again_report(parsed: ParsedFile, import_id: int) -> ImportReport:
    """Return the report of a file whose very bytes were imported before."""
    unchanged = len(parsed.orders) or parsed.rows
    report = replace(
        _base(parsed), unchanged=unchanged, notices=_noticed(parsed, unchanged),
        verdict=Verdict.PARTIAL if parsed.rejected else Verdict.ACCEPT, import_id=import_id,
    )  # fmt: skip
    return replace(report, message=summary.imported_before(report))


def _noticed(parsed: ParsedFile, unchanged: int) -> tuple[str, ...]:
    return (*parsed.notices, "UNCHANGED_SKIPPED") if unchanged else parsed.notices


def goods_report(parsed: ParsedFile, plan: GoodsPlan) -> ImportReport:
    """Return the report of a file about goods."""
    if plan.refusal:
        return refused_report(parsed, plan.refusal)
    rejected = (*parsed.rejected, *plan.rejected)
    added = ("LOCATION_ADDED",) if plan.new_locations else ()
    notices = (*parsed.notices, *added, *plan.notices)
    report = replace(
        _base(parsed), updated=plan.updated, unchanged=plan.unchanged, rejected=rejected,
        notices=notices, verdict=Verdict.PARTIAL if rejected else Verdict.ACCEPT,
        extra={"new": plan.new}, asks=plan.asks,
    )  # fmt: skip
    message = summary.summary(report, plan.new, plan.new_locations)
    return replace(report, message=f"{plan.asks} {message}".strip())


def refused_report(parsed: ParsedFile, why: str) -> ImportReport:
    """Return the report of a file of which nothing is taken."""
    return replace(_base(parsed), verdict=Verdict.REFUSE, rejected=(), message=why)
