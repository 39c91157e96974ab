"""Who waits to write comes next, also behind an import that writes batch after batch."""

from __future__ import annotations

import threading
import time

from app.models.migrate import open_store


def test_an_operator_waits_for_one_batch_of_an_import_and_not_for_all(database_url: str) -> None:
    store = open_store(database_url)
    written: list[str] = []
    begun = threading.Event()

    def take_in_a_long_file() -> None:
        for _ in range(40):
            with store.write():
                begun.set()
                time.sleep(0.01)
                written.append("batch")

    importing = threading.Thread(target=take_in_a_long_file)
    importing.start()
    begun.wait()
    for _ in range(5):
        before = len(written)
        with store.write():
            written.append("operator")
        assert written.index("operator", before) - before <= 2
    importing.join()
    assert written.count("batch") == 40
    store.close()
