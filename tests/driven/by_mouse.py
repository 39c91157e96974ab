"""Works the hundred with the mouse alone: not one key is pressed."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.driven.a_hundred import ELSEWHERE, all_done, hundred
from tests.driven.hands import Hands


def work(hands: Hands) -> None:
    """Do what ``by_keyboard`` does, by clicking on what is seen."""
    hands.click_button("Orders")
    for _ in range(ELSEWHERE):
        hands.click_row(hands.orders.list, 0)
        hands.click_button("Ship from ", hands.orders.pane)
        hands.click_button("Fill in: Stock there has to go")
        hands.click_button("Use ", hands.orders.pane)
    hands.accept_everything()
    hands.click_button("Exceptions")
    hands.settle_cases({"unknown_sku": ["Link the code", "Link it"],
                        "address_invalid": ["It is right"], "total_mismatch": ["Confirm"],
                        "text_suspect": ["It is right"]}, hands.click_button)  # fmt: skip
    hands.click_button("Orders")
    hands.accept_everything()


def main(folder: Path) -> None:
    """Build the queue, work it, and count."""
    desk = hundred(f"sqlite:///{folder / 'hundred.sqlite'}")
    hands = Hands(QApplication([]), desk)
    work(hands)
    sys.stdout.write(f"{hands.clicks} clicks\n")
    all_done(desk)
    assert hands.keys == 0
    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
