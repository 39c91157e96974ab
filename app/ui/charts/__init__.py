"""Charts in the window's own colours; drawn away from its thread, and loaded when the first is shown."""
