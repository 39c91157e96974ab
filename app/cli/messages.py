"""``messages``: what buyers of the own store are told: drafts, what is about to leave, what has left."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment
from app.domain.messaging.events import Event
from app.errors import NotFoundError, RefusedError
from app.queries.messages import BuyerMessage, MessageSettings, buyer_message_rows, message_settings
from app.queries.order_detail import find_order
from app.services.desk import Mailing
from app.services.messaging.composing import compose

_STATES = {
    "draft": "waits for a yes", "pending": "is about to leave", "sent": "is leaving", "acked": "has left",
    "rejected": "was not taken", "in_doubt": "may have left", "recalled": "is not sent",
}  # fmt: skip


def messages(call: Call) -> Answer:
    """List the messages, what needs a person first."""
    states = (call.args.state,) if call.args.state else ()
    rows = call.desk.read(buyer_message_rows, states=states)
    return Answer(rows, lambda: _list(rows))


def _list(rows: Sequence[BuyerMessage]) -> list[str]:
    if not rows:
        return ["No message is here. Messages are made when something happens to orders of your own store,",
                "once “messages account” has begun to write to its buyers."]  # fmt: skip
    lines = table(
        ("Message", "Order", "About", "By", "State", "Leaves", "Left", "Note"),
        [(str(x.id), visible(x.number), x.event.replace("_", " "), x.way, _STATES[x.state],
          moment(x.not_before) if x.state == "pending" else "",
          moment(x.answered_at) if x.state == "acked" else "", visible(x.problem)) for x in rows],
    )  # fmt: skip
    return [*lines, "", f"{counted(len(rows), 'message')}."]


def show(call: Call) -> Answer:
    """Show a message as it would leave now."""
    made = call.desk.read(compose, call.args.message)
    if call.args.html is not None:
        try:
            call.args.html.write_text(made.written.html, encoding="utf-8")
        except OSError as error:
            raise RefusedError(f"{visible(str(call.args.html))} could not be written.",
                               "Choose another folder.") from error  # fmt: skip
    document = {"id": made.id, "order": made.number, "way": made.way, "event": made.event,
                "subject": made.written.subject, "text": made.written.text, "html": made.written.html}  # fmt: skip
    lines = [f"Subject: {visible(made.written.subject)}", ""]
    return Answer(document, lambda: lines + [visible(x) for x in made.written.text.splitlines()])


def approve(call: Call) -> Answer:
    """Let drafts go, after their undo window."""
    ids = call.args.message or [
        x.id for x in call.desk.read(buyer_message_rows, states=("draft",), limit=None)
    ]
    if not ids:
        raise NotFoundError(
            "No draft waits for a yes; nothing was changed.", "“orderdeck messages” lists them."
        )
    return receipt(call.desk.run("approve_messages", message_ids=ids))


def hold(call: Call) -> Answer:
    """Take a yes back, as long as the undo window lasts."""
    return receipt(call.desk.run("hold_messages", message_ids=call.args.message))


def drop(call: Call) -> Answer:
    """Do not send messages."""
    return receipt(
        call.desk.run("drop_messages", message_ids=call.args.message, reason=call.args.reason)
    )


def again(call: Call) -> Answer:
    """Send what went wrong again."""
    return receipt(call.desk.run("send_messages_again", message_ids=call.args.message))


def send(call: Call) -> Answer:
    """Draft what is news, and send what is due."""
    counts = _mailer(call).round()
    said = sent_words(counts)
    return Answer(dict(counts), lambda: [f"Messages: {said}." if said else "No message is due."])


_BECAME = {
    "drafted": "drafted", "acked": "sent", "pending": "to be tried again", "rejected": "not taken",
    "in_doubt": "in doubt",
}  # fmt: skip


def sent_words(counts: Mapping[str, int]) -> str:
    """Say what became of messages, by how many."""
    return ", ".join(f"{count:,} {_BECAME[word]}" for word, count in counts.items())


def stop(call: Call) -> Answer:
    """Write to the buyer of an order no more."""
    return receipt(call.desk.run("stop_writing", order_id=_order(call)))


def resume(call: Call) -> Answer:
    """Write to the buyer of an order again."""
    return receipt(call.desk.run("write_again", order_id=_order(call)))


def _order(call: Call) -> int:
    found = call.desk.read(find_order, call.args.order)
    if found is None:
        raise NotFoundError(f"There is no order “{visible(call.args.order)}”; nothing was changed.",
                            "Give its number.")  # fmt: skip
    return found


def account(call: Call) -> Answer:
    """Begin, or stop, to write to the buyers of an account."""
    known = call.desk.read(message_settings).accounts
    found = next((x for x in known if call.args.account in (x.name, x.channel)), None)
    if found is None:
        raise NotFoundError(f"There is no account “{visible(call.args.account)}”; nothing was changed.",
                            f"Accounts are {', '.join(x.name for x in known) or 'none yet'}.")  # fmt: skip
    return receipt(
        call.desk.run("write_to_buyers", account_id=found.id, wanted=call.args.wanted == "on")
    )


def rules(call: Call) -> Answer:
    """Show, or change, what goes by itself and when nobody is disturbed."""
    args = call.args
    changes: dict[str, object] = {}
    if args.by_itself is not None:
        changes["by_itself"] = [word.strip() for word in args.by_itself.split(",") if word.strip()]
    if args.quiet is not None:
        changes["quiet_from"], _, changes["quiet_until"] = args.quiet.partition("-")
    if args.undo is not None:
        changes["undo_minutes"] = args.undo
    if args.sms is not None:
        changes["sms_address"] = args.sms
    if args.sms_token:
        _mailer(call).keep_token(_secret("Token of the provider: "))
    if changes:
        return receipt(call.desk.run("set_message_rules", changes=changes))
    found = call.desk.read(message_settings)
    return Answer({"rules": found.rules, "accounts": found.accounts}, lambda: _rules(found))


def _rules(found: MessageSettings) -> list[str]:
    said = found.rules
    return [
        f"By themselves: {', '.join(sorted(said.by_itself)) or 'none; each waits for a yes'}.",
        f"Quiet from {said.quiet_from:%H:%M} to {said.quiet_until:%H:%M} where the buyer lives.",
        f"Each can be taken back for {counted(said.undo_minutes, 'minute')}.", "",
        *table(("Account", "Channel", "Buyers are written to", "Why not more"),
               [(visible(x.name), x.channel_name,
                 f"since {moment(x.since)}" if x.since else "no", x.why) for x in found.accounts]),
    ]  # fmt: skip


def mail(call: Call) -> Answer:
    """Set the mail server up; the password goes into the system's safe place."""
    args = call.args
    fields = ("host", "port", "security", "user", "from_name", "from_address", "reply_to")
    changes = {name: value for name in fields if (value := getattr(args, name)) is not None}
    if args.password:
        _mailer(call).keep_password(_secret("Password of the mail server: "))
    if changes:
        return receipt(call.desk.run("set_up_mail", changes=changes))
    if args.test:
        _mailer(call).try_out()
        return Answer({"ok": True}, lambda: ["The mail server lets us in. Nothing was sent."])
    server = call.desk.read(message_settings).server
    return Answer(server, lambda: [f"{server.from_name} <{server.from_address}> by {server.host}:{server.port}, "
                                   f"{server.security}." if server.is_set_up else "No mail server is set up."])  # fmt: skip


