"""The first day: what of a desk is only its demo, and how that goes again without a trace."""
