"""A parcel went wrong: what may be offered, what it costs, and until when its carrier is asked to pay."""