def _secret(question: str) -> str:
    """Ask for something that is not shown, or read it from a pipe."""
    typed = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    return typed.rstrip("\n")


def words(call: Call) -> Answer:
    """Show, or change, the words of an event."""
    if call.args.file is not None:
        try:
            text = call.args.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError(f"{visible(str(call.args.file))} could not be read; nothing was changed.",
                               "Choose a text file.") from error  # fmt: skip
        return receipt(call.desk.run("write_template", event=call.args.event, text=text))
    said = dict(call.desk.read(message_settings).words)[call.args.event]
    return Answer({"event": call.args.event, "text": said}, said.splitlines)


def _mailer(call: Call) -> Mailing:
    if call.desk.mailer is None:
        raise RefusedError("This desk cannot send messages; nothing was sent.",
                           "Start it as “orderdeck messages send”.")  # fmt: skip
    return call.desk.mailer


_MESSAGES = argument(
    "message", nargs="+", type=whole_number, metavar="MESSAGE", help="its number in “messages”"
)
_ORDER = argument("order", metavar="ORDER", help="an order's number")

COMMANDS = (
    Command("messages", "what buyers of your own store are told, and how far each message is", "messages", messages,
            (argument("--state", choices=tuple(_STATES), help="only those"),)),
    Command("messages show", "a message as it would leave now", "messages show 12 --html mail.html", show,
            (argument("message", type=whole_number, metavar="MESSAGE", help="its number in “messages”"),
             argument("--html", type=Path, metavar="FILE", help="write the mail as a page besides"))),
    Command("messages approve", "let drafts go, after their undo window", "messages approve 12 13", approve,
            (argument("message", nargs="*", type=whole_number, metavar="MESSAGE", help="default: all drafts"),)),
    Command("messages hold", "take a yes back before the message has left", "messages hold 12", hold, (_MESSAGES,)),
    Command("messages drop", "do not send messages", 'messages drop 12 --reason "Told by phone"', drop,
            (_MESSAGES, argument("--reason", default="", metavar="TEXT", help="kept with it"))),
    Command("messages again", "send again what was not taken, or may not have left", "messages again 12", again,
            (_MESSAGES,)),
    Command("messages send", "make messages of what is news, and send those that are due", "messages send", send),
    Command("messages stop", "write to this buyer no more", "messages stop 7165", stop, (_ORDER,)),
    Command("messages resume", "write to this buyer again", "messages resume 7165", resume, (_ORDER,)),
    Command("messages account", "begin, or stop, to write to an account's buyers", "messages account own on", account,
            (argument("account", metavar="ACCOUNT", help="its name, or its channel"),
             argument("wanted", choices=("on", "off"), help="on or off"))),
    Command("messages rules", "what goes by itself, and when nobody is disturbed",
            "messages rules --by-itself shipped,delivered --quiet 21:00-08:00", rules,
            (argument("--by-itself", metavar="EVENTS",
                      help=f"events that need no yes: {', '.join(x.value for x in Event)}"),
             argument("--quiet", metavar="TIMES", help="such as 21:00-08:00; equal times for never"),
             argument("--undo", type=whole_number, metavar="MINUTES", help="how long each can be taken back"),
             argument("--sms", metavar="ADDRESS", help="where text messages are handed in, https only"),
            argument("--sms-token", action="store_true", help="ask for the token of that address"))),
    Command("messages mail", "set up the mail server; --password asks for its password",
            "messages mail --host smtp.example.com --user shop --from-address shop@example.com --password", mail,
            (argument("--host", help="such as smtp.example.com"),
             argument("--port", type=whole_number, help="usually 587 or 465"),
             argument("--security", choices=("starttls", "tls"), help="always encrypted; tls for port 465"),
             argument("--user", help="the name to sign in with"),
             argument("--from-name", help="who it comes from, as buyers read it"),
             argument("--from-address", help="the address that it comes from"),
             argument("--reply-to", help="where answers go"),
             argument("--password", action="store_true", help="ask for the password, or read it from a pipe"),
             argument("--test", action="store_true", help="only sign in, and send nothing"))),
    Command("messages words", "the words of an event; --file takes others", "messages words shipped", words,
            (argument("event", choices=tuple(x.value for x in Event), help="the event"),
             argument("--file", type=Path, metavar="FILE", help="a subject, an empty line, paragraphs"))),
)  # fmt: skip
