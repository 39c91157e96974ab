"""What is asked before a launch is planned, opened or throttled?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.queries.settings import AccountRow
from app.services.launching.launches import Launch
from app.ui.pages.insights.launch.reading import Board
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of


def of_plan(accounts: Sequence[AccountRow], take: Callable[[Values], object]) -> Question:
    """Ask which account is to be opened, and how much it will sell."""
    choices = [(each.id, each.name) for each in accounts]
    return Question(
        "Prepare the launch of a channel",
        [Field("account", "Account", choices[0][0], choices),
         Field("uplift", "It will sell, % of what all sell now", 20, least=1)],
        "Begin", take,
        note="Nothing is told to anybody. The desk looks at everything that has to be right, and rehearses "
             "its sales on the stock of today.",
    )  # fmt: skip


def of_opening(shown: Board, take: Callable[[Values], object]) -> Question:
    """Ask, if points are open, why it opens all the same."""
    name = shown.launch.account.name
    if not shown.left:
        return Question(f"Open {name}", [], f"Open {name}", take,
                        note="Everything on the list is fine. From now on it is watched for two weeks.")  # fmt: skip
    return Question(
        f"Open {name} with {count_of(shown.left, 'point')} of the list open?",
        [Field("reason", "Why all the same", is_needed=True)], f"Open {name}", take,
        note="Better settle them first. The reason is kept.", kind="danger",
    )  # fmt: skip


def of_throttle(launch: Launch, take: Callable[[Values], object]) -> Question:
    """Ask how much is held back, and for how long."""
    return Question(
        f"Hold stock back from {launch.account.name}",
        [Field("percent", "Of every SKU, %", 50, least=1), Field("days", "For days", 3, least=1)],
        "Hold it back", take, note="It ends by itself, and can be taken back at once.",
    )  # fmt: skip
