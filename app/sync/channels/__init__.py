"""What does each sales channel say, in its own words? One package a channel."""
