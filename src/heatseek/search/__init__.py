"""One search: a request in, ranked results out."""
