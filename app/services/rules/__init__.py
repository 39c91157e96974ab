"""RULES: keep them in versions, ask them about orders, and do what they say."""
