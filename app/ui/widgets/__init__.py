"""The window's own small parts, each used by several pages."""
