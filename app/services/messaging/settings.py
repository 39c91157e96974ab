"""How does the brand write to its buyers: from which address, about what, when, and in which words?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.messaging import templates
from app.domain.messaging.events import Event
from app.domain.messaging.rules import rule_of
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models import house
from app.models.message_settings import (
    MAIL,
    MAIL_FIELDS,
    MESSAGES,
    WORDS,
)
from app.models.orders import channel_accounts
from app.services import audit

SECURITY: Final = ("starttls", "tls")  # never none: a password and a buyer's name travel with it
_RULE_FIELDS: Final = ("quiet_from", "quiet_until", "undo_minutes", "by_itself", "sms_address")


# ---- deciding -----------------------------------------------------------------------------------


def set_up_mail(
    db: Connection, actor: Actor, *, changes: Mapping[str, Any], now: datetime
) -> Changes:
    """Decide where mail is handed in, and from whom it comes.

    Raises:
        RefusedError: an address or a number cannot be.
    """
    actor.must(Permission.ADMINISTER)
    before = dict(house.named(db, MAIL).get(MAIL) or {})
    after = {**before, **{name: _mail(name, value) for name, value in changes.items()}}
    return _decide(db, actor, MAIL, before, after, "Set up the mail", "set_up_mail", now)


def _mail(name: str, value: Any) -> Any:
    if name not in MAIL_FIELDS:
        raise _no_such(name, MAIL_FIELDS)
    text = " ".join(str(value).split())
    if name == "port":
        if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
            raise RefusedError(
                "A port is a number up to 65,535; nothing was changed.", "Usual are 587 and 465."
            )
        return int(text)
    if name == "security" and text not in SECURITY:
        raise RefusedError("Mail is only sent encrypted; nothing was changed.",
                           f"Choose {' or '.join(SECURITY)}.")  # fmt: skip
    if name in ("from_address", "reply_to") and text and not looks_like_mail(text):
        raise RefusedError(
            "That is no mail address; nothing was changed.", "Write it as shop@example.com."
        )
    return text


def looks_like_mail(text: str) -> bool:
    """Say whether mail could be sent there: one address, and nothing that a header could be made of."""
    local, _, domain = text.rpartition("@")
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" ,;<>()[]\\\"'")
    return bool(local and "." in domain.strip(".") and is_plain and len(text) <= 254)


def set_message_rules(
    db: Connection, actor: Actor, *, changes: Mapping[str, Any], now: datetime
) -> Changes:
    """Decide what goes by itself, how long it can be taken back, and when nobody is disturbed.

    Raises:
        RefusedError: a time or a number cannot be.
    """
    actor.must(Permission.ADMINISTER)
    before = dict(house.named(db, MESSAGES).get(MESSAGES) or {})
    after = {**before, **{name: _rule(name, value) for name, value in changes.items()}}
    return _decide(db, actor, MESSAGES, before, after, "Change when buyers are written to",
                   "restore_message_rules", now)  # fmt: skip


def restore_message_rules(
    db: Connection, actor: Actor, *, changes: Mapping[str, Any], now: datetime
) -> Changes:
    """Put the rules back as they were."""
    actor.must(Permission.ADMINISTER)
    before = dict(house.named(db, MESSAGES).get(MESSAGES) or {})
    return _decide(db, actor, MESSAGES, before, dict(changes), "Put back when buyers are written to",
                   "restore_message_rules", now)  # fmt: skip


def _rule(name: str, value: Any) -> Any:
    try:
        if name in ("quiet_from", "quiet_until"):
            return f"{time.fromisoformat(str(value).strip()):%H:%M}"
        if name == "undo_minutes":
            return min(max(int(value), 1), 24 * 60)
        if name == "by_itself":
            return sorted(Event(word).value for word in value)
    except ValueError as error:
        raise RefusedError("That is no such time, number or event; nothing was changed.",
                           "Write times as 21:00, minutes as 5.") from error  # fmt: skip
    if name != "sms_address":
        raise _no_such(name, _RULE_FIELDS)
    text = str(value).strip()
    if not text.isprintable() or " " in text:
        raise RefusedError("That is no address; nothing was changed.",
                           "Write it in one piece, beginning with https://.")  # fmt: skip
    if text and not text.startswith("https://"):
        raise RefusedError("Text messages are only handed in encrypted; nothing was changed.",
                           "Give the provider's address, beginning with https://.")  # fmt: skip
    return text


def write_to_buyers(
    db: Connection, actor: Actor, *, account_id: int, wanted: bool, now: datetime
) -> Changes:
    """Begin, or stop, to write to the buyers of an account; of what happened before nobody is told.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: its channel forbids it.
    """
    actor.must(Permission.ADMINISTER)
    query = select(channel_accounts.c.channel, channel_accounts.c.name)
    row = db.execute(query.where(channel_accounts.c.id == account_id)).first()
    if row is None:
        raise NotFoundError(
            "There is no such account; nothing was changed.", "Choose one of your own stores."
        )
    rule = rule_of(row.channel)
    if wanted and not rule.may:
        raise RefusedError(f"Buyers of {row.name} are not written to by you. {rule.why} Nothing was changed.",
                           "The channel itself is told what left, as always.")  # fmt: skip
    before = dict(house.named(db, MESSAGES).get(MESSAGES) or {})
    since = {key: at for key, at in before.get("since", {}).items() if key != str(account_id)}
    if wanted:
        since[str(account_id)] = now.isoformat()
    verb = "Begin" if wanted else "Stop"
    return _decide(db, actor, MESSAGES, before, {**before, "since": since},
                   f"{verb} to write to buyers of {row.name}", "restore_message_rules", now)  # fmt: skip


def write_template(
    db: Connection, actor: Actor, *, event: str, text: str, now: datetime
) -> Changes:
    """Say something in other words; empty words are those that ship with the program.

    Raises:
        RefusedError: the words cannot be filled.
    """
    actor.must(Permission.ADMINISTER)
    about = Event(event)
    before = dict(house.named(db, WORDS).get(WORDS) or {})
    after = {key: words for key, words in before.items() if key != about.value}
    if text.strip():
        templates.check(text)
        after[about.value] = text.strip() + "\n"
    house.write(db, {WORDS: after})
    audit.record(
        db, actor, now, audit.Deed("write template", "settings", after={"event": about.value})
    )
    undo = Undo(
        "write_template", {"event": about.value, "text": before.get(about.value, "")}, subjects=""
    )
    return Changes(
        f"Change the words of “{about.value.replace('_', ' ')}”", Touched.SETTINGS, (1,), undo=undo
    )


def _decide(
    db: Connection, actor: Actor, name: str, before: Mapping[str, Any], after: Mapping[str, Any],
    label: str, opposite: str, now: datetime,
) -> Changes:  # fmt: skip
    """Keep a decision; the trail says which parts changed, not which addresses stand in them."""
    if before == after:
        return Changes(label, Touched.NOTHING)
    house.write(db, {name: dict(after)})
    parts = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    audit.record(db, actor, now, audit.Deed(label.lower()[:40], "settings", after={"parts": parts}))
    known = {key: before.get(key, "") for key in parts} if name == MAIL else dict(before)
    undo = Undo(opposite, {"changes": known}, subjects="") if before or name == MESSAGES else None
    return Changes(label, Touched.SETTINGS, (1,), undo=undo)


def _no_such(name: str, known: tuple[str, ...]) -> RefusedError:
    return RefusedError(f"{name} is nothing that can be set here; nothing was changed.",
                        f"Name one of {', '.join(known)}.")  # fmt: skip
