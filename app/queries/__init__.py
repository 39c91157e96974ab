"""Reading: each page's rows as frozen values, windowed, on a connection that never writes."""
