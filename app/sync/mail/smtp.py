"""Hand mail in: encrypted, to a server that proves who it is, each message once.

Everything that can go wrong without harm goes wrong before the message is marked as leaving: connecting,
signing in, naming sender and receiver. Only then it is marked, and its words are handed over.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

from app.models.message_settings import MailServer
from app.services.messaging.composing import Composed
from app.services.messaging.settings import looks_like_mail
from app.sync.live.wire import trusted_certificates
from app.sync.mail.terms import HandedOver, NotTakenError, RefusedByServerError, UnclearError

SECONDS: Final = 30.0
_TAKEN, _GO_ON = 250, 354


@contextmanager
def connected(server: MailServer, password: str) -> Iterator[smtplib.SMTP]:
    """Sign in to the mail server, encrypted and verified.

    Raises:
        NotTakenError: it cannot be reached, does not prove who it is, or does not let us in.
    """
    try:
        line = _line(server, trusted_certificates())
    except (OSError, smtplib.SMTPException) as error:
        raise NotTakenError(_why(error), _advice(error)) from error
    try:
        if server.user:
            line.login(server.user, password)
        yield line
    except smtplib.SMTPAuthenticationError as error:
        raise NotTakenError("The mail server does not accept the name and password.",
                            "Enter them again under Settings, Messages to buyers.") from error  # fmt: skip
    except smtplib.SMTPNotSupportedError as error:
        raise NotTakenError("The mail server offers no way to sign in that is understood here.",
                            "Ask your provider for its settings for sending.") from error  # fmt: skip
    finally:
        with suppress(OSError, smtplib.SMTPException):
            line.quit()


def _line(server: MailServer, trust: ssl.SSLContext) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trust)
    line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        line.ehlo()
        line.starttls(context=trust)  # raises where it is not offered: nothing goes in clear
        line.ehlo()
    except (OSError, smtplib.SMTPException):
        line.close()
        raise
    return line


def hand_over(
    line: smtplib.SMTP, server: MailServer, message: Composed, *, at: datetime,
    begin: Callable[[], bool],
) -> HandedOver:  # fmt: skip
    """Hand one mail over. ``begin`` marks it as leaving; if it says no, nothing is handed over.

    Raises:
        RefusedByServerError: the server does not take it (another address is needed).
        NotTakenError: it was not taken, and may be tried again.
        UnclearError: nobody knows whether it was taken.
    """
    if not looks_like_mail(message.to):
        raise RefusedByServerError("The buyer's mail address cannot be right.")
    mail = as_mail(server, message, at)
    try:
        _expect(line.mail(server.from_address), NotTakenError)
        _expect(line.rcpt(message.to), RefusedByServerError)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTakenError(_why(error), _advice(error)) from error
    if not begin():
        line.rset()
        return HandedOver(False)
    try:
        code, answer = line.data(mail.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as error:  # it did not even want the words
        raise NotTakenError(_why(error), "The desk tries again by itself.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnclearError("The line broke off while the message was handed over.") from error
    if code != _TAKEN:
        raise (RefusedByServerError if code >= 500 else NotTakenError)(_said(code))
    return HandedOver(True, answer.decode("ascii", "replace")[:80])


def as_mail(server: MailServer, message: Composed, at: datetime) -> EmailMessage:
    """Return the mail itself: text and HTML, known by what it tells of."""
    mail = EmailMessage()
    mail["From"] = formataddr((server.from_name, server.from_address))
    mail["To"] = message.to
    mail["Subject"] = message.written.subject
    mail["Date"] = format_datetime(at)
    known = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{known}@{server.from_address.rpartition('@')[2]}>"
    if server.reply_to:
        mail["Reply-To"] = server.reply_to
    stop = server.reply_to or server.from_address
    mail["List-Unsubscribe"] = f"<mailto:{stop}?subject=unsubscribe>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.written.text)
    mail.add_alternative(message.written.html, subtype="html")
    return mail


def _expect(
    answer: tuple[int, bytes], otherwise: type[NotTakenError | RefusedByServerError]
) -> None:
    code = answer[0]
    if code in (_TAKEN, 251):
        return
    raise (otherwise if code >= 500 else NotTakenError)(_said(code))


def _said(code: int) -> str:
    return f"The mail server did not take it (its answer was {code})."


def _why(error: Exception) -> str:
    """Say what went wrong, without the words of the server: they may name the buyer."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The mail server could not prove who it is, so nothing was handed to it."
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return "The mail server offers no encrypted line, so nothing was handed to it."
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code)
    return "The mail server could not be reached."


def _advice(error: Exception) -> str:
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return "Check its name and port under Settings, Messages to buyers."
    return "The desk tries again by itself."
