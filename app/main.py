"""Build every object once and connect them: the only module that knows them all.

What a command does not need is not imported: listing orders loads neither the window nor the file
readers' libraries.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from app import config
from app.cli import start
from app.cli.doors import Doors, WindowWish
from app.domain.roles import Actor, Role
from app.errors import RefusedError, StoreError
from app.services.desk import Desk, utc_now
from app.services.setup import OWNER

if TYPE_CHECKING:
    from app.services.backup import Restored
    from app.services.desk import (
        CarrierConnector,
        Connector,
        Exporter,
        Importer,
        Mailing,
        Syncing,
    )
    from app.services.syncing.parties import Party


def run(argv: Sequence[str]) -> int:
    """Run one command of the desk and return its exit status."""
    return start.run(argv, Doors(_desk, _actor, _window, config.database_url, _recover))


@contextmanager
def _desk(url: str | None, operator: str) -> Iterator[Desk]:
    """Open the desk, and at the end remember where its audit trail ended."""
    from app.queries.settings import acting
    from app.services import anchor
    from app.services.opening import open_ready_store

    store = open_ready_store(url or config.database_url(), now=utc_now())
    try:
        anchor.arrive(store)
        with store.read() as db:
            actor = acting(db, operator or os.environ.get("ORDERDECK_OPERATOR", ""))
        desk = Desk(store, actor)
        desk.importer = cast("Importer", _Late(lambda: _importer(desk)))
        desk.exporter = cast("Exporter", _Late(lambda: _exporter(desk)))
        desk.sync = cast("Syncing", _Late(lambda: _engine(desk)))
        desk.connector = cast("Connector", _Late(lambda: _connector(desk)))
        desk.carriers = cast("CarrierConnector", _Late(lambda: _carriers(desk)))
        desk.mailer = cast("Mailing", _Late(lambda: _mailer(desk)))
        yield desk
        if desk.has_written:
            desk.publish()
            desk.watch_cases()
        anchor.save(store)
    finally:
        store.close()


def _actor(url: str, operator: str) -> Actor:
    """Return who acts on a store; one that cannot be opened any more belongs to whoever repairs it."""
    try:
        with _desk(url, operator) as desk:
            return desk.actor
    except StoreError:
        return Actor(operator or OWNER, Role.OWNER)


class _Late:
    """Stands for an object that is made when it is first used, on whichever thread that is.

    Few commands read or write files, and the window is not to wait for what does.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: object = None

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)


def _importer(desk: Desk) -> Importer:
    from app.sync.files.importer import FileImporter

    return FileImporter(desk)


def _exporter(desk: Desk) -> Exporter:
    from app.sync.files.exporter import FileExporter

    return FileExporter(desk)


def _connector(desk: Desk) -> Connector:
    from app.sync.live.connecting import ChannelConnector

    return ChannelConnector(desk)


def _carriers(desk: Desk) -> CarrierConnector:
    from app.sync.carriers.connecting import KeyedCarriers

    return KeyedCarriers(desk)


def _mailer(desk: Desk) -> Mailing:
    from app.sync.live.vault import open_vault
    from app.sync.mail.mailer import Mailer

    return Mailer(desk, open_vault)


def _engine(desk: Desk) -> Syncing:
    from app.models import house
    from app.sync.live.engine import SyncEngine
    from app.sync.live.vault import KeptSecrets, open_vault, secret_name

    store_id = str(desk.read(house.named, "store_id")["store_id"])

    def secrets_of(party: Party) -> KeptSecrets:
        return KeptSecrets(open_vault(), secret_name(store_id, party.key))

    return SyncEngine(desk, secrets_of)


def _window(desk: Desk, wish: WindowWish) -> int:
    from app.ui import system_libraries as libraries

    if wish.screenshots is not None:
        trouble = libraries.what_stops_drawing()
    else:
        trouble = libraries.what_stops_the_window(os.environ)
    if trouble:
        raise RefusedError(trouble)
    from app.sync.files.watching import FolderWatch
    from app.ui.start import run_gui

    if wish.screenshots is not None:
        return _pictures(desk, wish, wish.screenshots)
    if desk.importer is not None:  # one for both, so that closing reaches whatever is under way
        desk.watcher = FolderWatch(desk, desk.importer)
    if wish.practises:
        return _practise(desk, wish)
    return run_gui(desk, demo=wish.demo, screenshots=None, theme=wish.theme, files=wish.files)


def _practise(desk: Desk, wish: WindowWish) -> int:
    """Show a desk whose channels are on this computer; it is filled first, if it is empty."""
    from app.services.demo import fill
    from app.sync.live.engine import SyncEngine
    from app.sync.loopback.live import CARRIERS, practising
    from app.ui.start import run_gui

    with suppress(RefusedError):  # there is something in it already
        fill(desk, orders=120)
    with practising(desk, carriers=CARRIERS) as practice:
        desk.sync = SyncEngine(desk, practice.secrets_of)
        return run_gui(desk, demo=False, screenshots=None, theme=wish.theme)


def _recover(error: StoreError, address: str, operator: str) -> str:
    """Show why a database cannot be opened; return the address to open, or nothing to leave it."""
    from app.ui import system_libraries as libraries

    if libraries.what_stops_the_window(os.environ):
        return ""  # the terminal says it
    from app.services.backup import look_into, restore
    from app.ui.recovery import recover
    from app.ui.start import make_application
    from app.ui.theme import Theme

    application = make_application()
    Theme(application)

    def put_back(path: Path) -> Restored:
        return restore(path, address, actor=_actor(address, operator), now=utc_now())

    chosen = recover(application, error, _file_of(address), look_into, put_back)
    if isinstance(chosen, Path):
        return f"sqlite:///{chosen}"
    return address if chosen else ""


def _file_of(address: str) -> Path | None:
    return Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite:///") else None


def _pictures(desk: Desk, wish: WindowWish, folder: Path) -> int:
    """Draw every screen; the demo's are drawn from a store of its own, never into the owner's."""
    from app.ui.start import run_gui

    if wish.demo:
        with TemporaryDirectory(prefix="orderdeck-") as scratch:
            url = f"sqlite:///{Path(scratch) / 'demo.db'}"
            with _desk(url, "") as demo:
                status = run_gui(demo, demo=True, screenshots=folder, theme=wish.theme)
    else:
        status = run_gui(desk, demo=False, screenshots=folder, theme=wish.theme)
    start.say(f"{len(list(folder.glob('*.png')))} pictures in {folder}.")
    return status
