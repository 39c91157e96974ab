"""The window's pages; none of them knows another."""
