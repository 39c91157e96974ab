"""What does a file say? A file is a channel that is pulled by hand."""
