"""What does the window say above the page: a failure, a bug, news that needs a person? Never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.activity import Activity
from app.ui.tokens import Tone
from app.ui.widgets.banner import Action, Banner
from app.ui.widgets.controls import down, empty_out

SHOWN = 2


class Messages(QWidget):
    """The newest messages; what has gone from here can still be read in the activity list."""

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self._activity = activity
        self._news: Banner | None = None
        self._box = down(spacing=6, margins=(12, 6, 12, 0))
        self.setLayout(self._box)
        self.hide()

    def complain(self, title: str, advice: str, actions: Sequence[Action] = ()) -> None:
        """Show a failure where the work is."""
        self.show_banner(Banner(title, advice, tone=Tone.BAD, actions=actions, closes=True))
        self._activity.note(title, advice, Tone.BAD)

    def tell(self, title: str, advice: str, show: Callable[[], object], *, icon_name: str) -> None:
        """Show news that need a person, once; they go when they are followed, or when newer ones come."""

        def follow() -> None:
            self.forget_news()
            show()

        self.forget_news()
        self._news = Banner(title, advice, tone=Tone.WARN, closes=True, icon_name=icon_name,
                            actions=[("Show them", follow)])  # fmt: skip
        self.show_banner(self._news)

    def forget_news(self) -> None:
        """Take the news away that were shown last: they are followed, or not so any more."""
        news, self._news = self._news, None
        if news is not None and isValid(news):
            self._box.removeWidget(news)
            news.close_banner()
            self.setVisible(self._box.count() > 0)

    def show_bug(self, details: str) -> None:
        """Show a bug as one, with everything that helps to mend it."""
        copy = ("Copy details", lambda: QGuiApplication.clipboard().setText(details))
        title = "Something went wrong inside Orderdeck; this is not your doing."
        banner = Banner(
            title,
            "What you did last may not have been carried out. The details help to mend it: "
            f"{details.strip().splitlines()[-1]}",
            tone=Tone.BAD, actions=[copy], closes=True, icon_name="bug",
        )  # fmt: skip
        self.show_banner(banner)
        self._activity.note(title, details.strip().splitlines()[-1], Tone.BAD)

    def show_banner(self, banner: Banner) -> None:
        """Add one; the oldest gives way."""
        if self._box.count() >= SHOWN:
            self.clear()
        self._box.addWidget(banner)
        banner.closed.connect(self._closed)
        self.show()

    def _closed(self) -> None:
        self.setVisible(self._box.count() > 1)

    def clear(self) -> None:
        """Take the messages away."""
        empty_out(self._box)
        self.hide()
