"""Orderdeck: the order desk for small brands that sell on many channels."""

__version__ = "0.1.0"
