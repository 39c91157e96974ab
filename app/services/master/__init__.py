"""The SKU master: what we call things, what channels call them, what is in a kit."""
