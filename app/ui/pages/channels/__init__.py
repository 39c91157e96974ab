"""The page Channels: files that came in, files that go out."""
