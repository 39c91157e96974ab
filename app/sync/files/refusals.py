"""Why is a whole file refused, and what should its owner do next?"""

from __future__ import annotations

from app.errors import RefusedError


class UnreadableFileError(RefusedError):
    """Nothing of the file may be stored; ``code`` is stable, the sentences are for people."""

    def __init__(self, code: str, title: str, advice: str) -> None:
        super().__init__(title, f"Nothing was stored. {advice}")
        self.code = code


DOWNLOAD_AGAIN = "Download the file again and import the new copy."
WITHOUT_EXCEL = (
    "Download the file again and import it directly, without opening and saving it in Excel."
)
