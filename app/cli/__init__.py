"""The headless door: every command of the desk, with JSON for scripts and plain words for people."""
