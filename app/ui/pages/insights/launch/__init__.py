"""A channel that is about to open, or has just been opened: its list, its rehearsal, its first weeks."""
