"""What may each channel promise, and why exactly that many? Pure: the store, files and screens share it."""
