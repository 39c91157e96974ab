"""Where the desk stands, as the page Insights shows it."""
