"""The plan for the whole queue, as a person looks at it and takes it over."""
