"""Carriers' answers about parcels, each read by a ``mapper.py`` of its own into the same values."""
