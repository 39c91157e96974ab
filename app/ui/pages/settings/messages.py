"""Messages to buyers: whose buyers are written to, from which address, when, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from app.queries.messages import AccountRule
from app.ui.operations import Problem
from app.ui.pages.channels.messages.columns import EVENTS
from app.ui.pages.settings.section import House, Section, facts
from app.ui.widgets.controls import across, boxed, button, down, frame
from app.ui.widgets.form import Field, Question, Values
from app.ui.widgets.text import Text
from app.ui.words import NotATimeError, clock_time, joined, read_clock

_QUIET: Final = ("quiet_from", "quiet_until")
_BY_ITSELF: Final = ((True, "Goes by itself"), (False, "Waits for a yes"))


class MessagesSection(Section):
    """Messages to buyers."""

    title = "Messages to buyers"

    def tool(self) -> QWidget:
        """Offer to change each part."""
        return boxed(across(
            button("Mail server…", self.ask_mail, name="Change the mail server"),
            button("When…", self.ask_rules, name="Change when buyers are written to"),
            button("Words…", self.ask_event, name="Change the words of messages"),
            spacing=6,
        ))  # fmt: skip

    def content(self, house: House) -> QWidget:
        """Show what is decided."""
        self._said = said = house.messages
        server, rules = said.server, said.rules
        mail = (
            f"{server.from_name} <{server.from_address}>, by {server.host}"
            if server.is_set_up
            else ""
        )
        alone = joined([EVENTS[event].lower() for event in sorted(rules.by_itself)])
        hours = clock_time(rules.quiet_from), clock_time(rules.quiet_until)
        quiet = f"from {hours[0]} to {hours[1]} where the buyer lives"
        known = facts((
            ("Comes from", mail),
            ("By itself", alone or "nothing: each message waits for a yes"),
            ("Quiet", quiet if rules.quiet_from != rules.quiet_until else "never"),
            ("Can be taken back", f"for {rules.undo_minutes} minutes"),
        ))  # fmt: skip
        return boxed(down(known, self._accounts(said.accounts), spacing=8))

    def _accounts(self, accounts: Sequence[AccountRule]) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(16, 12, 14, 12)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for at, each in enumerate(accounts):
            grid.addWidget(Text(each.name), at, 0)
            on = "Its buyers are written to. " if each.since else ""
            grid.addWidget(Text(f"{on}{each.why}", quiet=True, wraps=True).hint(each.source), at, 1)
            if each.may:
                verb = "Stop" if each.since else "Write to its buyers"
                run = partial(
                    self.page.run, "write_to_buyers", account_id=each.id, wanted=not each.since
                )
                grid.addWidget(button(verb, run, kind="link", name=f"{verb}: {each.name}"), at, 2)
        card = frame("card")
        card.setLayout(grid)
        return card

    # ---- asking ---------------------------------------------------------------------------------

    def ask_mail(self) -> None:
        """Ask where mail is handed in, and from whom it comes."""
        server = self._said.server
        self.page.pane.ask(Question(
            "Mail server",
            [
                Field("host", "Server", server.host, is_needed=True, placeholder="smtp.example.com"),
                Field("port", "Port", server.port),
                Field("security", "Encrypted", server.security,
                      (("starttls", "After the greeting (port 587)"), ("tls", "From the start (port 465)"))),
                Field("user", "Name to sign in", server.user),
                Field("password", "Password", "", is_secret=True,
                      placeholder="Kept in this computer's safe place"),
                Field("from_name", "Comes from", server.from_name, placeholder="As buyers know you"),
                Field("from_address", "Its address", server.from_address, is_needed=True,
                      placeholder="shop@example.com"),
                Field("reply_to", "Answers go to", server.reply_to, placeholder="The same address"),
            ],
            "Keep it", self._mail,
            note="Mail is always sent encrypted, to a server that proves who it is. An empty password leaves the "
            "one that is kept.",
        ))  # fmt: skip

    def _mail(self, values: Values) -> None:
        changes = {name: value for name, value in values.items() if name != "password"}
        password, operations = str(values["password"]), self.page.shell.operations
        mailer = operations.desk.mailer
        if not password or mailer is None:
            self.page.run("set_up_mail", changes=changes)
            return
        operations.ask(partial(mailer.keep_password, password), otherwise=self.page.complain,
                       then=lambda _: self.page.run("set_up_mail", changes=changes))  # fmt: skip

    def ask_rules(self) -> None:
        """Ask what goes by itself, and when nobody is disturbed."""
        rules = self._said.rules
        alone = [
            Field(event, words, event in rules.by_itself, _BY_ITSELF)
            for event, words in EVENTS.items()
        ]
        self.page.pane.ask(Question(
            "When buyers are written to",
            [
                *alone,
                Field("quiet_from", "Quiet from", clock_time(rules.quiet_from)),
                Field("quiet_until", "Until", clock_time(rules.quiet_until)),
                Field("undo_minutes", "Minutes to take it back", rules.undo_minutes, least=1),
                Field("sms_address", "Text messages go to", rules.sms_address,
                      placeholder="https:// address of a provider"),
                Field("token", "Its token", "", is_secret=True, placeholder="Kept in this computer's safe place"),
            ],
            "Keep it", self._rules,
            note="Quiet hours are those of the place where the parcel goes. What waits for a yes is under "
            "Channels, Messages.",
        ))  # fmt: skip

    def _rules(self, values: Values) -> None:
        alone = [event for event in EVENTS if values.get(event)]
        left_out = (*EVENTS, "token")
        rest = {name: value for name, value in values.items() if name not in left_out}
        try:
            quiet = {name: f"{read_clock(str(rest[name])):%H:%M}" for name in _QUIET}
        except NotATimeError as error:
            self.page.complain(Problem(str(error), ""))
            return
        changes = {"by_itself": alone, **rest, **quiet}
        token, operations = str(values["token"]), self.page.shell.operations
        mailer = operations.desk.mailer
        if not token or mailer is None:
            self.page.run("set_message_rules", changes=changes)
            return
        operations.ask(partial(mailer.keep_token, token), otherwise=self.page.complain,
                       then=lambda _: self.page.run("set_message_rules", changes=changes))  # fmt: skip

    def ask_event(self) -> None:
        """Ask which message is to say something else."""
        self.page.pane.ask(Question(
            "Whose words?",
            [Field("event", "Message", "shipped", tuple(EVENTS.items()))], "Go on",
            lambda v: self.ask_words(str(v["event"])),
        ))  # fmt: skip

    def ask_words(self, event: str) -> None:
        """Ask for the words of one message."""
        said = dict(self._said.words)[event]
        self.page.pane.ask(Question(
            f"Words: {EVENTS[event].lower()}",
            [Field("text", "Words", said, has_lines=True)], "Keep these words",
            lambda v: self.page.run("write_template", event=event, text=str(v["text"])),
            note="The first line is the subject, then an empty line. {order}, {name}, {brand}, {items}, {left}, {carrier}, {tracking}, {link}, {expected} and "
            "{amount} are filled in; a paragraph that has nothing to say is left out. Without words, those that "
            "came with the program are used.",
        ))  # fmt: skip
