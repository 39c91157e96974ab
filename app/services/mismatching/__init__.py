"""The daily report: load what is known, let the domain name the causes, keep what it found."""
