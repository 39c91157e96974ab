"""A marketplace of our own on this computer: for tests, for practice, and for `demo --live`."""
