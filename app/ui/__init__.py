"""QT: windows, pages and widgets. Nothing outside this package imports PySide6."""
