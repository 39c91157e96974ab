"""Handing messages to buyers over to whoever delivers them."""
