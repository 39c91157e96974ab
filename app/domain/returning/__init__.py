"""What comes back from customers: where each unit is, what is owed for it, and whose parcel it is."""
