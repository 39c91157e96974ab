"""How is a carrier connected? Its keys are tried, kept in the safe place, and then it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.changes import Changes
from app.domain.connecting import Connectable
from app.domain.roles import Permission
from app.errors import NotFoundError
from app.services.desk import Desk
from app.services.tracking import questions
from app.services.tracking.connections import connected_carriers
from app.sync.carriers.adapters import Carrier, all_carriers, carrier_of, houses_of
from app.sync.live.adapters import Connection
from app.sync.live.clock import SystemClock
from app.sync.live.connecting import PATIENCE, InHand, name_of_secrets, secret_entries
from app.sync.live.door import Limits
from app.sync.live.vault import KeptSecrets, Vault, forget_keys, open_vault

_PERMITS = (("Tracking", "to read where your parcels are; nothing is told to the carrier"),)


@dataclass(slots=True)
class KeyedCarriers:
    """Connects carriers to one desk. ``elsewhere`` are carriers' addresses where one practises."""

    desk: Desk
    vault: Callable[[], Vault] = open_vault
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def offered(self) -> list[Connectable]:
        """Return every carrier that can be connected."""
        return [
            Connectable(each.code, each.title, each.fields, _PERMITS, each.notice)
            for each in all_carriers()
        ]

    def try_out(self, carrier: str, entered: Mapping[str, str]) -> int:
        """Make sure that it lets us in, and return how many parcels it will be asked about.

        Raises:
            ChannelError: it does not work, and why.
        """
        found = _carrier(carrier)
        clock, secrets = SystemClock(self.desk.now), InHand(secret_entries(found.fields, entered))
        address = self._address(found)
        with found.door(address, clock, Limits(PATIENCE)) as door:
            found.make(Connection(0, address, {}, secrets, clock, door)).check()
        others = houses_of([each.carrier for each in self.desk.read(connected_carriers)])
        return self.desk.read(questions.waiting, found.houses, others, now=self.desk.now())

    def connect(self, carrier: str, entered: Mapping[str, str]) -> Changes:
        """Keep the keys in the safe place, then ask it about our parcels.

        An undo would leave the keys where they are: the way back is to disconnect it.

        Raises:
            NotAllowedError: the role is too low.
            RefusedError: there is no safe place for keys.
        """
        self.desk.actor.must(Permission.ADMINISTER)
        found = _carrier(carrier)
        KeptSecrets(self.vault(), name_of_secrets(self.desk, carrier)).write(
            secret_entries(found.fields, entered)
        )
        done = self.desk.run("connect_carrier", carrier=carrier, address=self._address(found))
        return replace(done, undo=None)

    def disconnect(self, carrier: str) -> Changes:
        """Ask it no more, and keep its keys no more.

        Raises:
            NotFoundError: it is not connected.
        """
        done = self.desk.run("disconnect_carrier", carrier=carrier)
        forget_keys(self.vault, name_of_secrets(self.desk, carrier))
        return done

    def _address(self, carrier: Carrier) -> str:
        return self.elsewhere.get(carrier.code) or carrier.address


def _carrier(code: str) -> Carrier:
    found = carrier_of(code)
    if found is None:
        raise NotFoundError(
            "This carrier cannot be asked over the network yet; nothing was changed.",
            "Import its tracking files.",
        )
    return found
