"""The one list of every page: rows windowed over SQL, columns as data, a search, views, bulk work."""
