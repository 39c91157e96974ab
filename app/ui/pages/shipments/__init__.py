"""The page Shipments: what left, how far it has come, and whether the channel knows."""
