"""How is a channel tried out, and then connected? First read-only, then with its keys in the safe place."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.changes import Changes
from app.domain.connecting import Connectable, Entry, Glimpsed, TriedOut
from app.domain.roles import Permission
from app.errors import NotFoundError
from app.models import house
from app.services.desk import Desk
from app.services.syncing import connections
from app.sync.live.adapters import Adapter, Connection, adapter_of, all_adapters, door_to
from app.sync.live.channel import SeenOrder, Window
from app.sync.live.clock import SystemClock
from app.sync.live.door import Door, Limits
from app.sync.live.signing_in import PORT, sign_in
from app.sync.live.terms import Capability
from app.sync.live.vault import KeptSecrets, Vault, forget_keys, open_vault, secret_name

_LOOKS_BACK: Final = timedelta(days=7)
_SHOWN: Final = 6
PATIENCE: Final = 25.0


@dataclass(slots=True)
class InHand:
    """Secrets of a connection that is only tried out; what a channel renews is kept with the rest."""

    kept: dict[str, str]

    def read(self) -> dict[str, str]:
        """Return them."""
        return dict(self.kept)

    def write(self, secrets: Mapping[str, str]) -> None:
        """Keep these for the rest of the connection."""
        self.kept = dict(secrets)


@dataclass(slots=True)
class ChannelConnector:
    """Connects channels of one desk. ``elsewhere`` are channels' addresses where one practises."""

    desk: Desk
    vault: Callable[[], Vault] = open_vault
    go_to: Callable[[str], object] = webbrowser.open
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    port: int = PORT
    _renewed: dict[str, dict[str, str]] = field(default_factory=dict)

    def offered(self) -> list[Connectable]:
        """Return every channel that can be connected."""
        return [_connectable(each) for each in all_adapters()]

    def try_out(self, channel: str, entered: Mapping[str, str]) -> TriedOut:
        """Read who we are there and a few orders; nothing is changed, here or there.

        Raises:
            ChannelError: it does not work, and why.
        """
        adapter = _adapter(channel)
        secrets = InHand(secret_entries(adapter.fields, entered))
        clock = SystemClock(self.desk.now)
        with self._door(adapter, entered, clock) as door:
            account = Connection(0, door.address, _open(adapter, entered), secrets, clock, door)
            self._sign_in(adapter, account, secrets)
            client = adapter.make(account)
            shop = client.check()
            until = self.desk.now() + timedelta(seconds=door.skew) - adapter.traits.settle
            page = client.pull(Window(until - _LOOKS_BACK, until))
        if secrets.kept.get(
            "refresh_token"
        ):  # it may have been traded: then the old is worth nothing
            self._renewed[channel] = secrets.kept
        return TriedOut(
            shop.name, shop.currency, shop.missing,
            tuple((place.id, place.name) for place in shop.places),
            tuple(map(_glimpsed, page.orders[:_SHOWN])),
            bool(page.next) or len(page.orders) > _SHOWN,
            adapter.traits.takes(Capability.QUANTITY),
        )  # fmt: skip

    def connect(
        self,
        channel: str,
        entered: Mapping[str, str],
        chosen: Mapping[str, str],
        *,
        since: datetime,
        pushes_quantities: bool,
    ) -> Changes:
        """Keep the keys in the safe place, then work the account over the network.

        An undo would leave the keys where they are: the way back is to disconnect it.

        Raises:
            NotAllowedError: the role is too low.
            RefusedError: there is no safe place for keys.
        """
        adapter, desk = _adapter(channel), self.desk
        desk.actor.must(Permission.ADMINISTER)
        account_id = desk.write(
            lambda db: connections.account_to_connect(
                db, channel=channel, address=self._address(adapter, entered),
                name=chosen.get("name", ""), now=desk.now(),
            )
        )  # fmt: skip
        KeptSecrets(self.vault(), name_of_secrets(desk, account_id)).write(
            {**secret_entries(adapter.fields, entered), **self._renewed.pop(channel, {})}
        )
        done = desk.run(
            "connect_account", channel=channel, address=self._address(adapter, entered),
            settings={**_open(adapter, entered), **_settings(chosen)}, since=since,
            pushes_quantities=pushes_quantities, account_id=account_id,
        )  # fmt: skip
        return replace(done, undo=None)

    def disconnect(self, account_id: int) -> Changes:
        """Work an account by files again, and keep its keys no more.

        Raises:
            NotFoundError: it is not connected.
        """
        done = self.desk.run("disconnect_account", account_id=account_id)
        forget_keys(self.vault, name_of_secrets(self.desk, account_id))
        return done

    def _sign_in(self, adapter: Adapter, account: Connection, secrets: InHand) -> None:
        """Let the owner sign in where the channel has that; once is enough for one connection."""
        if adapter.sign_in is None:
            return
        kept = {**self._renewed.get(adapter.channel, {}), **secrets.read()}
        if not kept.get("refresh_token"):
            kept |= sign_in(
                account,
                adapter.sign_in,
                kept.get("client_id", ""),
                go_to=self.go_to,
                port=self.port,
            )
        secrets.write(kept)

    def _address(self, adapter: Adapter, entered: Mapping[str, str]) -> str:
        return self.elsewhere.get(adapter.channel) or _address(adapter, entered)

    def _door(self, adapter: Adapter, entered: Mapping[str, str], clock: SystemClock) -> Door:
        return door_to(adapter, self._address(adapter, entered), clock, Limits(PATIENCE))


def _adapter(channel: str) -> Adapter:
    found = adapter_of(channel)
    if found is None:
        raise NotFoundError(
            "This channel cannot be connected yet; nothing was asked.", "Work with its files."
        )
    return found


def _connectable(adapter: Adapter) -> Connectable:
    return Connectable(
        adapter.channel, adapter.title, adapter.fields, tuple(adapter.permits.items()),
        adapter.notice,
    )  # fmt: skip


def _address(adapter: Adapter, entered: Mapping[str, str]) -> str:
    """Return where the channel's API is; an address that was entered whole stays as it is."""
    values = {each.name: entered.get(each.name, "").strip().rstrip("/") for each in adapter.fields}
    if adapter.address.startswith("https://{"):
        name = adapter.address[len("https://{") :].partition("}")[0]
        if values.get(name, "").startswith(("http://", "https://")):
            return values[name] + adapter.address.partition("}")[2]
    return adapter.address.format(**values)


def name_of_secrets(desk: Desk, whose: int | str) -> str:
    """Return under which name an account's or a carrier's secrets are kept at this desk."""
    return secret_name(str(desk.read(house.named, "store_id")["store_id"]), whose)


def secret_entries(entries: Sequence[Entry], entered: Mapping[str, str]) -> dict[str, str]:
    """Return what was entered that goes to the safe place."""
    wanted = {each.name for each in entries if each.is_secret}
    return {name: text.strip() for name, text in entered.items() if name in wanted and text.strip()}


def _open(adapter: Adapter, entered: Mapping[str, str]) -> dict[str, str]:
    wanted = {each.name for each in adapter.fields if not each.is_secret}
    return {name: text.strip() for name, text in entered.items() if name in wanted and text.strip()}


def _settings(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if name != "name"}


def _glimpsed(seen: SeenOrder) -> Glimpsed:
    order = seen.order
    if order is None:
        return Glimpsed(seen.external_id, None, 0, seen.problem)
    return Glimpsed(order.number, order.placed_at, sum(line.quantity for line in order.lines))
