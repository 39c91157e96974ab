"""Mail is handed to a real server: encrypted, verified, once, whatever happens in between."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.messaging.events import Way
from app.domain.outgoing import MessageState
from app.services.messaging import leaving
from app.sync.live.vault import open_vault
from app.sync.live.wire import trusted_certificates
from app.sync.mail.mailer import HandOver, Mailer
from app.sync.mail.terms import NotTakenError
from tests.sync.mail.mailbox import PASSWORD, Mailbox, a_mailbox, certificates
from tests.sync.mail.shop import BUYER, NOON, Shop

A_ROUND = """
import os, signal, sys
from datetime import datetime
from app.sync.live.vault import open_vault
from app.sync.mail.mailer import Mailer
from tests.sync.mail.shop import Shop
shop = Shop(sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
def breaks(point):
    if point == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
mailer = Mailer(shop.desk, open_vault, breaks)
mailer.round()
"""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def home(
    tmp_path: Path, papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Keep keys in a file here, and trust the test's own authority besides."""
    monkeypatch.setenv("ORDERDECK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ORDERDECK_VAULT_PASSPHRASE", "only for this test")
    monkeypatch.setenv("SSL_CERT_FILE", str(papers[0]))
    trusted_certificates.cache_clear()
    yield tmp_path
    trusted_certificates.cache_clear()


@pytest.fixture
def mailbox(papers: tuple[Path, Path], home: Path) -> Iterator[Mailbox]:
    assert home.is_dir()
    with a_mailbox(papers[1]) as server:
        yield server


def a_shop(url: str, mailbox: Mailbox, now: datetime = NOON) -> Shop:
    """Return a shop of which a parcel has left, and its message may go in a minute."""
    shop = Shop(url, now=now).filled().writes("shipped", port=mailbox.port)
    Mailer(shop.desk, open_vault).keep_password(PASSWORD)
    shop.ships(shop.sells())
    shop.desk.run("draft_messages")
    return shop


@pytest.fixture
def shop(home: Path, mailbox: Mailbox, database_url: str) -> Iterator[Shop]:
    """A parcel has left, and its message may go."""
    assert home.is_dir()
    shop = a_shop(database_url, mailbox).later(minutes=6)
    yield shop
    shop.desk.store.close()


def test_a_message_arrives_once_with_text_and_html(shop: Shop, mailbox: Mailbox) -> None:
    mailer = Mailer(shop.desk, open_vault)
    assert mailer.round() == {"acked": 1}
    assert mailer.round() == {}
    [mail] = mailbox.mails
    assert mailbox.receivers == [BUYER]
    assert mail["Subject"] == "Your order 1001 is on its way"
    assert mail["From"] == "Fern & Co <hello@fern.example>"
    assert mail["Reply-To"] == "help@fern.example"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert "1 × Title of TEA" in text.get_content()
    assert html is not None
    assert "<p>" in html.get_content()
    assert shop.states() == ["shipped acked"]


def test_what_was_refused_is_not_sent_again_to_who_has_said_no_more(
    shop: Shop, mailbox: Mailbox
) -> None:
    shop.desk.write(lambda db: leaving.begin(db, 1, now=shop.now))
    shop.desk.write(lambda db: leaving.settle(db, 1, MessageState.REJECTED, now=shop.now))
    shop.desk.run("stop_writing", order_id=shop.messages()[0].order_id)
    shop.desk.run("send_messages_again", message_ids=[1])
    assert shop.states() == ["shipped pending"]
    assert Mailer(shop.desk, open_vault).round() == {"rejected": 1}
    assert mailbox.mails == []
    assert [row.problem for row in shop.messages()] == ["The buyer wants no messages."]


def test_nothing_but_the_greeting_goes_in_clear(shop: Shop, mailbox: Mailbox) -> None:
    Mailer(shop.desk, open_vault).round()
    assert {words.split(" ")[0].upper() for words in mailbox.clear_words} == {"EHLO", "STARTTLS"}


def test_a_server_with_tls_from_the_start_is_as_good(shop: Shop, papers: tuple[Path, Path]) -> None:
    with a_mailbox(papers[1], implicit=True) as server:
        shop.desk.run("set_up_mail", changes={"port": server.port, "security": "tls"})
        assert Mailer(shop.desk, open_vault).round() == {"acked": 1}
        assert len(server.mails) == 1


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    shop: Shop, mailbox: Mailbox, tmp_path: Path
) -> None:
    with a_mailbox(certificates(tmp_path)[1]) as stranger:
        shop.desk.run("set_up_mail", changes={"port": stranger.port})
        with pytest.raises(NotTakenError, match="could not prove who it is"):
            Mailer(shop.desk, open_vault).round()
        assert stranger.mails == []
    assert mailbox.mails == []
    assert shop.states() == ["shipped pending"]


