"""Payouts: what each channel paid, whether it fits, and what it is made of."""
