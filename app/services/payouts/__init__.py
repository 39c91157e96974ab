"""Keep what channels paid, hold it against the orders, and say what differs."""
