"""Where are keys and tokens kept? In the system's own safe place, or in one encrypted file; nowhere else.

Never in the database, never in a log, never as plain text. A keyring that only pretends to be one (it
writes plain text) is not used.
"""

from __future__ import annotations

import json
import logging
import os
import secrets as chance
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import keyring
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from filelock import FileLock
from keyring.errors import KeyringError, PasswordDeleteError

from app import config
from app.errors import RefusedError

log: Final = logging.getLogger("orderdeck.sync")
SERVICE: Final = "Orderdeck"
PASSPHRASE: Final = "ORDERDECK_VAULT_PASSPHRASE"
# Windows takes no more than 1,280 characters in one entry.
_PART: Final = 1_000
_SAFE_BACKENDS: Final = ("Windows", "macOS", "SecretService", "kwallet", "libsecret", "chainer")


class Vault(Protocol):
    """One place for all secrets of this user, each under a name."""

    def read(self, name: str) -> str:
        """Return what is kept under a name; nothing is empty."""

    def write(self, name: str, text: str) -> None:
        """Keep something; on return it is safe."""

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""


@dataclass(frozen=True, slots=True)
class KeptSecrets:
    """An account's secrets in a vault."""

    vault: Vault
    name: str

    def read(self) -> dict[str, str]:
        """Return them as they are kept now."""
        text = self.vault.read(self.name)
        return dict(json.loads(text)) if text else {}

    def write(self, secrets: Mapping[str, str]) -> None:
        """Keep these."""
        self.vault.write(self.name, json.dumps(dict(secrets)))

    def forget(self) -> None:
        """Keep none any more."""
        self.vault.forget(self.name)


class SystemVault:
    """The system's own keyring. What is long is kept in parts; the first entry says how many."""

    def read(self, name: str) -> str:
        """Return what is kept under a name."""
        head = self._get(name)
        if not head:
            return ""
        generation, count = head.split(":")
        return "".join(self._get(f"{name}.{generation}.{at}") for at in range(int(count)))

    def write(self, name: str, text: str) -> None:
        """Keep something: first its parts, then the entry that names them, then nothing of the old."""
        before = self._get(name)
        generation = chance.token_hex(4)
        parts = [text[at : at + _PART] for at in range(0, len(text), _PART)]
        for at, part in enumerate(parts):
            keyring.set_password(SERVICE, f"{name}.{generation}.{at}", part)
        keyring.set_password(SERVICE, name, f"{generation}:{len(parts)}")
        self._drop(name, before)

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        before = self._get(name)
        self._delete(name)
        self._drop(name, before)

    def _get(self, name: str) -> str:
        return keyring.get_password(SERVICE, name) or ""

    def _drop(self, name: str, head: str) -> None:
        if head:
            generation, count = head.split(":")
            for at in range(int(count)):
                self._delete(f"{name}.{generation}.{at}")

    def _delete(self, name: str) -> None:
        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return


class FileVault:
    """One encrypted file (AES-256-GCM, its key made from a passphrase by scrypt).

    All accounts' keys are in it, and each is renewed on a thread of its own, perhaps in another program:
    so only one at a time changes it.
    """

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path, self._passphrase = path, passphrase
        self._keys: dict[bytes, bytes] = {}

    def read(self, name: str) -> str:
        """Return what is kept under a name.

        Raises:
            RefusedError: the passphrase is another one.
        """
        return self._all().get(name, "")

    def write(self, name: str, text: str) -> None:
        """Keep something."""
        with self._alone():
            self._keep({**self._all(), name: text})

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        with self._alone():
            before = self._all()
            if name in before:
                self._keep({key: text for key, text in before.items() if key != name})

    def _all(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        whole = self._path.read_bytes()
        salt, nonce, sealed = whole[:16], whole[16:28], whole[28:]
        try:
            opened = AESGCM(self._key(salt)).decrypt(nonce, sealed, None)
        except InvalidTag as wrong:
            raise RefusedError(
                "The passphrase does not open the file of keys; no channel was asked.",
                f"Set {PASSPHRASE} to the passphrase that the channels were connected with.",
            ) from wrong
        return dict(json.loads(opened))

    def _keep(self, everything: Mapping[str, str]) -> None:
        salt, nonce = self._salt(), chance.token_bytes(12)
        sealed = AESGCM(self._key(salt)).encrypt(nonce, json.dumps(dict(everything)).encode(), None)
        beside = self._path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(salt + nonce + sealed)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    def _alone(self) -> FileLock:
        """Wait until nobody else changes the file, here or in another program, and keep them from it."""
        return FileLock(self._path.with_suffix(".lock"), mode=0o600)

    def _salt(self) -> bytes:
        """Return the file's own, so that the passphrase is worked on once and not at every question."""
        return self._path.read_bytes()[:16] if self._path.exists() else chance.token_bytes(16)

    def _key(self, salt: bytes) -> bytes:
        if salt not in self._keys:
            scrypt = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1)
            self._keys = {salt: scrypt.derive(self._passphrase.encode())}
        return self._keys[salt]


def open_vault(passphrase: str = "") -> Vault:
    """Return where secrets are kept here: the system's keyring, or an encrypted file.

    Raises:
        RefusedError: there is no keyring, and nobody has given a passphrase for the file.
    """
    given = passphrase or os.environ.get(PASSPHRASE, "")
    if given:
        return FileVault(config.private_folder(config.home()) / "keys.vault", given)
    if has_keyring():
        return SystemVault()
    raise RefusedError(
        "This computer has no safe place for keys, so nothing was connected or synced.",
        f"Set a passphrase in {PASSPHRASE}: the keys are then kept in one encrypted file.",
    )


def has_keyring() -> bool:
    """Say whether the system has a keyring that really is one."""
    try:
        backend = keyring.get_keyring()
    except KeyringError:
        return False
    module = type(backend).__module__
    return "keyrings.alt" not in module and any(name in module for name in _SAFE_BACKENDS)


def forget_keys(vault: Callable[[], Vault], name: str) -> None:
    """Keep the keys of what is disconnected no more; where the safe place does not open, that is logged.

    Whoever disconnects is never kept from it by a safe place that is locked, or is not there.
    """
    try:
        KeptSecrets(vault(), name).forget()
    except (RefusedError, KeyringError) as trouble:
        log.warning(
            "keys of a disconnected account could not be forgotten: %s", type(trouble).__name__
        )


def secret_name(store_id: str, whose: int | str) -> str:
    """Return under which name an account's or a carrier's secrets are kept."""
    return f"{store_id}:{whose}"
