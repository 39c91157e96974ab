"""Where do the rows, the channels and the shelves disagree, and what is the one cause? Pure."""
