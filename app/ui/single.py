"""Is this desk open already? A second start hands its files to the first window, and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.config import home, private_folder
from app.errors import RefusedError

ANSWER_MS = 3000
_TRIES = 3
_LONGEST = 1 << 20
_HEARD = b"heard\n"


class SingleInstance(QObject):
    """Holds the place of the one window of a desk; ``asked`` says that another start came by."""

    asked = Signal(object)  # the paths of files that it was given

    def __init__(self, store: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder = private_folder(home())
        said = f"{folder.resolve()}\n{store}".encode()
        self.name = f"orderdeck-{hashlib.sha256(said).hexdigest()[:20]}"
        self._lock = QLockFile(str(folder / f"{self.name}.lock"))
        self._lock.setStaleLockTime(0)  # held for days; whoever died holding it is known by its id
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._come)

    def claim(self) -> bool:
        """Take the place if it is free, and listen; what a crash left behind is cleared away."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self.name)
        self._server.listen(self.name)
        return True

    def hand_over(self, paths: Sequence[Path]) -> None:
        """Ask the first window to come forward and take these files.

        Raises:
            RefusedError: it does not answer.
        """
        document = json.dumps([str(path.absolute()) for path in paths]).encode() + b"\n"
        if not any(self._say(document) for _try in range(_TRIES)):
            raise RefusedError(
                "Orderdeck is open already and does not answer; no second window was opened.",
                "Close the window that is open, or end its process, and start again.",
            )

    def _say(self, document: bytes) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        socket.write(document)
        heard = socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == _HEARD
        socket.disconnectFromServer()
        return heard

    def _come(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda each=socket: self._hear(each))
            socket.disconnected.connect(socket.deleteLater)

    def _hear(self, socket: QLocalSocket) -> None:
        """Read one line; whatever is no list of paths is not for us."""
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        try:
            told = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            socket.abort()
            return
        if not isinstance(told, list):
            socket.abort()
            return
        socket.write(_HEARD)
        socket.flush()
        self.asked.emit([Path(each) for each in told if isinstance(each, str)])

    def leave(self) -> None:
        """Give the place up."""
        self._server.close()
        self._lock.unlock()
