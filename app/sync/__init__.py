"""How do orders, stock and tracking get in and out? Network and files; no Qt."""
