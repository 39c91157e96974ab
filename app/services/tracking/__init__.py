"""Parcels as their carriers report them: what a code means, what happened, where each parcel is."""
