"""Bring every message that is due to whoever delivers it, one after the other, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from app.domain.messaging.events import Way
from app.domain.outgoing import MessageState
from app.domain.roles import Permission
from app.errors import DeskError, RefusedError
from app.models import house
from app.models.message_settings import MailServer, mail_server, message_rules
from app.services.desk import Desk
from app.services.messaging import leaving
from app.services.messaging.composing import Composed, compose
from app.sync.live.clock import SystemClock
from app.sync.live.pacing import Backoff
from app.sync.live.vault import Vault
from app.sync.mail import smtp
from app.sync.mail.sms import WebhookProvider
from app.sync.mail.terms import HandedOver, NotTakenError, RefusedByServerError, UnclearError

PASSWORD, TOKEN = "mail", "sms"
HandOver = Callable[[Composed, Callable[[], bool]], HandedOver]


def _nowhere(_point: str) -> None:
    """Break at no point."""


@dataclass(slots=True)
class Mailer:
    """The way out for messages to buyers. ``breaks`` lets a test end the program at a named point."""

    desk: Desk
    vault: Callable[[], Vault]
    breaks: Callable[[str], None] = _nowhere
    chance: Random = field(default_factory=Random)

    def round(self) -> Mapping[str, int]:
        """Draft what is news, and send what is due; return what became of it.

        Where nobody is written to, no safe place is opened and nothing is written.

        Raises:
            DeskError: nothing can be sent now; what is due stays due.
        """
        desk = self.desk
        if not desk.actor.may(Permission.WORK) or not desk.read(leaving.is_wanted):
            return {}
        counts: Counter[str] = Counter()
        counts["drafted"] = len(desk.run("draft_messages").done)
        if doubtful := desk.write(lambda db: leaving.doubt_the_interrupted(db, now=desk.now())):
            counts["in_doubt"] = doubtful
        due = desk.read(leaving.due, now=desk.now())
        composed = [each for message_id in due if (each := self._composed(message_id, counts))]
        for way in Way:
            self._send([each for each in composed if each.way is way], way, counts)
        return {word: count for word, count in counts.items() if count}

    def try_out(self) -> None:
        """Sign in to the mail server, and send nothing.

        Raises:
            DeskError: it does not work, and why.
        """
        with smtp.connected(self._server(), self.password()):
            return

    def password(self) -> str:
        """Return the password of the mail server."""
        return self.vault().read(self._name(PASSWORD))

    def keep_password(self, password: str) -> None:
        """Keep the password in the system's safe place."""
        self.vault().write(self._name(PASSWORD), password)

    def keep_token(self, token: str) -> None:
        """Keep the token of the text message provider in the system's safe place."""
        self.vault().write(self._name(TOKEN), token)

    def _name(self, what: str) -> str:
        return f"{self.desk.read(house.named, 'store_id')['store_id']}:{what}"

    def _server(self) -> MailServer:
        server = self.desk.read(mail_server)
        if not server.is_set_up:
            raise RefusedError("No mail server is set up, so nothing was sent.",
                               "Set it up under Settings, Messages to buyers.")  # fmt: skip
        return server

    def _composed(self, message_id: int, counts: Counter[str]) -> Composed | None:
        """Write a message; one that the channel forbids, or the buyer does not want, is put aside."""
        try:
            return self.desk.read(compose, message_id)
        except RefusedError as refused:
            self._settle(message_id, MessageState.REJECTED, refused.title, counts, is_begun=False)
            return None

    def _send(self, messages: Sequence[Composed], way: Way, counts: Counter[str]) -> None:
        if not messages:
            return
        with ExitStack() as line:
            try:
                hand_over = self._line(way, line)
            except NotTakenError as trouble:
                for message in messages:
                    self._later(message, trouble, counts, is_begun=False)
                raise
            for message in messages:
                self._one(message, hand_over, counts)

    def _line(self, way: Way, line: ExitStack) -> HandOver:
        if way is Way.MAIL:
            server = self._server()
            session = line.enter_context(smtp.connected(server, self.password()))
            return lambda message, begin: smtp.hand_over(
                session, server, message, at=self.desk.now(), begin=begin
            )
        rules = self.desk.read(message_rules)
        token = self.vault().read(self._name(TOKEN))
        provider = WebhookProvider(rules.sms_address, token, SystemClock(self.desk.now))
        line.callback(provider.close)
        return lambda message, begin: provider.hand_over(message, begin=begin)

    def _one(self, message: Composed, hand_over: HandOver, counts: Counter[str]) -> None:
        is_begun = False

        def begin() -> bool:
            nonlocal is_begun
            is_begun = self._begin(message)
            return is_begun

        try:
            handed = hand_over(message, begin)
        except UnclearError as unclear:
            self._settle(message.id, MessageState.IN_DOUBT, unclear.title, counts)
        except RefusedByServerError as refused:
            self._settle(
                message.id, MessageState.REJECTED, refused.title, counts, is_begun=is_begun
            )
        except NotTakenError as trouble:
            self._later(message, trouble, counts, is_begun=is_begun)
        else:
            if handed.is_done:
                self.breaks("message.after_send")
                self._settle(message.id, MessageState.ACKED, "", counts, handed.reference)

    def _begin(self, message: Composed) -> bool:
        now = self.desk.now()
        begun = self.desk.write(lambda db: leaving.begin(db, message.id, now=now))
        if begun:
            self.breaks("message.before_send")
        return begun

    def _later(
        self, message: Composed, trouble: DeskError, counts: Counter[str], *, is_begun: bool
    ) -> None:
        wait = timedelta(seconds=max(60.0, Backoff(self.chance).wait(3)))
        self._settle(message.id, MessageState.PENDING, trouble.title, counts, wait=wait,
                     is_begun=is_begun)  # fmt: skip

    def _settle(
        self, message_id: int, state: MessageState, words: str, counts: Counter[str],
        reference: str = "", wait: timedelta | None = None, is_begun: bool = True,
    ) -> None:  # fmt: skip
        now = self.desk.now()
        later = now + wait if wait else None
        settled = self.desk.write(
            lambda db: leaving.settle(db, message_id, state, now=now, words=words, reference=reference,
                                      not_before=later, is_begun=is_begun)
        )  # fmt: skip
        counts[state.value] += settled
