"""What it costs to serve: a table of slices, a chart of one of them, and the orders behind each number."""
