"""What carriers say about parcels, in words of ours: pure, and the same whoever reports it."""
