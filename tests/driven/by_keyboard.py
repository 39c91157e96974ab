"""Works the hundred with keys alone; fails if that takes more than sixty of them."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.driven.a_hundred import CASES, CLEAN, ELSEWHERE, by_status, decided_elsewhere, hundred
from tests.driven.a_hundred import open_case_count
from tests.driven.hands import Hands

MOST_KEYS = 60


def work(hands: Hands) -> None:
    """Move the six, accept the clean ones in one go, settle the four cases, accept what they freed."""
    hands.press("g", "o")
    for _ in range(ELSEWHERE):
        hands.press("o", "1", "Return")  # elsewhere, for the first of the usual reasons
    hands.press("ctrl+a", "a")
    hands.press("g", "e")
    for _ in range(CASES):
        hands.settle_case()


def main(folder: Path) -> None:
    desk = hundred(f"sqlite:///{folder / 'hundred.sqlite'}")
    hands = Hands(QApplication([]), desk)
    work(hands)
    print(f"{hands.keys} keys, {by_status(desk)}, {open_case_count(desk)} cases open")
    assert decided_elsewhere(desk) == ELSEWHERE
    assert by_status(desk)["accepted"] >= CLEAN + ELSEWHERE + CASES - 1
    assert open_case_count(desk) == 0
    assert hands.keys <= MOST_KEYS
    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
