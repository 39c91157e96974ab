"""Works the hundred with keys alone; fails if that takes more than sixty of them."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.driven.a_hundred import ELSEWHERE, all_done, hundred
from tests.driven.hands import Hands

MOST_KEYS = 60


def work(hands: Hands) -> None:
    """Move the six most urgent ones, accept what is clean, settle the four cases, accept what they freed."""
    hands.press("g", "o")
    for _ in range(ELSEWHERE):
        hands.press("o", "x", "Return")  # the best alternative, and why
    hands.press("ctrl+a", "a")
    hands.press("g", "e")
    hands.settle_cases({"unknown_sku": ["1", "Return"], "address_invalid": ["2"],
                        "total_mismatch": ["1"], "text_suspect": ["2"]})  # fmt: skip
    hands.press("g", "o", "ctrl+a", "a")


def main(folder: Path) -> None:
    """Build the queue, work it, and count."""
    desk = hundred(f"sqlite:///{folder / 'hundred.sqlite'}")
    hands = Hands(QApplication([]), desk)
    work(hands)
    sys.stdout.write(f"{hands.keys} keys\n")
    all_done(desk)
    assert hands.keys <= MOST_KEYS, f"it took {hands.keys} keys"
    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
