"""The neutral file format of a routing problem and of its solution, read and written."""
