"""Query text to query tree."""
