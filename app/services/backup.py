"""Make a safe copy of a store, and put one back.

A backup is always one SQLite file, whichever engine the store is on, so it can be restored to either.
It counts only after it was opened and verified. What a restore replaces is kept beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from app import config
from app.domain.roles import Actor, Permission
from app.errors import RefusedError, StoreError
from app.models import copying
from app.models.catalogue import skus
from app.models.database import Store
from app.models.governance import audit_entries
from app.models.migrate import HISTORY, open_store, revision_of_file
from app.models.orders import orders
from app.services import anchor, audit, replaced
from app.services.anchor import Anchors
from app.services.replaced import Held, Told
from app.services.verifying import verify


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy: where it is, how large in bytes, and what is in it."""

    path: Path
    size: int
    orders: int
    entries: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: what is in the store now, and where the replaced one is kept.

    ``held`` orders must be looked at, since the replaced store knows more about them; ``missing``
    are the numbers of orders that shipped or were told and are not in the backup at all.
    """

    orders: int
    kept: Path | None
    held: int = 0
    missing: tuple[str, ...] = ()


def back_up(
    store: Store, path: Path, *, actor: Actor, now: datetime, replace: bool = False
) -> Backup:
    """Copy a store to a file while work goes on; verified before it gets its name.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: the file exists already, is the store itself, or its folder does not exist.
        StoreError: the copy is not sound, or could not be written.
    """
    actor.must(Permission.WORK)
    _refuse_itself(store, path)
    if not path.parent.is_dir():
        raise RefusedError(f"The folder {path.parent} does not exist. No backup was made.",
                           "Create the folder, or choose another place.")  # fmt: skip
    _refuse_existing(path, replace)
    anchor.save(store)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with _cleared(unfinished), _said_in_sentences(path):
        _copy(store, unfinished)
        faults, found, entries = _inspect(unfinished)
        if faults:
            raise StoreError(
                f"The backup was thrown away, because the store itself is not sound: {faults}",
                "Run “orderdeck verify” and restore an older backup.",
            )
        copying.stand_alone(unfinished)
        _refuse_existing(path, replace)
        unfinished.replace(path)
    with store.write() as db:
        after = {"orders": found, "entries": entries}
        audit.record(db, actor, now, audit.Deed("back up", "store", after=after))
    anchor.save(store)
    return Backup(path, path.stat().st_size, found, entries)


def restore(path: Path, url: str, *, actor: Actor, now: datetime) -> Restored:
    """Put a backup in the place of a store; other desks on it see the restored one from then on.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: the file is no sound backup of ours, or a newer one; nothing was changed.
        StoreError: the store cannot be written.
    """
    actor.must(Permission.ADMINISTER)
    found = _checked(path)
    place = Store(url).path
    if place == path.resolve():
        raise RefusedError(
            "The backup is the store itself; nothing was changed.",
            "Choose another file for the backup.",
        )
    restoring = _Restoring(path, found, actor, now)
    kept, held = restoring.to_server(url) if place is None else restoring.to_file(place)
    store = open_store(url)
    try:
        anchor.move(store)
    finally:
        store.close()
    return Restored(found, kept, held.orders, held.missing)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sound backup holds, and when the last thing in it was done."""

    orders: int
    skus: int
    newest: datetime | None


def look_into(path: Path) -> Contents:
    """Verify a backup as a restore does, and say what it holds; nothing is changed.

    Raises:
        RefusedError: it is not there, not ours, newer, or not sound.
    """
    _checked(path)
    trial = config.private_folder(config.home()) / f".{path.name}.look"
    with _cleared(trial), _said_in_sentences(trial):
        copying.copy_file(path, trial, is_still=True)
        store = open_store(f"sqlite:///{trial}")
        try:
            with store.read() as db:
                return _contents(db)
        finally:
            store.close()


def _contents(db: Connection) -> Contents:
    last = db.execute(select(func.max(audit_entries.c.at))).scalar()
    return Contents(
        db.execute(select(func.count()).select_from(orders)).scalar_one(),
        db.execute(select(func.count()).select_from(skus)).scalar_one(),
        datetime.fromisoformat(last) if last else None,
    )


def _copy(store: Store, target: Path) -> None:
    if store.path is not None:
        copying.copy_file(store.path, target)
        return
    copy = open_store(f"sqlite:///{target}")
    try:
        with store.read() as source, copy.write() as db:
            copying.copy_rows(source, db)
    finally:
        copy.close()


def _checked(path: Path) -> int:
    """Return how many orders a backup holds, or refuse it; the file is only read.

    Raises:
        RefusedError: it is not there, not ours, newer, or not sound.
    """
    if not path.is_file():
        raise RefusedError(
            f"There is no file {path}. Nothing was changed.",
            "Look where the backup was saved, and choose it there.",
        )
    try:
        revision = revision_of_file(path.resolve())
    except StoreError as error:
        raise RefusedError(
            f"{path.name} is no backup of Orderdeck. Nothing was changed.",
            "Choose a file that “Back up…” has written.",
        ) from error
    if not revision:
        raise RefusedError(
            f"{path.name} is empty. Nothing was changed.",
            "Choose another backup; this one was never finished.",
        )
    if revision > HISTORY.head:
        raise RefusedError(
            f"{path.name} was made by a newer Orderdeck. Nothing was changed.",
            "Install the newer Orderdeck first.",
        )
    if damage := copying.damage_of(path, is_still=True):
        raise RefusedError(f"{path.name} is damaged ({damage}). Nothing was changed.",
                           "Try an older backup.")  # fmt: skip
    return _trial(path)


