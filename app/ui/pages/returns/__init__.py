"""The list of what comes back, beside the parcels that left."""