def test_a_server_without_encryption_gets_neither_password_nor_mail(
    shop: Shop, mailbox: Mailbox
) -> None:
    mailbox.faults.add("no tls")
    with pytest.raises(NotTakenError, match="offers no encrypted line"):
        Mailer(shop.desk, open_vault).round()
    assert not any(
        words.upper().startswith(("AUTH", "MAIL", "RCPT")) for words in mailbox.clear_words
    )
    assert shop.states() == ["shipped pending"]


def test_a_wrong_password_is_said_and_the_message_waits(shop: Shop, mailbox: Mailbox) -> None:
    mailer = Mailer(shop.desk, open_vault)
    mailer.keep_password("something else")
    with pytest.raises(NotTakenError, match="does not accept the name and password"):
        mailer.round()
    mailer.keep_password(PASSWORD)
    shop.later(hours=1)
    assert mailer.round() == {"acked": 1}
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("fault", "state", "after"),
    [
        ("no such user", "rejected", "rejected"),
        ("no words", "pending", "acked"),
        ("hangs up after it is taken", "in_doubt", "in_doubt"),
        ("hangs up before it is taken", "in_doubt", "in_doubt"),
    ],
)
def test_what_the_server_does_decides_what_follows(
    shop: Shop, mailbox: Mailbox, fault: str, state: str, after: str
) -> None:
    mailer = Mailer(shop.desk, open_vault)
    mailbox.faults.add(fault)
    mailer.round()
    assert shop.states() == [f"shipped {state}"]
    mailbox.faults.clear()
    shop.later(hours=2)
    mailer.round()
    assert shop.states() == [f"shipped {after}"]
    assert len(mailbox.mails) <= 1


def test_what_is_in_doubt_is_sent_again_only_if_a_person_says_so(
    shop: Shop, mailbox: Mailbox
) -> None:
    mailbox.faults.add("hangs up before it is taken")
    mailer = Mailer(shop.desk, open_vault)
    mailer.round()
    mailbox.faults.clear()
    shop.desk.run("send_messages_again", message_ids=[1])
    assert mailer.round() == {"acked": 1}
    assert len(mailbox.mails) == 1