def _trial(path: Path) -> int:
    """Open a copy of the backup, brought up to date, and verify it."""
    trial = config.private_folder(config.home()) / f".{path.name}.trial"
    with _cleared(trial):
        copying.copy_file(path, trial, is_still=True)
        faults, found, _entries = _inspect(trial)
    if faults:
        raise RefusedError(f"{path.name} is not sound: {faults} Nothing was changed.",
                           "Try an older backup.")  # fmt: skip
    return found


def _inspect(path: Path) -> tuple[str, int, int]:
    """Return what is wrong with a copy (nothing if sound), its orders and its audit entries."""
    if damage := copying.damage_of(path):
        return damage, 0, 0
    copy = open_store(f"sqlite:///{path}")
    try:
        with copy.read() as db:
            wrong = [check.detail for check in verify(db, anchors=Anchors("", {})) if not check.ok]
            found = db.execute(select(func.count()).select_from(orders)).scalar_one()
            entries = db.execute(select(func.count()).select_from(audit_entries)).scalar_one()
    finally:
        copy.close()
    return " ".join(wrong), found, entries


@dataclass(frozen=True, slots=True)
class _Restoring:
    """One restore: what is missing in the backup is held before anybody can work on it."""

    path: Path
    found: int
    actor: Actor
    now: datetime

    def to_file(self, place: Path) -> tuple[Path | None, Held]:
        """Replace a file; what lies there damaged is moved aside, with its journals."""
        unfinished = place.with_name(f".{place.name}.restoring")
        with _cleared(unfinished), _said_in_sentences(place):
            is_there = place.exists()
            is_sound = is_there and not copying.damage_of(place)
            copying.copy_file(self.path, unfinished, is_still=True)
            held = self._settle_file(unfinished, _told_in(place) if is_sound else None, is_there)
            kept = _kept_name(place, self.now)
            if not is_sound:
                copying.move_aside(place, kept)
                unfinished.replace(place)
                return (kept if is_there else None), held
            copying.copy_file(place, kept)
            copying.overwrite(unfinished, place)
            return kept, held

    def to_server(self, url: str) -> tuple[Path, Held]:
        """Replace the rows in one transaction; the old ones are kept in the user's folder."""
        folder = config.private_folder(config.home() / "backups")
        kept = folder / f"replaced-{_stamp(self.now)}.orderdeck"
        unfinished = folder / f".{self.path.name}.restoring"
        store = open_store(url)
        try:
            with _cleared(unfinished), _said_in_sentences(kept):
                _copy(store, kept)
                copying.copy_file(self.path, unfinished, is_still=True)
                source = open_store(f"sqlite:///{unfinished}")
                try:
                    with source.read() as old, store.write() as db:
                        before = replaced.told(db)
                        copying.copy_rows(old, db)
                        held = self._settle(db, before, is_kept=True)
                finally:
                    source.close()
        finally:
            store.close()
        return kept, held

    def _settle_file(self, unfinished: Path, before: Told | None, is_kept: bool) -> Held:
        copy = open_store(f"sqlite:///{unfinished}")
        try:
            with copy.write() as db:
                held = self._settle(db, before, is_kept=is_kept)
        finally:
            copy.close()
        copying.stand_alone(unfinished)
        return held

    def _settle(self, db: Connection, before: Told | None, *, is_kept: bool) -> Held:
        held = replaced.hold(db, self.actor, before, now=self.now)
        after = {"orders": self.found, "kept": is_kept, "held": held.orders,
                 "missing": len(held.missing)}  # fmt: skip
        audit.record(db, self.actor, self.now, audit.Deed("restore", "store", after=after))
        return held


def _told_in(place: Path) -> Told | None:
    store = Store(f"sqlite:///{place}")
    try:
        return replaced.told_by(store)
    finally:
        store.close()


def _refuse_itself(store: Store, path: Path) -> None:
    """Refuse to put a backup where the store, or a journal of it, lies: whoever works would lose it."""
    own = store.path
    if own is None:
        return
    is_own = path.exists() and own.exists() and path.samefile(own)
    if is_own or path.resolve() in {own.with_name(own.name + end) for end in ("", *copying.BESIDE)}:
        raise RefusedError(
            f"{path.name} is where the desk itself lies. No backup was made.",
            "Choose another name or folder for the backup.",
        )


def _refuse_existing(path: Path, replace: bool) -> None:
    if path.exists() and not replace:
        raise RefusedError(
            f"{path.name} exists already. No backup was made, and the file is as it was.",
            "Choose another name, or write over the old backup (on the command line: --replace).",
        )


def _kept_name(place: Path, now: datetime) -> Path:
    return place.with_name(f"{place.stem}.replaced-{_stamp(now)}{place.suffix}")


def _stamp(now: datetime) -> str:
    return now.strftime("%Y%m%d-%H%M%S")


@contextmanager
def _cleared(temporary: Path) -> Iterator[None]:
    """Leave nothing of a temporary database behind, whatever happens."""
    try:
        yield
    finally:
        for ending in ("", *copying.BESIDE):
            with suppress(OSError):
                temporary.with_name(temporary.name + ending).unlink(missing_ok=True)


@contextmanager
def _said_in_sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{path} could not be written ({error}). Nothing was changed.",
            "Check that there is space on the disk and that the folder belongs to you.",
        ) from error
