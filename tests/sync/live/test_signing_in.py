"""Does an owner get in by the browser, and nobody else by the same way?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from app.models import house
from app.sync.channels.etsy.adapter import ADAPTER
from app.sync.live.adapters import Connection
from app.sync.live.connecting import ChannelConnector
from app.sync.live.signing_in import REDIRECT, Consent, sign_in
from app.sync.live.trouble import SignInError
from app.sync.live.vault import FileVault, KeptSecrets, secret_name
from tests.sync.live.practice import Practice, practice
from tests.sync.live.times import START
from tests.sync.live.world import sqlite_url, world

HOW = ADAPTER.sign_in
KEYS = {"client_id": "key-canary", "client_secret": "shared-canary"}


@pytest.fixture
def etsy() -> Iterator[Practice]:
    with practice("etsy", KEYS) as opened:
        yield opened


def account(etsy: Practice) -> Connection:
    return Connection(1, etsy.door.address, {}, etsy.secrets, etsy.clock, etsy.door)


def a_browser(etsy: Practice, *answers: dict[str, str]) -> Callable[[str], None]:
    """Return a browser: its owner agrees at the channel, and it is sent back with each answer."""

    def go_to(address: str) -> None:
        asked = {key: found[0] for key, found in parse_qs(urlsplit(address).query).items()}
        etsy.shop.secrets.update(code="the-code", code_challenge=asked["code_challenge"])
        home = asked["redirect_uri"].replace("localhost", "127.0.0.1")
        told = answers or ({"code": "the-code", "state": asked["state"]},)

        def come_back() -> None:
            httpx.get(f"{home}favicon.ico")
            for each in told:
                query = {key: asked["state"] if x == "STATE" else x for key, x in each.items()}
                httpx.get(f"{home}?{urlencode(query)}")

        threading.Thread(target=come_back, daemon=True).start()

    return go_to


def test_an_owner_who_agrees_is_signed_in(etsy: Practice) -> None:
    assert HOW is not None
    tokens = sign_in(account(etsy), HOW, "key-canary", go_to=a_browser(etsy), port=0)
    etsy.secrets.write({**KEYS, **tokens})
    assert etsy.client.check().name == "practice"


def test_the_browser_is_sent_to_the_channel_with_what_it_may_let_us_do() -> None:
    assert HOW is not None
    address = Consent().address(HOW, "key-canary", REDIRECT)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith("https://www.etsy.com/oauth/connect?")
    assert asked["scope"] == [" ".join(HOW.scopes)]
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == (["S256"], [REDIRECT])


def test_an_answer_to_another_question_is_not_taken(etsy: Practice) -> None:
    assert HOW is not None
    browser = a_browser(
        etsy, {"code": "planted", "state": "guessed"}, {"code": "the-code", "state": "STATE"}
    )
    assert sign_in(account(etsy), HOW, "key-canary", go_to=browser, port=0)["refresh_token"]


def test_an_owner_who_says_no_is_not_asked_again(etsy: Practice) -> None:
    assert HOW is not None
    browser = a_browser(etsy, {"error": "access_denied", "state": "STATE"})
    with pytest.raises(SignInError, match="refused in the browser"):
        sign_in(account(etsy), HOW, "key-canary", go_to=browser, port=0)


def test_a_code_that_the_channel_does_not_take_gives_nothing(etsy: Practice) -> None:
    assert HOW is not None
    browser = a_browser(etsy, {"code": "stolen", "state": "STATE"})
    with pytest.raises(SignInError, match="did not give the keys"):
        sign_in(account(etsy), HOW, "key-canary", go_to=browser, port=0)


def test_a_browser_that_never_comes_back_is_not_waited_for_for_ever(etsy: Practice) -> None:
    assert HOW is not None
    with pytest.raises(SignInError, match="nobody answered"):
        sign_in(account(etsy), HOW, "key-canary", go_to=lambda _: None, patience=0.3, port=0)


def test_what_was_traded_while_a_connection_was_tried_out_is_what_is_kept(
    etsy: Practice, tmp_path: Path
) -> None:
    """The refresh token that was there first is worth nothing any more."""
    vault = FileVault(tmp_path / "keys.vault", "correct horse")
    with world(sqlite_url(tmp_path)) as made:
        connector = ChannelConnector(
            made.desk, lambda: vault, a_browser(etsy), {"etsy": etsy.door.address}, port=0
        )
        assert connector.try_out("etsy", KEYS).shop == "practice"
        assert connector.try_out("etsy", KEYS).shop == "practice"  # without signing in once more
        done = connector.connect("etsy", KEYS, {}, since=START, pushes_quantities=False).done
        store_id = str(made.desk.read(house.named, "store_id")["store_id"])
        kept = KeptSecrets(vault, secret_name(store_id, done[0])).read()
    assert kept["refresh_token"] == etsy.shop.secrets["refresh_token"]
    assert kept["client_secret"] == "shared-canary"