def test_undo_within_the_window_sends_nothing(shop: Shop, mailbox: Mailbox) -> None:
    shop.desk.run("hold_messages", message_ids=[1])
    assert Mailer(shop.desk, open_vault).round() == {}
    assert mailbox.mails == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("point", "arrived"), [("message.before_send", 0), ("message.after_send", 1)]
)
def test_a_program_that_is_killed_while_it_mails_never_mails_twice(
    shop: Shop, mailbox: Mailbox, database_url: str, point: str, arrived: int
) -> None:
    words = [sys.executable, "-c", A_ROUND, database_url, shop.now.isoformat(), point]
    killed = subprocess.run(
        words, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert killed.returncode == -9, killed.stderr
    assert len(mailbox.mails) == arrived
    for minutes in (6, 600):
        Mailer(shop.later(minutes=minutes).desk, open_vault).round()
    assert len(mailbox.mails) == arrived
    assert shop.states() == ["shipped in_doubt"]


def test_what_a_buyer_calls_themselves_is_neither_markup_nor_a_header(
    shop: Shop, mailbox: Mailbox
) -> None:
    evil = "</p><script>x</script><img src=x onerror=1>\r\nBcc: eve@example.com"
    number = "2001\r\nBcc: eve@example.com\r\n\r\n<h1>You have won</h1>"
    shop.ships(shop.sells(number, buyer_name=evil), tracking='"><b>1Z</b>{name}')
    shop.ships(shop.sells("2002", email="ada@example.com\r\nBcc: eve@example.com"), tracking="T-2")
    shop.desk.run("draft_messages")
    shop.later(minutes=6)
    assert Mailer(shop.desk, open_vault).round() == {"acked": 2}
    assert set(mailbox.receivers) == {BUYER}
    for mail in mailbox.mails:
        assert mail["Bcc"] is None
        html = mail.get_body(("html",))
        assert html is not None
        assert not {"<script", "<img", "<h1", "<b>"} & {
            sign for sign in ("<script", "<img", "<h1", "<b>") if sign in html.get_content()
        }
    assert "Bcc" in str(mailbox.mails[-1]["Subject"])  # a word in a line, and nothing more


def test_of_two_desks_that_write_at_once_each_mail_leaves_once(
    shop: Shop, mailbox: Mailbox, database_url: str
) -> None:
    for number in range(2, 8):
        shop.ships(shop.sells(f"100{number}"), tracking=f"TRACK-{number}")
    shop.desk.run("draft_messages")
    other = Shop(database_url, now=shop.later(hours=1).now)
    mailers = [Mailer(each.desk, open_vault) for each in (shop, other)]
    with ThreadPoolExecutor(2) as pool:
        done = sum((Counter(each) for each in pool.map(Mailer.round, mailers)), Counter[str]())
    assert done == {"acked": 7}
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == 7
    other.desk.store.close()


def test_what_another_desk_has_sent_meanwhile_is_not_put_back(
    shop: Shop, mailbox: Mailbox, database_url: str
) -> None:
    other = Shop(database_url, now=shop.now)

    class Slow(Mailer):
        """It cannot reach the server, and meanwhile the other desk did."""

        def _line(self, way: Way, line: ExitStack) -> HandOver:
            assert Mailer(other.desk, open_vault).round() == {"acked": 1}
            raise NotTakenError("The mail server could not be reached.")

    with pytest.raises(NotTakenError):
        Slow(shop.desk, open_vault).round()
    assert shop.states() == ["shipped acked"]
    shop.later(hours=2)
    assert Mailer(shop.desk, open_vault).round() == {}
    assert len(mailbox.mails) == 1
    other.desk.store.close()


@pytest.mark.timeout(120)
def test_the_service_without_a_window_writes_too_and_killed_never_twice(
    mailbox: Mailbox, database_url: str
) -> None:
    shop = a_shop(database_url, mailbox, datetime.now(UTC) - timedelta(days=1))
    words = [sys.executable, "-m", "app", "--db", database_url, "--json", "sync"]
    with subprocess.Popen([*words, "--watch"], stderr=subprocess.PIPE) as service:
        mailbox.on_taken = service.kill  # before it has been told that the mail is taken
        assert service.wait(60) == -9
    assert len(mailbox.mails) == 1
    assert shop.states() == ["shipped sent"]
    mailbox.on_taken = lambda: None
    shop.ships(shop.sells("1002"), tracking="TRACK-2")
    shop.desk.run("draft_messages")
    once = subprocess.run([*words, "--once"], capture_output=True, text=True, check=False)
    assert once.returncode == 0, once.stderr
    [said] = json.loads(once.stdout)
    assert (said["account"], said["counts"]) == ("Messages to buyers", {"acked": 1})
    assert shop.states() == ["shipped sent", "shipped acked"]
    assert [str(mail["Subject"])[11:15] for mail in mailbox.mails] == ["1001", "1002"]
    shop.desk.store.close()


def test_no_address_is_ever_logged(
    shop: Shop, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.faults.add("no such user")
    Mailer(shop.desk, open_vault).round()
    assert BUYER not in caplog.text
    assert PASSWORD not in caplog.text
    assert BUYER not in str(shop.messages())
