"""Papers: laid out once, then shown, saved or printed as they are."""
