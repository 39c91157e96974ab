"""How are buyers written to, as the owner has set it: by which server, by which rules, in which words?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from app import config
from app.domain.messaging.events import Event
from app.models import house

MAIL, MESSAGES, WORDS = "mail", "messages", "message_words"
MAIL_FIELDS: Final = ("host", "port", "security", "user", "from_name", "from_address", "reply_to")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. The password is in the keyring, not here."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""

    @property
    def is_set_up(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.host and self.from_address)


@dataclass(frozen=True, slots=True)
class MessageRules:
    """Whose buyers are written to since when, what goes by itself, and when nobody is disturbed."""

    since: Mapping[int, datetime] = field(default_factory=dict)
    by_itself: frozenset[Event] = frozenset()
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    undo_minutes: int = 5
    sms_address: str = ""

    @property
    def undo_window(self) -> timedelta:
        """How long a message can be taken back."""
        return timedelta(minutes=self.undo_minutes)


def mail_server(db: Connection) -> MailServer:
    """Return where mail is handed in."""
    said = house.named(db, MAIL).get(MAIL) or {}
    return MailServer(**{name: said[name] for name in MAIL_FIELDS if name in said})


def message_rules(db: Connection) -> MessageRules:
    """Return by which rules buyers are written to."""
    said = house.named(db, MESSAGES).get(MESSAGES) or {}
    usual = MessageRules()
    return MessageRules(
        {int(key): datetime.fromisoformat(at) for key, at in said.get("since", {}).items()},
        frozenset(Event(word) for word in said.get("by_itself", ())),
        _time(said, "quiet_from", usual.quiet_from), _time(said, "quiet_until", usual.quiet_until),
        int(said.get("undo_minutes", usual.undo_minutes)), str(said.get("sms_address", "")),
    )  # fmt: skip


def _time(said: Mapping[str, Any], name: str, usual: time) -> time:
    return time.fromisoformat(said[name]) if name in said else usual


def template_of(db: Connection, event: Event) -> str:
    """Return the words of an event: the owner's, or those that ship with the program."""
    own = (house.named(db, WORDS).get(WORDS) or {}).get(event.value)
    return str(own) if own else shipped_template(event)


def shipped_template(event: Event) -> str:
    """Return the words that ship with the program."""
    return config.resource("messages", f"{event.value}.txt").read_text(encoding="utf-8")


def frame() -> str:
    """Return the HTML around every mail."""
    return config.resource("messages", "frame.html").read_text(encoding="utf-8")
